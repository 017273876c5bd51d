import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { bad, good, type Checked } from './checked.js'
import { holdsHidden, withAsciiDigits } from './text.js'

const LONGEST = 40

/**
 * An Indonesian mobile number in E.164, `+62812…`. Codes: phone_missing, phone_characters, phone_extension, phone_country (a valid number
 * of another country), phone_invalid (a landline, a premium or an impossible number).
 */
export function checkPhone(text: string): Checked {
  if (text.length > LONGEST || holdsHidden(text)) return bad('phone_characters')
  const plain = withAsciiDigits(text).trim()
  if (plain === '') return bad('phone_missing')
  const parsed = parsePhoneNumberFromString(plain, { defaultCountry: 'ID', extract: false })
  if (parsed === undefined) return bad('phone_invalid')
  if (parsed.ext !== undefined) return bad('phone_extension')
  if (parsed.countryCallingCode !== '62') return bad('phone_country')
  // 9 to 12 digits after +62, all mobile ranges beginning with 8: the library knows the ranges, the length is ours to bound.
  if (parsed.country !== 'ID' || !parsed.isValid() || !/^8\d{8,11}$/.test(parsed.nationalNumber))
    return bad('phone_invalid')
  return good(parsed.number)
}

/** A checked number as people here write it: `0812-3456-7890`. */
export const spokenPhone = (phone: string): string => phone.replace(/^\+62(\d{3})(\d{4})(\d+)$/, '0$1-$2-$3')
