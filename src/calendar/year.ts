import { DAY_MS, firstDayOf, MINUTE_MS } from './civil.js'
import type { HoursPlan } from './hours.js'
import { offsetPieces, type OffsetPiece } from './zone.js'

/**
 * One local year of a calendar as sorted numbers. Days are indexes into the year; a business day is a local date with
 * open time; spans `[starts, ends)` are in epoch ms and never overlap.
 */
export interface YearSpans {
  readonly year: number
  readonly firstDay: number
  readonly days: number
  /** `days + 1` first instants of the local days; the last entry is the end of the year. */
  readonly dayStarts: Float64Array
  /** `days + 1` entries: how many business days lie before day i. */
  readonly businessBefore: Uint16Array
  /** Per business day: its day index, and its closing (the end of its last open span). */
  readonly businessDays: Uint16Array
  readonly closings: Float64Array
  readonly starts: Float64Array
  readonly ends: Float64Array
  /** `spans + 1` entries: open ms of the year before span i; the last entry is the whole year's. */
  readonly openBefore: Float64Array
  readonly bytes: number
}

/** First instant whose wall clock reads the midnight that begins `day`, or later (a skipped midnight, a skipped day). */
function startOfDay(pieces: readonly OffsetPiece[], day: number): number {
  const wall = day * DAY_MS
  for (const piece of pieces) {
    const at = Math.max(piece.from, wall - piece.offset)
    if (at < piece.until) return at
  }
  throw new RangeError('offset pieces do not reach the day')
}

/**
 * Lays out a local year. An instant is open exactly when its wall clock reads inside the hours of its local date, so a
 * day that repeats or skips an hour is that much longer or shorter (24x7: 25 or 23 hours).
 */
export function layOutYear(plan: HoursPlan, zone: string, year: number): YearSpans {
  const firstDay = firstDayOf(year)
  const days = firstDayOf(year + 1) - firstDay
  const pieces = offsetPieces(zone, firstDay, firstDay + days)
  const dayStarts = new Float64Array(days + 1)
  const businessBefore = new Uint16Array(days + 1)
  const businessDays: number[] = []
  const closings: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (let index = 0; index < days; index++) {
    dayStarts[index] = startOfDay(pieces, firstDay + index)
    businessBefore[index] = businessDays.length
    const spansBefore = ends.length
    addSpans(plan, pieces, firstDay + index, starts, ends)
    if (ends.length > spansBefore) {
      businessDays.push(index)
      closings.push(ends.at(-1) ?? 0)
    }
  }
  dayStarts[days] = startOfDay(pieces, firstDay + days)
  businessBefore[days] = businessDays.length
  const openBefore = new Float64Array(starts.length + 1)
  starts.forEach((start, i) => (openBefore[i + 1] = (openBefore[i] ?? 0) + (ends[i] ?? 0) - start))
  const numbers = dayStarts.length + closings.length + starts.length * 2 + openBefore.length
  return {
    ...{ year, firstDay, days, dayStarts, businessBefore, openBefore },
    businessDays: Uint16Array.from(businessDays),
    closings: Float64Array.from(closings),
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    bytes: numbers * 8 + (businessBefore.length + businessDays.length) * 2,
  }
}

function addSpans(
  plan: HoursPlan,
  pieces: readonly OffsetPiece[],
  day: number,
  starts: number[],
  ends: number[],
): void {
  const { hours } = plan.of(day)
  const before = ends.length
  for (const piece of pieces) {
    for (const { start, end } of hours) {
      const wall = day * DAY_MS - piece.offset
      const from = Math.max(piece.from, wall + start * MINUTE_MS)
      const until = Math.min(piece.until, wall + end * MINUTE_MS)
      if (from >= until) continue
      // The clock may jump inside an interval: what touches is one span. Days stay apart, each has its own closing.
      if (ends.length > before && ends.at(-1) === from) ends[ends.length - 1] = until
      else {
        starts.push(from)
        ends.push(until)
      }
    }
  }
}
