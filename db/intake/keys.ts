import { and, asc, count, eq, gt, isNotNull, isNull, ne } from 'drizzle-orm'
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
  /** Ids of the keys that wrap something; cheap, for every start. */
  keyIdsInUse(): Promise<readonly string[]>
  /** How many tickets' keys each key wraps. */
  keyUse(): Promise<readonly { readonly keyId: string; readonly tickets: number }[]>
  /** Keys that another key than this one wraps, by ticket id behind `after`. */
  keysNotUnder(keyId: string, after: string, limit: number): Promise<readonly TicketKeyRow[]>
}

/** What a destroyed key is said to be wrapped by. */
export const NO_KEY = 'destroyed'

export function keyStore({ t, write, read, byKey }: Sql): KeyStore {
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
    findKey: byKey(ticketKeys, 'ticketId'),
    async rewrapKey(ticketId, fromKeyId, keyId, wrapped) {
      const done = await write
        .update(ticketKeys)
        .set({ keyId, wrapped })
        .where(and(eq(ticketKeys.ticketId, ticketId), eq(ticketKeys.keyId, fromKeyId), isNull(ticketKeys.destroyedAt)))
        .returning({ ticketId: ticketKeys.ticketId })
      return done.length > 0
    },
    async keyIdsInUse() {
      const rows = await read.selectDistinct({ keyId: ticketKeys.keyId }).from(ticketKeys)
      return rows.map((it) => it.keyId).filter((keyId) => keyId !== NO_KEY)
    },
    keyUse: async () =>
      read
        .select({ keyId: ticketKeys.keyId, tickets: count() })
        .from(ticketKeys)
        .where(isNotNull(ticketKeys.wrapped))
        .groupBy(ticketKeys.keyId)
        .orderBy(asc(ticketKeys.keyId)),
    keysNotUnder: async (keyId, after, limit) =>
      read
        .select()
        .from(ticketKeys)
        .where(and(isNotNull(ticketKeys.wrapped), ne(ticketKeys.keyId, keyId), gt(ticketKeys.ticketId, after)))
        .orderBy(asc(ticketKeys.ticketId))
        .limit(limit),
  }
}
