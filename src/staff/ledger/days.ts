import type { BusinessCalendar } from '../../calendar/index.js'

export const MINUTE_MS = 60_000

/** Calendars as a ticket's log names them. */
export interface Calendars {
  /** Takes note of a version that the log names: `id@version`. */
  learn(ref: string | null): void
  /** An office's own. */
  of(officeId: string): BusinessCalendar
  /** By its `id@version`. */
  named(ref: string): BusinessCalendar
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The date of an instant (epoch ms) in the zone of an office's calendar, `YYYY-MM-DD`. */
export const dayOf = ({ zone }: Pick<BusinessCalendar, 'zone'>, at: number): string => {
  let format = formats.get(zone)
  if (format === undefined) {
    // Sweden writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(zone, format)
  }
  return format.format(at)
}
