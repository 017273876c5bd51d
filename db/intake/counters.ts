import { lte, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** How often something was asked for since its window began. */
export interface RequestCount {
  readonly points: number
  readonly expiresAt: number
}

/** Counts that several processes share. */
export interface CounterStore {
  /** Adds `points` under a key; a window that is over begins anew. Of many at once, on however many processes, none is lost. */
  countRequest(key: string, points: number, windowMs: number, now: number): Promise<RequestCount>
  findCount(key: string, now: number): Promise<RequestCount | null>
  /** Gives how many windows were over. */
  removeExpired(now: number): Promise<number>
}

export function counterStore({ t, read, write }: Sql): CounterStore {
  const { requestCounts } = t
  const kept = { points: requestCounts.points, expiresAt: requestCounts.expiresAt }
  return {
    async countRequest(key, points, windowMs, now) {
      const isOver = lte(requestCounts.expiresAt, now)
      const [row] = await write
        .insert(requestCounts)
        .values({ key, points, expiresAt: now + windowMs })
        .onConflictDoUpdate({
          target: requestCounts.key,
          set: {
            points: sql`case when ${isOver} then ${points} else ${requestCounts.points} + ${points} end`,
            expiresAt: sql`case when ${isOver} then ${now + windowMs} else ${requestCounts.expiresAt} end`,
          },
        })
        .returning(kept)
      return row ?? { points, expiresAt: now + windowMs }
    },
    async findCount(key, now) {
      const [row] = await read
        .select(kept)
        .from(requestCounts)
        .where(sql`${requestCounts.key} = ${key} and ${requestCounts.expiresAt} > ${now}`)
      return row ?? null
    },
    async removeExpired(now) {
      const gone = await write
        .delete(requestCounts)
        .where(lte(requestCounts.expiresAt, now))
        .returning({ key: requestCounts.key })
      return gone.length
    },
  }
}
