import type { PgTable } from 'drizzle-orm/pg-core'
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

type Row<T extends PgTable> = T['$inferSelect']
type Name<T extends PgTable> = keyof Row<T> & string

/**
 * One row by the text of a column that is unique, with all columns or `only` some: for what is asked at every command, in a shorter way than drizzle's.
 * What is asked at the same time may be read together; nothing is older than the question.
 */
export type ByKey = <T extends PgTable, K extends Name<T> = Name<T>>(
  table: T,
  by: Name<T>,
  only?: readonly K[],
) => (value: string) => Promise<Pick<Row<T>, K> | null>

export const hotReads = ({ t, byKey }: Pick<Sql, 't' | 'byKey'>): HotReads => ({
  findTicket: byKey<Schema['tickets']>(t.tickets, 'id'),
  findTicketHead: byKey(t.tickets, 'id', ['id', 'type', 'participantRef', 'officeId']),
  findIdempotency: byKey<Schema['idempotency']>(t.idempotency, 'key'),
})
