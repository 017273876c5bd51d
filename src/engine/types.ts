import type { BusinessCalendar } from '../calendar/index.js'
import type { Policy } from '../machines/policy.js'
import type { Actor, Decision, Label, PersistedSnapshot, TicketColumns, TicketType } from '../machines/ticketType.js'
import type { RedateOrder } from './calendarChangeTypes.js'
import type { AllowedEvent, TicketOutlook } from './outlookTypes.js'

export type * from './calendarChangeTypes.js'
export type * from './outlookTypes.js'

/** A promise being measured: one target in one cycle. All instants epoch ms, durations ms. */
export interface SlaClock {
  target: string
  cycle: number
  generation: number
  route: string
  /** `id@version` of the calendar that promised (immutable). */
  calendar: string
  extended: boolean
  /** Its own time: business time of its calendar, or wall time (D4). */
  unit: 'business' | 'wall'
  /** When counting was asked for; `countsFrom` is the first open instant from there (D2). */
  startedAt: number
  countsFrom: number
  /** Due before pauses; `dueAt` = this moved by `pausedMs` of the clock's own time (D13). */
  baseDueAt: number
  dueAt: number
  pausedMs: number
  /** What moved the due date: each ended pause, in the clock's own time. */
  pauses: { from: number; until: number; ms: number; causes: readonly string[] }[]
  pausedAt: number | null
  pauseCauses: readonly string[]
  /** null while running and in time. `breached` stands while open and late (D20). */
  outcome: null | 'met' | 'metLate' | 'breached' | 'void'
  settledAt: number | null
  /** Thresholds not yet fired, with their instants; `due` is one of them until it fires. */
  thresholds: { name: string; at: number }[]
  /** Fired once per target and cycle (D18). */
  fired: string[]
}

export interface Deadline {
  name: string
  generation: number
  thresholds: { name: string; at: number }[]
  /** Where its business time comes from; absent for wall time and for plain gates, which only ever wait for the next opening. */
  measured?: { calendar: string; armedAt: number; variant: string }
}

/** All that time does to a ticket; pending timers are derived from it, never the other way round. */
export interface Schedule {
  clocks: SlaClock[]
  deadlines: Deadline[]
}

/** Natural key: one row per ticket × family × threshold × generation. `family` is an SLA target (`sla:resolution`) or a deadline name. */
export interface TimerKey {
  readonly ticketId: string
  readonly family: string
  readonly threshold: string
  readonly generation: number
}
export interface TimerRow extends TimerKey {
  readonly dueAt: number
  readonly state: 'pending' | 'fired' | 'superseded'
  readonly closedAt: number | null
}

export interface TicketRow extends TicketColumns {
  readonly id: string
  readonly ticketNumber: string
  readonly type: string
  readonly machineVersion: number
  readonly policyId: string
  readonly policyVersion: number
  /** Counts every commit: the internal lock. */
  readonly revision: number
  /** Counts what people decide on: the ETag, and what an approval binds. */
  readonly contentVersion: number
  readonly state: string
  /** `waitingOnUs`, `waitingOnParticipant` or `terminal`. */
  readonly standing: string
  readonly snapshot: PersistedSnapshot
  readonly schedule: Schedule
  /** Earliest due date of a running promise: the worklist's order. */
  readonly nextDueAt: number | null
  /** Earliest pending timer: what settle looks at first. */
  readonly nextTimerAt: number | null
  readonly logSeq: number
  readonly outboxSeq: number
  readonly filedAt: number
  readonly updatedAt: number
}

/** One fact. `event` holds the whole event (no personal data), so that a ticket can be replayed from its log alone. */
export interface LogEntry {
  readonly ticketId: string
  readonly seq: number
  /** When it happened (the event's instant) and when it was written. */
  readonly at: number
  readonly recordedAt: number
  readonly fact: string
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string }
  readonly actorId: string
  readonly actorRole: string
  readonly commandId: string | null
  readonly machineVersion: number
  readonly policyVersion: number
  /** `id@version` of the calendar that was current for the ticket's office at this entry; a replay needs it. */
  readonly calendar: string | null
  readonly state: string
  /** The commit that wrote it; entries of one commit share it. */
  readonly revision: number
  /** Due dates that moved at this entry, with the reason. */
  readonly moves: readonly DueMove[] | null
}
export interface DueMove {
  readonly target: string
  readonly from: number | null
  readonly to: number
  readonly reason: string
}

