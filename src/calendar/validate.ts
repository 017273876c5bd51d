import { z } from 'zod'
import { DAY_MS, FIRST_YEAR, LAST_YEAR, MINUTE_MS, formatDate, parseDate, parseTime, weekdayOf } from './civil.js'
import type { CalendarProblem } from './errors.js'
import { HoursPlan } from './hours.js'
import type { CalendarSpec, Interval, Season, Weekly } from './types.js'
import { transitionsBetween, zoneExists, type Transition } from './zone.js'

/** The years whose clock changes an opening or closing must stay clear of (D7). */
const CHECKED_FROM = Date.UTC(2020, 0, 1)
const CHECKED_UNTIL = Date.UTC(2041, 0, 1)

const interval = z.tuple([z.string(), z.string()]).readonly()
const weekly = z
  .partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), z.array(interval).max(100).readonly())
  .readonly()
const season = z
  .strictObject({ from: z.string(), to: z.string(), name: z.string().max(200).optional(), weekly })
  .readonly()
const holiday = z
  .strictObject({
    date: z.string(),
    name: z.string().min(1).max(200),
    kind: z.enum(['libur', 'cuti_bersama']),
    source: z.string().max(300),
    tentative: z.boolean().optional(),
  })
  .readonly()

/** The shape of a calendar; what only dates and clocks can tell is checked by `checkCalendar`. */
export const calendarSpecSchema = z.strictObject({
  id: z.string().regex(/^[^\s@]{1,100}$/, 'an id has 1 to 100 characters, no spaces and no @'),
  version: z.int().min(1),
  name: z.string().min(1).max(200),
  zone: z.string(),
  weekly,
  seasons: z.array(season).max(1000).readonly(),
  holidays: z.array(holiday).max(10_000).readonly(),
  collectiveLeaveCloses: z.boolean(),
  example: z.boolean(),
})

export type CheckedCalendar =
  | { readonly spec: CalendarSpec; readonly problems: readonly [] }
  | { readonly spec: null; readonly problems: readonly [CalendarProblem, ...CalendarProblem[]] }

/** Checks anything that claims to be a calendar and gives either its spec (a copy) or every problem found. */
export function checkCalendar(input: unknown): CheckedCalendar {
  const parsed = calendarSpecSchema.safeParse(input)
  if (!parsed.success) return asChecked(null, parsed.error.issues.map(shapeProblem))
  const spec: CalendarSpec = parsed.data
  const problems = [
    ...checkZone(spec.zone),
    ...checkHolidays(spec),
    ...checkSeasons(spec.seasons),
    ...checkAllHours(spec),
  ]
  return asChecked(spec, problems.length > 0 ? problems : checkClockChanges(spec))
}

function asChecked(spec: CalendarSpec | null, [first, ...rest]: readonly CalendarProblem[]): CheckedCalendar {
  if (first !== undefined) return { spec: null, problems: [first, ...rest] }
  if (spec === null) throw new TypeError('a refused shape has at least one problem')
  return { spec, problems: [] }
}

const shapeProblem = (issue: z.core.$ZodIssue): CalendarProblem => ({
  code: 'SHAPE_INVALID',
  path: z.core.toDotPath(issue.path),
  message: issue.message,
})

const checkZone = (zone: string): CalendarProblem[] =>
  zoneExists(zone)
    ? []
    : [{ code: 'ZONE_UNKNOWN', path: 'zone', message: `"${zone}" is not an IANA time zone this machine knows` }]

const checkDate = (date: string, path: string): CalendarProblem[] =>
  parseDate(date) === null
    ? [
        {
          code: 'DATE_INVALID',
          path,
          message: `"${date}" is not a date YYYY-MM-DD between ${FIRST_YEAR} and ${LAST_YEAR}`,
        },
      ]
    : []

function checkHolidays({ holidays }: CalendarSpec): CalendarProblem[] {
  const seen = new Set<string>()
  return holidays.flatMap(({ date }, i): CalendarProblem[] => {
    const path = `holidays[${i}].date`
    const duplicate = seen.has(date)
    seen.add(date)
    return duplicate ? [{ code: 'HOLIDAY_DUPLICATE', path, message: `${date} is listed twice` }] : checkDate(date, path)
  })
}

