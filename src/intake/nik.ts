import { isCalendarDay } from './calendarDate.js'
import { bad, good, type Checked } from './checked.js'
import { PROVINCES } from './provinces.js'
import { digitsOf } from './text.js'

/** 6 digits of region, DDMMYY of birth (40 added to the day for women), 4 digits of serial. */
const NIK = /^(\d{2})\d{4}(\d{2})(\d{2})(\d{2})(\d{4})$/

/**
 * A NIK as 16 digits, from any way of writing it (R-NIK-1). Refuses only what cannot be one; whatever may be true of a real person is
 * a flag (`nikFlags`). Codes: nik_missing, nik_digits, nik_length, nik_province, nik_day, nik_month, nik_date, nik_serial.
 */
export function checkNik(text: string): Checked {
  const nik = digitsOf(text)
  if (nik === null) return bad('nik_digits')
  if (nik === '') return bad('nik_missing')
  const match = NIK.exec(nik)
  if (match === null) return bad('nik_length')
  const [, province, dd, mm, yy, serial] = match
  const day = Number(dd) > 40 ? Number(dd) - 40 : Number(dd)
  const month = Number(mm)
  if (province === '00') return bad('nik_province')
  if (day < 1 || day > 31) return bad('nik_day')
  if (month < 1 || month > 12) return bad('nik_month')
  // Which century is not known here: a day of either will do.
  if (![1900, 2000].some((century) => isCalendarDay(century + Number(yy), month, day))) return bad('nik_date')
  if (serial === '0000') return bad('nik_serial')
  return good(nik)
}

/** Codes that were given out once: people born there keep them. */
const RETIRED = new Set(['54'])

export type NikFlag = 'nik_birth_date_differs' | 'nik_sex_differs' | 'nik_province_unknown' | 'nik_province_retired'
export type Sex = 'female' | 'male'

/** The sex that a well-formed NIK says. */
export const sexOfNik = (nik: string): Sex => (Number(nik.slice(6, 8)) > 40 ? 'female' : 'male')

/**
 * What an officer should look at (R-NIK-2, R05, R54): never told to the filer, never a reason to refuse. `birthDate` as declared, ISO 8601; it
 * also tells the century (R-NIK-3). A sex that nobody declared is not compared.
 */
export function nikFlags(
  nik: string,
  declared: { readonly birthDate: string; readonly sex?: Sex },
): readonly NikFlag[] {
  const flags: NikFlag[] = []
  const province = nik.slice(0, 2)
  if (RETIRED.has(province)) flags.push('nik_province_retired')
  else if (!PROVINCES.has(province)) flags.push('nik_province_unknown')
  if (birthDateOfNik(nik, declared.birthDate) !== declared.birthDate) flags.push('nik_birth_date_differs')
  if (declared.sex !== undefined && declared.sex !== sexOfNik(nik)) flags.push('nik_sex_differs')
  return flags
}

/** The day of birth that a well-formed NIK says, in the century of the declared one; ISO 8601. */
export function birthDateOfNik(nik: string, declared: string): string {
  const day = String(Number(nik.slice(6, 8)) % 40).padStart(2, '0')
  return `${declared.slice(0, 2)}${nik.slice(10, 12)}-${nik.slice(8, 10)}-${day}`
}
