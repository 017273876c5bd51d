import { and, asc, count, eq, gt, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'
import { conditionsOf, ticketPages } from './ticketPages.js'

type TicketStore = Pick<
  Store,
  'findTicket' | 'findTicketHead' | 'findTicketByNumber' | 'listTickets' | 'countTickets' | 'ticketIds'
>

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

  return {
    ...onePoint(from),
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

/** The reads of one ticket. */
function onePoint({ t, write, read }: Sql): Pick<TicketStore, 'findTicket' | 'findTicketHead' | 'findTicketByNumber'> {
  const { tickets } = t
  const byId = write
    .select()
    .from(tickets)
    .where(eq(tickets.id, sql.placeholder('id')))
    .prepare('ticket_by_id')
  const headById = write
    .select({ id: tickets.id, type: tickets.type, participantRef: tickets.participantRef })
    .from(tickets)
    .where(eq(tickets.id, sql.placeholder('id')))
    .prepare('ticket_head')
  const byNumber = read
    .select()
    .from(tickets)
    .where(eq(tickets.ticketNumber, sql.placeholder('number')))
    .prepare('ticket_by_number')
  return {
    findTicket: async (id) => (await byId.execute({ id }))[0] ?? null,
    findTicketHead: async (id) => (await headById.execute({ id }))[0] ?? null,
    findTicketByNumber: async (number) => (await byNumber.execute({ number }))[0] ?? null,
  }
}
