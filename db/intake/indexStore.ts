import { and, asc, count, eq, gt, inArray, isNotNull, isNull, ne, notInArray, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** What people and documents are found by, moved from one index key to another while everything goes on. */
export interface IndexStore {
  /** Rows per index key. */
  indexUse(): Promise<readonly { readonly keyId: string; readonly rows: number }[]>
  /** Living tickets with an identity that no row of this index key finds yet, by id behind `after`. */
  unindexed(keyId: string, after: string, limit: number): Promise<readonly string[]>
  /** Removes rows of other index keys than these where a row of these stands beside them; at most of `limit` tickets. */
  dropIndexes(keyIds: readonly string[], limit: number): Promise<number>
  /** By document id behind `after`; those of erased documents are gone. */
  contentIndexes(
    after: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly sha256: string; readonly contentIndex: string }[]>
  /** False when it was changed meanwhile. */
  reindexContent(id: string, from: string, to: string): Promise<boolean>
  /** Moves a participant of the embedded directory, the accounts and the cards to these indexes; how many rows were elsewhere. */
  reindexDirectory(participantId: string, nik: Reindex, cards: readonly Reindex[]): Promise<number>
  /** Tickets that only index keys outside of these find. */
  countLost(keyIds: readonly string[]): Promise<number>
}

/** The former values and the one that counts now. */
export interface Reindex {
  readonly from: readonly string[]
  readonly to: string
}

export function indexStore(store: Sql): IndexStore {
  return { ...indexes(store), ...reindexing(store) }
}

function reindexing({
  t,
  read,
  write,
  atomically,
}: Sql): Pick<IndexStore, 'contentIndexes' | 'reindexContent' | 'reindexDirectory'> {
  const { documents, dirParticipants, dirAccounts, dirCards } = t
  return {
    contentIndexes: async (after, limit) =>
      read
        .select({ id: documents.id, sha256: documents.sha256, contentIndex: documents.contentIndex })
        .from(documents)
        .where(and(gt(documents.id, after), ne(documents.contentIndex, '')))
        .orderBy(asc(documents.id))
        .limit(limit),
    async reindexContent(id, from, to) {
      const done = await write
        .update(documents)
        .set({ contentIndex: to })
        .where(and(eq(documents.id, id), eq(documents.contentIndex, from)))
        .returning({ id: documents.id })
      return done.length > 0
    },
    async reindexDirectory(participantId, nik, cards) {
      const done = await atomically((db) => [
        db
          .update(dirParticipants)
          .set({ nikIndex: nik.to })
          .where(and(eq(dirParticipants.id, participantId), inArray(dirParticipants.nikIndex, [...nik.from])))
          .returning({ id: dirParticipants.id }),
        db
          .update(dirAccounts)
          .set({ nikIndex: nik.to })
          .where(and(eq(dirAccounts.participantId, participantId), inArray(dirAccounts.nikIndex, [...nik.from])))
          .returning({ id: dirAccounts.id }),
        ...cards.map(({ from, to }) =>
          db
            .update(dirCards)
            .set({ kpjIndex: to })
            .where(inArray(dirCards.kpjIndex, [...from]))
            .returning({ id: dirCards.participantId }),
        ),
      ])
      return done.reduce((sum, rows) => sum + rows.length, 0)
    },
  }
}

function indexes({ t, read, write }: Sql): Pick<IndexStore, 'indexUse' | 'unindexed' | 'dropIndexes' | 'countLost'> {
  const { blindIndexes, ticketKeys, identities } = t
  /** Every person has a NIK: its row stands for all of them. */
  const found = (keyIds: readonly string[]) =>
    and(eq(blindIndexes.kind, 'nik'), inArray(blindIndexes.keyId, [...keyIds]))
  const ticketsUnder = (keyIds: readonly string[]) =>
    read.select({ id: blindIndexes.ticketId }).from(blindIndexes).where(found(keyIds))
  const foreign = (keyIds: readonly string[]) => notInArray(blindIndexes.keyId, [...keyIds])
  return {
    indexUse: async () =>
      read
        .select({ keyId: blindIndexes.keyId, rows: count() })
        .from(blindIndexes)
        .groupBy(blindIndexes.keyId)
        .orderBy(asc(blindIndexes.keyId)),
    async unindexed(keyId, after, limit) {
      const rows = await read
        .select({ id: ticketKeys.ticketId })
        .from(ticketKeys)
        .innerJoin(identities, eq(identities.ticketId, ticketKeys.ticketId))
        .leftJoin(blindIndexes, and(eq(blindIndexes.ticketId, ticketKeys.ticketId), found([keyId])))
        .where(and(isNotNull(ticketKeys.wrapped), gt(ticketKeys.ticketId, after), isNull(blindIndexes.ticketId)))
        .orderBy(asc(ticketKeys.ticketId))
        .limit(limit)
      return rows.map((it) => it.id)
    },
    async dropIndexes(keyIds, limit) {
      const some = await read
        .selectDistinct({ id: blindIndexes.ticketId })
        .from(blindIndexes)
        .where(and(foreign(keyIds), inArray(blindIndexes.ticketId, ticketsUnder(keyIds))))
        .limit(limit)
      if (some.length === 0) return 0
      const gone = await write
        .delete(blindIndexes)
        .where(
          and(
            foreign(keyIds),
            inArray(
              blindIndexes.ticketId,
              some.map((it) => it.id),
            ),
          ),
        )
        .returning({ id: blindIndexes.ticketId })
      return gone.length
    },
    async countLost(keyIds) {
      const [row] = await read
        .select({ tickets: sql<number | string>`count(distinct ${blindIndexes.ticketId})` })
        .from(blindIndexes)
        .where(and(foreign(keyIds), notInArray(blindIndexes.ticketId, ticketsUnder(keyIds))))
      return Number(row?.tickets ?? 0)
    },
  }
}
