import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import type { TicketRow } from '../../src/engine/types.js'
import type { Sql } from '../sql.js'
import type { Store, TicketFilter, TicketOrder, TicketPage } from '../types.js'

/** A place in an order: `key` is the instant it goes by, null among tickets without one. */
type Place = NonNullable<TicketPage['next']>
type Tickets = Sql['t']['tickets']

/** As the table's check has them; an order over all of them is merged from one walk for each. */
const STANDINGS = ['waitingOnUs', 'waitingOnParticipant', 'terminal'] as const
/** At most this many rows are looked at for one page: what no index narrows down then costs the same at any size. */
const LOOKED_AT = 5_000
/** Stands for no instant where one is compared: past every other. */
const LAST = Number.MAX_SAFE_INTEGER

/** Rows in order, and the place up to which was looked when there may be more behind it although `rows` are few. */
interface Stretch {
  readonly rows: readonly TicketRow[]
  readonly stop: Place | null
}
interface Walk {
  /** Narrow down what is walked, by the index that gives the order. */
  readonly along: readonly (SQL | undefined)[]
  /** What no index narrows down. */
  readonly filters: readonly SQL[]
  /** What it goes by, before the id; null: by the id alone. */
  readonly key: SQL | null
  readonly forward: boolean
  /** So little matches that all of it is read and sorted. */
  readonly isNarrow?: boolean
}

type Stretches = (walk: Walk, limit: number, after: Place | null) => Promise<Stretch>

function stretches({ t, read }: Sql): Stretches {
  const { tickets } = t
  return async function stretch(walk: Walk, limit: number, after: Place | null): Promise<Stretch> {
    const { along, filters, key, forward, isNarrow = false } = walk
    const direction = forward ? asc : desc
    const order = key === null ? [direction(tickets.id)] : [direction(key), direction(tickets.id)]
    const beyond = (place: Place, sign: string) =>
      key === null
        ? sql`${tickets.id} ${sql.raw(sign)} ${place.id}`
        : sql`(${key}, ${tickets.id}) ${sql.raw(sign)} (${place.key ?? LAST}, ${place.id})`
    const from = [...along, after === null ? undefined : beyond(after, forward ? '>' : '<')]
    const select = { key: key === null ? sql<null>`null` : sql<number>`${key}`.mapWith(Number), id: tickets.id }
    const edges =
      isNarrow || filters.length === 0
        ? []
        : await read
            .select(select)
            .from(tickets)
            .where(and(...from))
            .orderBy(...order)
            .limit(1)
            .offset(LOOKED_AT - 1)
    const [edge] = edges
    const rows = await read
      .select()
      .from(tickets)
      .where(and(...from, ...filters, edge && beyond(edge, forward ? '<=' : '>=')))
      .orderBy(...order)
      .limit(limit)
    return { rows, stop: rows.length < limit ? (edge ?? null) : null }
  }
}

/**
 * Pages of the worklist. A filter that no index serves looks at a bounded part of the order: such a page may hold fewer tickets than
 * asked for, or none, and still name a next one.
 */
