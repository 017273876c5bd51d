import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, it, type TestContext } from 'vitest'
import { openStore } from '../../db/index.js'
import { systemClock } from '../../src/engine/index.js'
import type { LogEntry, TimerRow } from '../../src/engine/types.js'
import { openQueues } from '../../src/workers/queues/index.js'
import { timerJobId } from '../../src/workers/alarms.js'
import { drained } from '../drills/evidence.js'
import { preload } from '../drills/preload.js'
import { Dice, pause } from '../drills/random.js'
import { pulih, Server } from '../drills/server.js'
import { Sink } from '../drills/sink.js'
import { Caller } from '../e2e/http.js'
import { freePort, hasRedis, startRedis } from '../support/servers.js'

const DUE_WITHIN_MS = 12_000
/** Far beyond what is needed on an idle machine: a minute. */
const LIMIT_MS = 200_000
const TEST_MS = 480_000
const SOON = { timeout: 60_000, interval: 5 }

interface Told {
  readonly ids: readonly string[]
  readonly timers: readonly TimerRow[]
  readonly log: readonly LogEntry[]
  readonly letters: readonly string[]
}

/** Everything in a data folder, read next to whoever writes. */
async function tell(dataDir: string): Promise<Told> {
  const store = await openStore({ dataDir, readOnly: true })
  try {
    const ids = await store.ticketIds(null, 10_000)
    const timers = (await Promise.all(ids.map((id) => store.timersOf(id)))).flat()
    const log = (await Promise.all(ids.map((id) => store.readLog(id, 0, 10_000)))).flat()
    return { ids, timers, log, letters: (await store.listDeadLetters(1_000)).map((it) => `${it.id}: ${it.reason}`) }
  } finally {
    await store.close()
  }
}

/** Jobs of tickets, generations and messages that the restored database does not know, due at once. */
async function plantStaleJobs(queueUrl: string, dataDir: string, known: TimerRow): Promise<number> {
  const queues = await openQueues({ queueUrl, dataDir, clock: systemClock, logger: pino({ level: 'silent' }) })
  const unknown = { ticketId: '0199aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa', family: 'hold', threshold: 'end', generation: 1 }
  try {
    for (const key of [unknown, { ...known, generation: known.generation + 7 }]) {
      const { ticketId, family, threshold, generation } = key
      const data = { ticketId, family, threshold, generation, dueAt: systemClock.now() - 1 }
      await queues.add('sla-timers', 'timer', data, { jobId: timerJobId(key), attempts: 5 })
    }
    const message = { ticketId: unknown.ticketId, seq: 3 }
    await queues.add('notifications', 'deliver', message, { jobId: 'outbox-stale-1', attempts: 5 })
    await queues.add(
      'notifications',
      'deliver',
      { ...message, ticketId: known.ticketId, seq: 999 },
      { jobId: 'outbox-stale-2' },
    )
    return 4
  } finally {
    await queues.close()
  }
}

