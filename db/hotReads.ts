import type { IdempotencyRecord, TicketRow } from '../src/engine/types.js'

/** Whose a ticket is, and which office has it now. */
export type TicketHead = Pick<TicketRow, 'id' | 'type' | 'participantRef' | 'officeId'>

/** The reads that every command makes; each backend has a shorter way for them than drizzle's. */
export interface HotReads {
  readonly findTicket: (id: string) => Promise<TicketRow | null>
  readonly findTicketHead: (id: string) => Promise<TicketHead | null>
  readonly findIdempotency: (key: string) => Promise<IdempotencyRecord | null>
}
