import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres, type PostgresServer } from '../test/support/postgres.js'
import { lives, openWorld, recordChanges, TRANSITIONS_PER_LIFE } from './engine.js'
import { holdTo } from './cpuShare.js'
import { openPgFloor } from './floor.pg.js'
import { load, startServer } from './http.js'
import type { LoadResult } from './httpLoad.js'
import { median } from './median.js'
import { processorTime } from './processorTime.js'
import type { Target } from './targets.js'

const IN_FLIGHT = 32
const WARM_LIVES = 300
/** Of a core, for each API: two of them, the server and the load generators then have room on two cores. */
const SHARE = 0.3
/** As in production: what the tests leave out for speed is on here. */
const DURABLE = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on', 'autovacuum=on', 'shared_buffers=256MB']

export interface PostgresBench {
  /** One statement and one commit per transition, on 32 connections at once, the engine's own rows. */
  readonly floorPerSecond: number
  readonly transitionsPerSecond: number
  readonly ratio: number
  readonly lifecyclesPerSecond: number
  /** Requests per second over HTTP, 32 connections in all. */
  readonly oneApiPerSecond: number
  readonly twoApisPerSecond: number
  readonly twoToOne: number
  /** Processor time of an answer: of the APIs, of the database server, of the load generators. */
  readonly oneApiCpu: AnswerCpu
  readonly twoApisCpu: AnswerCpu
  /** The same where each API is held to `SHARE` of a core, as on small machines of their own; null where that cannot be done. */
  readonly held: {
    readonly oneApiPerSecond: number
    readonly twoApisPerSecond: number
    readonly twoToOne: number
  } | null
  readonly rounds: number
  readonly inFlight: number
  readonly targets: readonly Target[]
}

/** Microseconds an answer. */
interface AnswerCpu {
  readonly api: number
  readonly database: number
  readonly load: number
}
interface Run {
  readonly perSecond: number
  readonly cpu: AnswerCpu
}

type Pairs = readonly { readonly one: Run; readonly two: Run }[]

/** Starts a PostgreSQL of its own with fsync on; floor and engine, one API process and two, in turn; medians of the rounds. */
export async function benchPostgres({
  rounds = 5,
  seconds = 3,
}: { rounds?: number; seconds?: number } = {}): Promise<PostgresBench> {
  const server = await startPostgres(DURABLE)
  try {
    const inProcess = await benchInProcess(server, rounds, seconds)
    const processes = await benchProcesses(server, rounds, seconds)
    const targets: Target[] = [
      { what: 'ratio to the floor', reached: inProcess.ratio, atLeast: 0.5 },
      { what: 'two API processes to one, all of it on the same cores', reached: processes.twoToOne, atLeast: 1 },
    ]
    const { held } = processes
    if (held !== null)
      targets.push({
        what: `two API processes to one, each with ${SHARE} of a core`,
        reached: held.twoToOne,
        atLeast: 1,
      })
    return { ...inProcess, ...processes, rounds, inFlight: IN_FLIGHT, targets }
  } finally {
    await server.stop()
  }
}

async function benchInProcess(server: PostgresServer, rounds: number, seconds: number) {
  const floor = await openPgFloor(await server.database(), await recordChanges(200), IN_FLIGHT)
  const world = await openWorld({ databaseUrl: await server.database() })
  const results: { floor: number; engine: number }[] = []
  try {
    await floor.run(1)
    await lives(world, WARM_LIVES, IN_FLIGHT)
    for (let round = 0; round < rounds; round++) {
      const raw = await floor.run(seconds)
      const count = Math.max(100, Math.round((seconds * (results.at(-1)?.engine ?? 1_500)) / TRANSITIONS_PER_LIFE))
      const started = performance.now()
      await lives(world, count, IN_FLIGHT)
      const took = (performance.now() - started) / 1_000
      results.push({ floor: raw, engine: (count * TRANSITIONS_PER_LIFE) / took })
    }
  } finally {
    await world.stop()
    await floor.close()
    rmSync(world.dir, { recursive: true })
  }
  const transitionsPerSecond = median(results.map((it) => it.engine))
  return {
    floorPerSecond: Math.round(median(results.map((it) => it.floor))),
    transitionsPerSecond: Math.round(transitionsPerSecond),
    ratio: Number(median(results.map((it) => it.engine / it.floor)).toFixed(3)),
    lifecyclesPerSecond: Math.round(transitionsPerSecond / TRANSITIONS_PER_LIFE),
  }
}

/** The same 32 connections at one API process, then shared by two on the same database. */
async function benchProcesses(server: PostgresServer, rounds: number, seconds: number) {
  const databaseUrl = await server.database()
  const folder = mkdtempSync(join(tmpdir(), 'pulih-pg-http-'))
  const apis = await Promise.all(['a', 'b'].map((name) => startServer(join(folder, name), databaseUrl)))
  const cpuOfApis = () => apis.reduce((sum, { server: api }) => sum + processorTime(api.pid ?? 0), 0)
  const run = async (urls: readonly string[]): Promise<Run> => {
    const before = { api: cpuOfApis(), database: processorTime(server.pid) }
    const results = await Promise.all(urls.map((url) => load(url, seconds, IN_FLIGHT / urls.length)))
    const spent = { api: cpuOfApis() - before.api, database: processorTime(server.pid) - before.database }
    const total = (of: (it: LoadResult) => number) => results.reduce((sum, it) => sum + of(it), 0)
    if (total((it) => it.failed) > 0) throw new Error(`${total((it) => it.failed)} requests were not answered with 2xx`)
    const answers = total((it) => it.answers)
    const cpu = {
      api: spent.api / answers,
      database: spent.database / answers,
      load: total((it) => it.cpuMicros) / answers,
    }
    return { perSecond: total((it) => it.perSecond), cpu }
  }
  const urls = apis.map(({ url }) => url)
  const inTurn = async (): Promise<Pairs> => {
    const results: { one: Run; two: Run }[] = []
    for (let round = 0; round < rounds; round++)
      results.push({ one: await run(urls.slice(0, 1)), two: await run(urls) })
    return results
  }
  let results: Pairs
  let held: Pairs = []
  let hold: ReturnType<typeof holdTo> = null
  try {
    await run(urls)
    results = await inTurn()
    hold = holdTo(
      apis.flatMap(({ server: api }) => api.pid ?? []),
      SHARE,
    )
    if (hold !== null) held = await inTurn()
  } finally {
    for (const { server: api } of apis) {
      const gone = once(api, 'exit')
      api.kill('SIGTERM')
      await gone
    }
    hold?.tidy()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    ...ratesOf(results),
    oneApiCpu: cpuOf(results.map((it) => it.one.cpu)),
    twoApisCpu: cpuOf(results.map((it) => it.two.cpu)),
    held: held.length === 0 ? null : ratesOf(held),
  }
}

const ratesOf = (pairs: Pairs) => ({
  oneApiPerSecond: Math.round(median(pairs.map((it) => it.one.perSecond))),
  twoApisPerSecond: Math.round(median(pairs.map((it) => it.two.perSecond))),
  twoToOne: Number(median(pairs.map((it) => it.two.perSecond / it.one.perSecond)).toFixed(2)),
})

const cpuOf = (runs: readonly AnswerCpu[]): AnswerCpu => {
  const of = (part: keyof AnswerCpu) => Math.round(median(runs.map((it) => it[part])))
  return { api: of('api'), database: of('database'), load: of('load') }
}
