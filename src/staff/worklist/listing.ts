import type { Assignment } from '../../../db/staff/assignments.js'
import { LAST, type Area, type WorkFilter, type WorkPlace, type WorkRow } from '../../../db/staff/worklist.js'
import type { WorkPolicy } from '../../../db/staff/workTypes.js'
import {
  addBusinessMinutes,
  CalendarError,
  subtractBusinessMinutes,
  type BusinessCalendar,
} from '../../calendar/index.js'
import type { Office } from '../../engine/types.js'
import type { Label, Role } from '../../machines/ticketType.js'
import { officeReached } from '../referral.js'
import { givesOut, reachOf, windowsAt } from './access.js'
import { barredByHand, barredByRole, isBar, reasonLabel } from './barred.js'
import { lacks, OWN_INDEX, partsOf } from './hunt.js'
import { rolesAt, type Worker, type WorkWorld } from './parts.js'
import { ruleFits } from './skills.js'
import { dueWords, NO_DUE } from './words.js'

export const GROUPS = ['veryLate', 'late', 'soon', 'notYet'] as const
export type Group = (typeof GROUPS)[number]
export const GROUP_LABELS: Readonly<Record<Group, Label>> = {
  veryLate: { id: 'Sangat terlambat', en: 'Very late' },
  late: { id: 'Terlambat', en: 'Late' },
  soon: { id: 'Segera jatuh tempo', en: 'Due soon' },
  notYet: { id: 'Belum jatuh tempo', en: 'Not due yet' },
}

export interface WorklistQuery extends WorkFilter {
  readonly group?: Group | undefined
  readonly mine?: boolean | undefined
  readonly office?: string | undefined
}
export type WorklistChoice = Omit<WorklistQuery, 'mine'>
export interface WorklistRow {
  readonly row: WorkRow
  readonly group: Group
  readonly due: { readonly at: number | null; readonly remainingMs: number | null; readonly text: string }
  readonly holder: Pick<Assignment, 'agentId' | 'leaseUntil' | 'draft'> | null
  readonly flags: readonly string[]
  /** Why this person may not take it now; null when they may. */
  readonly blocked: { readonly code: string; readonly label: Label } | null
}
export interface WorklistPage {
  readonly items: readonly WorklistRow[]
  readonly next: WorkPlace | null
  /** Of the first page alone. `more`: there are more than were counted. */
  readonly groups: readonly { readonly group: Group; readonly count: number; readonly more: boolean }[] | null
}
export interface Listing {
  /** Tickets that wait for us in this person's offices, earliest deadline first. */
  page(worker: Worker, query: WorklistQuery, limit: number, after: WorkPlace | null): Promise<WorklistPage>
  /** The same choice as bare rows, at most so many: what a bulk job freezes. */
  select(worker: Worker, query: WorklistChoice, most: number): Promise<readonly WorkRow[]>
  /** These tickets bare, without those outside the person's offices. */
  bare(worker: Worker, ticketIds: readonly string[]): Promise<readonly WorkRow[]>
  /** These tickets as rows, without those outside the person's offices and not referred there; in no order. */
  rows(worker: Worker, ticketIds: readonly string[]): Promise<readonly WorklistRow[]>
}

/** A group is counted up to here: the counts are for finding what burns, the reports count exactly. */
const COUNTED = 1_000

