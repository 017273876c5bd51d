import { PulihError } from '../engine/errors.js'
import { withAsciiDigits } from '../intake/text.js'
import type { Label } from '../machines/ticketType.js'
import type { LabelledFieldError } from './problems.js'
import { pointerOf, validationFailed } from './validation.js'

/** Words that name identity or contact data, whole words of a field name in camelCase, snake_case or kebab-case. */
const PERSONAL_WORDS = new Set(
  (
    'nik kpj ktp npwp passport paspor name names nama namalengkap fullname firstname lastname username email surel mail ' +
    'phone telephone mobile hp nohp handphone ponsel telepon telp whatsapp wa alamat address lahir tanggallahir ' +
    'tempatlahir birth birthdate birthday birthplace dob ibu ibukandung mother father ayah gender jeniskelamin agama rekening'
  ).split(' '),
)
const REFUSED: Label = {
  id: 'Data identitas atau kontak tidak diterima di sini.',
  en: 'Identity or contact data are not taken here.',
}
const UNSAFE_TEXT: Label = {
  id: 'Teks memuat karakter yang tidak dapat disimpan.',
  en: 'The text holds characters that cannot be stored.',
}
const RESERVED_NAME: Label = { id: 'Nama isian ini tidak diterima.', en: 'This field name is not accepted.' }
/** No command needs more; looking through a megabyte of tiny fields would hold up everybody else. */
const MAX_VALUES = 5000
const NO_FIELDS: ReadonlySet<string> = new Set()
const RESERVED_NAMES = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Looks through a whole body before anything else sees it. Throws BODY_MALFORMED for too many values, VALIDATION_FAILED for names that could touch prototypes and
 * for text that no store keeps (NUL, control characters, lone surrogates), PERSONAL_DATA_REFUSED for identity or contact data:
 * a field name that says so and that no schema declares, or a value that looks like a NIK, KPJ, e-mail address or phone number.
 * `declared`: the names of the schema that will parse the body; `personalFields`: the JSON pointers of the very fields that take such data, where
 * a value may look like them. Nothing of the input is repeated in the error.
 */
export function inspectBody(body: unknown, declared: ReadonlySet<string>, personalFields = NO_FIELDS): void {
  const unsafe: LabelledFieldError[] = []
  const personal: LabelledFieldError[] = []
  const note = (list: LabelledFieldError[], path: readonly PropertyKey[], code: string, message: Label) =>
    list.push({ in: 'body', pointer: pointerOf(path, declared), code, message })
  const mayBe = (path: readonly PropertyKey[]) => personalFields.has(pointerOf(path, declared))
  let seen = 0
  const pending: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: body, path: [] }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path } = next
    if (typeof value === 'string') {
      if (!isStorable(value)) note(unsafe, path, 'unsafe_text', UNSAFE_TEXT)
      if (looksPersonal(value) && !mayBe(path)) note(personal, path, 'personal_data', REFUSED)
    } else if (typeof value === 'number') {
      if (Number.isInteger(value) && isPersonalNumber(String(Math.abs(value))) && !mayBe(path))
        note(personal, path, 'personal_data', REFUSED)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (++seen > MAX_VALUES) throw new PulihError('BODY_MALFORMED', 'the body holds too many values')
        if (RESERVED_NAMES.has(key) || !isStorable(key)) note(unsafe, path, 'reserved_name', RESERVED_NAME)
        else if (!Array.isArray(value) && namesPerson(key, declared)) note(personal, path, 'personal_data', REFUSED)
        else pending.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] })
      }
    }
  }
  if (personal.length > 0)
    throw new PulihError('PERSONAL_DATA_REFUSED', 'identity or contact data in the body', {
      errors: personal.slice(0, 50),
    })
  if (unsafe.length > 0) throw validationFailed(unsafe.slice(0, 50))
}

/** What a type's author declared is a decision; a name nobody declared is judged by its words, or as a value. */
function namesPerson(key: string, declared: ReadonlySet<string>): boolean {
  if (declared.has(key)) return false
  const words = key
    .slice(0, 200)
    .normalize('NFKC')
    .replaceAll(/([\p{Ll}\p{Nd}])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
  return words.some((word) => PERSONAL_WORDS.has(word)) || PERSONAL_WORDS.has(words.join('')) || looksPersonal(key)
}

/** Ids and hashes that machines make: their digits mean nothing. */
const MACHINE_IDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,128}/gi
/** Groups of digits with at most two separators between them; no two ways to match, so linear. */
const DIGIT_RUN = /\d+(?:[ .\-/()]{1,2}\d+)*/g
/** Anchored at the @, so that long text without one costs one scan. */
const EMAIL = /(?<=[^\s@])@[\p{L}\p{Nd}-]{1,63}\.[\p{L}\p{Nd}]/u
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g

/** Does a text hold something that looks like a NIK, KPJ, e-mail address or phone number? Linear in its length. */
export function looksPersonal(text: string): boolean {
  if (text.length < 6) return false
  const plain = withAsciiDigits(text.normalize('NFKC').replaceAll(INVISIBLE, '')).replaceAll(MACHINE_IDS, withoutId)
  if (EMAIL.test(plain)) return true
  for (const [run] of plain.matchAll(DIGIT_RUN)) if (run.length >= 9 && holdsPersonalNumber(run)) return true
  return false
}

/** A whole run of digits: NIK, KPJ, or a mobile phone with 8 to 11 digits after 08, or 8 to 12 from the 8 after 62. */
const KEY_NUMBER = /(?<!\d)(?:\d{16}|\d{11}|08\d{8,11}|628\d{7,11})(?!\d)/

/**
 * Does an Idempotency-Key (visible ASCII) hold a NIK, KPJ, mobile number or e-mail address? Milder than `looksPersonal`:
 * machines make keys of counters and timestamps, so digits are never joined across separators.
 */
export function keyLooksPersonal(key: string): boolean {
  const plain = key.replaceAll(MACHINE_IDS, withoutId)
  return EMAIL.test(plain) || KEY_NUMBER.test(plain)
}

/** Digits alone are no hash. */
const withoutId = (text: string): string => (/[a-f-]/i.test(text) ? 'x' : text)

/** Any neighbouring groups of a run that together make one of the numbers: `0812 3456 7890` as well as `081234567890`. */
function holdsPersonalNumber(run: string): boolean {
  const groups = run.split(/[^0-9]+/)
  for (let first = 0; first < groups.length; first++) {
    let digits = ''
    for (let last = first; last < groups.length && digits.length < 16; last++) {
      digits += groups[last] ?? ''
      if (isPersonalNumber(digits)) return true
    }
  }
  return false
}

/** 16 digits: NIK. 11 digits: KPJ. 08… or 628… with 9 to 14 digits: a mobile phone. */
function isPersonalNumber(digits: string): boolean {
  const { length } = digits
  if (length === 16 || length === 11) return true
  if (length < 9 || length > 14) return false
  return digits.startsWith('08') || digits.startsWith('628')
}

/** No NUL or other control character but tab and line ends, and no half of a surrogate pair. */
const isStorable = (text: string): boolean =>
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) && !/\p{Surrogate}/u.test(text)
