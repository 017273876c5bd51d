import type { Queue } from 'bullmq'
import type { Logger } from 'pino'
import { PulihError } from '../../engine/errors.js'
import { isEmbedded, isRedis, openBackend, type Backend, type BackendOptions } from './backend.js'
import { assertEmbeddable } from './embedded.js'
import { LateQueues } from './lateQueues.js'
import { withLimit } from './limit.js'
import { createReport, type Report } from './report.js'
import { RunningWorker } from './runningWorker.js'
import {
  QUEUE_NAMES,
  type JobData,
  type JobOptions,
  type JobSpec,
  type Processor,
  type QueueCounts,
  type QueueHealth,
  type QueueKind,
  type QueueName,
  type Queues,
  type QueueWorker,
  type Recurrence,
  type WorkerSettings,
} from './types.js'

export { reasonOf } from './runningWorker.js'
export * from './types.js'

/**
 * Opens the queues where `queueUrl` says (empty: embedded under `dataDir`, whose lock the caller holds). Throws
 * QUEUE_MISCONFIGURED, with how to put it right. Whatever breaks later degrades and is told by `health()`.
 */
export async function openQueues(options: BackendOptions): Promise<Queues> {
  const backend = await openBackend(options)
  const queues = new BullQueues(backend, options.logger)
  try {
    await queues.ready()
    return queues
  } catch (cause) {
    await backend.close()
    const away = { away: true }
    throw new PulihError('QUEUE_MISCONFIGURED', 'The queue went away while it was being opened.', away, { cause })
  }
}

const AWAY_RETRY_MS = 2_000

/**
 * For a service that begins without its alarm clock: the embedded queue is opened behind the service, a server now, or behind it while it is away
 * (what is replaced during an outage has to come up again). Throws QUEUE_MISCONFIGURED for a wrong setting; an opening that fails later
 * degrades, is told by `health()`, and tried again.
 */
export async function openQueuesBehind(options: BackendOptions): Promise<Queues> {
  const { logger, signal } = options
  const open = (ending: AbortSignal) => openQueues({ ...options, signal: ending })
  if (isEmbedded(options)) {
    assertEmbeddable(options.dataDir)
    return new LateQueues(open, { kind: 'embedded', logger, signal })
  }
  try {
    return await openQueues(options)
  } catch (error) {
    if (!(error instanceof PulihError) || error.extra['away'] !== true) throw error
    logger.error({ err: error }, 'the queue is away; beginning without it, trying again until it is there')
    const kind = isRedis(options.queueUrl) ? 'redis' : 'postgres'
    return new LateQueues(open, { kind, logger, signal, fault: error, retryMs: AWAY_RETRY_MS })
  }
}

const DEFAULT_BACKOFF_MS = 1_000
const HEALTH_LIMIT_MS = 2_000
/** BullMQ ignores an id that still exists, also a finished one: nothing finished may stay. No traces: they could quote data. */
const ALWAYS = { removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 } as const

interface Schedule {
  readonly queue: QueueName
  readonly schedulerId: string
  readonly recurrence: Recurrence
  readonly jobName: string
}

class BullQueues implements Queues {
  readonly kind: QueueKind
  readonly #backend: Backend
  readonly #logger: Logger
  readonly #report: Report
  readonly #queues: ReadonlyMap<QueueName, Queue<JobData, void>>
  readonly #workers = new Map<RunningWorker, QueueName>()
  readonly #schedules = new Map<string, Schedule>()
  #closing: Promise<void> | null = null

  constructor(backend: Backend, logger: Logger) {
    this.kind = backend.kind
    this.#backend = backend
    this.#logger = logger
    this.#report = createReport(logger)
    this.#queues = new Map(
      QUEUE_NAMES.map((name) => {
        const queue = backend.queue(name, { defaultJobOptions: ALWAYS })
        queue.on('error', (error) => this.#report(error, { queue: name }))
        return [name, queue]
      }),
    )
  }

