import { and, eq, isNull } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** A ticket's data key as it is kept: wrapped by a key of the keyring, or destroyed. */
export interface TicketKeyRow {
  readonly ticketId: string
  readonly keyId: string
  readonly wrapped: string | null
  readonly createdAt: number
  readonly destroyedAt: number | null
}

export interface KeyStore {
  /** False when the ticket has a key already. */
  addKey(row: TicketKeyRow): Promise<boolean>
  findKey(ticketId: string): Promise<TicketKeyRow | null>
  /** Replaces the wrapping of a key; false when it was wrapped anew or destroyed meanwhile. */
  rewrapKey(ticketId: string, fromKeyId: string, keyId: string, wrapped: string): Promise<boolean>
}

export function keyStore({ t, write, read }: Sql): KeyStore {
  const { ticketKeys } = t
  return {
    async addKey(row) {
      const added = await write
        .insert(ticketKeys)
        .values(row)
        .onConflictDoNothing()
        .returning({ ticketId: ticketKeys.ticketId })
      return added.length > 0
    },
    async findKey(ticketId) {
      const [row] = await read.select().from(ticketKeys).where(eq(ticketKeys.ticketId, ticketId))
      return row ?? null
    },
    async rewrapKey(ticketId, fromKeyId, keyId, wrapped) {
      const done = await write
        .update(ticketKeys)
        .set({ keyId, wrapped })
        .where(and(eq(ticketKeys.ticketId, ticketId), eq(ticketKeys.keyId, fromKeyId), isNull(ticketKeys.destroyedAt)))
        .returning({ ticketId: ticketKeys.ticketId })
      return done.length > 0
    },
  }
}
