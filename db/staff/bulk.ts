import { and, asc, count, eq, gt, inArray, isNull, lte, or } from 'drizzle-orm'
import type { Sql } from '../sql.js'

export interface BulkJob {
  readonly id: string
  readonly key: string
  readonly fingerprint: string
  readonly action: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly dryRun: boolean
  readonly actorId: string
  readonly actorRole: string
  readonly state: 'running' | 'done' | 'cancelled'
  readonly total: number
  readonly createdAt: number
  readonly finishedAt: number | null
  readonly leasedUntil: number | null
}
export type Verdict = 'done' | 'refused' | 'skipped'
export interface BulkItem {
  readonly jobId: string
  readonly seq: number
  readonly ticketId: string
  readonly ticketNumber: string
  readonly officeId: string
  readonly contentVersion: number
  readonly state: 'pending' | Verdict
  readonly code: string | null
  readonly at: number | null
}

export interface BulkStore {
  /** The job with all its items, both or neither; false when its key was used before. */
  startBulk(job: BulkJob, items: readonly BulkItem[]): Promise<boolean>
  findBulk(id: string): Promise<BulkJob | null>
  findBulkByKey(key: string): Promise<BulkJob | null>
  /** Oldest first, those that nobody has taken beyond `now`. */
  leaseBulk(now: number, until: number): Promise<BulkJob | null>
  /** False when the lease `held` is no longer held, or the job is over. */
  extendBulk(id: string, held: number, until: number | null): Promise<boolean>
  pendingItems(jobId: string, limit: number): Promise<readonly BulkItem[]>
  /** False when it has a verdict already. */
  judgeItem(jobId: string, seq: number, verdict: Verdict, code: string | null, at: number): Promise<boolean>
  /** False when it was over before. */
  finishBulk(id: string, state: 'done' | 'cancelled', at: number): Promise<boolean>
  /** What nobody will do any more. */
  skipPending(jobId: string, code: string, at: number): Promise<number>
  /** The same for every job that was cancelled at or before `before`, whose worker has had time to say what it did. */
  settleCancelled(before: number, code: string, at: number): Promise<number>
  tallyBulk(jobId: string): Promise<Readonly<Partial<Record<BulkItem['state'], number>>>>
  bulkItems(jobId: string, afterSeq: number, limit: number): Promise<readonly BulkItem[]>
}

/** Rows of one INSERT: parameters are limited. */
const AT_ONCE = 500

export function bulkStore(store: Sql): BulkStore {
  return { ...jobs(store), ...items(store) }
}

type Jobs = 'startBulk' | 'findBulk' | 'findBulkByKey' | 'leaseBulk' | 'extendBulk' | 'finishBulk'
function jobs({ t, read, write, atomically }: Sql): Pick<BulkStore, Jobs> {
  const { bulkJobs, bulkItems } = t
  const running = eq(bulkJobs.state, 'running')
  return {
    async startBulk(job, rows) {
      if ((await read.select({ id: bulkJobs.id }).from(bulkJobs).where(eq(bulkJobs.key, job.key))).length > 0)
        return false
      const slices = Array.from({ length: Math.ceil(rows.length / AT_ONCE) }, (_, n) =>
        rows.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
      )
      try {
        await atomically((db) => [
          db.insert(bulkJobs).values(job).returning({ id: bulkJobs.id }),
          ...slices.map((some) =>
            db
              .insert(bulkItems)
              .values([...some])
              .returning({ seq: bulkItems.seq }),
          ),
        ])
        return true
      } catch (error) {
        // A twin with the same key came between; whoever asked finds its job.
        const [twin] = await read.select({ id: bulkJobs.id }).from(bulkJobs).where(eq(bulkJobs.key, job.key))
        if (twin !== undefined) return false
        throw error
      }
    },
    async findBulk(id) {
      const [row] = await read.select().from(bulkJobs).where(eq(bulkJobs.id, id))
      return row ?? null
    },
    async findBulkByKey(key) {
      const [row] = await read.select().from(bulkJobs).where(eq(bulkJobs.key, key))
      return row ?? null
    },
    async leaseBulk(now, until) {
      const free = or(isNull(bulkJobs.leasedUntil), lte(bulkJobs.leasedUntil, now))
      const [next] = await read
        .select({ id: bulkJobs.id })
        .from(bulkJobs)
        .where(and(running, free))
        .orderBy(asc(bulkJobs.createdAt))
        .limit(1)
      if (next === undefined) return null
      const [taken] = await write
        .update(bulkJobs)
        .set({ leasedUntil: until })
        .where(and(eq(bulkJobs.id, next.id), running, free))
        .returning()
      return taken ?? null
    },
    async extendBulk(id, held, until) {
      const done = await write
        .update(bulkJobs)
        .set({ leasedUntil: until })
        .where(and(eq(bulkJobs.id, id), running, eq(bulkJobs.leasedUntil, held)))
        .returning({ id: bulkJobs.id })
      return done.length > 0
    },
    async finishBulk(id, state, at) {
      const done = await write
        .update(bulkJobs)
        .set({ state, finishedAt: at, leasedUntil: null })
        .where(and(eq(bulkJobs.id, id), running))
        .returning({ id: bulkJobs.id })
      return done.length > 0
    },
  }
}

function items({ t, read, write }: Sql): Omit<BulkStore, Jobs> {
  const { bulkItems, bulkJobs } = t
  const pending = eq(bulkItems.state, 'pending')
  return {
    pendingItems: async (jobId, limit) =>
      read
        .select()
        .from(bulkItems)
        .where(and(eq(bulkItems.jobId, jobId), pending))
        .orderBy(asc(bulkItems.seq))
        .limit(limit),
    async judgeItem(jobId, seq, state, code, at) {
      const done = await write
        .update(bulkItems)
        .set({ state, code, at })
        .where(and(eq(bulkItems.jobId, jobId), eq(bulkItems.seq, seq), pending))
        .returning({ seq: bulkItems.seq })
      return done.length > 0
    },
    async skipPending(jobId, code, at) {
      const gone = await write
        .update(bulkItems)
        .set({ state: 'skipped', code, at })
        .where(and(eq(bulkItems.jobId, jobId), pending))
        .returning({ seq: bulkItems.seq })
      return gone.length
    },
    async settleCancelled(before, code, at) {
      const over = read
        .select({ id: bulkJobs.id })
        .from(bulkJobs)
        .where(and(eq(bulkJobs.state, 'cancelled'), lte(bulkJobs.finishedAt, before)))
      const gone = await write
        .update(bulkItems)
        .set({ state: 'skipped', code, at })
        .where(and(pending, inArray(bulkItems.jobId, over)))
        .returning({ seq: bulkItems.seq })
      return gone.length
    },
    async tallyBulk(jobId) {
      const rows = await read
        .select({ state: bulkItems.state, total: count() })
        .from(bulkItems)
        .where(eq(bulkItems.jobId, jobId))
        .groupBy(bulkItems.state)
      return Object.fromEntries(rows.map((it) => [it.state, it.total]))
    },
    bulkItems: async (jobId, afterSeq, limit) =>
      read
        .select()
        .from(bulkItems)
        .where(and(eq(bulkItems.jobId, jobId), gt(bulkItems.seq, afterSeq)))
        .orderBy(asc(bulkItems.seq))
        .limit(limit),
  }
}
