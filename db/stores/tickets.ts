import { and, asc, count, desc, eq, gt, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import type { TicketRow } from '../../src/engine/types.js'
import type { Sql } from '../sql.js'
import type { Store, TicketFilter, TicketPage } from '../types.js'

type After = Parameters<Store['listTickets']>[3]
type TicketStore = Pick<Store, 'findTicket' | 'findTicketByNumber' | 'listTickets' | 'countTickets' | 'ticketIds'>

export function ticketStore({ t, write, read }: Sql): TicketStore {
  const { tickets } = t
  const byId = write
    .select()
    .from(tickets)
    .where(eq(tickets.id, sql.placeholder('id')))
    .prepare('ticket_by_id')
  const byNumber = read
    .select()
    .from(tickets)
    .where(eq(tickets.ticketNumber, sql.placeholder('number')))
    .prepare('ticket_by_number')
  const idsAfter = read
    .select({ id: tickets.id })
    .from(tickets)
    .where(gt(tickets.id, sql.placeholder('after')))
    .orderBy(asc(tickets.id))
    .limit(sql.placeholder('limit'))
    .prepare('ticket_ids_after')

  const matching = (filter: TicketFilter) => conditionsOf(tickets, filter)
  const select = (conditions: readonly (SQL | undefined)[], order: readonly SQL[], limit: number) =>
    read
      .select()
      .from(tickets)
      .where(and(...conditions))
      .orderBy(...order)
      .limit(limit)

  const filedPage = (filter: TicketFilter, limit: number, after: After) =>
    select(
      [
        ...matching(filter),
        after === null ? undefined : sql`(${tickets.filedAt}, ${tickets.id}) < (${after.key ?? 0}, ${after.id})`,
      ],
      [desc(tickets.filedAt), desc(tickets.id)],
      limit,
    )

  // Two queries instead of NULLS LAST: each walks the worklist index, and ids (UUIDv7) are in order of age.
  async function duePage(filter: TicketFilter, limit: number, after: After): Promise<TicketRow[]> {
    const conditions = matching(filter)
    const dated =
      after !== null && after.key === null
        ? []
        : await select(
            [
              ...conditions,
              isNotNull(tickets.nextDueAt),
              after === null ? undefined : sql`(${tickets.nextDueAt}, ${tickets.id}) > (${after.key}, ${after.id})`,
            ],
            [asc(tickets.nextDueAt), asc(tickets.id)],
            limit,
          )
    if (dated.length === limit || filter.dueBefore !== undefined) return dated
    const undatedAfter = after !== null && after.key === null ? gt(tickets.id, after.id) : undefined
    const undated = await select(
      [...conditions, isNull(tickets.nextDueAt), undatedAfter],
      [asc(tickets.id)],
      limit - dated.length,
    )
    return [...dated, ...undated]
  }

  return {
    findTicket: async (id) => (await byId.execute({ id }))[0] ?? null,
    findTicketByNumber: async (number) => (await byNumber.execute({ number }))[0] ?? null,
    async listTickets(filter, order, limit, after): Promise<TicketPage> {
      const rows = await (order === 'filed' ? filedPage : duePage)(filter, limit + 1, after)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      if (rows.length <= limit || last === undefined) return { items, next: null }
      return { items, next: { key: order === 'filed' ? last.filedAt : last.nextDueAt, id: last.id } }
    },
    async countTickets(filter) {
      const [row] = await read
        .select({ total: count() })
        .from(tickets)
        .where(and(...matching(filter)))
      return row?.total ?? 0
    },
    ticketIds: async (afterId, limit) => (await idsAfter.execute({ after: afterId ?? '', limit })).map((row) => row.id),
  }
}

function conditionsOf(tickets: Sql['t']['tickets'], filter: TicketFilter): SQL[] {
  const equal = ['type', 'state', 'standing', 'officeId', 'route', 'cause', 'participantRef', 'ticketNumber'] as const
  const conditions = equal.map((key) => (filter[key] === undefined ? undefined : eq(tickets[key], filter[key])))
  if (filter.releasedBefore !== undefined) conditions.push(lt(tickets.releasedAt, filter.releasedBefore))
  if (filter.dueBefore !== undefined) conditions.push(lt(tickets.nextDueAt, filter.dueBefore))
  return conditions.filter((condition) => condition !== undefined)
}
