import type { AnyMachineSnapshot } from 'xstate'
import { rearmed, restore, step } from '../machines/snapshots.js'
import type { Actor, Decision, TicketEvent, TicketType } from '../machines/ticketType.js'
import { PulihError } from './errors.js'
import { Measure, type Versions } from './measure.js'
import { CALENDAR_CHANGE, messageOf, regenerate, remeasure, type CalendarStep } from './calendarChange.js'
import { CommitRows } from './commitRows.js'
import { movesTime, plan } from './plan.js'
import { copySchedule, emptySchedule, takeThreshold, TimerLedger, type PendingTimer } from './schedule.js'
import { ticketRow } from './ticketRow.js'
import { SYSTEM, timerEvent } from './timerEvents.js'
import type { Change, DueMove, IdempotencyRecord, LogEntry, Reference, Schedule, TicketRow } from './types.js'

export type Identity = Pick<TicketRow, 'id' | 'ticketNumber' | 'policyId'>

/**
 * One ticket while a commit is being decided: snapshot, schedule, and the rows that will be written.
 * Pure but for itself: everything it knows was handed in.
 */
export class Working {
  readonly type: TicketType
  readonly #identity: Identity
  readonly #previous: TicketRow | null
  readonly #rows: CommitRows
  readonly #ledger: TimerLedger
  readonly #measure: Measure
  snapshot: AnyMachineSnapshot
  /** The stored one itself until something is changed in it. */
  #schedule: Schedule
  #copied: boolean
  #contentVersion: number
  #filedAt: number
  #at: number
  #row: TicketRow | null = null

  private constructor(args: {
    type: TicketType
    reference: Reference
    identity: Identity
    previous: TicketRow | null
    snapshot: AnyMachineSnapshot
    versions: Versions
    at: number
    recordedAt: number
  }) {
    this.type = args.type
    this.#identity = args.identity
    this.#previous = args.previous
    this.snapshot = args.snapshot
    this.#measure = new Measure(args.reference, args.identity.policyId, args.versions)
    this.#rows = new CommitRows(args.identity.id, args.previous, args.recordedAt)
    this.#schedule = args.previous === null ? emptySchedule() : args.previous.schedule
    this.#copied = args.previous === null
    this.#ledger = new TimerLedger(this.#schedule)
    this.#contentVersion = args.previous?.contentVersion ?? 1
    this.#filedAt = args.previous?.filedAt ?? args.at
    this.#at = args.previous?.updatedAt ?? args.at
  }

  /** A ticket that does not exist yet: enters the machine's first state, and logs that. */
  static file(
    type: TicketType,
    reference: Reference,
    identity: Identity,
    versions: Versions,
    decision: Decision,
    event: TicketEvent,
    meta: { recordedAt: number; commandId: string | null },
  ): Working {
    const { snapshot } = decision
    const { at } = event
    const { recordedAt } = meta
    const working = new Working({ type, reference, identity, versions, previous: null, snapshot, at, recordedAt })
    working.#record(decision, event, 'TicketFiled', meta.commandId)
    return working
  }