function checkSeasons(seasons: readonly Season[]): CalendarProblem[] {
  const problems = seasons.flatMap(({ from, to }, i): CalendarProblem[] => {
    const dates = [...checkDate(from, `seasons[${i}].from`), ...checkDate(to, `seasons[${i}].to`)]
    if (dates.length > 0 || from <= to) return dates
    return [{ code: 'SEASON_REVERSED', path: `seasons[${i}]`, message: `ends on ${to}, before it begins on ${from}` }]
  })
  if (problems.length > 0) return problems
  const inOrder = seasons.map((value, i) => ({ ...value, i })).sort((a, b) => a.from.localeCompare(b.from))
  return inOrder.flatMap((later, k): CalendarProblem[] => {
    const earlier = inOrder[k - 1]
    if (earlier === undefined || earlier.to < later.from) return []
    const message = `begins on ${later.from}, while seasons[${earlier.i}] lasts until ${earlier.to}`
    return [{ code: 'SEASONS_OVERLAP', path: `seasons[${later.i}]`, message }]
  })
}

const checkAllHours = (spec: CalendarSpec): CalendarProblem[] => [
  ...checkWeek(spec.weekly, 'weekly'),
  ...spec.seasons.flatMap((value, i) => checkWeek(value.weekly, `seasons[${i}].weekly`)),
]

const checkWeek = (week: Weekly, path: string): CalendarProblem[] =>
  Object.entries(week).flatMap(([weekday, intervals]) => checkIntervals(intervals, `${path}.${weekday}`))

function checkIntervals(intervals: readonly Interval[], path: string): CalendarProblem[] {
  let closedAt = 0
  return intervals.flatMap(([from, to], i): CalendarProblem[] => {
    const here = `${path}[${i}]`
    const start = parseTime(from)
    const end = to === '24:00' ? 1440 : parseTime(to)
    if (start === null || end === null) {
      const [side, time] = start === null ? [0, from] : [1, to]
      const message = `"${time}" is not a time HH:MM from 00:00 to 23:59 (a closing may be 24:00)`
      return [{ code: 'TIME_INVALID', path: `${here}[${side}]`, message }]
    }
    const before = closedAt
    closedAt = Math.max(closedAt, end)
    if (end <= start)
      return [{ code: 'INTERVAL_EMPTY', path: here, message: `${from} to ${to} holds no time (split at midnight)` }]
    if (start >= before) return []
    const message = `${from} to ${to} begins before the interval in front of it has ended (sort them, and keep them apart)`
    return [{ code: 'INTERVALS_OVERLAP', path: here, message }]
  })
}

/**
 * An opening or closing at a wall-clock time that is skipped or happens twice has no one meaning (D7). 00:00 as an opening
 * and 24:00 as a closing are exempt: they mean the start and the end of the local day, whatever the clock reads then.
 */
function checkClockChanges(spec: CalendarSpec): CalendarProblem[] {
  const plan = new HoursPlan(spec)
  const found = new Map<string, CalendarProblem>()
  for (const change of transitionsBetween(spec.zone, CHECKED_FROM, CHECKED_UNTIL)) {
    for (const problem of edgesInside(spec, plan, change)) {
      const key = `${problem.code} ${problem.path}`
      if (!found.has(key)) found.set(key, problem)
    }
  }
  return [...found.values()]
}

function edgesInside(spec: CalendarSpec, plan: HoursPlan, { at, before, after }: Transition): CalendarProblem[] {
  const gap = after > before
  const from = at + Math.min(before, after)
  const until = at + Math.max(before, after)
  const problems: CalendarProblem[] = []
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < until; day++) {
    const { hours, season: inSeason } = plan.of(day)
    const edges = hours.flatMap(({ start, end }) => [
      ...(start > 0 ? [{ minute: start, verb: 'opens' }] : []),
      ...(end < 1440 ? [{ minute: end, verb: 'closes' }] : []),
    ])
    for (const { minute, verb } of edges) {
      const wall = day * DAY_MS + minute * MINUTE_MS
      if (wall < from || wall >= until) continue
      const week = inSeason === null ? 'weekly' : `seasons[${spec.seasons.indexOf(inSeason)}].weekly`
      const local = `${formatDate(day)} ${new Date(wall).toISOString().slice(11, 16)}`
      const reason = gap ? 'a time that is skipped' : 'a time that happens twice'
      const message = `${verb} at ${local} in ${spec.zone}, ${reason} when the clocks change that day`
      problems.push({ code: gap ? 'EDGE_IN_GAP' : 'EDGE_IN_FOLD', path: `${week}.${weekdayOf(day)}`, message })
    }
  }
  return problems
}
