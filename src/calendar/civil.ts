/** The civil (proleptic Gregorian) calendar on whole numbers: an epoch day is a count of days since 1970-01-01. */
export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/** Business time covers these local years; outside them every operation refuses. */
export const FIRST_YEAR = 1970
export const LAST_YEAR = 2199

const LOCAL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const LOCAL_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/

export const firstDayOf = (year: number): number => Date.UTC(year, 0, 1) / DAY_MS

/** Epoch day of `YYYY-MM-DD`; null when it is no real date or outside the covered years. */
export function parseDate(date: string): number | null {
  const match = LOCAL_DATE.exec(date)
  if (match === null) return null
  const year = Number(match[1])
  if (year < FIRST_YEAR || year > LAST_YEAR) return null
  const day = Date.UTC(year, Number(match[2]) - 1, Number(match[3])) / DAY_MS
  return formatDate(day) === date ? day : null
}

export const formatDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Minutes after midnight of `HH:MM`; null when malformed. */
export function parseTime(time: string): number | null {
  const match = LOCAL_TIME.exec(time)
  return match === null ? null : Number(match[1]) * 60 + Number(match[2])
}

/** ISO weekday, 1 = Monday. Epoch day 0 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1
