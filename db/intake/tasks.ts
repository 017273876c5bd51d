import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
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
  /** What an asking became; null once it was cleared away. */
  taskAsked(kind: string, ticketId: string, ref: string): Promise<TaskRow | null>
  /** Takes due tasks, oldest first: nobody else is given them before `leaseMs` have passed, and each taking counts as an attempt. */
  claimTasks(kinds: readonly string[], now: number, leaseMs: number, limit: number): Promise<readonly TaskRow[]>
  finishTask(id: string, at: number): Promise<void>
  /** Puts back what this taking of it failed at, until `dueAt`; null gives it up. False when somebody else has taken it since. */
  deferTask(task: Pick<TaskRow, 'id' | 'attempts'>, dueAt: number | null, reason: string, at: number): Promise<boolean>
  /** Makes a task that was given up due again, with all its tries. False when it was not given up. */
  retryTask(id: string, at: number): Promise<boolean>
  /** At most `limit`. */
  countTasks(state: TaskRow['state'], limit: number): Promise<number>
}

export function taskStore({ t, write, read, shared }: Sql): TaskStore {
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
    async taskAsked(kind, ticketId, ref) {
      const same = and(eq(tasks.kind, kind), eq(tasks.ticketId, ticketId), eq(tasks.ref, ref))
      const [row] = await read.select().from(tasks).where(same)
      return row ?? null
    },
    async claimTasks(kinds, now, leaseMs, limit) {
      if (kinds.length === 0) return []
      const free = or(isNull(tasks.leasedUntil), lte(tasks.leasedUntil, now))
      const due = and(pending, lte(tasks.dueAt, now), inArray(tasks.kind, [...kinds]), free)
      // Those that claim together pass over each other's rows; SQLite has one writer anyway.
      const skip = shared ? sql` for update skip locked` : sql``
      const taken = await write
        .update(tasks)
        .set({ leasedUntil: now + leaseMs, attempts: sql`${tasks.attempts} + 1` })
        .where(
          sql`${tasks.id} in (select ${tasks.id} from ${tasks} where ${due} order by ${tasks.dueAt}, ${tasks.id} limit ${limit}${skip})`,
        )
        .returning()
      return taken.toSorted((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
    },
    async finishTask(id, at) {
      await write
        .update(tasks)
        .set({ state: 'done', finishedAt: at, leasedUntil: null, reason: null })
        .where(and(eq(tasks.id, id), pending))
    },
    async deferTask({ id, attempts }, dueAt, reason, at) {
      const set =
        dueAt === null
          ? { state: 'failed' as const, finishedAt: at, leasedUntil: null, reason }
          : { dueAt, leasedUntil: null, reason }
      const done = await write
        .update(tasks)
        .set(set)
        .where(and(eq(tasks.id, id), pending, eq(tasks.attempts, attempts)))
        .returning({ id: tasks.id })
      return done.length > 0
    },
    async retryTask(id, at) {
      const done = await write
        .update(tasks)
        .set({ state: 'pending', dueAt: at, leasedUntil: null, attempts: 0, finishedAt: null })
        .where(and(eq(tasks.id, id), eq(tasks.state, 'failed')))
        .returning({ id: tasks.id })
      return done.length > 0
    },
    async countTasks(state, limit) {
      const some = read.select({ id: tasks.id }).from(tasks).where(eq(tasks.state, state)).limit(limit)
      return (await some).length
    },
  }
}
