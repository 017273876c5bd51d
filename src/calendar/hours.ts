import { parseDate, parseTime, weekdayOf } from './civil.js'
import type { CalendarSpec, Holiday, Interval, Season, Weekly } from './types.js'

/** Minutes after local midnight, `[start, end)`; an end of 1440 is the end of the local day, however long that day is. */
export interface Hours {
  readonly start: number
  readonly end: number
}

/** What a local date is, before any clock is asked: its hours and the reason for them. */
export interface DayPlan {
  readonly hours: readonly Hours[]
  readonly reason: 'business' | 'weekend' | 'libur' | 'cuti_bersama' | 'seasonClosed'
  readonly holiday: Holiday | null
  readonly season: Season | null
}

interface SeasonPlan {
  readonly from: number
  readonly to: number
  readonly season: Season
  readonly week: readonly (readonly Hours[])[]
}

const toHours = ([start, end]: Interval): Hours => ({
  start: parseTime(start) ?? 0,
  end: end === '24:00' ? 1440 : (parseTime(end) ?? 0),
})

/** The hours of each ISO weekday (index 1 to 7), touching intervals joined. */
function planWeek(weekly: Weekly): readonly (readonly Hours[])[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((weekday) => {
    const joined: Hours[] = []
    for (const next of (weekly[String(weekday) as keyof Weekly] ?? []).map(toHours)) {
      const last = joined.at(-1)
      if (last?.end === next.start) joined[joined.length - 1] = { start: last.start, end: next.end }
      else joined.push(next)
    }
    return joined
  })
}

/** Answers what hours a local date has: holidays beat seasons, seasons beat the week. Expects a validated spec. */
export class HoursPlan {
  /** Outside these epoch days only the plain week counts. */
  readonly firstSpecialDay: number
  readonly lastSpecialDay: number
  /** Does the plain week open at all? */
  readonly weekOpens: boolean
  readonly #week: readonly (readonly Hours[])[]
  readonly #seasons: readonly SeasonPlan[]
  readonly #holidays: ReadonlyMap<number, Holiday>
  readonly #collectiveLeaveCloses: boolean

  constructor(spec: CalendarSpec) {
    this.#week = planWeek(spec.weekly)
    this.#collectiveLeaveCloses = spec.collectiveLeaveCloses
    this.#holidays = new Map(spec.holidays.map((holiday) => [parseDate(holiday.date) ?? 0, holiday]))
    this.#seasons = spec.seasons.map((season) => ({
      from: parseDate(season.from) ?? 0,
      to: parseDate(season.to) ?? 0,
      season,
      week: planWeek(season.weekly),
    }))
    this.weekOpens = this.#week.some((hours) => hours.length > 0)
    const special = [...this.#seasons.flatMap(({ from, to }) => [from, to]), ...this.#holidays.keys()]
    this.firstSpecialDay = special.reduce((a, b) => Math.min(a, b), Infinity)
    this.lastSpecialDay = special.reduce((a, b) => Math.max(a, b), -Infinity)
  }

  /** The plan of an epoch day. */
  of(day: number): DayPlan {
    const weekday = weekdayOf(day)
    const seasonal = this.#seasons.find(({ from, to }) => from <= day && day <= to)
    const season = seasonal?.season ?? null
    const holiday = this.#holidays.get(day) ?? null
    if (holiday !== null && (holiday.kind === 'libur' || this.#collectiveLeaveCloses))
      return { hours: [], reason: holiday.kind, holiday, season }
    const usual = this.#week[weekday] ?? []
    const hours = seasonal === undefined ? usual : (seasonal.week[weekday] ?? [])
    if (hours.length > 0) return { hours, reason: 'business', holiday, season }
    return { hours, reason: season !== null && usual.length > 0 ? 'seasonClosed' : 'weekend', holiday, season }
  }
}
