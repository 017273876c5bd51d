import { closeSync, cpSync, fsyncSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomFillSync } from 'node:crypto'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { openStore } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, type TicketEngine } from '../src/engine/index.js'
import type { Clock } from '../src/engine/clock.js'
import type { Change, TimerRow } from '../src/engine/types.js'
import { startWorkers, workerDefaults } from '../src/workers/index.js'
import { openQueues } from '../src/workers/queues/index.js'
import { AHEAD_MS, timerJobId } from '../src/workers/alarms.js'
import { startRedis } from '../test/support/servers.js'
import { stockUp } from './bulk.js'
import { fileTicket, recordLives, watched } from './lives.js'
import { median } from './median.js'
import type { Target } from './targets.js'

const REMINDED_AFTER_MS = 3 * 86_400_000
const FILED = Date.parse('2026-03-10T03:00:00Z')
const FIRST_DUE = FILED + REMINDED_AFTER_MS
const SPREAD_MS = 1_000
/** From the start of the workers to the first due timer: long enough that all are queued. */
const LEAD_MS = 8_000
const SINGLE_LEAD_MS = 400
/** At most this many jobs of a round wait in one connection's pipe. */
const BULK = 500
const logger = pino({ level: 'error' })

export interface TimersBench {
  readonly timers: number
  readonly rounds: number
  readonly concurrency: number
  /** Bare BullMQ: from due to an empty processor. Medians of the rounds. */
  readonly bareP50Ms: number
  readonly bareP99Ms: number
  /** Pulih: from due to the commit (SQLite FULL) of what the timer did. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Median of the rounds' own ratios. */
  readonly p99Ratio: number
  /** Processor time of this process from the first due timer to the last: the same on a busy machine, unlike lateness. */
  readonly bareCpuMicros: number
  readonly cpuMicros: number
  /** Beside that, what was spent before: reading the tickets about to fall due, and deciding on them. */
  readonly aheadCpuMicros: number
  readonly singleMs: Lateness
  readonly singleEmbeddedMs: Lateness
  readonly targets: readonly Target[]
}
interface Burst extends Cpu {
  /** Sorted. */
  readonly late: readonly number[]
}
interface Cpu {
  readonly cpuMicros: number
  readonly aheadCpuMicros: number
}
interface Lateness {
  readonly median: number
  readonly worst: number
}
export interface TimersOptions {
  readonly rounds?: number
  readonly timers?: number
  readonly singles?: number
}

/** Bursts on Redis (AOF everysec), bare and through the engine in turns; then one timer at a time on idle workers. */
export async function benchTimers(options: TimersOptions = {}): Promise<TimersBench> {
  const { rounds = 5, timers = 10_000, singles = 15 } = options
  const stock = mkdtempSync(join(tmpdir(), 'pulih-stock-'))
  const redis = await startRedis({ persistent: 'everysec' })
  const concurrency = workerDefaults.concurrency['sla-timers']
  try {
    const lives = await recordLives(FILED, async ({ engine, clock }) => {
      clock.advance(SPREAD_MS)
      await Promise.all(Array.from({ length: SPREAD_MS }, (_, ms) => fileTicket(engine, FILED + ms)))
    })
    await seed(stock, clockAt(FILED))
    stockUp(stock, lives, timers)
    await bareBurst(redis.url, timers, concurrency)
    const results: { bare: Burst; pulih: Burst }[] = []
    for (let round = 0; round < rounds; round++) {
      const bare = await bareBurst(redis.url, timers, concurrency)
      results.push({ bare, pulih: await burst(redis.url, stock, timers) })
    }
    const of = (which: 'bare' | 'pulih', p: number) => median(results.map((it) => percentile(it[which].late, p)))
    const ratios = results.map((it) => percentile(it.pulih.late, 0.99) / percentile(it.bare.late, 0.99))
    const p99Ratio = Number(median(ratios).toFixed(2))
    const singleMs = await single(redis.url, singles)
    const singleEmbeddedMs = await single(null, singles)
    return {
      timers,
      rounds,
      concurrency,
      bareP50Ms: of('bare', 0.5),
      bareP99Ms: of('bare', 0.99),
      p50Ms: of('pulih', 0.5),
      p99Ms: of('pulih', 0.99),
      p99Ratio,
      bareCpuMicros: median(results.map((it) => it.bare.cpuMicros)),
      cpuMicros: median(results.map((it) => it.pulih.cpuMicros)),
      aheadCpuMicros: median(results.map((it) => it.pulih.aheadCpuMicros)),
      singleMs,
      singleEmbeddedMs,
      targets: [
        { what: 'burst, p99 to bare BullMQ', reached: p99Ratio, below: 2 },
        { what: 'one timer on Redis, worst ms', reached: singleMs.worst, below: 150 },
        { what: 'one timer embedded, worst ms', reached: singleEmbeddedMs.worst, below: 150 },
      ],
    }
  } finally {
    await redis.stop()
    rmSync(stock, { recursive: true })
  }
}

