import { and, asc, count, eq, gt, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'
import { conditionsOf, ticketPages } from './ticketPages.js'

type TicketStore = Pick<Store, 'findTicketByNumber' | 'listTickets' | 'countTickets' | 'ticketIds'>

export function ticketStore(from: Sql): TicketStore {
  const { t, read } = from
  const { tickets } = t
  const idsAfter = read
    .select({ id: tickets.id })
    .from(tickets)
    .where(gt(tickets.id, sql.placeholder('after')))
    .orderBy(asc(tickets.id))
    .limit(sql.placeholder('limit'))
    .prepare('ticket_ids_after')

  const byNumber = read
    .select()
    .from(tickets)
    .where(eq(tickets.ticketNumber, sql.placeholder('number')))
    .prepare('ticket_by_number')

  return {
    findTicketByNumber: async (number) => (await byNumber.execute({ number }))[0] ?? null,
    listTickets: ticketPages(from),
    async countTickets(filter) {
      const [row] = await read
        .select({ total: count() })
        .from(tickets)
        .where(and(...conditionsOf(tickets, filter)))
      return row?.total ?? 0
    },
    ticketIds: async (afterId, limit) => (await idsAfter.execute({ after: afterId ?? '', limit })).map((row) => row.id),
  }
}
