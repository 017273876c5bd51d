import type { Job } from './jobs.js'

/** Commands that wait for a commit, in the order in which they came. */
export class WaitingJobs {
  readonly #maxBatch: number
  #jobs: Job[] = []
  /** Tickets and keys of batches on their way: the next command on one of them must see what this one wrote. */
  readonly #busy = new Set<string>()
  #working = 0

  constructor(maxBatch: number) {
    this.#maxBatch = maxBatch
  }

  get waiting(): number {
    return this.#jobs.length
  }
  get working(): number {
    return this.#working
  }

  push(job: Job): void {
    this.#jobs.push(job)
  }

  /** The next batch: one command per ticket and per key, none that another batch is at. Empty when all must wait. `release` it afterwards. */
  take(): readonly Job[] {
    const batch: Job[] = []
    const later: Job[] = []
    const seen = new Set(this.#busy)
    for (const job of this.#jobs) {
      const names = namesOf(job)
      if (batch.length >= this.#maxBatch || names.some((it) => seen.has(it))) later.push(job)
      else batch.push(job)
      for (const name of names) seen.add(name)
    }
    this.#jobs = later
    for (const job of batch) for (const name of namesOf(job)) this.#busy.add(name)
    this.#working += batch.length
    return batch
  }

  release(batch: readonly Job[]): void {
    for (const job of batch) for (const name of namesOf(job)) this.#busy.delete(name)
    this.#working -= batch.length
  }
}

const namesOf = ({ ticketId, key }: Job): readonly string[] => (key === null ? [ticketId] : [ticketId, `key:${key}`])
