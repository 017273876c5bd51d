import { PulihError } from '../engine/errors.js'
import type { LogEntry, OutboxRow, TicketRow, TimerRow } from '../engine/types.js'
import type { Kind } from './kinds/index.js'
import type { Lived } from './live.js'
import type { DemoWorld } from './world.js'

/** Everything the store knows of one ticket when the period is over. */
export interface TicketRecord {
  readonly kind: Kind
  readonly ticket: TicketRow
  readonly log: readonly LogEntry[]
  readonly timers: readonly TimerRow[]
  readonly outbox: readonly OutboxRow[]
}

const PAGE = 500

/** Reads back what was lived, in the order in which tickets were filed. */
export async function readRecords({ store }: DemoWorld, { played }: Lived): Promise<readonly TicketRecord[]> {
  const records: TicketRecord[] = []
  for (const { kind, ticketId } of played) {
    if (ticketId === null) continue
    const [ticket, log, timers, outbox] = await Promise.all([
      store.findTicket(ticketId),
      store.readLog(ticketId, 0, PAGE),
      store.timersOf(ticketId),
      store.outboxOf(ticketId),
    ])
    if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
    records.push({ kind, ticket, log, timers, outbox })
  }
  return records.sort((a, b) => a.ticket.filedAt - b.ticket.filedAt || (a.ticket.id < b.ticket.id ? -1 : 1))
}

/** The instant at which a decision fell, each time one did. */
export const decisionsOf = ({ log }: TicketRecord): readonly LogEntry[] =>
  log.filter((it) => DECISIONS.has(it.fact) || (it.fact === 'ObjectionUpheld' && it.state === 'rejected'))
const DECISIONS: ReadonlySet<string> = new Set(['TicketApproved', 'TicketRejected'])

const OFFICER_ROLES: ReadonlySet<string> = new Set(['agent', 'checker', 'supervisor'])
export const byOfficer = (entry: LogEntry): boolean => OFFICER_ROLES.has(entry.actorRole)