  /** A stored ticket, restored unless its statechart is `known` (and lifted to the machine's version where it is older). Throws CONFIGURATION_INVALID where it is newer. */
  static load(
    type: TicketType,
    reference: Reference,
    row: TicketRow,
    versions: Versions,
    recordedAt: number,
    known?: AnyMachineSnapshot,
  ): Working {
    const identity = { id: row.id, ticketNumber: row.ticketNumber, policyId: row.policyId }
    if (row.machineVersion > type.version) {
      throw new PulihError(
        'CONFIGURATION_INVALID',
        `this ticket was written by version ${row.machineVersion} of ${type.type}; this program knows version ${type.version}`,
      )
    }
    const snapshot = known ?? restore(type, row.snapshot, row.machineVersion)
    const at = row.updatedAt
    const working = new Working({ type, reference, identity, versions, previous: row, snapshot, at, recordedAt })
    // Lifting an older snapshot is a fact of its own: a replay changes machines exactly here.
    if (row.machineVersion < type.version) {
      working.#note(
        'MachineUpgraded',
        { type: 'machine.upcast', from: row.machineVersion, to: type.version },
        row.updatedAt,
      )
    }
    return working
  }

  get revision(): number {
    return (this.#previous?.revision ?? 0) + 1
  }
  get contentVersion(): number {
    return this.#contentVersion
  }
  get state(): string {
    return this.type.stateOf(this.snapshot)
  }
  get schedule(): Schedule {
    return this.#schedule
  }
  /** The instant of the last event: an event never happens before the one that was recorded before it. */
  get lastAt(): number {
    return this.#at
  }
  /** What this commit will write to the log so far. */
  get log(): readonly LogEntry[] {
    return this.#rows.log
  }
  get changed(): boolean {
    return this.log.length > 0
  }
  get timerRows(): ReturnType<TimerLedger['rows']> {
    return this.#ledger.rows(this.#identity.id)
  }
  /** When the next timer rings; null when none is pending. */
  get nextTimerAt(): number | null {
    return this.#ledger.next?.dueAt ?? null
  }
  /** Did it fire in this commit? */
  hasFired(key: Pick<PendingTimer, 'family' | 'threshold' | 'generation'>): boolean {
    return this.#ledger.hasFired(key)
  }
  /** What was decided before its time is written at `now`. */
  writtenAt(now: number): this {
    this.#rows.writtenAt(now)
    return this
  }
  get identity(): Identity {
    return this.#identity
  }
  /** The first pending timer, in due order, for which `test` says yes. */
  findTimer(test: (timer: PendingTimer) => boolean): PendingTimer | undefined {
    return this.#ledger.find(test)
  }
  isPending(key: Pick<PendingTimer, 'family' | 'threshold' | 'generation'>): boolean {
    return this.#ledger.isPending(key)
  }
  /** A replay measures each entry by the versions that wrote it. */
  useVersions(versions: Versions): void {
    this.#measure.use(versions)
  }

  /** Runs one event, and notes its fact, its time and its messages. False when the machine refuses it: then nothing has happened. */
  apply(event: TicketEvent, commandId: string | null): boolean {
    const decision = step(this.type, this.snapshot, event)
    if (decision.taken) this.#happened(decision, event, commandId)
    return decision.taken
  }

  #happened(decision: Decision, event: TicketEvent, commandId: string | null): void {
    const declared = this.type.publicEvents[event.type] ?? this.type.internalEvents[event.type]
    if (declared?.changesContent === true) this.#contentVersion += 1
    this.#record(decision, event, declared?.fact ?? event.type, commandId)
  }

  /** The schedule as it may be changed. */
  #changing(): Schedule {
    if (!this.#copied) this.#schedule = copySchedule(this.#schedule)
    this.#copied = true
    return this.#schedule
  }

  /**
   * When a timer rings: at its due instant. One that a pause carried past its due ("paused at the very instant, resumed after closing")
   * rings with the last event, for instants of a ticket never run backwards.
   */
  instantOf(timer: PendingTimer): number {
    return Math.max(timer.dueAt, this.#at)
  }

  /** Rings one timer at its own instant. False when the machine refuses its event: the row closes all the same. */
  ring(timer: PendingTimer): boolean {
    const event = timerEvent(this.type, timer, this.instantOf(timer))
    const decision = step(this.type, this.snapshot, event)
    if (!decision.taken) {
      this.drop(timer)
      return false
    }
    takeThreshold(this.#changing(), timer)
    this.#ledger.fired(timer)
    this.#happened(decision, event, null)
    return true
  }

  /** Closes a timer whose event the machine refuses; the log says so, or a replay could not know. */
  drop(timer: PendingTimer): void {
    const at = this.instantOf(timer)
    takeThreshold(this.#changing(), timer)
    this.#ledger.dropped(timer, at)
    this.#at = at
    const { family, threshold, generation } = timer
    this.#note('TimerDropped', { type: 'timer.dropped', family, threshold, generation }, at)
  }

  /** Measures what is open here by a newer calendar version; the entry holds the whole step, or a replay could not take it. */
  remeasure(step: CalendarStep, at: number, actor: Actor): void {
    const schedule = this.#changing()
    const { moves, families } = remeasure(schedule, step, this.#measure.worldBy(step.calendar, at))
    const { snapshot, armed } = rearmed(this.type, this.snapshot, families)
    this.snapshot = snapshot
    regenerate(schedule, families, armed)
    this.#ledger.sync(schedule, at)
    this.#at = at
    const message = step.message === undefined ? messageOf(this.type, moves) : step.message
    if (message !== null) this.#rows.queue([{ kind: 'message', body: { ...message, at } }])
    const event = { ...step, type: CALENDAR_CHANGE, message }
    this.#append('CalendarChanged', event, at, actor, null, moves.length === 0 ? null : moves)
  }

  #record(decision: Decision, event: TicketEvent, fact: string, commandId: string | null): void {
    this.snapshot = decision.snapshot
    const timed = decision.effects.some(movesTime)
    const schedule = timed ? this.#changing() : this.#schedule
    const planned = plan(schedule, decision.effects, this.#measure.world(event.at))
    if (timed) this.#ledger.sync(schedule, event.at)
    this.#at = event.at
    this.#rows.queue(planned.outbox)
    const { at, actor, ...body } = event
    this.#append(fact, body, at, actor, commandId, planned.moves.length === 0 ? null : planned.moves)
  }

  #note(fact: string, event: LogEntry['event'], at: number): void {
    this.#measure.forget()
    this.#append(fact, event, at, SYSTEM, null, null)
  }

  #append(
    fact: string,
    event: LogEntry['event'],
    at: number,
    actor: Actor,
    commandId: string | null,
    moves: readonly DueMove[] | null,
  ): void {
    this.#row = null
    this.#rows.append({
      at,
      fact,
      event,
      actorId: actor.id,
      actorRole: actor.role,
      commandId,
      machineVersion: this.type.version,
      policyVersion: this.#measure.policyVersion,
      calendar: this.#measure.calendarUsed,
      state: this.state,
      revision: this.revision,
      moves,
    })
  }

  /** The ticket's row as it will be. */
  row(): TicketRow {
    return (this.#row ??= ticketRow(this.type, this.snapshot, this.#schedule, {
      ...this.#identity,
      policyVersion: this.#measure.policyVersion,
      revision: this.revision,
      contentVersion: this.#contentVersion,
      nextTimerAt: this.nextTimerAt,
      logSeq: this.#rows.logSeq,
      outboxSeq: this.#rows.outboxSeq,
      filedAt: this.#filedAt,
      updatedAt: this.#at,
    }))
  }

  /** Everything this commit writes. */
  change(idempotency: IdempotencyRecord | null): Change {
    const { added: timersAdded, closed: timersClosed } = this.timerRows
    const { log, outbox } = this.#rows
    const before = this.#previous ?? undefined
    const expectedRevision = this.#previous?.revision ?? null
    return { expectedRevision, before, ticket: this.row(), log, timersAdded, timersClosed, outbox, idempotency }
  }
}
