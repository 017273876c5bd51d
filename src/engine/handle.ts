import type { Store } from '../../db/types.js'
import type { BusinessCalendar } from '../calendar/index.js'
import type { Clock } from './clock.js'
import { decideEvent, decideFile, decideTimers, type DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import { CommitHints } from './hints.js'
import type { Ids } from './ids.js'
import { answerOf, atOnce, finish, jobOf, onRecent, replay, toWrite, verdictOf } from './jobs.js'
import type { Asked, Decision, Done, Job } from './jobs.js'
import { nobody, quietly, type CommandSource, type EngineObserver, type TimerAlarm, type Written } from './observer.js'
import { RecentTickets } from './recent.js'
import { decideRedate, lacksCalendar, redatedBy, withCalendar } from './redate.js'
import { allowedEvents } from './refusals.js'
import { restore } from '../machines/snapshots.js'
import type { ReferenceData } from './reference.js'
import { typeOfTicket, type TicketTypes } from './ticketTypes.js'
import type {
  Accepted,
  Command,
  CommitHint,
  Engine,
  FileCommand,
  Redated,
  RedateOrder,
  TicketRow,
  TimerKey,
  TimerVerdict,
} from './types.js'
import { WaitingJobs } from './waiting.js'

export interface EngineParts {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: ReferenceData
  readonly clock: Clock
  readonly ids: Ids
  /** At most this many commands share one commit (default 512). */
  readonly maxBatch?: number
  /** At most this many commits run at the same time (default: what the store can use). */
  readonly lanes?: number | undefined
  /** At most this many commands wait (default 10 000); the next one is refused with STORE_BUSY. */
  readonly maxQueue?: number
  readonly observer?: EngineObserver | undefined
  /** How many tickets are remembered as they were last written (default 2 000). */
  readonly maxRecent?: number | undefined
}

/** After a command that turned out to be a repetition: so many keys are looked up first, for repetitions come in swarms. */
const LOOKUPS_AFTER_REPETITION = 1_000
/** A decision that lost a race is made again on fresh rows, this often at most. */
const MAX_TRIES = 4

/**
 * The heart. Commands that arrive while one commit is running share the next one; each is accepted or refused on its own.
 * Costs per command: two point reads (one for a ticket written lately), one transition, and its share of a commit.
 */
export class TicketEngine implements Engine {
  readonly clock: Clock
  readonly reference: ReferenceData
  readonly #parts: EngineParts
  readonly #maxLanes: number
  readonly #maxQueue: number
  readonly #observer: EngineObserver
  readonly #recent: RecentTickets
  readonly #missingTypes = new Set<string>()
  readonly #hints = new CommitHints()
  readonly #queue: WaitingJobs
  readonly #lanes = new Set<Promise<void>>()
  #lookups = 0
  #running = 0
  #stopped = false

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#maxLanes = parts.lanes ?? parts.store.lanes
    this.#queue = new WaitingJobs(parts.maxBatch ?? 512)
    this.#maxQueue = parts.maxQueue ?? 10_000
    this.#observer = parts.observer ?? nobody
    this.#recent = new RecentTickets(parts.maxRecent)
    this.clock = parts.clock
    this.reference = parts.reference
  }

  async file(command: FileCommand): Promise<Accepted> {
    const { ids } = this.#parts
    const id = command.ticketId ?? ids.id()
    const at = this.#instantOf(command.at)
    const { answer } = await this.#submit('file', {
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
    const { answer } = await this.#submit(outside ? 'event' : 'system', {
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

  async deliverTimer(key: TimerKey, alarm: TimerAlarm = 'queue'): Promise<TimerVerdict> {
    const { decided } = await this.#submit(alarm, {
      ticketId: key.ticketId,
      key: null,
      fingerprint: null,
      load: true,
      decide: (row, context) => {
        if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
        return decideTimers(row, context)
      },
    }).catch((error: unknown) => this.#keepTimer(error))
    if (decided === 'kept') return decided
    const verdict = decided === null ? 'dropped' : verdictOf(decided, key)
    // A row that is still open although the ticket no longer knows its timer is closed, so that no sweep meets it again.
    if (verdict === 'dropped') await this.#parts.store.closeTimer(key, this.clock.now())
    return verdict
  }

  /** A timer whose ticket type nobody loaded stays pending; that is said once, not at every sweep. Rethrows anything else. */
  #keepTimer(error: unknown): { readonly decided: 'kept' } {
    if (!(error instanceof PulihError) || error.code !== 'TICKET_TYPE_MISSING') throw error
    const type = String(error.extra['type'])
    if (!this.#missingTypes.has(type))
      process.emitWarning(`${error.message} Its timers stay pending.`, { code: error.code })
    this.#missingTypes.add(type)
    return { decided: 'kept' }
  }

  async foresee(ticketIds: readonly string[]): Promise<void> {
    const unknown = ticketIds.filter((id) => !this.#recent.knows(id))
    const rows = await Promise.all(unknown.map((id) => this.#parts.store.findTicket(id))).catch(() => [])
    for (const row of rows) {
      const type = row === null ? undefined : this.#parts.types.get(row.type)
      if (row === null || type?.version !== row.machineVersion) continue
      try {
        this.#recent.foresee(row, restore(type, row.snapshot, row.machineVersion))
      } catch {
        // What does not fit, or has to be lifted first, is for whoever decides on it.
      }
    }
  }

  async redate(ticketId: string, order: RedateOrder): Promise<Redated> {
    const { decided } = await this.#submit('calendar', {
      ticketId,
      key: null,
      fingerprint: null,
      load: true,
      decide: (row, context) => {
        if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
        return decideRedate(order, row, context)
      },
    })
    return decided === null ? null : redatedBy(decided)
  }

  previewRedate(ticket: TicketRow, order: RedateOrder, calendar: BusinessCalendar): Redated {
    const reference = withCalendar(this.reference, calendar)
    return redatedBy(decideRedate(order, ticket, { types: this.#parts.types, reference, now: this.clock.now() }))
  }

  refreshReference(): Promise<boolean> {
    return this.reference.learn(this.#parts.store)
  }

  allowed(ticket: TicketRow, actor: { id: string; role: Command['actor']['role'] }) {
    const type = typeOfTicket(this.#parts.types, ticket)
    return allowedEvents(type, restore(type, ticket.snapshot, ticket.machineVersion), actor, this.clock.now())
  }

  onCommitted(listener: (hint: CommitHint) => void): () => void {
    return this.#hints.listen(listener)
  }

  /** Commands that wait for a commit, and those in the one that runs. */
  get backlog(): { readonly waiting: number; readonly working: number } {
    const { waiting, working } = this.#queue
    return { waiting, working }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#lanes)
  }

  #submit(source: CommandSource, asked: Asked): Promise<Done> {
    return new Promise((resolve, reject) => {
      const job = jobOf(asked, this.#observer.command(source, asked.ticketId), resolve, reject)
      if (this.#stopped) job.reject(new PulihError('SHUTTING_DOWN', 'The service is stopping.'))
      else if (this.#queue.waiting >= this.#maxQueue)
        job.reject(new PulihError('STORE_BUSY', 'Too many commands are waiting.'))
      else {
        this.#queue.push(job)
        this.#startLane()
      }
    })
  }

  #startLane(): void {
    if (this.#running >= this.#maxLanes) return
    this.#running += 1
    const lane: Promise<void> = this.#run().finally(() => this.#lanes.delete(lane))
    this.#lanes.add(lane)
  }

  /** Until nothing waits that this lane could take: what another lane is at, that one goes on with. */
  async #run(): Promise<void> {
    // One turn of the event loop, so that requests that arrive together share the first commit too.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      for (let batch = this.#queue.take(); batch.length > 0; batch = this.#queue.take())
        await this.#batch(batch).finally(() => this.#queue.release(batch))
    } finally {
      // In the same turn as the last look at the queue: what comes next starts a lane of its own.
      this.#running -= 1
    }
  }

  async #batch(batch: readonly Job[]): Promise<void> {
    const context: DecideContext = {
      types: this.#parts.types,
      reference: this.reference,
      now: this.clock.now(),
      recall: (row) => this.#recent.snapshotOf(row),
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
    const recent = this.#recent.row(job.ticketId)
    return recent === null ? null : atOnce(job, recent, context)
  }

  /** What a command comes to, on the row as it is known; null when there is nothing to write and the sender has the answer. */
  async #decide(job: Job, context: DecideContext): Promise<Decision | null> {
    const { store } = this.#parts
    try {
      if (job.key !== null && replay(job, await store.findIdempotency(job.key))) return null
      job.looked = true
      const recent = job.load ? this.#recent.row(job.ticketId) : null
      if (recent !== null) {
        const decision = onRecent(job, recent, context)
        if (decision !== null) return decision
        this.#recent.drop(job.ticketId)
      }
      const row = job.load ? await store.findTicket(job.ticketId) : null
      const decided = job.decide(row, context)
      // A refused filing leaves nothing behind; a refused event does leave the timers that rang before it.
      if (decided.working.changed && (job.load || decided.refusal === null)) return toWrite(job, row, decided, context)
      finish(job, decided, answerOf(decided))
    } catch (error) {
      if (lacksCalendar(error) && (await this.refreshReference())) this.#queue.push(job)
      else job.reject(error)
    }
    return null
  }

  async #commit(decisions: readonly Decision[]): Promise<void> {
    const seen = this.#observer.commit(decisions.map((it) => it.job.seen))
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
        this.#recent.put(change.ticket, decided.working.snapshot)
        finish(job, decided, answer)
      } else this.#again(job, outcome?.reason ?? 'refused', outcome?.constraint ?? null)
    }
    quietly(() => seen(written))
    if (timers.length + outbox.length > 0) this.#hints.tell({ timers, outbox })
  }

  /** A lost race is decided again on fresh rows; a constraint that says no is final. */
  #again(job: Job, reason: 'stale' | 'duplicate' | 'refused', constraint: string | null): void {
    this.#recent.drop(job.ticketId)
    if (reason === 'duplicate' && !job.looked) {
      // No race: most likely a repetition, and nobody had looked.
      job.looked = true
      job.tries += 1
      this.#lookups = LOOKUPS_AFTER_REPETITION
      this.#queue.push(job)
      return
    }
    job.tries += 1
    this.#observer.raced(reason)
    if (reason === 'refused' || job.tries >= MAX_TRIES) {
      job.reject(new PulihError('CONFLICT', 'The ticket could not be changed.', { reason, constraint }))
    } else this.#queue.push(job)
  }
}
