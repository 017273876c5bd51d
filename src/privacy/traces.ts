import type { Identity } from './people.js'

/** Known personal values, to be looked for where none may be. */
export interface Needles {
  add(identity: Pick<Identity, 'name' | 'nik' | 'kpj'>): void
  addContact(channel: 'email' | 'phone', address: string): void
  readonly size: number
  /** Kinds of value that stand in this text: plain, spaced or dotted, in base64 or hex. Empty when none does. */
  find(text: string): readonly TraceKind[]
}
export type TraceKind = 'nik' | 'kpj' | 'phone' | 'email' | 'name'

/** Shorter words in a row are anybody's. */
const NAME_MIN = 8
const EMAIL = /[a-z0-9._%+'-]+@[a-z0-9.-]+\.[a-z]{2,}/g
/** Digits with what people and programs put between them. */
const DIGITS = /\d(?:[\s.\-_/]{0,2}\d){8,}/g
const BASE64 = /[A-Za-z0-9+/_-]{12,}/g
const HEX = /(?:[0-9a-f]{2}){9,}/gi

export function createNeedles(): Needles {
  const digits = new Map<string, TraceKind>()
  let longest = 0
  const emails = new Set<string>()
  const names = new Set<string>()
  const words = new Set<number>()
  const addDigits = (kind: TraceKind, text: string) => {
    digits.set(text, kind)
    longest = Math.max(longest, text.length)
  }
  const plain = (text: string): TraceKind[] => [
    ...numbersIn(text, digits, longest),
    ...(emails.size > 0 && text.includes('@') ? emailsIn(text, emails) : []),
    ...namesIn(text, names, words),
  ]
  return {
    add({ name, nik, kpj }) {
      addDigits('nik', nik)
      if (kpj !== null) addDigits('kpj', kpj)
      const parts = wordsOf(name)
      if (parts.length < 2 || parts.join(' ').length < NAME_MIN) return
      names.add(parts.join(' '))
      words.add(parts.length)
    },
    addContact(channel, address) {
      if (channel === 'email') emails.add(address.toLowerCase())
      else {
        const national = address.replace(/^\+62/, '')
        for (const digits of [national, `0${national}`, `62${national}`]) addDigits('phone', digits)
      }
    },
    get size() {
      return digits.size + emails.size + names.size
    },
    find: (text) => [...new Set([text, ...decoded(text)].flatMap(plain))],
  }
}

/** Whole groups of digits, alone or several in a row: part of a longer number is another number. */
function numbersIn(text: string, known: ReadonlyMap<string, TraceKind>, longest: number): TraceKind[] {
  const found: TraceKind[] = []
  for (const [run] of text.matchAll(DIGITS)) {
    const groups = run.split(/\D+/)
    for (const from of groups.keys()) {
      let digits = ''
      for (let to = from; to < groups.length && digits.length < longest; to++) {
        digits += groups[to] ?? ''
        const kind = known.get(digits)
        if (kind !== undefined) found.push(kind)
      }
    }
  }
  return found
}

function emailsIn(text: string, known: ReadonlySet<string>): TraceKind[] {
  const lower = text.toLowerCase()
  for (const [address] of [...lower.matchAll(EMAIL), ...lower.replaceAll(/\s/g, '').matchAll(EMAIL)]) {
    // What stands before it without a space between belongs to the match, but not to the address.
    for (let at = 0; at < address.indexOf('@'); at++) if (known.has(address.slice(at))) return ['email']
  }
  return []
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}[\p{L}'’.]*/gu) ?? []

function namesIn(text: string, known: ReadonlySet<string>, lengths: ReadonlySet<number>): TraceKind[] {
  if (known.size === 0 || text.length < NAME_MIN) return []
  const words = wordsOf(text)
  for (const length of lengths)
    for (let at = 0; at + length <= words.length; at++)
      if (known.has(words.slice(at, at + length).join(' '))) return ['name']
  return []
}

/** What base64 and hex in a text stand for; at every offset, because a value need not begin where the encoding does. */
function decoded(text: string): string[] {
  const all: string[] = []
  for (const [run] of text.matchAll(BASE64))
    for (let at = 0; at < 4; at++) all.push(Buffer.from(run.slice(at), 'base64').toString('latin1'))
  for (const [run] of text.matchAll(HEX)) {
    all.push(Buffer.from(run, 'hex').toString('latin1'))
    all.push(Buffer.from(run.slice(1), 'hex').toString('latin1'))
  }
  return all
}
