import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { filtersOf, ruleMatches, stepsMatch, unheld, type StepFilter, type WorkFilter } from './workFilters.js'
import {
  columnsOf,
  LAST,
  walker,
  type Sieve,
  type Stretch,
  type Walker,
  type Way,
  type WorkPlace,
  type WorkRow,
} from './worklistWalk.js'
import type { SkillRule } from './workTypes.js'

export type { StepFilter, WorkFilter } from './workFilters.js'
export { LAST, type WorkPlace, type WorkRow } from './worklistWalk.js'

/** A part of the list: offices whose deadlines are read on one calendar. */
export interface Area {
  /** Null: every office. */
  readonly offices: readonly string[] | null
  /** Due at or after, and before; null: open at that end. */
  readonly from: number | null
  readonly until: number | null
  /** With those that have no deadline. */
  readonly undated: boolean
}
export interface WorklistStore {
  /** Tickets that wait for us, earliest deadline first, then by age those without one. A filter may leave a page short although there is a next one. */
  worklistPage(
    areas: readonly Area[],
    filter: WorkFilter,
    now: number,
    limit: number,
    after: WorkPlace | null,
  ): Promise<{ readonly items: readonly WorkRow[]; readonly next: WorkPlace | null }>
  /** How many in each of these groups, up to `most`; looks at no more than so many in each area. */
  worklistCounts(
    groups: readonly (readonly Area[])[],
    filter: WorkFilter,
    now: number,
    most: number,
  ): Promise<readonly number[]>
  workRows(ticketIds: readonly string[]): Promise<readonly WorkRow[]>
  /** The first tickets of these offices that nobody holds and that fit, behind `after`; `next` when there is more to look at. */
  candidates(hunt: Hunt): Promise<{ readonly items: readonly WorkRow[]; readonly next: WorkPlace | null }>
  flagsOf(ticketIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
  /** Tickets under one of these blind indexes, newest first. */
  ticketsUnder(kind: string, values: readonly string[], limit: number): Promise<readonly string[]>
}
export interface Hunt {
  /** Null: every office. */
  readonly offices: readonly string[] | null
  readonly dated: boolean
  readonly now: number
  readonly steps: readonly StepFilter[]
  /** Rules whose skill the claimer lacks. */
  readonly lacking: readonly SkillRule[]
  readonly limit: number
  readonly after: WorkPlace | null
}

export function worklistStore(store: Sql): WorklistStore {
  const { t, read } = store
  const { walk, counts } = walker(store)
  return {
    worklistPage: async (areas, filter, now, limit, after) => {
      const sieve = filterSieve(t, filter)
      const pages = await Promise.all(areas.map((area) => areaPage(walk, { ...area, sieve, now }, limit + 1, after)))
      return cut(mergeOf(pages), limit)
    },
    worklistCounts: (groups, filter, now, most) => {
      const sieve = filterSieve(t, filter)
      const wayOf = (area: Area): Way => ({ ...area, ...(isUndatedArea(area) ? UNDATED : { dated: true }), sieve, now })
      return counts(
        groups.map((areas) => areas.map(wayOf)),
        most,
      )
    },
    async workRows(ticketIds) {
      if (ticketIds.length === 0) return []
      return read
        .select(columnsOf(t.tickets))
        .from(t.tickets)
        .where(inArray(t.tickets.id, [...ticketIds]))
    },
    async candidates({ offices, dated, now, steps, lacking, limit, after }) {
      const sieve: Sieve = {
        word: JSON.stringify([steps, lacking]),
        make: (at) => [
          sql`${t.tickets.releasedAt} <= ${at}`,
          stepsMatch(t.tickets, steps),
          ...lacking.map((rule) => sql`not (${ruleMatches(t, rule)})`),
          unheld(t, at),
        ],
      }
      const { rows, stop } = await walk({ offices, dated, from: null, until: null, sieve, now }, limit, after)
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

const filterSieve = (t: Sql['t'], filter: WorkFilter): Sieve => {
  const word = JSON.stringify(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined && value !== false)
      .sort(),
  )
  return { word: word === '[]' ? '' : word, make: (now) => filtersOf(t, filter, now) }
}

const UNDATED = { dated: false, from: null, until: null } as const
/** Dated tickets of an area, then those without a date. */
async function areaPage(
  walk: Walker['walk'],
  area: Area & Pick<Way, 'sieve' | 'now'>,
  limit: number,
  after: WorkPlace | null,
): Promise<Stretch> {
  const undatedOnly = after !== null && after.key === null
  const none: Stretch = { rows: [], stop: null }
  const first = undatedOnly || isUndatedArea(area) ? none : await walk({ ...area, dated: true }, limit, after)
  if (!area.undated || first.rows.length >= limit || first.stop !== null) return first
  const rest = await walk({ ...area, ...UNDATED }, limit - first.rows.length, undatedOnly ? after : null)
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
