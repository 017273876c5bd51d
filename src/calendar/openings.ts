import { type BusinessCalendar, dayIndexAt, searchYears, spanAfter } from './businessCalendar.js'
import { CalendarError } from './errors.js'
import type { Instant, NextOpening } from './types.js'

/** Is the calendar open at `at`? Open AT the opening, closed AT the closing. A closed calendar answers false (D35). */
export function isOpen(calendar: BusinessCalendar, at: Instant): boolean {
  const spans = calendar.yearAt(at)
  const span = spanAfter(spans, at)
  return span < spans.starts.length && (spans.starts[span] as number) <= at
}

/**
 * The first open instant at or after `at`; `at` itself when already open.
 *
 * @throws CalendarError NO_OPEN_TIME when nothing opens (D8), INPUT_INVALID, OUT_OF_RANGE.
 */
export function nextOpening(calendar: BusinessCalendar, at: Instant): NextOpening {
  return searchYears(calendar, calendar.yearAt(at), 1, (spans) => {
    const span = spanAfter(spans, at)
    if (span === spans.starts.length) return null
    const start = spans.starts[span] as number
    return start <= at ? { opening: at, alreadyOpen: true } : { opening: start, alreadyOpen: false }
  })
}

/** Is there any open time at or after `at`? False for a calendar that never opens (D35). Throws OUT_OF_RANGE. */
export function opensFrom(calendar: BusinessCalendar, at: Instant): boolean {
  try {
    nextOpening(calendar, at)
    return true
  } catch (error) {
    if (error instanceof CalendarError && error.code === 'NO_OPEN_TIME') return false
    throw error
  }
}

/** Does the plain week open? Without it only seasons do, and after the last of them nothing ever does (D8). */
export const opensForGood = (calendar: BusinessCalendar): boolean => calendar.plan.weekOpens

/** The closing of the local date of `at` (the end of its last open span); null when that date is no business day. */
export function closingOf(calendar: BusinessCalendar, at: Instant): Instant | null {
  const spans = calendar.yearAt(at)
  const today = dayIndexAt(spans, at)
  const ordinal = spans.businessBefore[today] as number
  return (spans.businessBefore[today + 1] as number) > ordinal ? (spans.closings[ordinal] as number) : null
}