export interface OutboxRow {
  readonly ticketId: string
  readonly seq: number
  /** `message` or `port` */
  readonly kind: string
  /** ids and codes only, never personal data */
  readonly body: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly relayedAt: number | null
  readonly deliveredAt: number | null
  readonly attempts: number
  /** W3C traceparent of the command that wrote it; null where nothing is traced. */
  readonly trace: string | null
}

/** The remembered answer of a command; keys are scoped to the actor. */
export interface IdempotencyRecord {
  readonly key: string
  /** SHA-256 of method, path and body. */
  readonly fingerprint: string
  readonly ticketId: string
  readonly answer: Readonly<Record<string, unknown>>
  readonly createdAt: number
}

/** Everything one command writes, in one transaction or not at all. */
export interface Change {
  /** null: a new ticket; else the revision it was decided on. */
  readonly expectedRevision: number | null
  readonly ticket: TicketRow
  /** The row of that revision, where it is at hand: what it has in common with `ticket` need not be written. */
  readonly before?: TicketRow | undefined
  readonly log: readonly LogEntry[]
  readonly timersAdded: readonly TimerRow[]
  readonly timersClosed: readonly (TimerKey & { readonly state: 'fired' | 'superseded'; readonly closedAt: number })[]
  readonly outbox: readonly OutboxRow[]
  readonly idempotency: IdempotencyRecord | null
}
export type CommitOutcome =
  | { readonly ok: true }
  /** `stale`: the revision moved on. `duplicate`: the idempotency key or ticket exists. `refused`: a constraint said no (its name in `constraint`). */
  | { readonly ok: false; readonly reason: 'stale' | 'duplicate' | 'refused'; readonly constraint: string | null }

/** An organisational unit (unit kerja); offices belong to one. */
export interface Unit {
  readonly id: string
  readonly name: string
}

export interface Office {
  readonly id: string
  readonly name: string
  readonly unitId: string
  readonly calendarId: string
  readonly kind: 'pusat' | 'cabang'
}

/** Versioned reference data as the planner reads it, all in memory. */
export interface Reference {
  policy(id: string, version?: number): Policy
  calendar(id: string, version?: number): BusinessCalendar
  office(id: string): Office
  hasOffice(id: string): boolean
  offices(): readonly Office[]
  /** The policy in force for a ticket type. */
  policyFor(ticketType: string): Policy
}

export interface Command {
  readonly ticketId: string
  readonly event: { readonly type: string; readonly [key: string]: unknown }
  readonly actor: Actor
  /** Idempotency key, unique per actor; null for timers (their row is the guard). */
  readonly key: string | null
  readonly fingerprint: string | null
  /** Content version it was decided on; undefined = unversioned. A stale one is refused, never retried. */
  readonly expectedContentVersion?: number | undefined
  /** Event instant; default now. Never from outside. */
  readonly at?: number | undefined
}

export interface FileCommand {
  readonly type: string
  /** For a caller that has written rows under it already; default a new one. Never from outside. */
  readonly ticketId?: string | undefined
  /** Payload of the type's `filing` schema. */
  readonly filing: unknown
  /** Stays in its first state: somebody else sends the filing event later (D29). Never from outside. */
  readonly draft?: true | undefined
  readonly actor: Actor
  readonly key: string | null
  readonly fingerprint: string | null
  readonly at?: number | undefined
}

/** What a command gave. `replayed`: the key was known, this is its first answer. */
export interface Accepted {
  readonly ticketId: string
  readonly ticketNumber: string
  readonly state: string
  readonly revision: number
  readonly contentVersion: number
  /** Facts written by this command, in order (settled timers first). */
  readonly facts: readonly string[]
  readonly moves: readonly DueMove[]
  readonly replayed: boolean
}

