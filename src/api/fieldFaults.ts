import type { z } from 'zod'
import type { Label } from '../machines/ticketType.js'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const TYPES: Readonly<Record<string, Label>> = {
  string: { id: 'Harus berupa teks.', en: 'This must be text.' },
  number: { id: 'Harus berupa angka.', en: 'This must be a number.' },
  int: { id: 'Harus bilangan bulat.', en: 'This must be a whole number.' },
  boolean: { id: 'Harus true atau false.', en: 'This must be true or false.' },
  array: { id: 'Harus berupa daftar.', en: 'This must be a list.' },
  object: { id: 'Harus berupa objek JSON.', en: 'This must be a JSON object.' },
  record: { id: 'Harus berupa objek JSON.', en: 'This must be a JSON object.' },
  null: { id: 'Harus null.', en: 'This must be null.' },
}
const MISSING: Label = { id: 'Isian ini wajib ada.', en: 'This field is required.' }
const EMPTY: Label = { id: 'Isian ini tidak boleh kosong.', en: 'This field must not be empty.' }
const FORMATS: Readonly<Record<string, Label>> = {
  email: { id: 'Ini bukan alamat e-mail yang benar.', en: 'This is not an e-mail address.' },
  url: { id: 'Ini bukan alamat web yang benar.', en: 'This is not a web address.' },
  date: { id: 'Tanggal harus berbentuk TTTT-BB-HH.', en: 'A date must be of the form YYYY-MM-DD.' },
  datetime: {
    id: 'Waktu harus berbentuk ISO 8601, dengan zona, misalnya 2026-11-20T09:00:00+07:00.',
    en: 'A time must be ISO 8601 with its zone, like 2026-11-20T09:00:00+07:00.',
  },
}
/** What is counted where a size is wrong. */
const UNITS: Readonly<Record<string, Label>> = {
  string: { id: 'karakter', en: 'characters' },
  array: { id: 'butir', en: 'items' },
}

/** A fault of a field in a sentence of each language, without what was sent; null where zod's own words must do. */
export function faultOf(issue: Issue): Label | null {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : (TYPES[issue.expected] ?? null)
    case 'invalid_value':
      return choiceOf(issue.values.map(String))
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return EMPTY
      return boundOf('least', issue.origin, issue.minimum, issue)
    case 'too_big':
      return boundOf('most', issue.origin, issue.maximum, issue)
    case 'invalid_format':
      if (issue.format === 'regex')
        return {
          id: `Bentuknya harus sesuai pola ${issue.pattern ?? ''}.`,
          en: `This must match ${issue.pattern ?? ''}.`,
        }
      return FORMATS[issue.format] ?? null
    default:
      return null
  }
}

function choiceOf(values: readonly string[]): Label {
  const [only] = values
  if (values.length === 1 && only !== undefined) return { id: `Harus ${only}.`, en: `This must be ${only}.` }
  return { id: `Harus salah satu dari: ${values.join(', ')}.`, en: `This must be one of: ${values.join(', ')}.` }
}

interface Bounds {
  readonly exact?: boolean
  readonly inclusive?: boolean
}
function boundOf(end: 'least' | 'most', origin: string, bound: number | bigint, { exact, inclusive }: Bounds): Label {
  const unit = UNITS[origin]
  const amount = (language: keyof Label) => (unit === undefined ? String(bound) : `${bound} ${unit[language]}`)
  const id = amount('id')
  const en = amount('en')
  if (exact === true) return { id: `Harus tepat ${id}.`, en: `This must be exactly ${en}.` }
  if (end === 'least')
    return inclusive === false
      ? { id: `Harus lebih dari ${id}.`, en: `This must be more than ${en}.` }
      : { id: `Paling ${unit === undefined ? 'kecil' : 'sedikit'} ${id}.`, en: `This must be at least ${en}.` }
  return inclusive === false
    ? { id: `Harus kurang dari ${id}.`, en: `This must be less than ${en}.` }
    : { id: `Paling ${unit === undefined ? 'besar' : 'banyak'} ${id}.`, en: `This must be at most ${en}.` }
}
