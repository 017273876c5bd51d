import { isCalendarDay } from './calendarDate.js'
import { bad, good, type Checked } from './checked.js'
import { withAsciiDigits } from './text.js'

const EARLIEST = '1900-01-01'

/**
 * A day of birth as ISO 8601, from `1990-05-17` or, as the KTP writes it, `17-05-1990`. `today`: the day it is in Indonesia, ISO 8601.
 * Codes: birth_date_missing, birth_date_format, birth_date_impossible, birth_date_range (before 1900 or in the future).
 */
export function checkBirthDate(text: string, today: string): Checked {
  const plain = text.length > 32 ? '?' : withAsciiDigits(text).trim()
  if (plain === '') return bad('birth_date_missing')
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(plain)
  const ktp = /^(\d{2})[-/.](\d{2})[-/.](\d{4})$/.exec(plain)
  const [year, month, day] = iso === null ? [ktp?.[3], ktp?.[2], ktp?.[1]] : [iso[1], iso[2], iso[3]]
  if (year === undefined || month === undefined || day === undefined) return bad('birth_date_format')
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return bad('birth_date_impossible')
  const date = `${year}-${month}-${day}`
  return date < EARLIEST || date > today ? bad('birth_date_range') : good(date)
}

/** Whole years between two days, ISO 8601. */
export function ageOn(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

const WIB_MS = 7 * 3_600_000
/** The day it is in Jakarta at an instant; ISO 8601. */
export const dayInJakarta = (at: number): string => new Date(at + WIB_MS).toISOString().slice(0, 10)
