import type { CalendarSpec } from '../src/calendar/types.js'
import type { Policy } from '../src/machines/policy.js'
import type {
  CalendarChange,
  Change,
  CommitOutcome,
  IdempotencyRecord,
  LogEntry,
  Office,
  OutboxRow,
  TicketRow,
  TimerKey,
  TimerRow,
  Unit,
} from '../src/engine/types.js'
import type { AuditStore } from './audit/index.js'
import type { TicketHead } from './hotReads.js'
import type { IntakeStores } from './intake/index.js'
import type { EscalationStore } from './staff/escalation.js'
import type { StaffStore } from './staff/identity.js'
import type { LedgerStore } from './staff/ledger.js'
import type { LedgerReports } from './staff/ledgerReports.js'
import type { WorkStores } from './staff/work.js'
import type { EachText } from './texts.js'

export interface OutboxKey {
  readonly ticketId: string
  readonly seq: number
}
/** Where a walk over the outbox stands; a row is a place. */
export interface OutboxPlace extends OutboxKey {
  readonly createdAt: number
}
export interface DeadLetter {
  readonly id: string
  readonly queue: string
  /** ids only */
  readonly job: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly failedAt: number
  readonly attempts: number
  readonly replayedAt: number | null
}
/** What the embedded sinks received: a message in the local mailbox, a command at the embedded account service. One row per outbox id. */
export interface Delivery {
  readonly ticketId: string
  readonly seq: number
  readonly sink: string
  readonly body: Readonly<Record<string, unknown>>
  readonly deliveredAt: number
}

export type { TicketHead } from './hotReads.js'
export interface TicketFilter {
  readonly type?: string | undefined
  readonly state?: string | undefined
  readonly standing?: string | undefined
  readonly officeId?: string | undefined
  /** One of these; none of them finds nothing. */
  readonly offices?: readonly string[] | undefined
  readonly route?: string | undefined
  readonly cause?: string | undefined
  readonly participantRef?: string | undefined
  readonly ticketNumber?: string | undefined
  readonly releasedBefore?: number | undefined
  readonly dueBefore?: number | undefined
}
/** `filed`: newest first. `due`: earliest deadline, then age. */
export type TicketOrder = 'filed' | 'due'
export interface TicketPage {
  readonly items: readonly TicketRow[]
  /** Opaque to callers; null at the end. */
  readonly next: { readonly key: number | null; readonly id: string } | null
}

/**
 * The store: one contract, suites run it on every engine. Hot path: `findTicket`, `findIdempotency`, `commit`, all on prepared statements.
 * Reads outside `commit` may run on a second, read-only connection.
 */
