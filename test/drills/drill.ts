import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort, startRedis } from '../support/servers.js'
import { Notebook, startClients } from './clients.js'
import { drained, pengaduanRules, readTickets } from './evidence.js'
import { preload } from './preload.js'
import { Dice, pause } from './random.js'
import { pulih, Server, type ServerOptions } from './server.js'
import { Sink } from './sink.js'
import { tally, type Tally } from './tally.js'

export interface DrillOptions {
  readonly kills: number
  /** `embedded`, `redis` (starts one of its own) or the URL of a queue. */
  readonly queue: string
  readonly seed: number
  readonly clients: number
  /** Redis is emptied at a random moment of each round. */
  readonly flush: boolean
}
export interface DrillReport extends Tally {
  readonly kills: number
  readonly killsDuringStart: number
  readonly flushes: number
  /** Commands on their way at the moments of the kills. */
  readonly cutOff: number
  readonly retried: number
  readonly replayed: number
  readonly tickets: number
  /** Timers known before the first start that fell due. */
  readonly foreseenDue: number
  readonly faults: readonly string[]
  readonly exit: string
  readonly verify: { readonly code: number | null; readonly problems: readonly string[] }
  readonly dataDir: string
}

/** About what a round takes: start, life and death. */
const ROUND_MS = 2_500
const DRAIN_LIMIT_MS = 120_000
const FAULTS = { refuses: 0.01, silent: 0.02 }

/** Kills a loaded server `kills` times, lets it finish, and counts. `say` gets progress. */
export async function runDrill(options: DrillOptions, say: (line: string) => void): Promise<DrillReport> {
  const dice = new Dice(options.seed)
  const folder = await mkdtemp(join(tmpdir(), 'pulih-drill-'))
  const dataDir = join(folder, 'data')
  const undo: (() => Promise<unknown>)[] = []
  try {
    const queue = await openQueue(options, undo)
    const horizonMs = Math.max(10_000, options.kills * ROUND_MS)
    const foreseen = await preload({ dataDir, dice: dice.fork(), horizonMs })
    say(`preloaded ${new Set(foreseen.map((it) => it.ticketId)).size} tickets with ${foreseen.length} pending timers`)
    const sink = await Sink.open(dice.fork())
    undo.push(() => sink.close())
    sink.misbehave(FAULTS)
    const notebook = new Notebook(join(folder, 'acknowledged.jsonl'))
    const env = { SINK_URL: sink.url, MAILBOX: 'off', ...(queue.url === null ? {} : { QUEUE_URL: queue.url }) }
    const host: ServerOptions = { dataDir, port: await freePort(), env }
    const life = new Life(host)
    undo.push(() => life.end())
    const stopClients = startClients({
      url: `http://127.0.0.1:${host.port}`,
      clients: options.clients,
      dice: dice.fork(),
      notebook,
    })

    const rounds = await killOften(options, dice, life, notebook, queue, say)
    const server = life.next()
    await server.ready()
    await stopClients()
    say('no more load; waiting until everything due is done')
    const drainedAt = await drained(dataDir, DRAIN_LIMIT_MS)
    const { code, signal } = await server.stop()
    const verified = await verify(dataDir)

    const tickets = await readTickets(dataDir)
    const { sent, refused, acknowledged } = notebook
    const evidence = { drainedAt, sent, refused, acknowledged, foreseen, tickets, arrivals: sink.arrivals }
    return {
      ...tally(evidence, pengaduanRules),
      ...rounds,
      retried: notebook.retried.size,
      replayed: notebook.replayed,
      faults: notebook.faults,
      tickets: tickets.length,
      foreseenDue: foreseen.filter((it) => it.dueAt <= drainedAt).length,
      exit: signal ?? String(code),
      verify: verified,
      dataDir,
    }
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

/** Removes what a drill left. */
export const cleanUp = ({ dataDir }: Pick<DrillReport, 'dataDir'>): Promise<void> =>
  rm(join(dataDir, '..'), { recursive: true, force: true })

interface DrillQueue {
  readonly url: string | null
  flush(): Promise<void>
}

async function openQueue({ queue, flush }: DrillOptions, undo: (() => Promise<unknown>)[]): Promise<DrillQueue> {
  if (queue === 'embedded' && flush) throw new Error('--flush empties Redis: give --queue redis with it')
  if (queue === 'embedded') return { url: null, flush: () => Promise.resolve() }
  let url = queue
  if (queue === 'redis') {
    const redis = await startRedis({ persistent: true })
    undo.push(() => redis.stop())
    url = redis.url
  }
  if (!url.startsWith('redis')) return { url, flush: () => Promise.reject(new Error('only Redis can be flushed')) }
  const client = new Redis(url)
  await once(client, 'ready')
  undo.push(async () => client.quit())
  if (queue === 'redis') await client.config('SET', 'appendfsync', 'everysec')
  return {
    url,
    async flush() {
      await client.flushall()
    },
  }
}

/** The server of the moment, and the one after it. */
class Life {
  readonly #options: ServerOptions
  #server: Server | null = null
  constructor(options: ServerOptions) {
    this.#options = options
  }
  next(): Server {
    return (this.#server = new Server(this.#options))
  }
  /** Whatever happened, no server outlives the drill. */
  async end(): Promise<void> {
    await this.#server?.kill()
  }
}

async function killOften(
  { kills, flush }: DrillOptions,
  dice: Dice,
  life: Life,
  notebook: Notebook,
  queue: DrillQueue,
  say: (line: string) => void,
) {
  const done = { kills: 0, killsDuringStart: 0, flushes: 0, cutOff: 0 }
  while (done.kills < kills) {
    const startedAt = Date.now()
    const server = life.next()
    const duringStart = dice.chance(0.2)
    const wait = dice.between(50, duringStart ? 1_000 : 1_500)
    const flushAfter = dice.between(0, wait)
    if (!duringStart) await server.ready()
    const readyMs = Date.now() - startedAt
    await pause(flush ? flushAfter : wait)
    if (flush) {
      await queue.flush()
      done.flushes++
      await pause(wait - flushAfter)
    }
    done.cutOff += notebook.inFlight
    if (!(await server.kill())) throw new Error(`the server ended by itself:\n${server.output}`)
    done.kills++
    if (duringStart) done.killsDuringStart++
    const when = duringStart ? `${wait} ms into its start` : `${wait} ms after it was ready (start ${readyMs} ms)`
    say(`kill ${done.kills}/${kills}: ${when}; acknowledged so far ${notebook.acknowledged.length}`)
  }
  return done
}

async function verify(dataDir: string): Promise<DrillReport['verify']> {
  const { code, out, err } = await pulih(['verify', '--data', dataDir, '--json'])
  try {
    const { problems } = JSON.parse(out) as { problems: { ticketId: string; what: string }[] }
    return { code, problems: problems.map(({ ticketId, what }) => `${ticketId} ${what}`) }
  } catch {
    return { code, problems: [`verify gave no report: ${err}`] }
  }
}