async function liveBackUpDieRestore(scope: TestContext, queueUrl: string | null): Promise<void> {
  // Two run at once: the common `expect` forgets its test when the other one ends, and cannot poll any more.
  const { expect } = scope
  const folder = await mkdtemp(join(tmpdir(), 'pulih-restore-'))
  scope.onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const dice = new Dice(5)
  await preload({ dataDir, dice, horizonMs: DUE_WITHIN_MS, share: 0.75 })
  const sink = await Sink.open(dice.fork())
  scope.onTestFinished(() => sink.close())
  const env = { SINK_URL: sink.url, ...(queueUrl === null ? {} : { QUEUE_URL: queueUrl }) }
  const start = async (): Promise<Server> => {
    const server = new Server({ dataDir, port: await freePort(), env })
    scope.onTestFinished(async () => {
      await server.kill()
    })
    await server.ready()
    return server
  }

  const first = await start()
  const caller = new Caller(first.url)
  const before: string[] = []
  const after: string[] = []
  const at = { backedUp: false, stop: false }
  // Files all the time; what is answered before the backup begins must be in it.
  const load = (async () => {
    while (!at.stop) {
      ;(at.backedUp ? after : before).push(await caller.file('layanan_digital'))
      await pause(10)
    }
  })()
  // When the test ends early, its server goes first.
  load.catch(() => undefined)
  await expect.poll(() => before.length, SOON).toBeGreaterThan(20)
  const sure = [...before]
  const file = join(folder, 'backup.db')
  const copied = await pulih(['backup', file, '--data', dataDir, '--json'])
  at.backedUp = true
  const heard = sink.arrivals.length
  expect(copied).toMatchObject({ code: 0, err: '' })
  await expect.poll(() => after.length, SOON).toBeGreaterThan(20)
  at.stop = true
  await load
  const lived = await tell(dataDir)
  await first.kill()
  // What the backup cannot know to have been sent.
  const sentSince = new Set(sink.arrivals.slice(heard).map((it) => it.ticketId))

  const restored = await pulih(['restore', file, '--data', dataDir, '--replace', '--json'])
  expect(restored).toMatchObject({ code: 0, err: '' })
  expect((JSON.parse(restored.out) as { verify: { problems: unknown[] } }).verify.problems).toEqual([])
  const old = await tell(dataDir)
  expect(sure.filter((id) => !old.ids.includes(id))).toEqual([])
  // What came after is lost, and said to be: the way back is the folder moved aside.
  expect(after.slice(1).filter((id) => old.ids.includes(id))).toEqual([])
  const pending = old.timers.filter((it) => it.state === 'pending')
  if (queueUrl !== null) await plantStaleJobs(queueUrl, dataDir, pending[0]!)

  const second = await start()
  // The last of the preloaded timers falls due while this server runs: armed anew, not only swept up.
  const lastDue = Math.max(...pending.map((it) => it.dueAt).filter((at) => at < systemClock.now() + 2 * DUE_WITHIN_MS))
  await expect.poll(() => systemClock.now() > lastDue + 1_000, { timeout: 40_000, interval: 100 }).toBe(true)
  const until = await drained({ dataDir }, LIMIT_MS)
  if (queueUrl !== null) await queueEmpty(expect, queueUrl, dataDir)
  expect(await second.stop()).toEqual({ code: 0, signal: null })
  expect(await pulih(['verify', '--data', dataDir])).toMatchObject({ code: 0 })

  const now = await tell(dataDir)
  const due = pending.filter((it) => it.dueAt <= until)
  expect(due.length).toBeGreaterThan(50)
  const name = (it: TimerRow) => timerJobId(it)
  const states = new Map(now.timers.map((it) => [name(it), it.state]))
  expect(due.filter((it) => states.get(name(it)) === 'pending')).toEqual([])
  expect(now.letters).toEqual(old.letters)
  // Every firing stands once in its ticket's log, at the instant it was due, in due order.
  const rung = now.log.filter(
    (it) => 'generation' in it.event && !old.log.some((o) => o.ticketId === it.ticketId && o.seq === it.seq),
  )
  expect(rung.length).toBeGreaterThan(50)
  const firings = rung.map(({ ticketId, at, event }) => JSON.stringify([ticketId, at, event]))
  expect(firings.length).toBe(new Set(firings).size)
  // Outside: the same id always carried the same thing, also where the first life had sent it already.
  const said = new Map<string, string>()
  let again = 0
  const changed = sink.arrivals.filter(({ key, body }) => {
    const text = JSON.stringify({ ...body, at: null })
    const same = said.get(key)
    said.set(key, text)
    if (same !== undefined) again += 1
    return same !== undefined && same !== text
  })
  expect(changed).toEqual([])
  const fired = lived.timers.filter((it) => it.state === 'fired').map(name)
  const owed = pending.filter((it) => fired.includes(name(it)) && it.dueAt <= until && sentSince.has(it.ticketId))
  if (owed.length > 0) expect(again).toBeGreaterThan(0)
}

/** No job waits or runs; those that ran when the first server was killed come back when their locks run out, after half a minute. */
async function queueEmpty(expect: TestContext['expect'], queueUrl: string, dataDir: string): Promise<void> {
  const queues = await openQueues({ queueUrl, dataDir, clock: systemClock, logger: pino({ level: 'silent' }) })
  try {
    const busy = async () => {
      const counts = await Promise.all((['sla-timers', 'notifications'] as const).map((name) => queues.counts(name)))
      return counts.reduce((sum, { waiting, active }) => sum + waiting + active, 0)
    }
    await expect.poll(busy, { timeout: LIMIT_MS, interval: 50 }).toBe(0)
  } finally {
    await queues.close()
  }
}

// Each waits more than it works.
describe.concurrent(
  'a backup made under load, then a death, then a restore: every pending timer rings once, no message is another',
  () => {
    it('with the embedded queue, which is made anew', { timeout: TEST_MS }, (scope) =>
      liveBackUpDieRestore(scope, null),
    )

    it.skipIf(!hasRedis)(
      'with a Redis that still holds the jobs of the lost time',
      { timeout: TEST_MS },
      async (scope) => {
        const redis = await startRedis({ persistent: true })
        scope.onTestFinished(() => redis.stop())
        await liveBackUpDieRestore(scope, redis.url)
      },
    )
  },
)
