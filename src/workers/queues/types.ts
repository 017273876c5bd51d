/** The queues Pulih runs. `verification` holds the timers that release tickets at the next opening (D26). */
export const QUEUE_NAMES = ['sla-timers', 'verification', 'notifications', 'maintenance'] as const
export type QueueName = (typeof QUEUE_NAMES)[number]
export type QueueKind = 'redis' | 'embedded' | 'postgres'

/** Ids, codes and counters only: no personal data ever enters a queue (R-LOG-1). */
export type JobData = Readonly<Record<string, string | number>>

export interface JobOptions {
  /** Same id while the job is pending: added once. Never with a `:`. Free again as soon as the job has completed or failed. */
  readonly jobId: string
  /** Milliseconds from now on the machine's own clock; default 0, negative reads as 0. */
  readonly delayMs?: number
  /** How often it is tried in all; default 1. */
  readonly attempts?: number
  /** First wait between attempts, doubling after each; default 1 000. */
  readonly backoffMs?: number
}
export interface JobSpec extends JobOptions {
  readonly name: string
  readonly data: JobData
}
export interface QueuedJob {
  readonly id: string
  readonly name: string
  readonly data: JobData
  /** 1 for the first try. */
  readonly attempt: number
}
export type Processor = (job: QueuedJob) => Promise<void>

export interface WorkerSettings {
  readonly concurrency: number
  /**
   * Called when a job will not be tried again: its last attempt threw, or the queue gave it up as stalled. Runs before
   * the queue forgets the job, so a crash in between may call it twice and never loses it: make it idempotent.
   */
  readonly onFinalFailure?: (job: QueuedJob, error: Error) => Promise<void>
}
export interface QueueWorker {
  /** Takes no new job and waits for the running ones, at most `limitMs` when given. True if all of them finished. */
  close(limitMs?: number): Promise<boolean>
  /** Stops taking jobs and waits for the running ones. */
  pause(): Promise<void>
  resume(): Promise<void>
}

/** Either every so many milliseconds, or a cron pattern read in a named time zone. */
export type Recurrence = { readonly everyMs: number } | { readonly cron: string; readonly timeZone: string }

export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
}
export interface QueueHealth {
  readonly ok: boolean
  /** For people who operate it; no credentials. */
  readonly detail: string
  /** It is being opened, and nothing is known against it. */
  readonly starting?: boolean
}

/** The alarm clock. Nothing in it is truth: all of it may be lost at any time and is rebuilt from SQL. */
export interface Queues {
  readonly kind: QueueKind
  /** Adds one job. Rejects at once while the queue cannot be reached. Throws RangeError for a job id with a `:`. */
  add(queue: QueueName, name: string, data: JobData, options: JobOptions): Promise<void>
  addBulk(queue: QueueName, jobs: readonly JobSpec[]): Promise<void>
  worker(queue: QueueName, processor: Processor, settings: WorkerSettings): QueueWorker
  /** Adds or replaces a recurring job; remembered, so that `ensureSchedules` can put it back. */
  schedule(queue: QueueName, schedulerId: string, recurrence: Recurrence, jobName: string): Promise<void>
  /** Puts back schedules the queue has lost (a flushed or restarted Redis); returns how many. */
  ensureSchedules(): Promise<number>
  counts(queue: QueueName): Promise<QueueCounts>
  /** Never rejects. Not ok = degraded: intake goes on, the sweeper is the alarm. */
  health(): Promise<QueueHealth>
  /** Removes every job and schedule of every queue. */
  obliterate(): Promise<void>
  /** Closes workers (each at most `limitMs`), queues and connections. Safe to call twice. */
  close(limitMs?: number): Promise<void>
}