export interface Store {
  /** How many commits at the same time are of use: one where the driver does one thing at a time. */
  readonly lanes: number
  /** What stands beside the tickets, by aggregate. */
  readonly intake: IntakeStores
  /** Who works on what: claims, the worklist, bulk work. */
  readonly work: WorkStores
  /** Accounts, roles, sessions, service keys. */
  readonly staff: StaffStore
  /** What became of every promise, folded from the log; and what is counted over it. */
  readonly ledger: LedgerStore & LedgerReports
  /** What staff are told about promises, and why they were broken. */
  readonly escalation: EscalationStore
  /** What was done, as a chain of hashes; and what of the tickets' own log it has sealed. */
  readonly audit: AuditStore
  /** Commits a batch in one transaction; each change is accepted or refused on its own, in order. Throws PulihError STORE_BUSY when the database cannot take it (busy, disk full): then nothing of the batch was written. */
  commit(changes: readonly Change[]): Promise<readonly CommitOutcome[]>
  /** One transaction that all changes go into or none: an outcome that is not ok tells why nothing was written. Each change is of another ticket. */
  commitTogether(changes: readonly Change[]): Promise<readonly CommitOutcome[]>
  findTicket(id: string): Promise<TicketRow | null>
  /** What tells who may know of a ticket, and nothing that has to be parsed. */
  findTicketHead(id: string): Promise<TicketHead | null>
  findTicketByNumber(ticketNumber: string): Promise<TicketRow | null>
  findIdempotency(key: string): Promise<IdempotencyRecord | null>
  listTickets(
    filter: TicketFilter,
    order: TicketOrder,
    limit: number,
    after: { key: number | null; id: string } | null,
  ): Promise<TicketPage>
  countTickets(filter: TicketFilter): Promise<number>
  readLog(ticketId: string, afterSeq: number, limit: number): Promise<readonly LogEntry[]>
  timersOf(ticketId: string): Promise<readonly TimerRow[]>
  /** Pending timers with after < dueAt <= until, in (dueAt, ticketId, family, threshold) order. */
  pendingTimers(
    until: number,
    limit: number,
    after: { dueAt: number; key: TimerKey } | null,
  ): Promise<readonly TimerRow[]>
  nextPendingTimer(): Promise<TimerRow | null>
  /** Closes a timer row whose event was dropped or refused: pending → superseded. False if it was not pending. */
  closeTimer(key: TimerKey, closedAt: number): Promise<boolean>
  outboxOf(ticketId: string): Promise<readonly OutboxRow[]>
  findOutbox(key: OutboxKey): Promise<OutboxRow | null>
  /** Oldest rows not yet handed to the queue. */
  unrelayedOutbox(limit: number): Promise<readonly OutboxRow[]>
  /** Oldest rows not delivered and created before `before`: what the queue forgot. */
  undeliveredOutbox(before: number, limit: number): Promise<readonly OutboxRow[]>
  /**
   * Takes the oldest rows not yet handed to the queue: where several processes share the store nobody else is given them before
   * `now` + `leaseMs`, or before they are marked. Where one process has it alone nothing is written, and asking again gives them again.
   */
  claimUnrelayed(limit: number, now: number, leaseMs: number): Promise<readonly OutboxRow[]>
  /** The same for what the queue forgot: rows not delivered and created before `before`, in order and after `after`. */
  claimUndelivered(
    before: number,
    limit: number,
    now: number,
    leaseMs: number,
    after: OutboxPlace | null,
  ): Promise<readonly OutboxRow[]>
  markRelayed(keys: readonly OutboxKey[], at: number): Promise<void>
  /** Marks delivered and, for an embedded sink, writes its delivery row in the same transaction. False if it already was delivered. */
  markDelivered(key: OutboxKey, at: number, delivery: Delivery | null): Promise<boolean>
  recordAttempt(key: OutboxKey): Promise<void>
  listDeliveries(sink: string | null, ticketId: string | null, limit: number): Promise<readonly Delivery[]>
  addDeadLetter(letter: DeadLetter): Promise<void>
  findDeadLetter(id: string): Promise<DeadLetter | null>
  listDeadLetters(limit: number): Promise<readonly DeadLetter[]>
  markReplayed(id: string, at: number): Promise<boolean>
  /** Prunes idempotency records created before `before`; returns how many. */
  pruneIdempotency(before: number): Promise<number>

  /** Publishes immutable versions; publishing the same version with other content throws CONFLICT. */
  publishCalendar(spec: CalendarSpec, at: number): Promise<void>
  publishPolicy(policy: Policy, at: number): Promise<void>
  saveUnit(unit: Unit): Promise<void>
  saveOffice(office: Office): Promise<void>
  calendars(): Promise<readonly CalendarSpec[]>
  policies(): Promise<readonly Policy[]>
  units(): Promise<readonly Unit[]>
  offices(): Promise<readonly Office[]>

  /** How many calendar versions there are: versions are only ever added, so this tells whether there is a new one. */
  calendarCount(): Promise<number>

  /** Publishes a calendar version and notes that open tickets are to follow, both or neither. What is there already stays and comes back; other content under this version throws CONFLICT. */
  beginCalendarChange(change: CalendarChange, spec: CalendarSpec): Promise<CalendarChange>
  findCalendarChange(calendarId: string, toVersion: number): Promise<CalendarChange | null>
  /** Not finished, oldest version first. */
  unfinishedCalendarChanges(): Promise<readonly CalendarChange[]>
  /** Takes a change to work on, unless it is finished or leased beyond `now`. */
  leaseCalendarChange(change: CalendarChange, now: number, until: number): Promise<CalendarChange | null>
  /** Notes how far it came and prolongs the lease (null ends it). False when the lease `held` is no longer held: then nothing was written. */
  saveCalendarChange(
    change: CalendarChange,
    held: number,
    set: Partial<Pick<CalendarChange, 'progress' | 'leasedUntil' | 'finishedAt'>>,
  ): Promise<boolean>
  /** Opens a finished change again, because a ticket was found on an older version. */
  reopenCalendarChange(change: CalendarChange): Promise<void>

  /** Every ticket id in order, for verify. */
  ticketIds(afterId: string | null, limit: number): Promise<readonly string[]>
  /** Runs the database's own check; empty when sound. */
  integrityProblems(): Promise<readonly string[]>
  /** Shows every text in every table of the database; how many there were. */
  eachText(visit: EachText): Promise<number>
  /** Throws STORE_BUSY unless a write goes through now. */
  ping(): Promise<void>
  close(): Promise<void>
}
