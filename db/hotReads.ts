import type { IdempotencyRecord, TicketRow } from '../src/engine/types.js'

/** The columns of a ticket that never change and say whose it is. */
export type TicketHead = Pick<TicketRow, 'id' | 'type' | 'participantRef'>

/** The reads that every command makes; each backend has a shorter way for them than drizzle's. */
export interface HotReads {
  readonly findTicket: (id: string) => Promise<TicketRow | null>
  readonly findTicketHead: (id: string) => Promise<TicketHead | null>
  readonly findIdempotency: (key: string) => Promise<IdempotencyRecord | null>
}
