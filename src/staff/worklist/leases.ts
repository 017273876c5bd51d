import type { Lease } from '../../../db/staff/assignments.js'
import type { ReleaseWindow } from '../../../db/staff/roster.js'
import { addBusinessMinutes, CalendarError, closingOf, isOpen, type BusinessCalendar } from '../../calendar/index.js'

const MINUTE = 60_000

/**
 * Until when a lease runs that begins, or is renewed, at `at` (epoch ms): so many business minutes of the ticket's own office. It ends at the
 * closing of that day unless a note is being written (`long`). In a supervisor's window outside opening hours minutes are wall minutes and
 * the window's end is the closing. Source: D26.
 */
export function leaseFrom(
  calendar: BusinessCalendar,
  at: number,
  minutes: number,
  window: Pick<ReleaseWindow, 'untilAt'> | null,
): Lease {
  const long = businessEnd(calendar, at, minutes)
  if (isOpen(calendar, at)) return { long, short: Math.min(long, closingOf(calendar, at) ?? long) }
  if (window === null) return { long, short: at }
  const short = Math.min(at + minutes * MINUTE, window.untilAt)
  return { short, long: Math.max(short, long) }
}

/** What a supervisor assigns while the office is closed waits for the holder at the next opening. */
export function assignedLease(calendar: BusinessCalendar, at: number, minutes: number): Lease {
  if (isOpen(calendar, at)) return leaseFrom(calendar, at, minutes, null)
  const long = businessEnd(calendar, at, minutes)
  return { short: long, long }
}

/** A calendar that never opens grants no time. */
function businessEnd(calendar: BusinessCalendar, at: number, minutes: number): number {
  try {
    return addBusinessMinutes(calendar, at, minutes)
  } catch (error) {
    if (error instanceof CalendarError) return at
    throw error
  }
}
