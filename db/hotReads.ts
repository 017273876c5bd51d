import type { IdempotencyRecord, TicketRow } from '../src/engine/types.js'
import type { Schema } from './schema.js'
import type { Sql } from './sql.js'

/** Whose a ticket is, and which office has it now. */
export type TicketHead = Pick<TicketRow, 'id' | 'type' | 'participantRef' | 'officeId'>

/** The reads that every command makes. */
export interface HotReads {
  readonly findTicket: (id: string) => Promise<TicketRow | null>
  readonly findTicketHead: (id: string) => Promise<TicketHead | null>
  readonly findIdempotency: (key: string) => Promise<IdempotencyRecord | null>
}

export const hotReads = ({ t, byKey }: Pick<Sql, 't' | 'byKey'>): HotReads => ({
  findTicket: byKey<Schema['tickets']>(t.tickets, 'id'),
  findTicketHead: byKey(t.tickets, 'id', ['id', 'type', 'participantRef', 'officeId']),
  findIdempotency: byKey<Schema['idempotency']>(t.idempotency, 'key'),
})
