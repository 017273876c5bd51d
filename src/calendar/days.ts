import { type BusinessCalendar, dayIndexAt, searchYears } from './businessCalendar.js'
import { MINUTE_MS } from './civil.js'
import { CalendarError } from './errors.js'
import type { Counting, Instant } from './types.js'
import { businessTimeBetween } from './durations.js'
import type { YearSpans } from './year.js'

/** Open minutes that must be left at arrival for a same-day promise (D24). */
export const MINIMUM_OPEN_MINUTES = 60

/** A business day found: its closing, and where it lies. */
export interface FoundDay {
  readonly closing: Instant
  /** Epoch day of the local date. */
  readonly day: number
}

/**
 * The closing of the N-th business day after day 0 (D2, D3). `deemed`: day 0 is the local date of the first open instant
 * at or after `at`; `calendar`: the local date of `at`.
 *
 * N = 0 is the same-day promise (D24): the closing of day 0 when at least `minimumOpenMinutes` open minutes are left
 * from `at` on that day, else the closing of the next business day after day 0.
 *
 * @throws CalendarError NO_OPEN_TIME when nothing opens (D8), INPUT_INVALID for days that are no whole number from 0,
 * OUT_OF_RANGE beyond the covered years.
 */
export function addBusinessDays(
  calendar: BusinessCalendar,
  at: Instant,
  days: number,
  counting: Counting,
  minimumOpenMinutes: number = MINIMUM_OPEN_MINUTES,
): Instant {
  return dueDay(calendar, at, days, counting, minimumOpenMinutes).closing
}

/** Like `addBusinessDays`, with the local date the due instant belongs to. */
export function dueDay(
  calendar: BusinessCalendar,
  at: Instant,
  days: number,
  counting: Counting,
  minimumOpenMinutes: number,
): FoundDay {
  if (!Number.isSafeInteger(days) || days < 0)
    throw new CalendarError('INPUT_INVALID', 'days are a whole number from 0', 'days')
  if (!Number.isSafeInteger(minimumOpenMinutes) || minimumOpenMinutes < 0)
    throw new CalendarError('INPUT_INVALID', 'minimumOpenMinutes are a whole number from 0', 'minimumOpenMinutes')
  const spans = calendar.yearAt(at)
  const next = ordinalAfterDayZero(spans, at, counting)
  if (days > 0) return nthBusinessDay(calendar, spans, next + days - 1)
  return sameDay(calendar, spans, at, next, minimumOpenMinutes) ?? nthBusinessDay(calendar, spans, next)
}

/** The ordinal (within the year of `at`, running on past its end) of the first business day after day 0. */
function ordinalAfterDayZero(spans: YearSpans, at: Instant, counting: Counting): number {
  const today = dayIndexAt(spans, at)
  const afterToday = spans.businessBefore[today + 1] as number
  if (counting === 'calendar' || opensLaterToday(spans, today, at)) return afterToday
  return afterToday + 1
}

/** Is the local day a business day whose closing is still ahead of `at`? */
function opensLaterToday(spans: YearSpans, today: number, at: Instant): boolean {
  const ordinal = spans.businessBefore[today] as number
  return (spans.businessBefore[today + 1] as number) > ordinal && (spans.closings[ordinal] as number) > at
}

function sameDay(
  calendar: BusinessCalendar,
  spans: YearSpans,
  at: Instant,
  next: number,
  minutes: number,
): FoundDay | null {
  const today = dayIndexAt(spans, at)
  // Under `calendar` a day 0 that is closed, or has closed, has no open minute left.
  if (next === (spans.businessBefore[today + 1] as number) && !opensLaterToday(spans, today, at)) return null
  const dayZero = nthBusinessDay(calendar, spans, next - 1)
  return businessTimeBetween(calendar, at, dayZero.closing) >= minutes * MINUTE_MS ? dayZero : null
}

/** The business day `ordinal` places after the first of the year `from`; runs on into later years. */
function nthBusinessDay(calendar: BusinessCalendar, from: YearSpans, ordinal: number): FoundDay {
  if (ordinal < from.closings.length) return found(from, ordinal)
  let left = ordinal
  return searchYears(calendar, from, 1, (spans) => {
    if (left < spans.closings.length) return found(spans, left)
    left -= spans.closings.length
    return null
  })
}

const found = (spans: YearSpans, ordinal: number): FoundDay => ({
  closing: spans.closings[ordinal] as number,
  day: spans.firstDay + (spans.businessDays[ordinal] as number),
})
