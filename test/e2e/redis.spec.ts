import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, it, type TestContext } from 'vitest'
import { Notebook, startClients } from '../drills/clients.js'
import { drained, pengaduanRules, readTickets } from '../drills/evidence.js'
import { preload } from '../drills/preload.js'
import { Dice } from '../drills/random.js'
import { pulih, Server } from '../drills/server.js'
import { Sink } from '../drills/sink.js'
import { tally } from '../drills/tally.js'
import { freePort, hasRedis, startRedis, type RunningServer } from '../support/servers.js'

/** The sweeper takes up what the queue forgot within 45 s. */
const LIMIT_MS = 110_000
const TEST_MS = LIMIT_MS + 60_000
const DUE_WITHIN_MS = 15_000
const SOON = { timeout: 20_000, interval: 20 }
const AFTER_A_SWEEP = { timeout: 40_000, interval: 20 }

type Scope = Pick<TestContext, 'onTestFinished' | 'expect'>

async function newFolder({ onTestFinished }: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-e2e-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
async function startOwn(
  { onTestFinished }: Scope,
  settings?: Parameters<typeof startRedis>[0],
): Promise<RunningServer> {
  const redis = await startRedis(settings)
  onTestFinished(() => redis.stop())
  return redis
}

/** A loaded server on a data folder with overdue and coming timers; while it works, `disturb`; then everything is counted. */
async function under(scope: Scope, redis: RunningServer, disturb: (looker: Redis) => Promise<void>): Promise<void> {
  const dice = new Dice(7)
  const folder = await newFolder(scope)
  const dataDir = join(folder, 'data')
  const foreseen = await preload({ dataDir, dice, horizonMs: DUE_WITHIN_MS })
  const sink = await Sink.open(dice.fork())
  scope.onTestFinished(() => sink.close())
  const env = { SINK_URL: sink.url, QUEUE_URL: redis.url }
  const server = new Server({ dataDir, port: await freePort(), env })
  scope.onTestFinished(async () => {
    await server.kill()
  })
  await server.ready()

  const notebook = new Notebook(join(folder, 'acknowledged.jsonl'))
  const stopClients = startClients({ url: server.url, clients: 3, dice: dice.fork(), notebook })
  await scope.expect.poll(() => notebook.acknowledged.length, SOON).toBeGreaterThan(20)
  const looker = new Redis(redis.url, { maxRetriesPerRequest: null })
  looker.on('error', () => undefined)
  scope.onTestFinished(() => {
    looker.disconnect()
  })
  await scope.expect.poll(() => looker.dbsize(), SOON).toBeGreaterThan(100)
  await disturb(looker)
  const before = notebook.acknowledged.length
  await scope.expect.poll(() => notebook.acknowledged.length, SOON).toBeGreaterThan(before + 20)
  await stopClients()

  const drainedAt = await drained(dataDir, LIMIT_MS)
  const readiness: unknown = await (await fetch(`${server.url}/readyz`)).json()
  expect(readiness).toMatchObject({ status: 'ready', checks: { queue: 'up' } })
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect(await pulih(['verify', '--data', dataDir])).toMatchObject({ code: 0 })
  const { sent, refused, acknowledged } = notebook
  const tickets = await readTickets(dataDir)
  const { arrivals } = sink
  const all = tally({ drainedAt, sent, refused, acknowledged, foreseen, tickets, arrivals }, pengaduanRules)
  expect(foreseen.filter((it) => it.dueAt <= drainedAt).length).toBeGreaterThan(100)
  expect({ lost: all.lost, doubled: all.doubled }).toEqual({ lost: [], doubled: [] })
}

/** They mostly wait for the sweeper, so they wait together. */
describe.skipIf(!hasRedis).concurrent('Redis', { timeout: TEST_MS }, () => {
  it('flushed again and again while it works: nothing is lost, nothing doubled', async (scope) => {
    await under(scope, await startOwn(scope), async (looker) => {
      await looker.flushall()
      // The schedules come back with the next sweep, and with them all that lies within the window.
      await scope.expect.poll(() => looker.dbsize(), AFTER_A_SWEEP).toBeGreaterThan(100)
      await looker.flushall()
    })
  })

  it('killed and started again empty: nothing is lost, nothing doubled', async (scope) => {
    const redis = await startOwn(scope)
    await under(scope, redis, async () => {
      await redis.kill()
      await redis.restart()
    })
  })

  it('that may evict jobs is refused at the start, with how to put it right', async (scope) => {
    const redis = await startOwn(scope, { policy: 'allkeys-lru' })
    const args = ['serve', '--port', String(await freePort()), '--data', join(await newFolder(scope), 'data')]
    const { code, out, err } = await pulih(args, { QUEUE_URL: redis.url })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('Redis runs with maxmemory-policy allkeys-lru')
    expect(err).toContain('redis-cli config set maxmemory-policy noeviction (QUEUE_MISCONFIGURED)')
  })

  it('that is not there is refused at the start', async (scope) => {
    const args = ['serve', '--port', String(await freePort()), '--data', join(await newFolder(scope), 'data')]
    const { code, err } = await pulih(args, { QUEUE_URL: `redis://127.0.0.1:${await freePort()}` })
    expect(code).toBe(1)
    expect(err).toContain('Redis does not answer at QUEUE_URL')
  })
})
