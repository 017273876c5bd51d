import {
  and,
  asc,
  count,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  ne,
  notInArray,
  notLike,
  or,
  sql,
  type SQL,
} from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Sql } from '../sql.js'

/** One ciphertext in a table, and the parts of the place it is bound to. */
export interface SealedCell {
  readonly source: SealedSource
  readonly table: string
  readonly column: string
  readonly row: string
  /** Whose it is when a ticket's own key sealed it. */
  readonly ticketId: string | null
  readonly sealed: string
  /** Where a walk goes on behind this cell. */
  readonly place: readonly [id: string, sub: string]
}
export type SealedSource = (typeof SEALED_SOURCES)[number]
export const SEALED_SOURCES = [
  'identities',
  'contacts',
  'documents',
  'localMail',
  'filingReplies',
  'dirParticipants',
  'dirAccounts',
] as const

export interface SealedStore {
  /** In a fixed order, behind `after`; `notUnder` leaves out what these keys sealed. */
  sealedCells(
    source: SealedSource,
    after: SealedCell['place'] | null,
    limit: number,
    notUnder?: readonly string[],
  ): Promise<readonly SealedCell[]>
  /** False when the cell was written or removed meanwhile. */
  resealCell(cell: SealedCell, sealed: string): Promise<boolean>

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

interface Shape {
  readonly table: PgTable
  readonly name: string
  readonly column: string
  readonly sealed: PgColumn
  readonly id: PgColumn
  /** The second part of the primary key. */
  readonly sub?: PgColumn
  readonly generation?: PgColumn
  readonly ticketId?: PgColumn
}

export function sealedStore(store: Sql): SealedStore {
  return { ...cells(store), ...indexes(store), ...reindexing(store) }
}

function shapes(t: Sql['t']): Record<SealedSource, Shape> {
  const whole = { column: 'sealed' }
  return {
    identities: {
      ...whole,
      table: t.identities,
      name: 'identities',
      sealed: t.identities.sealed,
      id: t.identities.ticketId,
      ticketId: t.identities.ticketId,
    },
    contacts: {
      ...whole,
      table: t.contacts,
      name: 'contacts',
      sealed: t.contacts.sealed,
      id: t.contacts.ticketId,
      sub: t.contacts.channel,
      generation: t.contacts.generation,
      ticketId: t.contacts.ticketId,
    },
    documents: {
      table: t.documents,
      name: 'documents',
      column: 'name_sealed',
      sealed: t.documents.nameSealed,
      id: t.documents.id,
      ticketId: t.documents.ticketId,
    },
    localMail: {
      ...whole,
      table: t.localMail,
      name: 'local_mail',
      sealed: t.localMail.sealed,
      id: t.localMail.id,
      ticketId: t.localMail.ticketId,
    },
    filingReplies: {
      ...whole,
      table: t.filingReplies,
      name: 'filing_replies',
      sealed: t.filingReplies.sealed,
      id: t.filingReplies.key,
      ticketId: t.filingReplies.ticketId,
    },
    dirParticipants: {
      ...whole,
      table: t.dirParticipants,
      name: 'dir_participants',
      sealed: t.dirParticipants.sealed,
      id: t.dirParticipants.id,
    },
    dirAccounts: {
      ...whole,
      table: t.dirAccounts,
      name: 'dir_accounts',
      sealed: t.dirAccounts.sealed,
      id: t.dirAccounts.id,
    },
  }
}

function cells({ t, read, write }: Sql): Pick<SealedStore, 'sealedCells' | 'resealCell'> {
  const all = shapes(t)
  const behind = ({ id, sub }: Shape, after: SealedCell['place'] | null): SQL | undefined => {
    if (after === null) return undefined
    return sub === undefined ? gt(id, after[0]) : or(gt(id, after[0]), and(eq(id, after[0]), gt(sub, after[1])))
  }
  return {
    async sealedCells(source, after, limit, notUnder = []) {
      const shape = all[source]
      const none = sql<null>`null`
      const rows = await read
        .select({
          id: sql<string>`${shape.id}`,
          sub: sql<string | null>`${shape.sub ?? none}`,
          generation: sql<number | string | null>`${shape.generation ?? none}`,
          ticketId: sql<string | null>`${shape.ticketId ?? none}`,
          sealed: sql<string>`${shape.sealed}`,
        })
        .from(shape.table)
        .where(
          and(
            isNotNull(shape.sealed),
            behind(shape, after),
            ...notUnder.map((keyId) => notLike(shape.sealed, `v1.${keyId}.%`)),
          ),
        )
        .orderBy(asc(shape.id), ...(shape.sub === undefined ? [] : [asc(shape.sub)]))
        .limit(limit)
      return rows.map(({ id, sub, generation, ticketId, sealed }) => ({
        source,
        table: shape.name,
        column: shape.column,
        row: sub === null ? id : `${id}:${sub}:${Number(generation)}`,
        ticketId,
        sealed,
        place: [id, sub ?? ''] as const,
      }))
    },
    async resealCell({ source, sealed: before, place: [id, sub] }, sealed) {
      const shape = all[source]
      const done = await write
        .update(shape.table)
        .set({ [source === 'documents' ? 'nameSealed' : 'sealed']: sealed })
        .where(
          and(eq(shape.id, id), shape.sub === undefined ? undefined : eq(shape.sub, sub), eq(shape.sealed, before)),
        )
        .returning({ id: shape.id })
      return done.length > 0
    },
  }
}

function reindexing({
  t,
  read,
  write,
  atomically,
}: Sql): Pick<SealedStore, 'contentIndexes' | 'reindexContent' | 'reindexDirectory'> {
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

function indexes({ t, read, write }: Sql): Pick<SealedStore, 'indexUse' | 'unindexed' | 'dropIndexes' | 'countLost'> {
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
