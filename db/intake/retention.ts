import { and, asc, count, eq, exists, gt, isNotNull, isNull, lt, notExists, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Sql } from '../sql.js'

/** Rows that only get old. */
export type Aging = 'challenges' | 'tokens' | 'replies' | 'tasks' | 'localMail'
/** What a closed ticket still keeps. */
export type Kept = 'originals' | 'pages' | 'person'
export interface RetentionRunRow {
  readonly duty: string
  readonly ranAt: number
  readonly removed: number
}

export interface RetentionStore {
  countOld(what: Aging, before: number): Promise<number>
  removeOld(what: Aging, before: number): Promise<number>
  /** Tickets that have a key and were never filed, by id behind `after`. */
  orphans(keyedBefore: number, after: string, limit: number): Promise<readonly string[]>
  /** Tickets closed before this instant that still keep this and are under no legal hold, by id behind `after`. */
  closedWith(what: Kept, closedBefore: number, after: string, limit: number): Promise<readonly string[]>
  noteRun(run: RetentionRunRow): Promise<void>
  runs(): Promise<readonly RetentionRunRow[]>
}

export function retentionStore(store: Sql): RetentionStore {
  return { ...aging(store), ...keeping(store), ...noting(store) }
}

function aging({ t, read, write }: Sql): Pick<RetentionStore, 'countOld' | 'removeOld'> {
  const old: Record<Aging, { table: PgTable; at: PgColumn; also?: SQL }> = {
    challenges: { table: t.challenges, at: t.challenges.createdAt },
    tokens: { table: t.accessTokens, at: t.accessTokens.expiresAt },
    replies: { table: t.filingReplies, at: t.filingReplies.createdAt },
    tasks: { table: t.tasks, at: t.tasks.finishedAt, also: eq(t.tasks.state, 'done') },
    localMail: { table: t.localMail, at: t.localMail.at },
  }
  return {
    async countOld(what, before) {
      const { table, at, also } = old[what]
      const [row] = await read
        .select({ rows: count() })
        .from(table)
        .where(and(lt(at, before), also))
      return row?.rows ?? 0
    },
    async removeOld(what, before) {
      const { table, at, also } = old[what]
      const gone = await write
        .delete(table)
        .where(and(lt(at, before), also))
        .returning({ at })
      return gone.length
    },
  }
}

function keeping({ t, read }: Sql): Pick<RetentionStore, 'orphans' | 'closedWith'> {
  const { tickets, ticketKeys, documents, documentPages, legalHolds } = t
  const ofTicket = (table: PgTable, ticketId: PgColumn, also?: SQL) =>
    read
      .select({ id: ticketId })
      .from(table)
      .where(and(eq(ticketId, tickets.id), also))
  const held = ofTicket(legalHolds, legalHolds.ticketId, isNull(legalHolds.liftedAt))
  const kept: Record<Kept, SQL> = {
    originals: exists(ofTicket(documents, documents.ticketId, isNotNull(documents.originalRef))),
    pages: exists(
      read
        .select({ id: documents.id })
        .from(documents)
        .innerJoin(documentPages, eq(documentPages.documentId, documents.id))
        .where(eq(documents.ticketId, tickets.id)),
    ),
    person: exists(ofTicket(ticketKeys, ticketKeys.ticketId, isNotNull(ticketKeys.wrapped))),
  }
  return {
    async orphans(keyedBefore, after, limit) {
      const filed = read.select({ id: tickets.id }).from(tickets).where(eq(tickets.id, ticketKeys.ticketId))
      const rows = await read
        .select({ id: ticketKeys.ticketId })
        .from(ticketKeys)
        .where(
          and(
            isNotNull(ticketKeys.wrapped),
            lt(ticketKeys.createdAt, keyedBefore),
            gt(ticketKeys.ticketId, after),
            notExists(filed),
          ),
        )
        .orderBy(asc(ticketKeys.ticketId))
        .limit(limit)
      return rows.map((it) => it.id)
    },
    async closedWith(what, closedBefore, after, limit) {
      const rows = await read
        .select({ id: tickets.id })
        .from(tickets)
        .where(
          and(
            eq(tickets.standing, 'terminal'),
            lt(tickets.closedAt, closedBefore),
            gt(tickets.id, after),
            kept[what],
            notExists(held),
          ),
        )
        .orderBy(asc(tickets.id))
        .limit(limit)
      return rows.map((it) => it.id)
    },
  }
}

function noting({ t, read, write }: Sql): Pick<RetentionStore, 'noteRun' | 'runs'> {
  const { retentionRuns } = t
  return {
    async noteRun({ duty, ranAt, removed }) {
      await write
        .insert(retentionRuns)
        .values({ duty, ranAt, removed })
        .onConflictDoUpdate({ target: retentionRuns.duty, set: { ranAt, removed } })
    },
    runs: async () => read.select().from(retentionRuns).orderBy(asc(retentionRuns.duty)),
  }
}
