import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { openStore } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { systemClock } from '../src/engine/clock.js'
import { alarm, BUCKET_MS, bucketOf } from '../src/workers/alarms.js'
import { workerDefaults } from '../src/workers/index.js'
import { openQueues } from '../src/workers/queues/index.js'
import { freePort, startRedis, type RunningServer } from '../test/support/servers.js'
import { stockUp, type Life } from './bulk.js'
import { fileTicket, recordLives } from './lives.js'
import { median } from './median.js'
import type { Target } from './targets.js'

const HOUR = 3_600_000
/** Of so many lives two are reminded within the window of the queue, the others after it. */
const LIVES = 35
const TIMERS_PER_TICKET = 3
const READY_LIMIT_MS = 120_000
const FILLED_LIMIT_MS = 60_000
const ALARMS = 20_000
const BULK = 500

export interface ReadyBench {
  readonly tickets: number
  /** From the start of the process to the first `/readyz` that says 200, embedded queue. */
  readonly firstStartMs: number
  readonly startMs: number
  readonly pendingTimers: number
  readonly withTimers: {
    readonly firstStartMs: number
    /** After `kill -9`; median. */
    readonly restartMs: number
    readonly rssMb: number
    readonly peakRssMb: number
    /** Timers that fall due within the window of the queue, and the alarms that ring for them. */
    readonly inWindow: number
    readonly alarms: number
    readonly redisMb: number
    readonly redisBytesPerAlarm: number
  }
  readonly targets: readonly Target[]
}
export interface ReadyOptions {
  readonly rounds?: number
  readonly tickets?: number
  /** Tickets that have three pending timers each. */
  readonly timerTickets?: number
  readonly bin?: string
}

/** Real processes (`pulih serve`, compiled) on folders of many tickets, embedded; then on Redis with a million pending timers. */
export async function benchReady(options: ReadyOptions = {}): Promise<ReadyBench> {
  const { rounds = 5, tickets = 100_000, timerTickets = 350_000, bin = 'bin/pulih.js' } = options
  const lives = await recentLives()
  const { firstStartMs, startMs } = await embedded(lives, tickets, rounds, bin)
  const withTimers = await onRedis(lives, timerTickets, rounds, bin)
  return {
    tickets,
    firstStartMs,
    startMs,
    pendingTimers: timerTickets * TIMERS_PER_TICKET,
    withTimers,
    targets: [
      { what: 'first start of all, ms', reached: firstStartMs, below: 10_000 },
      { what: 'ready, ms', reached: startMs, below: 3_000 },
      { what: 'ready again with a million timers, ms', reached: withTimers.restartMs, below: 5_000 },
      { what: 'process with a million timers, MB', reached: withTimers.peakRssMb, below: 400 },
    ],
  }
}

/** Filed in the last two and a half days, none of them overdue. */
const recentLives = (): Promise<readonly Life[]> => {
  const now = Date.now()
  return recordLives(now - 60 * HOUR, async ({ engine, clock }) => {
    await fileTicket(engine)
    clock.advance(20 * HOUR)
    await fileTicket(engine)
    clock.advance(20 * HOUR)
    for (let n = 2; n < LIVES; n++) {
      await fileTicket(engine)
      clock.advance(HOUR / 2)
    }
  })
}

async function stocked(lives: readonly Life[], tickets: number): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-ready-'))
  const store = await openStore({ dataDir: dir })
  await seedReference(store, Date.now())
  await store.close()
  stockUp(dir, lives, tickets)
  return dir
}