  /** A queue whose connection breaks before this resolves would stay broken. */
  async ready(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.waitUntilReady()))
  }

  async add(queue: QueueName, name: string, data: JobData, options: JobOptions): Promise<void> {
    await this.#queue(queue).add(name, data, bullOptions(options))
  }

  async addBulk(queue: QueueName, jobs: readonly JobSpec[]): Promise<void> {
    if (jobs.length === 0) return
    await this.#queue(queue).addBulk(jobs.map((job) => ({ name: job.name, data: job.data, opts: bullOptions(job) })))
  }

  worker(queue: QueueName, processor: Processor, settings: WorkerSettings): QueueWorker {
    this.#refuseWhenClosing()
    const running = new RunningWorker(this.#backend, queue, processor, settings, this.#logger, this.#report)
    this.#workers.set(running, queue)
    return {
      close: async (limitMs) => {
        this.#workers.delete(running)
        return running.close(limitMs)
      },
      pause: () => running.pause(),
      resume: () => running.resume(),
    }
  }

  async schedule(queue: QueueName, schedulerId: string, recurrence: Recurrence, jobName: string): Promise<void> {
    const schedule = { queue, schedulerId, recurrence, jobName }
    this.#schedules.set(`${queue}/${schedulerId}`, schedule)
    await this.#upsert(schedule)
  }

  async ensureSchedules(): Promise<number> {
    let restored = 0
    for (const schedule of this.#schedules.values()) {
      if ((await this.#queue(schedule.queue).getJobScheduler(schedule.schedulerId)) !== undefined) continue
      await this.#upsert(schedule)
      restored++
    }
    return restored
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    const counts = await this.#queue(queue).getJobCounts('waiting', 'active', 'delayed')
    return { waiting: counts['waiting'] ?? 0, active: counts['active'] ?? 0, delayed: counts['delayed'] ?? 0 }
  }

  async health(): Promise<QueueHealth> {
    if (this.#closing !== null) return { ok: false, detail: `${this.kind}: closing` }
    const stopped = [...this.#workers].filter(([worker]) => worker.stopped).map(([, name]) => name)
    if (stopped.length > 0) return { ok: false, detail: `${this.kind}: worker stopped: ${stopped.join(', ')}` }
    try {
      await withLimit(this.#backend.probe(), HEALTH_LIMIT_MS)
      return { ok: true, detail: this.kind }
    } catch (error) {
      return { ok: false, detail: `${this.kind}: ${error instanceof Error ? error.message : 'unknown error'}` }
    }
  }

  async obliterate(): Promise<void> {
    for (const queue of this.#queues.values()) await queue.obliterate({ force: true })
  }

  close(limitMs?: number): Promise<void> {
    this.#closing ??= this.#close(limitMs)
    return this.#closing
  }

  async #close(limitMs?: number): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((worker) => worker.close(limitMs)))
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()))
    await this.#backend.close()
  }

  #queue(name: QueueName): Queue<JobData, void> {
    this.#refuseWhenClosing()
    const queue = this.#queues.get(name)
    if (queue === undefined) throw new RangeError(`no queue ${name}`)
    return queue
  }

  /** BullMQ leaves a command on a closing connection pending for ever. */
  #refuseWhenClosing(): void {
    if (this.#closing !== null) throw new PulihError('SHUTTING_DOWN', 'The queues are closing.')
  }

  async #upsert({ queue, schedulerId, recurrence, jobName }: Schedule): Promise<void> {
    const repeat =
      'cron' in recurrence ? { pattern: recurrence.cron, tz: recurrence.timeZone } : { every: recurrence.everyMs }
    await this.#queue(queue).upsertJobScheduler(schedulerId, repeat, { name: jobName, data: {}, opts: ALWAYS })
  }
}

function bullOptions({ jobId, delayMs, attempts, backoffMs }: JobOptions) {
  if (jobId.includes(':')) throw new RangeError('a job id never contains ":"')
  return {
    jobId,
    delay: Math.max(0, delayMs ?? 0),
    attempts: attempts ?? 1,
    backoff: { type: 'exponential', delay: backoffMs ?? DEFAULT_BACKOFF_MS },
  }
}
