import { bad, good, type Checked } from './checked.js'
import { digitsOf } from './text.js'

/**
 * A KPJ as 11 digits (R40); null when none is given, because it may be forgotten (R41). A 13-digit number is a BPJS Kesehatan card and a
 * 16-digit one a NIK: both get a hint of their own (R44). Codes: kpj_digits, kpj_health_card, kpj_is_nik, kpj_length.
 */
export function checkKpj(text: string | null | undefined): Checked<string | null> {
  const kpj = digitsOf(text ?? '')
  if (kpj === null) return bad('kpj_digits')
  if (kpj === '') return good(null)
  if (kpj.length === 11) return good(kpj)
  if (kpj.length === 13) return bad('kpj_health_card')
  return bad(kpj.length === 16 ? 'kpj_is_nik' : 'kpj_length')
}
