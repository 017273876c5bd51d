import type { Job, Worker } from 'bullmq'
import type { Logger } from 'pino'
import { PulihError } from '../../engine/errors.js'
import type { Backend } from './backend.js'
import { withLimit } from './limit.js'
import type { Report } from './report.js'
import type { JobData, Processor, QueuedJob, QueueName, WorkerSettings } from './types.js'

/** Wait before a worker that could not connect is opened anew. */
const REOPEN_MS = 500
/** A process that dies says nothing about its job: given up is only what so many of them died with. */
const MAX_DEATHS = 20

/** One BullMQ worker, with a last word for jobs that fail for good and a close that cannot hang. */
export class RunningWorker {
  readonly #backend: Backend
  readonly #queue: QueueName
  readonly #processor: Processor
  readonly #settings: WorkerSettings
  readonly #logger: Logger
  readonly #report: Report
  /** Jobs whose last word was said inside the processor. */
  readonly #told = new WeakSet<Job>()
  #worker: Worker<JobData, void>
  #state: 'starting' | 'ready' | 'failed' | 'closing' = 'starting'
  #paused = false
  #retry: NodeJS.Timeout | undefined

  constructor(
    backend: Backend,
    queue: QueueName,
    processor: Processor,
    settings: WorkerSettings,
    logger: Logger,
    report: Report,
  ) {
    this.#report = report
    this.#backend = backend
    this.#queue = queue
    this.#processor = processor
    this.#settings = settings
    this.#logger = logger
    this.#worker = this.#open()
  }

  /** Did the loop end, or never begin, although nobody asked it to? */
  get stopped(): boolean {
    return this.#state === 'failed' || (this.#state === 'ready' && !this.#paused && !this.#worker.isRunning())
  }

  #open(): Worker<JobData, void> {
    const worker = this.#backend.worker(this.#queue, (job) => this.#process(job), {
      concurrency: this.#settings.concurrency,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      maxStalledCount: MAX_DEATHS,
      autorun: !this.#paused,
    })
    worker.on('error', (error) => this.#report(error, { queue: this.#queue }))
    // A job given up as stalled never reaches the processor again; it is only heard of here.
    worker.on('failed', (job, error) => {
      if (job?.finishedOn !== undefined && !this.#told.has(job)) void this.#lastWord(job, error)
    })
    // A connection that is lost before it was ready stays lost for this BullMQ worker: it needs a new one.
    worker.waitUntilReady().then(
      () => {
        if (this.#state !== 'closing') this.#state = 'ready'
      },
      () => this.#reopen(worker),
    )
    return worker
  }

  #reopen(broken: Worker<JobData, void>): void {
    if (this.#state === 'closing') return
    this.#state = 'failed'
    void broken.close(true).catch(() => undefined)
    this.#retry = setTimeout(() => (this.#worker = this.#open()), REOPEN_MS)
  }

  /** Waits for the running jobs, at most `limitMs`; what has not finished by then is run again elsewhere once its lock expires. */
  async close(limitMs?: number): Promise<boolean> {
    this.#state = 'closing'
    clearTimeout(this.#retry)
    if (limitMs === undefined) {
      await this.#worker.close()
      return true
    }
    // BullMQ's own close waits without a limit and cannot be hurried afterwards; pause waits for the same jobs.
    const finished = await withLimit(this.#worker.pause(), limitMs).then(
      () => true,
      () => false,
    )
    await this.#worker.close(!finished)
    return finished
  }

  async pause(): Promise<void> {
    this.#paused = true
    await this.#worker.pause()
  }

  async resume(): Promise<void> {
    await this.#worker.resume()
    this.#paused = false
  }

  async #process(job: Job<JobData, void>): Promise<void> {
    try {
      await this.#processor(told(job))
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      if (job.attemptsMade + 1 >= (job.opts.attempts ?? 1)) {
        this.#told.add(job)
        await this.#lastWord(job, error)
      }
      this.#logger.warn({ queue: job.queueName, jobId: job.id, reason: reasonOf(error) }, 'job failed')
      // BullMQ stores the message with the job: a code or a class name cannot quote data.
      throw new Error(reasonOf(error), { cause: thrown })
    }
  }

  async #lastWord(job: Job<JobData, void>, error: Error): Promise<void> {
    try {
      await this.#settings.onFinalFailure?.(told(job), error)
    } catch (failure) {
      this.#logger.error({ err: failure, jobId: job.id }, 'final failure could not be recorded')
    }
  }
}

/** What may be said about an error where data must not appear: its stable code, else its class. */
export const reasonOf = (error: Error): string => (error instanceof PulihError ? error.code : error.name)

const told = (job: Job<JobData, void>): QueuedJob => ({
  id: job.id ?? '',
  name: job.name,
  data: job.data,
  attempt: job.attemptsMade + 1,
})
