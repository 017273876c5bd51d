import type { Store } from '../../db/types.js'
import type { Clock } from './clock.js'
import type { DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import type { CommitHints } from './hints.js'
import { answerOf, atOnce, finish, jobOf, onRecent, replay, toWrite } from './jobs.js'
import type { Asked, Decision, Done, Job } from './jobs.js'
import { quietly, type CommandSource, type EngineObserver, type Written } from './observer.js'
import type { RecentTickets } from './recent.js'
import { lacksCalendar } from './redate.js'
import type { ReferenceData } from './reference.js'
import { isFourEyes } from './refusals.js'
import type { TicketTypes } from './ticketTypes.js'
import type { CommitHint } from './types.js'
import { WaitingJobs } from './waiting.js'

/** After a command that turned out to be a repetition: so many keys are looked up first, for repetitions come in swarms. */
const LOOKUPS_AFTER_REPETITION = 1_000
/** A decision that lost a race is made again on fresh rows, this often at most. */
const MAX_TRIES = 4
/**
 * A second commit is not begun beside one that has been under way for less: what waits meanwhile shares the next one, which costs less
 * than two. Beside one that a slow disk or a lock holds up, it is.
 */
const PATIENCE_MS = 10

export interface LaneParts {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: ReferenceData
  readonly clock: Clock
  readonly observer: EngineObserver
  readonly recent: RecentTickets
  readonly hints: CommitHints
  readonly maxBatch: number
  readonly maxLanes: number
  readonly maxQueue: number
}

/** Commands wait here, are decided together and share commits: those that arrive while one commit is running go into the next. */
export class Lanes {
  readonly #parts: LaneParts
  readonly #queue: WaitingJobs
  readonly #lanes = new Set<Promise<void>>()
  #lookups = 0
  #running = 0
  #relief: NodeJS.Timeout | null = null
  /** When each batch that is under way was begun. */
  readonly #begun = new Map<readonly Job[], number>()
  #stopped = false

  constructor(parts: LaneParts) {
    this.#parts = parts
    this.#queue = new WaitingJobs(parts.maxBatch)
  }

  /** Commands that wait for a commit, and those in the one that runs. */
  get backlog(): { readonly waiting: number; readonly working: number } {
    const { waiting, working } = this.#queue
    return { waiting, working }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    while (this.#lanes.size > 0) await Promise.all(this.#lanes)
    if (this.#relief !== null) clearTimeout(this.#relief)
  }

  /** Rejects with STORE_BUSY when too many wait, with SHUTTING_DOWN after `stop`. */
  submit(source: CommandSource, asked: Asked): Promise<Done> {
    return new Promise((resolve, reject) => {
      const job = jobOf(asked, this.#parts.observer.command(source, asked.ticketId), resolve, reject)
      if (this.#stopped) job.reject(new PulihError('SHUTTING_DOWN', 'The service is stopping.'))
      else if (this.#queue.waiting >= this.#parts.maxQueue)
        job.reject(new PulihError('STORE_BUSY', 'Too many commands are waiting.'))
      else {
        this.#queue.push(job)
        this.#startLane()
      }
    })
  }

  #startLane(): void {
    if (this.#running >= this.#parts.maxLanes || this.#queue.waiting === 0) return
    const wait = this.#running === 0 ? 0 : this.#patience()
    if (wait <= 0) this.#openLane()
    else
      this.#relief ??= setTimeout(() => {
        this.#relief = null
        this.#startLane()
      }, wait)
  }

  /** How much longer the newest batch is waited for, in ms. */
  #patience(): number {
    // A lane that has just been opened is about to take what waits.
    if (this.#begun.size === 0) return PATIENCE_MS
    return Math.max(...this.#begun.values()) + PATIENCE_MS - performance.now()
  }

  #openLane(): void {
    this.#running += 1
    const lane: Promise<void> = this.#run().finally(() => this.#lanes.delete(lane))
    this.#lanes.add(lane)
  }

  /** Until nothing waits that this lane could take: what another lane is at, that one goes on with. */
  async #run(): Promise<void> {
    // One turn of the event loop, so that requests that arrive together share the first commit too.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      for (let batch = this.#queue.take(); batch.length > 0; batch = this.#queue.take()) {
        this.#begun.set(batch, performance.now())
        // Of a full batch something is left, for which nobody else may come.
        this.#startLane()
        await this.#batch(batch).finally(() => {
          this.#begun.delete(batch)
          this.#queue.release(batch)
        })
      }
    } finally {
      // In the same turn as the last look at the queue: what comes next starts a lane of its own.
      this.#running -= 1
    }
  }

  async #batch(batch: readonly Job[]): Promise<void> {
    const context: DecideContext = {
      types: this.#parts.types,
      reference: this.#parts.reference,
      now: this.#parts.clock.now(),
      recall: (row) => this.#parts.recent.snapshotOf(row),
      ahead: (row) => this.#parts.recent.takeAhead(row, this.#parts.reference.edition),
    }
    const decided = batch.map((job) => this.#atOnce(job, context))
    const left = batch.flatMap((job, n) => (decided[n] === null ? [this.#decide(job, context)] : []))
    const decisions = [...decided, ...(await Promise.all(left))].filter((it) => it !== null)
    if (decisions.length > 0) await this.#commit(decisions)
  }

  /** Null: it takes a look at the database. */
  #atOnce(job: Job, context: DecideContext): Decision | null {
    if (!job.looked && this.#lookups > 0) {
      this.#lookups -= 1
      return null
    }
    if (job.tries > 0) return null
    if (!job.load) return atOnce(job, null, context)
    const recent = this.#parts.recent.row(job.ticketId)
    return recent === null ? null : atOnce(job, recent, context)
  }

  /** What a command comes to, on the row as it is known; null when there is nothing to write and the sender has the answer. */
  async #decide(job: Job, context: DecideContext): Promise<Decision | null> {
    const { store } = this.#parts
    try {
      if (job.key !== null && replay(job, await store.findIdempotency(job.key))) return null
      job.looked = true
      const recent = job.load ? this.#parts.recent.row(job.ticketId) : null
      if (recent !== null) {
        const decision = onRecent(job, recent, context)
        if (decision !== null) return decision
        this.#parts.recent.drop(job.ticketId)
      }
      const row = job.load ? await store.findTicket(job.ticketId) : null
      const decided = job.decide(row, context)
      // A refused filing leaves nothing behind; a refused event does leave the timers that rang before it.
      if (decided.working.changed && (job.load || decided.refusal === null)) return toWrite(job, row, decided, context)
      finish(job, decided, answerOf(decided))
    } catch (error) {
      if (lacksCalendar(error) && (await this.#parts.reference.learn(this.#parts.store))) this.#queue.push(job)
      else job.reject(error)
    }
    return null
  }

  async #commit(decisions: readonly Decision[]): Promise<void> {
    const seen = this.#parts.observer.commit(decisions.map((it) => it.job.seen))
    let outcomes
    try {
      outcomes = await this.#parts.store.commit(decisions.map((it) => it.change))
    } catch (error) {
      seen(null)
      for (const { job } of decisions) job.reject(error)
      return
    }
    const written: Written[] = []
    const timers: CommitHint['timers'][number][] = []
    const outbox: CommitHint['outbox'][number][] = []
    for (const [index, { job, decided, before, change, answer }] of decisions.entries()) {
      const outcome = outcomes[index]
      if (outcome?.ok === true) {
        timers.push(...change.timersAdded.filter((it) => it.state === 'pending'))
        outbox.push(...change.outbox)
        written.push({ source: job.seen.source, before, change })
        this.#parts.recent.put(change.ticket, decided.working.snapshot)
        finish(job, decided, answer)
      } else this.#again(job, outcome?.reason ?? 'refused', outcome?.constraint ?? null)
    }
    quietly(() => seen(written))
    if (timers.length + outbox.length > 0) this.#parts.hints.tell({ timers, outbox })
  }

  /** A lost race is decided again on fresh rows; a constraint that says no is final. */
  #again(job: Job, reason: 'stale' | 'duplicate' | 'refused', constraint: string | null): void {
    this.#parts.recent.drop(job.ticketId)
    if (reason === 'duplicate' && !job.looked) {
      // No race: most likely a repetition, and nobody had looked.
      job.looked = true
      job.tries += 1
      this.#lookups = LOOKUPS_AFTER_REPETITION
      this.#queue.push(job)
      return
    }
    job.tries += 1
    this.#parts.observer.raced(reason)
    if (reason === 'refused' || job.tries >= MAX_TRIES) {
      const code = isFourEyes(constraint) ? 'OWN_CASE' : 'CONFLICT'
      job.reject(new PulihError(code, 'The ticket could not be changed.', { reason, constraint }))
    } else this.#queue.push(job)
  }
}
