import { DAY_MS, FIRST_YEAR, LAST_YEAR, firstDayOf } from './civil.js'
import { CalendarError } from './errors.js'
import { HoursPlan } from './hours.js'
import type { CalendarSpec, Instant } from './types.js'
import { layOutYear, type YearSpans } from './year.js'

/** Years kept laid out per calendar; some 18 kB each for office hours, so about 0.6 MB a calendar at most. */
export const MAX_CACHED_YEARS = 32
/** A search for open time gives up only after this many whole years without any (D8). */
const HORIZON_YEARS = 5

const MEAN_YEAR_MS = 365.2425 * DAY_MS
// A day of margin on both sides keeps every zone's first and last local day inside the covered years.
const EARLIEST: Instant = (firstDayOf(FIRST_YEAR) + 1) * DAY_MS
const LATEST: Instant = (firstDayOf(LAST_YEAR + 1) - 1) * DAY_MS

/**
 * A calendar version ready for arithmetic. Make one with `compileCalendar`; use it with the functions of this room.
 * Years are laid out on first use and the oldest laid out is forgotten when there are too many.
 */
export class BusinessCalendar {
  readonly id: string
  readonly version: number
  readonly zone: string
  /** The validated spec, frozen. */
  readonly spec: CalendarSpec
  /** `id@version`: what a clock stores as the promise's source. */
  readonly ref: string
  /** The hours of local dates, before any clock is asked. Internal to this room. */
  readonly plan: HoursPlan
  readonly #years: (YearSpans | undefined)[] = []
  readonly #laidOut: number[] = []

  /** Expects a validated, frozen spec. */
  constructor(spec: CalendarSpec) {
    this.id = spec.id
    this.version = spec.version
    this.zone = spec.zone
    this.spec = spec
    this.ref = `${spec.id}@${spec.version}`
    this.plan = new HoursPlan(spec)
  }

  /** The local year as spans. Throws OUT_OF_RANGE outside the covered years. */
  year(year: number): YearSpans {
    return this.#years[year - FIRST_YEAR] ?? this.#layOut(year)
  }

  /** The local year that holds an instant. Throws INPUT_INVALID or OUT_OF_RANGE. */
  yearAt(at: Instant): YearSpans {
    if (!Number.isInteger(at))
      throw new CalendarError('INPUT_INVALID', 'an instant is a whole number of epoch milliseconds')
    if (at < EARLIEST || at >= LATEST) throw outOfRange()
    let spans = this.year(FIRST_YEAR + Math.floor(at / MEAN_YEAR_MS))
    while (at < firstOf(spans)) spans = this.year(spans.year - 1)
    while (at >= endOf(spans)) spans = this.year(spans.year + 1)
    return spans
  }

  /** What the laid-out years take, in bytes. */
  get cacheBytes(): number {
    return this.#laidOut.reduce((sum, year) => sum + (this.#years[year - FIRST_YEAR]?.bytes ?? 0), 0)
  }

  get cachedYears(): number {
    return this.#laidOut.length
  }

  #layOut(year: number): YearSpans {
    if (year < FIRST_YEAR || year > LAST_YEAR) throw outOfRange()
    const spans = layOutYear(this.plan, this.zone, year)
    if (this.#laidOut.push(year) > MAX_CACHED_YEARS) this.#years[(this.#laidOut.shift() ?? 0) - FIRST_YEAR] = undefined
    this.#years[year - FIRST_YEAR] = spans
    return spans
  }
}

const firstOf = (spans: YearSpans): Instant => spans.dayStarts[0] as number
export const endOf = (spans: YearSpans): Instant => spans.dayStarts[spans.days] as number

/** Index of the local day that holds an instant of this year. */
export function dayIndexAt(spans: YearSpans, at: Instant): number {
  const { dayStarts, days } = spans
  let index = Math.min(days - 1, Math.floor((at - firstOf(spans)) / DAY_MS))
  while (at < (dayStarts[index] as number)) index--
  while (at >= (dayStarts[index + 1] as number)) index++
  return index
}

/** Index of the first span of this year that ends after `at`; the number of spans when there is none. */
export function spanAfter(spans: YearSpans, at: Instant): number {
  const { ends } = spans
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] as number) > at) high = middle
    else low = middle + 1
  }
  return low
}

/** Open ms of this year before `at`. */
export function openBefore(spans: YearSpans, at: Instant): number {
  const span = spanAfter(spans, at)
  const before = spans.openBefore[span] as number
  return span === spans.starts.length ? before : before + Math.max(0, at - (spans.starts[span] as number))
}

export const openOf = (spans: YearSpans): number => spans.openBefore[spans.starts.length] as number

/**
 * Walks the years from `first` on (`step` 1 or -1), calling `visit` until it gives an answer. Throws NO_OPEN_TIME when
 * the last open time lies HORIZON_YEARS back and nothing ahead can open any more (D8, D35).
 */
export function searchYears<T>(
  calendar: BusinessCalendar,
  first: YearSpans,
  step: 1 | -1,
  visit: (spans: YearSpans) => T | null,
): T {
  let empty = 0
  for (let spans = first; ; spans = calendar.year(spans.year + step)) {
    const answer = visit(spans)
    if (answer !== null) return answer
    empty = spans.starts.length === 0 ? empty + 1 : 0
    if (empty > HORIZON_YEARS && nothingBeyond(calendar, spans, step))
      throw new CalendarError('NO_OPEN_TIME', `calendar ${calendar.ref} has no open time within ${HORIZON_YEARS} years`)
  }
}

/** A plain week that opens always opens again; without it only seasons can. */
function nothingBeyond({ plan }: BusinessCalendar, spans: YearSpans, step: 1 | -1): boolean {
  if (plan.weekOpens) return false
  return step === 1 ? spans.firstDay + spans.days > plan.lastSpecialDay : spans.firstDay <= plan.firstSpecialDay
}

const outOfRange = (): CalendarError =>
  new CalendarError('OUT_OF_RANGE', `business time covers the years ${FIRST_YEAR} to ${LAST_YEAR}`)
