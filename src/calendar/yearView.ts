import type { BusinessCalendar } from './businessCalendar.js'
import { firstDayOf, formatDate, parseTime, weekdayOf } from './civil.js'
import type { DayPlan } from './hours.js'
import type { CalendarSpec, ExplainedDay, Interval, LocalDate, Weekly } from './types.js'

/** One local date as people look at a year. */
export interface YearDay {
  readonly date: LocalDate
  readonly weekday: ExplainedDay['weekday']
  /** `shortened`: open for less than the same weekday usually is; `changed`: at other hours that are no fewer. */
  readonly kind: 'open' | 'closed' | 'shortened' | 'changed'
  readonly reason: DayPlan['reason']
  /** Local times; an end may be `24:00`. */
  readonly hours: readonly Interval[]
  /** Of the holiday or season; null on a usual day. */
  readonly name: string | null
  /** The decree behind a holiday; null where there is none to name. */
  readonly source: string | null
  readonly tentative: boolean
}
export interface YearView {
  readonly year: number
  readonly days: readonly YearDay[]
  readonly open: number
  readonly closed: number
  readonly shortened: number
  readonly tentative: number
  /** Does this version name any holiday of the year? Without one its dates are only a guess. */
  readonly holidaysKnown: boolean
}

/** Does this version name any holiday of the local year? Holidays are decreed by the year. */
export const knowsHolidays = ({ spec }: Pick<BusinessCalendar, 'spec'>, year: number): boolean =>
  spec.holidays.some((it) => it.date.startsWith(`${year}-`))

/** Every date of a local year: open, closed, shortened, and why, by which source. */
export function yearView(calendar: BusinessCalendar, year: number): YearView {
  const { spec, plan } = calendar
  const first = firstDayOf(year)
  const days = Array.from({ length: firstDayOf(year + 1) - first }, (_, at) =>
    dayView(spec, plan.of(first + at), first + at),
  )
  const count = (test: (day: YearDay) => boolean) => days.filter(test).length
  return {
    year,
    days,
    open: count((it) => it.kind !== 'closed'),
    closed: count((it) => it.kind === 'closed'),
    shortened: count((it) => it.kind === 'shortened'),
    tentative: count((it) => it.tentative),
    holidaysKnown: knowsHolidays(calendar, year),
  }
}

function dayView(spec: CalendarSpec, { hours, reason, holiday, season }: DayPlan, day: number): YearDay {
  const weekday = weekdayOf(day) as YearDay['weekday']
  const minutes = hours.reduce((sum, it) => sum + it.end - it.start, 0)
  const usual = minutesOf(spec.weekly, weekday)
  const kind =
    minutes === 0
      ? 'closed'
      : season === null
        ? 'open'
        : minutes < usual
          ? 'shortened'
          : isSame(spec, season.weekly, weekday)
            ? 'open'
            : 'changed'
  const told = holiday ?? (kind === 'open' || reason === 'weekend' ? null : season)
  return {
    date: formatDate(day),
    weekday,
    kind,
    reason,
    hours: hours.map(({ start, end }): Interval => [timeOf(start), timeOf(end)]),
    name: told?.name ?? null,
    source: holiday?.source ?? null,
    tentative: holiday?.tentative ?? false,
  }
}

const intervalsOf = (weekly: Weekly, weekday: number): readonly Interval[] =>
  weekly[String(weekday) as keyof Weekly] ?? []
const minutesOf = (weekly: Weekly, weekday: number): number =>
  intervalsOf(weekly, weekday).reduce(
    (sum, [start, end]) => sum + (parseTime(end) ?? 1440) - (parseTime(start) ?? 0),
    0,
  )
const isSame = (spec: CalendarSpec, weekly: Weekly, weekday: number): boolean =>
  JSON.stringify(intervalsOf(spec.weekly, weekday)) === JSON.stringify(intervalsOf(weekly, weekday))
const two = (value: number): string => String(value).padStart(2, '0')
const timeOf = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
