import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { PulihError } from '../../engine/errors.js'
import {
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

/** After an opening that failed: the next one. */
const RETRY_MS = 15_000
/** Nothing takes so long: an opening that hangs must not keep others waiting for ever. */
const OPENING_LIMIT_MS = 120_000

export interface LateOptions {
  readonly kind: QueueKind
  readonly logger: Logger
  /** Why it did not open the first time; those who come are refused at once. */
  readonly fault?: Error
  /** Ends an opening that still runs; closing does too. */
  readonly signal?: AbortSignal | undefined
  readonly retryMs?: number
}

type Schedule = readonly [queue: QueueName, schedulerId: string, recurrence: Recurrence, jobName: string]

/**
 * Queues that are being opened, or waited for: whoever needs them waits, and nobody else does. When an opening fails, those who wait are refused, so is
 * who comes next, as while any queue is down; and it is tried again. Workers and schedules asked for meanwhile begin with the queues.
 */
export class LateQueues implements Queues {
  readonly kind: QueueKind
  readonly #open: (signal: AbortSignal) => Promise<Queues>
  readonly #logger: Logger
  readonly #retryMs: number
  /** Ends the opening; once the queues are there it does nothing. */
  readonly #ending = new AbortController()
  readonly #workers = new Set<LateWorker>()
  readonly #schedules: Schedule[] = []
  readonly #opening: Promise<void>
  #queues: Queues | null = null
  #fault: Error | null = null
  #waiting: { resolve: (queues: Queues) => void; reject: (error: Error) => void }[] = []

  constructor(open: (signal: AbortSignal) => Promise<Queues>, options: LateOptions) {
    const { kind, logger, fault = null, signal, retryMs = RETRY_MS } = options
    this.kind = kind
    this.#open = open
    this.#fault = fault
    this.#logger = logger
    this.#retryMs = retryMs
    signal?.addEventListener('abort', () => this.#end(), { once: true })
    if (signal?.aborted === true) this.#end()
    this.#opening = this.#openUntilOpen()
  }

  async add(queue: QueueName, name: string, data: JobData, options: JobOptions): Promise<void> {
    await (await this.#ready()).add(queue, name, data, options)
  }

  async addBulk(queue: QueueName, jobs: readonly JobSpec[]): Promise<void> {
    if (jobs.length > 0) await (await this.#ready()).addBulk(queue, jobs)
  }

  worker(queue: QueueName, processor: Processor, settings: WorkerSettings): QueueWorker {
    if (this.#queues !== null) return this.#queues.worker(queue, processor, settings)
    const worker = new LateWorker((queues) => queues.worker(queue, processor, settings))
    this.#workers.add(worker)
    return worker
  }

  async schedule(...schedule: Schedule): Promise<void> {
    if (this.#queues !== null) return this.#queues.schedule(...schedule)
    this.#schedules.push(schedule)
    await this.#ready()
  }

  async ensureSchedules(): Promise<number> {
    return (await this.#ready()).ensureSchedules()
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    return (await this.#ready()).counts(queue)
  }

  health(): Promise<QueueHealth> {
    if (this.#queues !== null) return this.#queues.health()
    if (this.#ending.signal.aborted) return Promise.resolve({ ok: false, detail: `${this.kind}: closing` })
    if (this.#fault === null) return Promise.resolve({ ok: false, starting: true, detail: `${this.kind}: opening` })
    return Promise.resolve({ ok: false, detail: `${this.kind}: ${this.#fault.message}` })
  }

  async obliterate(): Promise<void> {
    await (await this.#ready()).obliterate()
  }

  async close(limitMs?: number): Promise<void> {
    this.#end()
    await this.#opening
    await this.#queues?.close(limitMs)
  }

  async #ready(): Promise<Queues> {
    if (this.#queues !== null) return this.#queues
    if (this.#ending.signal.aborted) throw closing()
    if (this.#fault !== null) throw this.#fault
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #end(): void {
    this.#ending.abort()
    if (this.#queues === null) this.#refuse(closing())
  }

  #refuse(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  async #openUntilOpen(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        await this.#begin(await this.#open(AbortSignal.any([signal, AbortSignal.timeout(OPENING_LIMIT_MS)])))
        return
      } catch (error) {
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may be aborted by now
        if (signal.aborted) return
        const fault = error instanceof Error ? error : new Error('it did not open', { cause: error })
        // Told when it is another one, not at every try.
        if (fault.message !== this.#fault?.message)
          this.#logger.error(
            { err: error, queue: this.kind },
            'the queue did not open, will try again; the sweeper stands in',
          )
        this.#fault = fault
        this.#refuse(this.#fault)
        await wait(this.#retryMs, null, { signal, ref: false }).catch(() => undefined)
      }
    }
  }

  async #begin(queues: Queues): Promise<void> {
    try {
      for (const schedule of this.#schedules) await queues.schedule(...schedule)
    } catch (error) {
      await queues.close(0)
      throw error
    }
    this.#queues = queues
    this.#fault = null
    for (const worker of this.#workers) worker.begin(queues)
    this.#workers.clear()
    for (const { resolve } of this.#waiting.splice(0)) resolve(queues)
  }
}

const closing = () => new PulihError('SHUTTING_DOWN', 'The queues are closing.')

/** A worker that begins when its queue is there. */
class LateWorker implements QueueWorker {
  readonly #make: (queues: Queues) => QueueWorker
  #worker: QueueWorker | null = null
  #paused = false
  #closed = false

  constructor(make: (queues: Queues) => QueueWorker) {
    this.#make = make
  }

  begin(queues: Queues): void {
    if (this.#closed) return
    this.#worker = this.#make(queues)
    if (this.#paused) void this.#worker.pause()
  }

  close(limitMs?: number): Promise<boolean> {
    this.#closed = true
    return this.#worker?.close(limitMs) ?? Promise.resolve(true)
  }

  async pause(): Promise<void> {
    this.#paused = true
    await this.#worker?.pause()
  }

  async resume(): Promise<void> {
    this.#paused = false
    await this.#worker?.resume()
  }
}
