import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import type { TicketRow } from '../../src/engine/types.js'
import type { Sql } from '../sql.js'
import { filtersOf, ruleMatches, stepsMatch, unheld, type StepFilter, type WorkFilter } from './workFilters.js'
import type { SkillRule } from './workTypes.js'

export type { StepFilter, WorkFilter } from './workFilters.js'

type Tickets = Sql['t']['tickets']
/** A part of the list: offices whose deadlines are read on one calendar. One office alone walks its own index. */
export interface Area {
  readonly offices: readonly string[]
  /** Due at or after, and before; null: open at that end. */
  readonly from: number | null
  readonly until: number | null
  /** With those that have no deadline. */
  readonly undated: boolean
}
/** A place in the list: due instant (null among tickets without one) and id. */
export interface WorkPlace {
  readonly key: number | null
  readonly id: string
}
/** What a row of the list is made of; nothing that has to be parsed. */
export type WorkRow = Pick<
  TicketRow,
  | 'id'
  | 'ticketNumber'
  | 'type'
  | 'state'
  | 'standing'
  | 'route'
  | 'category'
  | 'cause'
  | 'officeId'
  | 'priority'
  | 'contentVersion'
  | 'releasedAt'
  | 'makerId'
  | 'checkerId'
  | 'nextDueAt'
  | 'filedAt'
>

