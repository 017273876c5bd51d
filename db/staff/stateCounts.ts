import { and, count, eq, inArray } from 'drizzle-orm'
import type { Sql } from '../sql.js'

export interface StateCounts {
  readonly counts: ReadonlyMap<string, number>
  /** There are more open tickets than were looked at. */
  readonly more: boolean
}
export interface StateCountStore {
  /** How many open tickets of a type are in each state, in these offices (null: all); at most `most` of each standing are looked at. */
  openByState(type: string, offices: readonly string[] | null, most: number): Promise<StateCounts>
}

const OPEN = ['waitingOnUs', 'waitingOnParticipant'] as const

/** Open tickets only: those are few, and an index leads to them; of the closed ones there are as many as there were years. */
export function stateCountStore({ t, read }: Sql): StateCountStore {
  const { tickets } = t
  return {
    async openByState(type, offices, most) {
      const counts = new Map<string, number>()
      let more = false
      for (const standing of OPEN) {
        const within = offices === null ? undefined : inArray(tickets.officeId, [...offices])
        const seen = read
          .select({ type: tickets.type, state: tickets.state })
          .from(tickets)
          .where(and(eq(tickets.standing, standing), within))
          .limit(most)
          .as('seen')
        const rows = await read
          .select({ type: seen.type, state: seen.state, count: count() })
          .from(seen)
          .groupBy(seen.type, seen.state)
        if (rows.reduce((sum, it) => sum + it.count, 0) >= most) more = true
        for (const row of rows) if (row.type === type) counts.set(row.state, (counts.get(row.state) ?? 0) + row.count)
      }
      return { counts, more }
    },
  }
}
