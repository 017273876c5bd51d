import type {
  Change,
  IdempotencyRecord,
  LogEntry,
  OutboxRow,
  SlaClock,
  TicketRow,
  TimerRow,
} from '../../src/engine/types.js'

/** Monday 2 March 2026, 08:00 in Jakarta. */
export const MONDAY = Date.UTC(2026, 2, 2, 1)
const HOUR = 3_600_000

/** An id in the shape of a UUIDv7 and in the order of `n`. */
export const idOf = (n: number) =>
  `01959d2a-${String(n >> 16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`

const clock = (dueAt: number): SlaClock => ({
  target: 'resolution',
  cycle: 1,
  generation: 1,
  route: 'layanan_digital',
  calendar: 'pusat@3',
  extended: false,
  unit: 'business',
  startedAt: MONDAY,
  countsFrom: MONDAY,
  baseDueAt: dueAt,
  dueAt,
  pausedMs: 0,
  pauses: [],
  pausedAt: null,
  pauseCauses: [],
  outcome: null,
  settledAt: null,
  thresholds: [
    { name: 'warn50', at: dueAt - 36 * HOUR },
    { name: 'warn80', at: dueAt - 12 * HOUR },
    { name: 'due', at: dueAt },
  ],
  fired: [],
})

export function ticketRow(n: number, over: Partial<TicketRow> = {}): TicketRow {
  const dueAt = MONDAY + 72 * HOUR
  return {
    id: idOf(n),
    ticketNumber: `PGD-2026-${String(n).padStart(7, '0')}`,
    type: 'pengaduan',
    machineVersion: 1,
    policyId: 'pengaduan',
    policyVersion: 1,
    revision: 1,
    contentVersion: 1,
    state: 'submitted',
    standing: 'waitingOnUs',
    route: 'layanan_digital',
    category: 'akses',
    cause: null,
    officeId: 'pusat',
    participantRef: `participant-${n}`,
    priority: 0,
    releasedAt: MONDAY,
    closedAt: null,
    makerId: null,
    checkerId: null,
    nextDueAt: dueAt,
    nextTimerAt: dueAt - 36 * HOUR,
    logSeq: 1,
    outboxSeq: 1,
    filedAt: MONDAY,
    updatedAt: MONDAY,
    schedule: { clocks: [clock(dueAt)], deadlines: [] },
    snapshot: {
      value: { handling: 'submitted', resolution: { running: 'onTime' }, firstResponse: 'running' },
      context: {
        filedAt: MONDAY,
        documents: [],
        causes: [],
        generation: 1,
        contacts: { email: 'proven', phone: 'open' },
      },
    },
    ...over,
  }
}
export const logEntry = (ticketId: string, seq: number, over: Partial<LogEntry> = {}): LogEntry => ({
  ticketId,
  seq,
  at: MONDAY + seq,
  recordedAt: MONDAY + seq,
  fact: 'TicketSubmitted',
  event: { type: 'ticket.submit', at: MONDAY + seq, actor: { id: 'portal-1', role: 'portal' } },
  actorId: 'portal-1',
  actorRole: 'portal',
  commandId: `command-${ticketId}-${seq}`,
  machineVersion: 1,
  policyVersion: 1,
  calendar: 'pusat@3',
  state: 'submitted',
  revision: seq,
  moves: null,
  ...over,
})
export const timerRow = (ticketId: string, over: Partial<TimerRow> = {}): TimerRow => ({
  ticketId,
  family: 'sla:resolution',
  threshold: 'due',
  generation: 1,
  dueAt: MONDAY + 72 * HOUR,
  state: 'pending',
  closedAt: null,
  ...over,
})
export const outboxRow = (ticketId: string, seq: number, over: Partial<OutboxRow> = {}): OutboxRow => ({
  ticketId,
  seq,
  kind: 'message',
  body: { template: 'ticketReceived', audience: 'participant', ticketId },
  createdAt: MONDAY + seq,
  relayedAt: null,
  deliveredAt: null,
  attempts: 0,
  trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ...over,
})
export const idempotencyRecord = (key: string, ticketId: string): IdempotencyRecord => ({
  key,
  fingerprint: 'c0ffee'.repeat(10),
  ticketId,
  answer: { ticketId, revision: 1, facts: ['TicketSubmitted'] },
  createdAt: MONDAY,
})

/** Files ticket `n`: one log entry, one timer, one message, one remembered answer. */
export function filing(n: number, over: Partial<TicketRow> = {}): Change {
  const ticket = ticketRow(n, over)
  return {
    expectedRevision: null,
    ticket,
    log: [logEntry(ticket.id, 1)],
    timersAdded: [timerRow(ticket.id)],
    timersClosed: [],
    outbox: [outboxRow(ticket.id, 1)],
    idempotency: idempotencyRecord(`portal-1:file-${n}`, ticket.id),
  }
}

/** Moves a ticket one revision on, with a log entry and a remembered answer. */
export function step(ticket: TicketRow, over: Partial<Change> = {}, columns: Partial<TicketRow> = {}): Change {
  const revision = ticket.revision + 1
  const next = { ...ticket, revision, logSeq: ticket.logSeq + 1, updatedAt: ticket.updatedAt + HOUR, ...columns }
  return {
    expectedRevision: ticket.revision,
    ticket: next,
    log: [logEntry(ticket.id, next.logSeq, { fact: 'DocumentsUploaded', revision })],
    timersAdded: [],
    timersClosed: [],
    outbox: [],
    idempotency: idempotencyRecord(`portal-1:${ticket.id}-${revision}`, ticket.id),
    ...over,
  }
}
