import { and, asc, desc, eq, gt, gte, inArray, lt } from 'drizzle-orm'
import type { AuditDetail } from '../schemaAudit.js'
import type { Db, Sql } from '../sql.js'

export type { AuditDetail } from '../schemaAudit.js'

/** One link of the chain, as it is kept. */
export interface AuditRow {
  readonly position: number
  readonly at: number
  readonly actorId: string
  readonly actorRole: string
  readonly action: string
  readonly ticketId: string | null
  readonly subject: string | null
  readonly detail: AuditDetail
  readonly prevHash: string
  readonly hash: string
}
/** A signed head of the chain: so many entries, the last with this hash. */
export interface CheckpointRow {
  readonly position: number
  readonly hash: string
  readonly at: number
  readonly keyId: string
  readonly signature: string
}
/** Where the chain ends. */
export interface Head {
  readonly position: number
  readonly hash: string
}
export interface AuditFilter {
  readonly action?: string | undefined
  readonly actorId?: string | undefined
  readonly ticketId?: string | undefined
  /** From this instant on, up to but not including that one. */
  readonly from?: number | undefined
  readonly until?: number | undefined
}

/** What may be done while nobody else adds to the chain. */
export interface OpenChain {
  head(): Promise<Head | null>
  /** Entries of one action behind `after`, in order. */
  entriesOf(action: string, after: number, limit: number): Promise<readonly AuditRow[]>
  add(rows: readonly AuditRow[]): Promise<void>
}

export interface AuditChainStore {
  /** Nobody else adds to the chain meanwhile. `work` adds once at most. Throws STORE_BUSY when the database cannot take it: then nothing was added. */
  extending<T>(work: (chain: OpenChain) => Promise<T>): Promise<T>
  head(): Promise<Head | null>
  /** In order, behind `after`. */
  entries(after: number, limit: number): Promise<readonly AuditRow[]>
  /** The newest first, before `before`; up to and including `upTo` and in order with `forward`. */
  filtered(filter: AuditFilter, page: AuditPage): Promise<readonly AuditRow[]>
  /** The newest of an action; null when there is none. */
  newest(action: string, actorId?: string): Promise<AuditRow | null>
  /** What somebody did of these since an instant, the newest first: `limit` rows of theirs are looked at. */
  recentOf(actorId: string, actions: readonly string[], since: number, limit: number): Promise<readonly AuditRow[]>
  /** False when there is one at this position. */
  addCheckpoint(row: CheckpointRow): Promise<boolean>
  lastCheckpoint(): Promise<CheckpointRow | null>
  /** The newest first, before `before`. */
  checkpoints(limit: number, before?: number): Promise<readonly CheckpointRow[]>
}
export type AuditPage =
  | { readonly order: 'newest'; readonly before: number | null; readonly limit: number }
  | { readonly order: 'oldest'; readonly after: number; readonly limit: number }

/** Of all who add to the chain, in every process. */
const CHAIN_LOCK = 1

export function auditChainStore({ t, read, write, serially }: Sql): AuditChainStore {
  const { auditEntries: entries } = t
  const last = desc(entries.position)
  const headIn = async (db: Db): Promise<Head | null> => {
    const [row] = await db
      .select({ position: entries.position, hash: entries.hash })
      .from(entries)
      .orderBy(last)
      .limit(1)
    return row ?? null
  }
  const openOn = (db: Db): OpenChain => ({
    head: () => headIn(db),
    entriesOf: async (action, after, limit) =>
      db
        .select()
        .from(entries)
        .where(and(eq(entries.action, action), gt(entries.position, after)))
        .orderBy(asc(entries.position))
        .limit(limit),
    async add(rows) {
      await db.insert(entries).values([...rows])
    },
  })
  return {
    extending: (work) => serially(CHAIN_LOCK, (db) => work(openOn(db))),
    head: () => headIn(write),
    entries: async (after, limit) =>
      read.select().from(entries).where(gt(entries.position, after)).orderBy(asc(entries.position)).limit(limit),
    async filtered({ action, actorId, ticketId, from, until }, page) {
      const oldest = page.order === 'oldest'
      return read
        .select()
        .from(entries)
        .where(
          and(
            action === undefined ? undefined : eq(entries.action, action),
            actorId === undefined ? undefined : eq(entries.actorId, actorId),
            ticketId === undefined ? undefined : eq(entries.ticketId, ticketId),
            from === undefined ? undefined : gte(entries.at, from),
            until === undefined ? undefined : lt(entries.at, until),
            oldest ? gt(entries.position, page.after) : undefined,
            !oldest && page.before !== null ? lt(entries.position, page.before) : undefined,
          ),
        )
        .orderBy(oldest ? asc(entries.position) : last)
        .limit(page.limit)
    },
    async newest(action, actorId) {
      const ofActor = actorId === undefined ? undefined : eq(entries.actorId, actorId)
      const [row] = await write
        .select()
        .from(entries)
        .where(and(eq(entries.action, action), ofActor))
        .orderBy(last)
        .limit(1)
      return row ?? null
    },
    async recentOf(actorId, actions, since, limit) {
      const ofActor = and(eq(entries.actorId, actorId), inArray(entries.action, [...actions]))
      const rows = await write.select().from(entries).where(ofActor).orderBy(last).limit(limit)
      return rows.filter((it) => it.at >= since)
    },
    ...checkpointStore({ t, read, write }),
  }
}

function checkpointStore({
  t,
  read,
  write,
}: Pick<Sql, 't' | 'read' | 'write'>): Pick<AuditChainStore, 'addCheckpoint' | 'lastCheckpoint' | 'checkpoints'> {
  const { auditCheckpoints: checkpoints } = t
  return {
    async addCheckpoint(row) {
      const added = await write
        .insert(checkpoints)
        .values(row)
        .onConflictDoNothing()
        .returning({ position: checkpoints.position })
      return added.length > 0
    },
    async lastCheckpoint() {
      const [row] = await write.select().from(checkpoints).orderBy(desc(checkpoints.position)).limit(1)
      return row ?? null
    },
    checkpoints: async (limit, before) =>
      read
        .select()
        .from(checkpoints)
        .where(before === undefined ? undefined : lt(checkpoints.position, before))
        .orderBy(desc(checkpoints.position))
        .limit(limit),
  }
}
