import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { systemClock } from '../src/engine/clock.js'
import { openQueues, type JobSpec, type QueueKind, type Queues } from '../src/workers/queues/index.js'
import { hasRedis, startRedis } from '../test/support/servers.js'

export interface QueueBench {
  readonly kind: QueueKind
  readonly openMs: number
  readonly addsPerSecond: number
  readonly jobsPerSecond: number
  /** How late timers rang that were all due within one second. */
  readonly timers: number
  readonly lateP50Ms: number
  readonly lateP99Ms: number
  readonly rssMb: number
}

const ADDS = 5_000
const BULK = 500
const TIMERS = 1_000
const CONCURRENCY = 16

/** The alarm clock alone, without engine or database: bulk adds, then draining them, then timers of one second. */
export async function benchQueues(queueUrl?: string): Promise<QueueBench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pulih-bench-'))
  const started = performance.now()
  const queues = await openQueues({ queueUrl, dataDir, clock: systemClock, logger: pino({ level: 'error' }) })
  const openMs = performance.now() - started
  try {
    const adding = performance.now()
    await addAll(queues, (n) => ({ name: 'bench', data: { n }, jobId: `bench-${n}` }), ADDS)
    const addsPerSecond = rate(ADDS, adding)
    const draining = performance.now()
    await drain(queues, ADDS)
    const jobsPerSecond = rate(ADDS, draining)
    const late = await lateness(queues)
    return {
      kind: queues.kind,
      openMs: Math.round(openMs),
      addsPerSecond,
      jobsPerSecond,
      timers: TIMERS,
      lateP50Ms: percentile(late, 0.5),
      lateP99Ms: percentile(late, 0.99),
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
    }
  } finally {
    await queues.close(5_000)
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function addAll(queues: Queues, job: (n: number) => JobSpec, count: number): Promise<void> {
  for (let from = 0; from < count; from += BULK)
    await queues.addBulk(
      'sla-timers',
      Array.from({ length: Math.min(BULK, count - from) }, (_, i) => job(from + i)),
    )
}

/** Runs a worker until it has seen `count` jobs; gives when each ran. */
async function drain(queues: Queues, count: number): Promise<Map<number, number>> {
  const ran = new Map<number, number>()
  let worker: ReturnType<Queues['worker']> | undefined
  await new Promise<void>((resolve) => {
    const take = ({ data }: { data: JobSpec['data'] }) => {
      ran.set(Number(data['n']), Date.now())
      if (ran.size === count) resolve()
      return Promise.resolve()
    }
    worker = queues.worker('sla-timers', take, { concurrency: CONCURRENCY })
  })
  await worker?.close()
  return ran
}

async function lateness(queues: Queues): Promise<number[]> {
  const first = Date.now() + 3_000
  const dueAt = (n: number) => first + n
  await addAll(
    queues,
    (n) => ({ name: 'bench', data: { n }, jobId: `timer-${n}`, delayMs: dueAt(n) - Date.now() }),
    TIMERS,
  )
  const ran = await drain(queues, TIMERS)
  return [...ran].map(([n, at]) => at - dueAt(n)).sort((a, b) => a - b)
}

const rate = (count: number, since: number) => Math.round((count * 1_000) / (performance.now() - since))
const percentile = (sorted: readonly number[], p: number) => sorted[Math.floor(p * (sorted.length - 1))] ?? Number.NaN

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = [await benchQueues()]
  if (hasRedis) {
    const redis = await startRedis()
    results.push(await benchQueues(redis.url))
    await redis.stop()
  }
  console.table(results)
}