export function ticketPages(from: Sql): Store['listTickets'] {
  const { tickets } = from.t
  const stretch = stretches(from)

  const filed = (filter: TicketFilter, limit: number, after: Place | null): Promise<Stretch> => {
    const { officeId, ...rest } = filter
    const along = [officeId === undefined ? undefined : eq(tickets.officeId, officeId)]
    const key = sql`${tickets.filedAt}`
    return stretch({ along, filters: filtersOf(tickets, rest), key, forward: false }, limit, after)
  }

  /** Tickets with a due date, or (by age: ids are in its order) those without. */
  async function due(filter: TicketFilter, dated: boolean, limit: number, after: Place | null): Promise<Stretch> {
    const { standing, officeId, dueBefore, ...rest } = filter
    const along = [
      officeId === undefined ? undefined : eq(tickets.officeId, officeId),
      dated ? isNotNull(tickets.nextDueAt) : isNull(tickets.nextDueAt),
      dueBefore === undefined ? undefined : lt(tickets.nextDueAt, dueBefore),
    ]
    const filters = filtersOf(tickets, rest)
    const key = dated ? sql`${tickets.nextDueAt}` : null
    const parts = (standing === undefined ? STANDINGS : [standing]).map((it) =>
      stretch({ along: [eq(tickets.standing, it), ...along], filters, key, forward: true }, limit, after),
    )
    return mergeOf(await Promise.all(parts), limit)
  }

  /** Two walks instead of NULLS LAST, so that each follows the index. */
  async function byDue(filter: TicketFilter, limit: number, after: Place | null): Promise<Stretch> {
    const undatedOnly = after !== null && after.key === null
    const first: Stretch = undatedOnly ? { rows: [], stop: null } : await due(filter, true, limit, after)
    if (first.rows.length === limit || first.stop !== null || filter.dueBefore !== undefined) return first
    const second = await due(filter, false, limit - first.rows.length, undatedOnly ? after : null)
    return { rows: [...first.rows, ...second.rows], stop: second.stop }
  }

  /** One participant's tickets, or the one with a number. Expressions keep the planner from walking an order, or an office, instead. */
  const narrow = (filter: TicketFilter, order: TicketOrder, limit: number, after: Place | null): Promise<Stretch> => {
    const key =
      order === 'filed' ? sql`(${tickets.filedAt} + 0)` : sql`coalesce(${tickets.nextDueAt}, ${sql.raw(String(LAST))})`
    const { participantRef, ticketNumber, ...rest } = filter
    const along = conditionsOf(tickets, { participantRef, ticketNumber })
    return stretch(
      { along, filters: filtersOf(tickets, rest), key, forward: order === 'due', isNarrow: true },
      limit,
      after,
    )
  }

  return async (asked, order, limit, after): Promise<TicketPage> => {
    const filter = ofOneOffice(asked)
    const more = limit + 1
    const isNarrow = filter.participantRef !== undefined || filter.ticketNumber !== undefined
    const walk = isNarrow
      ? narrow(filter, order, more, after)
      : (order === 'filed' ? filed : byDue)(filter, more, after)
    const { rows, stop } = await walk
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    if (rows.length <= limit || last === undefined) return { items, next: stop }
    return { items, next: { key: order === 'filed' ? last.filedAt : last.nextDueAt, id: last.id } }
  }
}

const placeOf = ({ nextDueAt, id }: TicketRow): Place => ({ key: nextDueAt, id })
/** Places without an instant come last. */
function compare(a: Place, b: Place): number {
  if (a.key !== b.key) return (a.key ?? LAST) - (b.key ?? LAST)
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** What several walks found, in order. Behind the place where one of them stopped looking nobody knows what is next. */
function mergeOf(parts: readonly Stretch[], limit: number): Stretch {
  const [stop = null] = parts.flatMap((part) => part.stop ?? []).sort(compare)
  const sorted = parts.flatMap(({ rows }) => rows).sort((a, b) => compare(placeOf(a), placeOf(b)))
  const known = stop === null ? sorted : sorted.filter((row) => compare(placeOf(row), stop) <= 0)
  return known.length >= limit ? { rows: known.slice(0, limit), stop: null } : { rows: known, stop }
}

/** Whoever may see one office only is asked about that office, which an index narrows down. */
function ofOneOffice({ offices, ...filter }: TicketFilter): TicketFilter {
  const [only, ...more] = offices ?? []
  if (only === undefined || more.length > 0 || filter.officeId !== undefined) return { ...filter, offices }
  return { ...filter, officeId: only }
}

const EQUAL = ['type', 'state', 'standing', 'officeId', 'route', 'cause', 'participantRef', 'ticketNumber'] as const

export function conditionsOf(tickets: Tickets, filter: TicketFilter): SQL[] {
  const equal = EQUAL.map((key) => (filter[key] === undefined ? undefined : eq(tickets[key], filter[key])))
  const among = filter.offices === undefined ? undefined : inArray(tickets.officeId, [...filter.offices])
  return [...equal, among, ...beforeOf(tickets, filter)].filter((condition) => condition !== undefined)
}

/** The same, tested row by row along the way: an expression keeps the planner from leaving the order for another index and sorting. */
function filtersOf(tickets: Tickets, filter: TicketFilter): SQL[] {
  const equal = EQUAL.map((key) =>
    filter[key] === undefined ? undefined : sql`(${tickets[key]} || '') = ${filter[key]}`,
  )
  const among =
    filter.offices === undefined ? undefined : inArray(sql`(${tickets.officeId} || '')`, [...filter.offices])
  return [...equal, among, ...beforeOf(tickets, filter)].filter((condition) => condition !== undefined)
}

const beforeOf = (tickets: Tickets, { releasedBefore, dueBefore }: TicketFilter): (SQL | undefined)[] => [
  releasedBefore === undefined ? undefined : lt(tickets.releasedAt, releasedBefore),
  dueBefore === undefined ? undefined : lt(tickets.nextDueAt, dueBefore),
]