/** What it means for one ticket: null when nothing open there is measured by an older version. */
export type Redated = { readonly moves: readonly DueMove[]; readonly reason: Label } | null

export interface CommitHint {
  readonly timers: readonly TimerRow[]
  readonly outbox: readonly OutboxRow[]
}

/**
 * Where the event of a timer led: `dropped` = stale or refused (its row is closed), `early` = not yet due by the engine's clock,
 * `kept` = its ticket type is not loaded here (its row stays pending).
 */
export type TimerVerdict = 'fired' | 'dropped' | 'early' | 'kept'

/** Which of the two alarms rang: the queue, or the sweeper that stands in for it. */
export type TimerAlarm = 'queue' | 'sweeper'

/** Looks at what no machine can see before an event is decided on, and after; throws to refuse it. A repeated command passes it again. */
export type CommandGate = (command: Command, decide: () => Promise<Accepted>) => Promise<Accepted>

/**
 * The heart: the only way a ticket changes. A refused event is a PulihError whose `extra.allowed` lists the events this actor could send now (VALIDATION_FAILED lists the faults instead).
 */
export type RetoldHead = Pick<TicketRow, 'id' | 'ticketNumber' | 'type' | 'policyId'>
/** A ticket in the middle of its log; what is kept of it has to be copied. */
export interface Retold {
  readonly type: TicketType
  readonly snapshot: Decision['snapshot']
  readonly state: string
  readonly schedule: Readonly<Schedule>
}
export interface Engine {
  readonly clock: { now(): number }
  readonly reference: Reference
  /** Files a ticket and sends its filing event, in one commit. */
  file(command: FileCommand): Promise<Accepted>
  /** Sends an event of the public union. Internal events are refused here whatever the machine says. */
  handle(command: Command): Promise<Accepted>
  /** Sends a system event (reply of a port, intake, merge): never reachable from outside. */
  system(command: Command): Promise<Accepted>
  /** System events to several tickets in one commit: all happen or none (D31). Throws the first refusal. */
  systemTogether(commands: readonly Command[]): Promise<readonly Accepted[]>
  /** From here on every public event of this name passes `gate`, whoever sends it and by whichever way; the gate set last is passed first. */
  guard(event: string, gate: CommandGate): void
  /** Rings a timer: settles what is due before it, fires it, closes its row. Idempotent. */
  deliverTimer(key: TimerKey, alarm?: TimerAlarm): Promise<TimerVerdict>
  /** Reads tickets that something is about to happen to, so that it costs less then. A guess; what cannot be read is passed over. */
  foresee(ticketIds: readonly string[]): Promise<void>
  /**
   * Measures what is open on a ticket by a newer calendar version, in one commit that settles first. Idempotent: a ticket on that
   * version already is left alone. Rejects with NotMeasurable where the new version cannot measure it: then it keeps the old one.
   */
  redate(ticketId: string, order: RedateOrder): Promise<Redated>
  /** What `redate` would do to this row now under a version that need not be published. Throws as it rejects. Writes nothing. */
  previewRedate(ticket: TicketRow, order: RedateOrder, calendar: BusinessCalendar): Redated
  /** Learns what was published since; true if there was something. Cheap when there was nothing: every process asks every few seconds. */
  refreshReference(): Promise<boolean>
  /** Tells a ticket's log again, each entry on the versions that wrote it, showing the ticket as it stood after it. Throws INTERNAL for a log that this engine cannot have written. */
  retell(log: readonly LogEntry[], head: RetoldHead, seen: (entry: LogEntry, ticket: Retold) => void): void
  /** Events `actor` could send to this ticket now. */
  allowed(ticket: TicketRow, actor: Actor): readonly AllowedEvent[]
  /** Every public event as it stands for these actors, who are one person. */
  outlook(ticket: TicketRow, actors: readonly Actor[]): TicketOutlook
  /** Called after each commit with what became due for the queue; returns an unsubscribe. */
  onCommitted(listener: (hint: CommitHint) => void): () => void
  /** Refuses new commands (SHUTTING_DOWN), finishes those in flight. */
  stop(): Promise<void>
}
