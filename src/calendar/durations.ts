import { type BusinessCalendar, endOf, openBefore, openOf, searchYears } from './businessCalendar.js'
import { MINUTE_MS } from './civil.js'
import { CalendarError } from './errors.js'
import type { Instant } from './types.js'
import type { YearSpans } from './year.js'

/**
 * The earliest instant u >= `at` with exactly `ms` of open time in [at, u). Time that runs out exactly at closing gives
 * that closing, not the next opening (D3); `ms` = 0 gives `at` itself, even when closed (D16).
 *
 * @throws CalendarError NO_OPEN_TIME when nothing opens (D8), INPUT_INVALID, OUT_OF_RANGE.
 */
export function addBusinessMs(calendar: BusinessCalendar, at: Instant, ms: number): Instant {
  requireAmount(ms, 'ms')
  const first = calendar.yearAt(at)
  if (ms === 0) return at
  // Open time is counted from the start of the year of `at`, so each later year only subtracts its total.
  let left = openBefore(first, at) + ms
  if (left <= openOf(first)) return instantAfterOpen(first, left)
  return searchYears(calendar, first, 1, (spans) => {
    const open = openOf(spans)
    if (left <= open) return instantAfterOpen(spans, left)
    left -= open
    return null
  })
}

/** `addBusinessMs` in whole business minutes. */
export function addBusinessMinutes(calendar: BusinessCalendar, at: Instant, minutes: number): Instant {
  requireAmount(minutes, 'minutes')
  return addBusinessMs(calendar, at, minutes * MINUTE_MS)
}

/**
 * The mirror of `addBusinessMs`: the latest instant u <= `at` with exactly `ms` of open time in [u, at). Time that runs
 * out exactly at an opening gives that opening, not the closing before it; `ms` = 0 gives `at` itself.
 *
 * So `subtract(add(x, ms), ms) = x` at every open x (a closed x comes back as its next opening), and
 * `add(subtract(x, ms), ms) = x` at every x that is open just before it (openings excluded, closings included).
 *
 * @throws CalendarError NO_OPEN_TIME when nothing was open before, INPUT_INVALID, OUT_OF_RANGE.
 */
export function subtractBusinessMs(calendar: BusinessCalendar, at: Instant, ms: number): Instant {
  requireAmount(ms, 'ms')
  const first = calendar.yearAt(at)
  if (ms === 0) return at
  // `keep` is the open time of the year that must stay before the answer; negative means the answer lies in an earlier year.
  let keep = openBefore(first, at) - ms
  return searchYears(calendar, first, -1, (spans) => {
    if (spans !== first) keep += openOf(spans)
    return keep >= 0 ? instantBeforeOpen(spans, keep) : null
  })
}

/** `subtractBusinessMs` in whole business minutes. */
export function subtractBusinessMinutes(calendar: BusinessCalendar, at: Instant, minutes: number): Instant {
  requireAmount(minutes, 'minutes')
  return subtractBusinessMs(calendar, at, minutes * MINUTE_MS)
}

/**
 * Open ms in [from, until). A closed calendar has none, which is no error (D35).
 *
 * @throws CalendarError INPUT_INVALID when `until` lies before `from`, OUT_OF_RANGE.
 */
export function businessTimeBetween(calendar: BusinessCalendar, from: Instant, until: Instant): number {
  if (until < from) throw new CalendarError('INPUT_INVALID', 'until lies before from', 'until')
  const last = calendar.yearAt(until)
  let spans = calendar.yearAt(from)
  let open = -openBefore(spans, from)
  while (spans.year < last.year) {
    open += openOf(spans)
    // From the end of this year on the next one counts from its own start.
    spans = calendar.year(spans.year + 1)
  }
  return open + openBefore(spans, Math.min(until, endOf(spans)))
}

/** The earliest instant of the year with `open` (> 0) ms of its open time before it. */
function instantAfterOpen(spans: YearSpans, open: number): Instant {
  const { openBefore: before, ends } = spans
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((before[middle + 1] as number) >= open) high = middle
    else low = middle + 1
  }
  return (ends[low] as number) - ((before[low + 1] as number) - open)
}

/** The latest instant of the year with `open` ms (less than the year's total) of its open time before it. */
function instantBeforeOpen(spans: YearSpans, open: number): Instant {
  const { openBefore: before, starts } = spans
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((before[middle] as number) <= open) low = middle
    else high = middle - 1
  }
  return (starts[low] as number) + (open - (before[low] as number))
}

function requireAmount(amount: number, path: string): void {
  if (!Number.isSafeInteger(amount) || amount < 0)
    throw new CalendarError('INPUT_INVALID', `${path} are a whole number from 0`, path)
}