export interface WorklistStore {
  /** Tickets that wait for us, earliest deadline first, then by age those without one. A filter may leave a page short although there is a next one. */
  worklistPage(
    areas: readonly Area[],
    filter: WorkFilter,
    now: number,
    limit: number,
    after: WorkPlace | null,
  ): Promise<{ readonly items: readonly WorkRow[]; readonly next: WorkPlace | null }>
  /** How many in each of these, looking at no more than `most` of each. */
  worklistCounts(areas: readonly Area[], filter: WorkFilter, now: number, most: number): Promise<readonly number[]>
  workRows(ticketIds: readonly string[]): Promise<readonly WorkRow[]>
  /** The first tickets of these offices that nobody holds and that fit, behind `after`; `next` when there is more to look at. */
  candidates(hunt: Hunt): Promise<{ readonly items: readonly WorkRow[]; readonly next: WorkPlace | null }>
  flagsOf(ticketIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
  /** Tickets under one of these blind indexes, newest first. */
  ticketsUnder(kind: string, values: readonly string[], limit: number): Promise<readonly string[]>
}
export interface Hunt {
  readonly offices: readonly string[]
  readonly dated: boolean
  readonly now: number
  readonly steps: readonly StepFilter[]
  /** Rules whose skill the claimer lacks. */
  readonly lacking: readonly SkillRule[]
  readonly limit: number
  readonly after: WorkPlace | null
}

/** So many rows are looked at for one answer where no index narrows them down: it then costs the same at any size. */
const LOOKED_AT = 2_000
/** Past every instant; an area from there on holds nothing but tickets without a deadline. */
export const LAST = Number.MAX_SAFE_INTEGER

export function worklistStore(store: Sql): WorklistStore {
  const { t, read } = store
  const walk = walker(store)
  return {
    worklistPage: async (areas, filter, now, limit, after) => {
      const filters = filtersOf(t, filter, now)
      const pages = await Promise.all(areas.map((area) => areaPage(t, walk, area, filters, limit + 1, after)))
      return cut(mergeOf(pages), limit)
    },
    async worklistCounts(areas, filter, now, most) {
      const { tickets } = t
      const filters = filtersOf(t, filter, now)
      // One statement: what each costs besides is more than the counting.
      const counts = areas.map((area, n) => {
        const dates = isUndatedArea(area) ? [isNull(tickets.nextDueAt)] : datesOf(tickets, area)
        const some = sql`select ${tickets.id} as id from ${tickets} where ${and(...alongOf(t, area), ...dates)} limit ${most}`
        const counted =
          filters.length === 0
            ? sql`(select count(*) from (${some}) as seen)`
            : sql`(select count(*) from ${tickets} where ${and(sql`${tickets.id} in (${some})`, ...filters)})`
        return [`n${n}`, sql<number | string>`${counted}`.as(`n${n}`)] as const
      })
      if (counts.length === 0) return []
      const [row] = await read.select(Object.fromEntries(counts)).from(sql`(select 1) as one`)
      return areas.map((_, n) => Number(row?.[`n${n}`] ?? 0))
    },
    async workRows(ticketIds) {
      if (ticketIds.length === 0) return []
      return read
        .select(columnsOf(t.tickets))
        .from(t.tickets)
        .where(inArray(t.tickets.id, [...ticketIds]))
    },
    async candidates({ offices, dated, now, steps, lacking, limit, after }) {
      const { tickets } = t
      const filters = [
        sql`${tickets.releasedAt} <= ${now}`,
        stepsMatch(tickets, steps),
        ...lacking.map((rule) => sql`not (${ruleMatches(t, rule)})`),
        unheld(t, now),
      ]
      const along = [...alongOf(t, { offices }), dated ? isNotNull(tickets.nextDueAt) : isNull(tickets.nextDueAt)]
      const { rows, stop } = await walk(along, filters, dated, limit, after)
      return { items: rows, next: stop }
    },
    async flagsOf(ticketIds) {
      const found = new Map<string, string[]>()
      if (ticketIds.length === 0) return found
      const rows = await read
        .select({ id: t.riskFlags.ticketId, code: t.riskFlags.code })
        .from(t.riskFlags)
        .where(inArray(t.riskFlags.ticketId, [...ticketIds]))
        .orderBy(asc(t.riskFlags.code))
      for (const { id, code } of rows) found.set(id, [...(found.get(id) ?? []), code])
      return found
    },
    async ticketsUnder(kind, values, limit) {
      const { blindIndexes } = t
      const rows = await read
        .selectDistinct({ id: blindIndexes.ticketId, at: blindIndexes.createdAt })
        .from(blindIndexes)
        .where(and(eq(blindIndexes.kind, kind), inArray(blindIndexes.value, [...values])))
        .orderBy(sql`${blindIndexes.createdAt} desc`)
        .limit(limit * 2)
      return [...new Set(rows.map((it) => it.id))].slice(0, limit)
    },
  }
}

const columnsOf = (tickets: Tickets) => ({
  id: tickets.id,
  ticketNumber: tickets.ticketNumber,
  type: tickets.type,
  state: tickets.state,
  standing: tickets.standing,
  route: tickets.route,
  category: tickets.category,
  cause: tickets.cause,
  officeId: tickets.officeId,
  priority: tickets.priority,
  contentVersion: tickets.contentVersion,
  releasedAt: tickets.releasedAt,
  makerId: tickets.makerId,
  checkerId: tickets.checkerId,
  nextDueAt: tickets.nextDueAt,
  filedAt: tickets.filedAt,
})

/** Where the index leads: standing, and the office when there is one. */
function alongOf({ tickets }: Sql['t'], { offices }: Pick<Area, 'offices'>): SQL[] {
  const [only, ...more] = offices
  const waiting = eq(tickets.standing, 'waitingOnUs')
  if (only !== undefined && more.length === 0) return [eq(tickets.officeId, only), waiting]
  // An expression keeps the planner from gathering many offices and sorting them.
  return [waiting, inArray(sql`(${tickets.officeId} || '')`, [...offices])]
}
const datesOf = (tickets: Tickets, { from, until, undated }: Area): SQL[] => {
  const dates = [
    from === null ? undefined : gte(tickets.nextDueAt, from),
    until === null ? undefined : lt(tickets.nextDueAt, until),
  ].filter((it) => it !== undefined)
  if (dates.length === 0) return undated ? [] : [isNotNull(tickets.nextDueAt)]
  return dates
}

interface Stretch {
  readonly rows: readonly WorkRow[]
  /** Up to where was looked, when there may be more behind it although `rows` are few. */
  readonly stop: WorkPlace | null
}
type Walk = (
  along: readonly SQL[],
  filters: readonly SQL[],
  dated: boolean,
  limit: number,
  after: WorkPlace | null,
) => Promise<Stretch>

/** Follows one index from a place on, and looks at a bounded number of rows. */
function walker({ t, read }: Sql): Walk {
  const { tickets } = t
  const beyond = (dated: boolean, place: WorkPlace, sign: string): SQL =>
    dated
      ? sql`(${tickets.nextDueAt}, ${tickets.id}) ${sql.raw(sign)} (${place.key ?? LAST}, ${place.id})`
      : sql`${tickets.id} ${sql.raw(sign)} ${place.id}`
  return async (along, filters, dated, limit, after) => {
    const order = dated ? [asc(tickets.nextDueAt), asc(tickets.id)] : [asc(tickets.id)]
    const from = [...along, ...(after === null ? [] : [beyond(dated, after, '>')])]
    const [edge] =
      filters.length === 0
        ? []
        : await read
            .select({ key: tickets.nextDueAt, id: tickets.id })
            .from(tickets)
            .where(and(...from))
            .orderBy(...order)
            .limit(1)
            .offset(LOOKED_AT - 1)
    const rows = await read
      .select(columnsOf(tickets))
      .from(tickets)
      .where(and(...from, ...filters, edge && beyond(dated, edge, '<=')))
      .orderBy(...order)
      .limit(limit)
    return { rows, stop: rows.length < limit ? (edge ?? null) : null }
  }
}

/** Dated tickets of an area, then those without a date. */
async function areaPage(
  t: Sql['t'],
  walk: Walk,
  area: Area,
  filters: readonly SQL[],
  limit: number,
  after: WorkPlace | null,
): Promise<Stretch> {
  const along = alongOf(t, area)
  const undatedOnly = after !== null && after.key === null
  const dated = [...along, isNotNull(t.tickets.nextDueAt), ...datesOf(t.tickets, area)]
  const none: Stretch = { rows: [], stop: null }
  const first = undatedOnly || isUndatedArea(area) ? none : await walk(dated, filters, true, limit, after)
  if (!area.undated || first.rows.length >= limit || first.stop !== null) return first
  const rest = await walk(
    [...along, isNull(t.tickets.nextDueAt)],
    filters,
    false,
    limit - first.rows.length,
    undatedOnly ? after : null,
  )
  return { rows: [...first.rows, ...rest.rows], stop: rest.stop }
}
/** `from` at the end of time: nothing but tickets without a deadline. */
const isUndatedArea = ({ from, undated }: Area): boolean => undated && from === LAST

const placeOf = ({ nextDueAt, id }: WorkRow): WorkPlace => ({ key: nextDueAt, id })
function compare(a: WorkPlace, b: WorkPlace): number {
  if (a.key !== b.key) return (a.key ?? LAST) - (b.key ?? LAST)
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
/** Behind the place where one walk stopped looking nobody knows what is next. */
function mergeOf(parts: readonly Stretch[]): Stretch {
  const [stop = null] = parts.flatMap((it) => it.stop ?? []).sort(compare)
  const rows = parts.flatMap((it) => it.rows).toSorted((a, b) => compare(placeOf(a), placeOf(b)))
  return { rows: stop === null ? rows : rows.filter((row) => compare(placeOf(row), stop) <= 0), stop }
}
function cut({ rows, stop }: Stretch, limit: number) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? placeOf(last) : stop }
}