/** Jobs as Pulih adds them, on BullMQ itself, with a processor that only looks at the clock. Sorted lateness. */
async function bareBurst(url: string, timers: number, concurrency: number): Promise<Burst> {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  await connection.flushall()
  const queue = new Queue('sla-timers', { connection, prefix: 'bare' })
  const first = Date.now() + LEAD_MS
  const dueAt = (n: number) => first + (n % SPREAD_MS)
  const key = { family: 'noReply', threshold: 'remind1', generation: 2 }
  for (let from = 0; from < timers; from += BULK) {
    await queue.addBulk(
      Array.from({ length: Math.min(BULK, timers - from) }, (_, i) => {
        const timer = { ticketId: `00000000-0000-7000-8000-${String(from + i).padStart(12, '0')}`, ...key }
        const opts = {
          jobId: timerJobId(timer),
          delay: dueAt(from + i) - Date.now(),
          attempts: 5,
          backoff: { type: 'exponential', delay: workerDefaults.backoffMs },
          removeOnComplete: true,
          removeOnFail: true,
        }
        return { name: 'timer', data: { ...timer, dueAt: dueAt(from + i) }, opts }
      }),
    )
  }
  const late: number[] = []
  const settings = { connection: connection.duplicate(), prefix: 'bare', concurrency, removeOnComplete: { count: 0 } }
  let worker: Worker<{ dueAt: number }> | undefined
  const cpu = cpuAround(first - Date.now(), timers)
  await new Promise<void>((resolve) => {
    const take = ({ data }: { data: { dueAt: number } }) => {
      late.push(Date.now() - data.dueAt)
      if (late.length === timers) resolve()
      return Promise.resolve()
    }
    worker = new Worker('sla-timers', take, settings)
  })
  const burst = { late: late.sort((a, b) => a - b), ...cpu() }
  await worker?.close()
  await queue.close()
  settings.connection.disconnect()
  connection.disconnect()
  return burst
}

/** The machine's clock, set so that it says `instant` now: queues ring in real time, the stock's timers are due on a day of their own. */
const clockAt = (instant: number): Clock => {
  const offset = instant - Date.now()
  return { now: () => Date.now() + offset }
}

/** All of it: alarm, engine, commit; real tickets, none of them known to the process. Sorted lateness. */
async function burst(url: string, stock: string, timers: number): Promise<Burst> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-burst-'))
  copyOnto(stock, dataDir)
  const clock = clockAt(FIRST_DUE - LEAD_MS)
  const cpu = cpuAround(LEAD_MS, timers)
  const fired = new Map<string, number>()
  let done: (() => void) | undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const world = await openWorld(url, dataDir, clock, ({ ticketId, closedAt }, at) => {
    fired.set(ticketId, at - closedAt)
    if (fired.size === timers) done?.()
  })
  try {
    await all
    return { late: [...fired.values()].sort((a, b) => a - b), ...cpu() }
  } finally {
    await world.close()
    rmSync(dataDir, { recursive: true })
  }
}

/** Processor time of this process per timer: from `inMs` on, and in the last moments before it, when alarms have begun to ring. */
function cpuAround(inMs: number, timers: number): () => Cpu {
  const spent = () => process.cpuUsage().user + process.cpuUsage().system
  let begun = spent()
  let due = begun
  setTimeout(() => (begun = spent()), Math.max(0, inMs - AHEAD_MS))
  setTimeout(() => (due = spent()), Math.max(0, inMs))
  const each = (micros: number) => Math.round(micros / timers)
  return () => ({ cpuMicros: each(spent() - due), aheadCpuMicros: each(due - begun) })
}

/** On the disk before it is used: otherwise the first commits would wait for the copy too. */
function copyOnto(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  for (const entry of readdirSync(to, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const file = openSync(join(entry.parentPath, entry.name), 'r')
    fsyncSync(file)
    closeSync(file)
  }
}

type Fired = TimerRow & { readonly closedAt: number }
/** Called after the commit; `closedAt` is the instant the timer was due. */
type OnFired = (timer: Fired, at: number) => void
interface TimerWorld {
  readonly engine: TicketEngine
  close(): Promise<void>
}

async function openWorld(
  queueUrl: string | null,
  dataDir: string,
  clock: Clock,
  onFired: OnFired,
): Promise<TimerWorld> {
  const real = await openStore({ dataDir, clock })
  const after = (batch: readonly Change[]) => {
    const at = clock.now()
    for (const change of batch)
      for (const timer of change.timersClosed) if (timer.state === 'fired') onFired(timer as Fired, at)
  }
  const store = watched(real, { after })
  const ids = createIds(clock, (bytes) => randomFillSync(bytes))
  const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
  const queues = await openQueues({ queueUrl, dataDir, clock, logger })
  await queues.obliterate()
  const workers = startWorkers({ engine, store, clock, queues, logger })
  await workers.settled()
  return {
    engine,
    async close() {
      await workers.stop(20_000)
      await engine.stop()
      await queues.close()
      await real.close()
    },
  }
}

/** One timer at a time on idle workers: filed so that its participant is reminded in a moment. */
async function single(queueUrl: string | null, times: number): Promise<Lateness> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-single-'))
  const clock = clockAt(FIRST_DUE)
  await seed(dataDir, clock)
  let rang: ((lateMs: number) => void) | undefined
  const world = await openWorld(queueUrl, dataDir, clock, ({ closedAt }, at) => rang?.(at - closedAt))
  const late: number[] = []
  try {
    for (let n = 0; n < times; n++) {
      const next = new Promise<number>((resolve) => (rang = resolve))
      await fileTicket(world.engine, clock.now() - REMINDED_AFTER_MS + SINGLE_LEAD_MS)
      late.push(await next)
    }
  } finally {
    await world.close()
    rmSync(dataDir, { recursive: true })
  }
  return { median: median(late), worst: Math.max(...late) }
}

async function seed(dataDir: string, clock: Clock): Promise<void> {
  const store = await openStore({ dataDir, clock })
  await seedReference(store, clock.now())
  await store.close()
}

const percentile = (sorted: readonly number[], p: number) => sorted[Math.floor(p * (sorted.length - 1))] ?? Number.NaN
