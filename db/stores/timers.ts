import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

type TimerStore = Pick<Store, 'timersOf' | 'pendingTimers' | 'nextPendingTimer' | 'closeTimer'>

export function timerStore({ t, write, read }: Sql): TimerStore {
  const { timers } = t
  // Written out, not a parameter: only then may the planner use the partial index.
  const pending = sql`${timers.state} = 'pending'`
  const inOrder = [
    asc(timers.dueAt),
    asc(timers.ticketId),
    asc(timers.family),
    asc(timers.threshold),
    asc(timers.generation),
  ] as const

  const ofTicket = read
    .select()
    .from(timers)
    .where(eq(timers.ticketId, sql.placeholder('ticketId')))
    .orderBy(...inOrder)
    .prepare('timers_of_ticket')
  const next = read
    .select()
    .from(timers)
    .where(pending)
    .orderBy(...inOrder)
    .limit(1)
    .prepare('timer_next')

  return {
    timersOf: (ticketId) => ofTicket.execute({ ticketId }),
    async pendingTimers(until, limit, after) {
      const k = after?.key
      const later =
        k === undefined
          ? undefined
          : sql`(${timers.dueAt}, ${timers.ticketId}, ${timers.family}, ${timers.threshold}, ${timers.generation})
              > (${after?.dueAt}, ${k.ticketId}, ${k.family}, ${k.threshold}, ${k.generation})`
      return read
        .select()
        .from(timers)
        .where(and(pending, lte(timers.dueAt, until), later))
        .orderBy(...inOrder)
        .limit(limit)
    },
    nextPendingTimer: async () => (await next.execute())[0] ?? null,
    async closeTimer(key, closedAt) {
      const closed = await write
        .update(timers)
        .set({ state: 'superseded', closedAt })
        .where(
          and(
            eq(timers.ticketId, key.ticketId),
            eq(timers.family, key.family),
            eq(timers.threshold, key.threshold),
            eq(timers.generation, key.generation),
            // A parameter: written out, the planner would walk the partial index instead of the key.
            eq(timers.state, 'pending'),
          ),
        )
        .returning({ ticketId: timers.ticketId })
      return closed.length > 0
    },
  }
}