export function createListing(world: WorkWorld): Listing {
  const { store, clock, rules } = world
  const { worklist, assignments } = store.work
  return {
    async page(worker, query, limit, after) {
      const now = clock.now()
      const { policy } = await rules.current()
      const { mine = false, office, group, ...filter } = query
      const offices = await officesFor(world, worker, office)
      const view = await viewer(world, policy, worker, now)
      if (mine) {
        const held = await assignments.heldBy(worker.id, now)
        const rows = await worklist.workRows(held.map((it) => it.ticketId))
        const items = (await view(rows)).filter((it) => group === undefined || it.group === group)
        return { items: items.toSorted(byDue), next: null, groups: null }
      }
      const lines = await linesOf(world, policy, offices, now)
      const areas = await areasFor(world, offices, lines, group)
      const [{ items, next }, groups] = await Promise.all([
        worklist.worklistPage(areas, filter, now, limit, after),
        after === null ? counts(world, lines, filter, now) : null,
      ])
      return { items: await view(items), next, groups }
    },
    async select(worker, query, most) {
      const now = clock.now()
      const { policy } = await rules.current()
      const { office, group, ...filter } = query
      const offices = await officesFor(world, worker, office)
      const areas = await areasFor(world, offices, await linesOf(world, policy, offices, now), group)
      const chosen: WorkRow[] = []
      let after: WorkPlace | null = null
      do {
        const page = await worklist.worklistPage(areas, filter, now, Math.min(500, most - chosen.length), after)
        chosen.push(...page.items)
        after = page.next
      } while (after !== null && chosen.length < most)
      return chosen
    },
    bare: async (worker, ticketIds) =>
      (await worklist.workRows(ticketIds)).filter((it) => rolesAt(worker, it.officeId).length > 0),
    async rows(worker, ticketIds) {
      const now = clock.now()
      const { policy } = await rules.current()
      const rows = await worklist.workRows(ticketIds)
      const view = await viewer(world, policy, worker, now)
      // What was referred to a branch is found there before it arrives.
      const reached = rows.map((it) => officeReached(store, it, (id) => rolesAt(worker, id).length > 0))
      const offices = await Promise.all(reached)
      return view(rows.filter((_, n) => offices[n] != null))
    },
  }
}

async function officesFor(world: WorkWorld, worker: Worker, office: string | undefined): Promise<readonly Office[]> {
  const all = await world.offices()
  return all.filter((it) => rolesAt(worker, it.id).length > 0 && (office === undefined || it.id === office))
}

const byDue = (a: WorklistRow, b: WorklistRow): number =>
  (a.row.nextDueAt ?? LAST) - (b.row.nextDueAt ?? LAST) || (a.row.id < b.row.id ? -1 : 1)

/** Where the groups part, on one calendar; `offices` are read together, null: every office. */
interface Lines {
  readonly offices: readonly string[] | null
  readonly veryLate: number
  readonly now: number
  readonly soon: number
}

async function linesOf(world: WorkWorld, policy: WorkPolicy, offices: readonly Office[], now: number) {
  const all = (await world.offices()).length
  const together = new Map<string, string[]>()
  for (const { id, calendarId } of offices) together.set(calendarId, [...(together.get(calendarId) ?? []), id])
  return [...together].flatMap(([calendarId, ids]): readonly Lines[] => {
    const limits = limitsOf(world.engine.reference.calendar(calendarId), policy, now)
    // Many offices of several calendars are picked out of everybody's; few have their own.
    const parts = offices.length > OWN_INDEX ? [ids.length === all ? null : ids] : partsOf(ids, all)
    return parts.map((some) => ({ offices: some, now, ...limits }))
  })
}

/** Without a group the calendars do not matter. */
async function areasFor(
  world: WorkWorld,
  offices: readonly Office[],
  lines: readonly Lines[],
  group: Group | undefined,
): Promise<readonly Area[]> {
  if (group !== undefined) return lines.flatMap((it) => areasOf(it, group))
  const ids = offices.map((it) => it.id)
  const whole = { from: null, until: null, undated: true }
  return partsOf(ids, (await world.offices()).length).map((some) => ({ offices: some, ...whole }))
}

/** Instants in business time; a calendar that never opens has none, so nothing there is soon or very late. */
function limitsOf(calendar: BusinessCalendar, policy: WorkPolicy, now: number): { veryLate: number; soon: number } {
  try {
    return {
      veryLate: subtractBusinessMinutes(calendar, now, policy.veryLateAfterMinutes),
      soon: addBusinessMinutes(calendar, now, policy.soonWithinMinutes),
    }
  } catch (error) {
    if (error instanceof CalendarError) return { veryLate: 0, soon: now }
    throw error
  }
}

