import type { Store } from '../../db/types.js'
import type { Clock } from './clock.js'
import { decideEvent, decideFile, decideTimers, typeOf, type Decided, type DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import type { Ids } from './ids.js'
import { answerOf, finish, recordOf, replay, verdictOf, type Done, type Job } from './jobs.js'
import { allowedEvents } from './refusals.js'
import { restore } from '../machines/snapshots.js'
import type { ReferenceData } from './reference.js'
import type { TicketTypes } from './ticketTypes.js'
import type {
  Accepted,
  Change,
  Command,
  CommitHint,
  Engine,
  FileCommand,
  IdempotencyRecord,
  TicketRow,
  TimerKey,
  TimerVerdict,
} from './types.js'

export interface EngineParts {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: ReferenceData
  readonly clock: Clock
  readonly ids: Ids
  /** At most this many commands share one commit (default 256). */
  readonly maxBatch?: number
  /** At most this many commands wait (default 10 000); the next one is refused with STORE_BUSY. */
  readonly maxQueue?: number
}

/** A decision that lost a race is made again on fresh rows, this often at most. */
const MAX_TRIES = 4

/**
 * The heart. Commands that arrive while one commit is running share the next one; each is accepted or refused on its own.
 * Costs per command: two point reads, one transition, and its share of a commit.
 */
export class TicketEngine implements Engine {
  readonly clock: Clock
  readonly reference: ReferenceData
  readonly #parts: EngineParts
  readonly #maxBatch: number
  readonly #maxQueue: number
  readonly #listeners = new Set<(hint: CommitHint) => void>()
  #queue: Job[] = []
  #running: Promise<void> | null = null
  #stopped = false

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#maxBatch = parts.maxBatch ?? 256
    this.#maxQueue = parts.maxQueue ?? 10_000
    this.clock = parts.clock
    this.reference = parts.reference
  }

  async file(command: FileCommand): Promise<Accepted> {
    const { ids } = this.#parts
    const id = ids.id()
    const at = this.#instantOf(command.at)
    const { answer } = await this.#submit({
      ticketId: id,
      key: command.key,
      fingerprint: command.fingerprint,
      load: false,
      decide: (_row, context) => decideFile({ ...command, at }, { id, ticketNumber: ids.ticketNumber() }, context),
    })
    return answer
  }

  handle(command: Command): Promise<Accepted> {
    return this.#event(command, true)
  }

  system(command: Command): Promise<Accepted> {
    return this.#event(command, false)
  }

  async #event(command: Command, outside: boolean): Promise<Accepted> {
    const at = this.#instantOf(command.at)
    const { answer } = await this.#submit({
      ticketId: command.ticketId,
      key: command.key,
      fingerprint: command.fingerprint,
      load: true,
      decide: (row, context) => {
        if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
        return decideEvent({ ...command, at }, row, context, outside)
      },
    })
    return answer
  }

  /** A command happens when it arrives, not when its turn comes (D16); nothing happens in the future. */
  #instantOf(at: number | undefined): number {
    const now = this.clock.now()
    if (at !== undefined && at > now) throw new PulihError('EVENT_IN_THE_FUTURE', 'This instant has not come yet.')
    return at ?? now
  }

  async deliverTimer(key: TimerKey): Promise<TimerVerdict> {
    const { decided } = await this.#submit({
      ticketId: key.ticketId,
      key: null,
      fingerprint: null,
      load: true,
      decide: (row, context) => {
        if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
        return decideTimers(row, context)
      },
    })
    const verdict = decided === null ? 'dropped' : verdictOf(decided, key)
    // A row that is still open although the ticket no longer knows its timer is closed, so that no sweep meets it again.
    if (verdict === 'dropped') await this.#parts.store.closeTimer(key, this.clock.now())
    return verdict
  }

  allowed(ticket: TicketRow, actor: { id: string; role: Command['actor']['role'] }) {
    const type = typeOf(this.#parts.types, ticket.type)
    return allowedEvents(type, restore(type, ticket.snapshot, ticket.machineVersion), actor, this.clock.now())
  }

  onCommitted(listener: (hint: CommitHint) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  #submit(job: Omit<Job, 'resolve' | 'reject' | 'tries'>): Promise<Done> {
    if (this.#stopped) return Promise.reject(new PulihError('SHUTTING_DOWN', 'The service is stopping.'))
    if (this.#queue.length >= this.#maxQueue)
      return Promise.reject(new PulihError('STORE_BUSY', 'Too many commands are waiting.'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...job, resolve, reject, tries: 0 })
      this.#running ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    // One turn of the event loop, so that requests that arrive together share the first commit too.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      while (this.#queue.length > 0) await this.#batch(this.#takeBatch())
    } finally {
      this.#running = null
    }
  }

  #takeBatch(): Job[] {
    const batch: Job[] = []
    const later: Job[] = []
    const seen = new Set<string>()
    for (const job of this.#queue) {
      const names = job.key === null ? [job.ticketId] : [job.ticketId, `key:${job.key}`]
      if (batch.length >= this.#maxBatch || names.some((it) => seen.has(it))) later.push(job)
      else batch.push(job)
      for (const name of names) seen.add(name)
    }
    this.#queue = later
    return batch
  }

  async #batch(batch: readonly Job[]): Promise<void> {
    const context: DecideContext = { types: this.#parts.types, reference: this.reference, now: this.clock.now() }
    const decisions: { job: Job; decided: Decided; change: Change; answer: Accepted }[] = []
    const loaded = await Promise.allSettled(batch.map((job) => this.#load(job)))
    for (const [index, job] of batch.entries()) {
      const rows = loaded[index]
      if (rows?.status !== 'fulfilled') {
        job.reject(rows?.reason)
        continue
      }
      try {
        if (replay(job, rows.value.record)) continue
        const decided = job.decide(rows.value.row, context)
        const answer = answerOf(decided)
        if (!decided.working.changed) finish(job, decided, answer)
        else if (job.load || decided.refusal === null) {
          const record = decided.refusal === null ? recordOf(job, answer, context.now) : null
          decisions.push({ job, decided, answer, change: decided.working.change(record) })
        } else finish(job, decided, answer)
      } catch (error) {
        job.reject(error)
      }
    }
    if (decisions.length > 0) await this.#commit(decisions)
  }

  async #load(job: Job): Promise<{ record: IdempotencyRecord | null; row: TicketRow | null }> {
    const { store } = this.#parts
    const record = job.key === null ? null : await store.findIdempotency(job.key)
    const row = job.load && record === null ? await store.findTicket(job.ticketId) : null
    return { record, row }
  }

  async #commit(decisions: readonly { job: Job; decided: Decided; change: Change; answer: Accepted }[]): Promise<void> {
    let outcomes
    try {
      outcomes = await this.#parts.store.commit(decisions.map((it) => it.change))
    } catch (error) {
      for (const { job } of decisions) job.reject(error)
      return
    }
    const timers: CommitHint['timers'][number][] = []
    const outbox: CommitHint['outbox'][number][] = []
    for (const [index, { job, decided, change, answer }] of decisions.entries()) {
      const outcome = outcomes[index]
      if (outcome?.ok === true) {
        timers.push(...change.timersAdded.filter((it) => it.state === 'pending'))
        outbox.push(...change.outbox)
        finish(job, decided, answer)
      } else this.#again(job, outcome?.reason ?? 'refused', outcome?.constraint ?? null)
    }
    if (timers.length + outbox.length > 0) this.#tell({ timers, outbox })
  }

  /** A listener that fails must not take the engine with it: hints are a convenience, the sweeper finds what was missed. */
  #tell(hint: CommitHint): void {
    for (const listener of this.#listeners) {
      try {
        listener(hint)
      } catch (error) {
        process.emitWarning('A listener of commits failed.', { detail: error instanceof Error ? error.message : '' })
      }
    }
  }

  /** A lost race is decided again on fresh rows; a constraint that says no is final. */
  #again(job: Job, reason: 'stale' | 'duplicate' | 'refused', constraint: string | null): void {
    job.tries += 1
    if (reason === 'refused' || job.tries >= MAX_TRIES) {
      job.reject(new PulihError('CONFLICT', 'The ticket could not be changed.', { reason, constraint }))
    } else this.#queue.push(job)
  }
}