async function embedded(lives: readonly Life[], tickets: number, rounds: number, bin: string) {
  const dir = await stocked(lives, tickets)
  try {
    const times: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const server = await start(bin, dir, null)
      times.push(server.readyMs)
      await server.end('SIGTERM')
    }
    const [firstStartMs = Number.NaN, ...later] = times
    return { firstStartMs, startMs: median(later) }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

async function onRedis(lives: readonly Life[], tickets: number, rounds: number, bin: string) {
  const dir = await stocked(lives, tickets)
  const redis = await startRedis({ persistent: 'everysec' })
  const inWindow = Math.floor((tickets / LIVES) * 2)
  try {
    const redisBytesPerAlarm = await bytesPerAlarm(redis, dir)
    let server = await start(bin, dir, redis.url)
    const firstStartMs = server.readyMs
    const alarms = await filled(redis)
    const full = await usedMemory(redis)
    const times: number[] = []
    let rssMb = 0
    let peakRssMb = server.memory().peakMb
    for (let round = 0; round < rounds; round++) {
      await server.end('SIGKILL')
      server = await start(bin, dir, redis.url)
      times.push(server.readyMs)
      // What fills the queue behind the service counts too.
      await wait(2_000)
      const memory = server.memory()
      rssMb = Math.max(rssMb, memory.nowMb)
      peakRssMb = Math.max(peakRssMb, memory.peakMb)
    }
    await server.end('SIGTERM')
    return {
      firstStartMs,
      restartMs: median(times),
      rssMb,
      peakRssMb,
      inWindow,
      alarms,
      redisMb: Math.round(full / 1e6),
      redisBytesPerAlarm,
    }
  } finally {
    await redis.stop()
    rmSync(dir, { recursive: true })
  }
}

async function usedMemory({ url }: RunningServer): Promise<number> {
  const redis = new Redis(url)
  try {
    return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
  } finally {
    redis.disconnect()
  }
}

/** What an alarm costs where no two timers share one: the most that a window can hold is one for each of its stretches of time. */
async function bytesPerAlarm(redis: RunningServer, dataDir: string): Promise<number> {
  const queues = await openQueues({
    queueUrl: redis.url,
    dataDir,
    clock: systemClock,
    logger: pino({ level: 'error' }),
  })
  try {
    const empty = await usedMemory(redis)
    const now = systemClock.now()
    for (let from = 0; from < ALARMS; from += BULK) {
      const starts = Array.from({ length: BULK }, (_, n) => bucketOf(now) + (from + n + 600) * BUCKET_MS)
      await queues.addBulk(
        'sla-timers',
        starts.map((start) => alarm(start, now, workerDefaults.backoffMs)),
      )
    }
    const bytes = Math.round(((await usedMemory(redis)) - empty) / ALARMS)
    await queues.obliterate()
    return bytes
  } finally {
    await queues.close()
  }
}

/** Waits until the queue has been filled, which is when it stops to grow; gives how many alarms it holds. */
async function filled({ url }: RunningServer): Promise<number> {
  const redis = new Redis(url)
  try {
    const giveUpAt = performance.now() + FILLED_LIMIT_MS
    let before = 0
    for (;;) {
      const alarms = await redis.zcard('pulih:sla-timers:delayed')
      if (alarms > 0 && alarms === before) return alarms
      if (performance.now() > giveUpAt) throw new Error('the queue was not filled in time')
      before = alarms
      await wait(FILLED_LIMIT_MS / 30)
    }
  } finally {
    redis.disconnect()
  }
}

interface Serving {
  readonly readyMs: number
  memory(): { nowMb: number; peakMb: number }
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

async function start(bin: string, dir: string, queueUrl: string | null): Promise<Serving> {
  const port = await freePort()
  const env = { ...process.env, LOG_LEVEL: 'warn', ...(queueUrl !== null && { QUEUE_URL: queueUrl }) }
  const started = performance.now()
  const child = spawn(process.execPath, [bin, 'serve', '--port', String(port), '--data', dir], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await ready(child, port, started)
  const readyMs = Math.round(performance.now() - started)
  const status = (name: string) =>
    Math.round(
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) /
        1_024,
    )
  return {
    readyMs,
    memory: () => ({ nowMb: status('VmRSS'), peakMb: status('VmHWM') }),
    async end(signal) {
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
    },
  }
}

async function ready(child: ChildProcess, port: number, started: number): Promise<void> {
  while (performance.now() - started < READY_LIMIT_MS) {
    if (child.exitCode !== null) throw new Error('pulih serve did not start')
    const status = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return
    await wait(10)
  }
  child.kill('SIGKILL')
  throw new Error('pulih serve was not ready in time')
}