/** An event exactly at a due instant is in time, so late begins behind it. */
function areasOf({ offices, veryLate, now, soon }: Lines, group: Group): readonly Area[] {
  const between = (from: number | null, until: number | null) => [{ offices, from, until, undated: false }]
  switch (group) {
    case 'veryLate':
      return between(null, veryLate)
    case 'late':
      return between(veryLate, now)
    case 'soon':
      return between(now, soon + 1)
    case 'notYet':
      return [{ offices, from: soon + 1, until: null, undated: true }]
  }
}
const groupOf = (dueAt: number | null, { veryLate, soon }: { veryLate: number; soon: number }, now: number): Group => {
  if (dueAt === null || dueAt > soon) return 'notYet'
  if (dueAt >= now) return 'soon'
  return dueAt >= veryLate ? 'late' : 'veryLate'
}

async function counts({ store }: WorkWorld, lines: readonly Lines[], filter: WorkFilter, now: number) {
  const areas = GROUPS.map((group) => lines.flatMap((it) => areasOf(it, group)).flatMap(splitUndated))
  const found = await store.work.worklist.worklistCounts(areas, filter, now, COUNTED + 1)
  return GROUPS.map((group, n) => {
    const total = found[n] ?? 0
    return { group, count: Math.min(total, COUNTED), more: total > COUNTED }
  })
}
/** Dated and undated ones lie at two places of the index. */
const splitUndated = (area: Area): readonly Area[] =>
  area.undated
    ? [
        { ...area, undated: false },
        { ...area, from: LAST, undated: true },
      ]
    : [area]

/** Makes rows of the list as one person sees them. */
async function viewer(world: WorkWorld, policy: WorkPolicy, worker: Worker, now: number) {
  const { store, engine } = world
  const [reach, windows, all] = await Promise.all([
    reachOf(world, policy, worker),
    windowsAt(world, now),
    world.offices(),
  ])
  const offices = new Map(all.map((it) => [it.id, it]))
  const limits = new Map<string, ReturnType<typeof limitsOf>>()
  return async (rows: readonly WorkRow[]): Promise<readonly WorklistRow[]> => {
    const ids = rows.map((it) => it.id)
    const [held, flags] = await Promise.all([
      store.work.assignments.assignmentsOf(ids),
      store.work.worklist.flagsOf(ids),
    ])
    const holders = new Map(held.filter((it) => it.leaseUntil > now).map((it) => [it.ticketId, it]))
    return Promise.all(
      rows.map(async (row): Promise<WorklistRow> => {
        const office = offices.get(row.officeId)
        const calendar = engine.reference.calendar(office?.calendarId ?? '')
        const lines = limits.get(calendar.ref) ?? limitsOf(calendar, policy, now)
        limits.set(calendar.ref, lines)
        const holder = holders.get(row.id) ?? null
        const codes = flags.get(row.id) ?? []
        const due = row.nextDueAt === null ? null : dueWords(calendar, row.nextDueAt, now)
        return {
          row,
          group: groupOf(row.nextDueAt, lines, now),
          due: { at: row.nextDueAt, remainingMs: due?.remainingMs ?? null, text: due?.text ?? NO_DUE },
          holder,
          flags: codes,
          blocked: await blockOf({ row, office, holder, codes }),
        }
      }),
    )
  }

  async function blockOf(of: {
    row: WorkRow
    office: Office | undefined
    holder: Assignment | null
    codes: readonly string[]
  }) {
    const { row, office, holder, codes } = of
    const roles: readonly Role[] = office === undefined ? [] : rolesAt(worker, office.id)
    const said = (code: string) => ({ code, label: reasonLabel(code) })
    if (row.standing !== 'waitingOnUs') return said('NOT_WAITING_ON_US')
    const step = barredByRole(policy, row, roles)
    if (isBar(step)) return step
    if (step.proof !== null) {
      const ticket = await store.findTicket(row.id)
      const bar = ticket === null ? null : barredByHand(world, ticket, step, { id: worker.id, roles })
      if (bar !== null) return bar
    }
    if (holder !== null) return holder.agentId === worker.id ? null : said('HELD')
    if (row.releasedAt === null || row.releasedAt > now) return said('NOT_RELEASED')
    if (office === undefined || !reach.offices.some((it) => it.id === office.id)) return said('OFFICE')
    if (!givesOut(world, office, now, windows)) return said('OFFICE_CLOSED')
    if (policy.skills.some((rule) => lacks(reach.skills, rule) && ruleFits(rule, row, codes))) return said('SKILL')
    return null
  }
}
