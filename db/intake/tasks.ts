import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** Work that follows from a request; ids and codes only. */
export interface TaskRow {
  readonly id: string
  readonly kind: string
  readonly ticketId: string
  /** What tells two tasks of a kind and ticket apart; asked for twice under one ref is done once. */
  readonly ref: string
  readonly state: 'pending' | 'done' | 'failed'
  readonly dueAt: number
  readonly leasedUntil: number | null
  readonly attempts: number
  readonly reason: string | null
  readonly createdAt: number
  readonly finishedAt: number | null
}
export type NewTask = Pick<TaskRow, 'id' | 'kind' | 'ticketId' | 'ref' | 'dueAt' | 'createdAt'>

export interface TaskStore {
  /** False when it was asked for before. */
  addTask(task: NewTask): Promise<boolean>
  findTask(id: string): Promise<TaskRow | null>
  /** Takes due tasks, oldest first: nobody else is given them before `leaseMs` have passed, and each taking counts as an attempt. */
  claimTasks(kinds: readonly string[], now: number, leaseMs: number, limit: number): Promise<readonly TaskRow[]>
  finishTask(id: string, at: number): Promise<void>
  /** Puts it back until `dueAt`; null gives it up for good. */
  deferTask(id: string, dueAt: number | null, reason: string, at: number): Promise<void>
  countTasks(state: TaskRow['state']): Promise<number>
  pruneTasks(finishedBefore: number): Promise<number>
}

export function taskStore({ t, write, read }: Sql): TaskStore {
  const { tasks } = t
  const pending = eq(tasks.state, 'pending')
  return {
    async addTask(task) {
      const row = { ...task, state: 'pending' as const, attempts: 0 }
      const added = await write.insert(tasks).values(row).onConflictDoNothing().returning({ id: tasks.id })
      return added.length > 0
    },
    async findTask(id) {
      const [row] = await read.select().from(tasks).where(eq(tasks.id, id))
      return row ?? null
    },
    async claimTasks(kinds, now, leaseMs, limit) {
      const free = or(isNull(tasks.leasedUntil), lte(tasks.leasedUntil, now))
      const due = await read
        .select()
        .from(tasks)
        .where(and(pending, lte(tasks.dueAt, now), inArray(tasks.kind, [...kinds]), free))
        .orderBy(asc(tasks.dueAt))
        .limit(limit)
      const taken: TaskRow[] = []
      for (const { id } of due) {
        const [row] = await write
          .update(tasks)
          .set({ leasedUntil: now + leaseMs, attempts: sql`${tasks.attempts} + 1` })
          .where(and(eq(tasks.id, id), pending, free))
          .returning()
        if (row !== undefined) taken.push(row)
      }
      return taken
    },
    async finishTask(id, at) {
      await write
        .update(tasks)
        .set({ state: 'done', finishedAt: at, leasedUntil: null, reason: null })
        .where(and(eq(tasks.id, id), pending))
    },
    async deferTask(id, dueAt, reason, at) {
      const set =
        dueAt === null
          ? { state: 'failed' as const, finishedAt: at, leasedUntil: null, reason }
          : { dueAt, leasedUntil: null, reason }
      await write
        .update(tasks)
        .set(set)
        .where(and(eq(tasks.id, id), pending))
    },
    async countTasks(state) {
      const [row] = await read
        .select({ count: sql<number | string>`count(*)` })
        .from(tasks)
        .where(eq(tasks.state, state))
      return Number(row?.count ?? 0)
    },
    async pruneTasks(finishedBefore) {
      const gone = await write
        .delete(tasks)
        .where(and(eq(tasks.state, 'done'), lte(tasks.finishedAt, finishedBefore)))
        .returning({ id: tasks.id })
      return gone.length
    },
  }
}
