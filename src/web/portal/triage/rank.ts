import type { Terms } from '../terms.js'
import { CAUSES, PHRASES, SYMPTOMS, type Cause, type Sign, type Symptom } from './table.js'

export interface Told {
  /** What the app said, as somebody typed it: looked at and forgotten. */
  readonly text: string
  readonly picked: Symptom | null
  readonly signs: readonly Sign[]
}
export interface Ranked {
  readonly cause: Cause
  readonly score: number
}

const SIGN_WEIGHT = 6
const SHOWN = 3
const LONGEST = 500

const plain = (text: string): string =>
  text
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .replaceAll(/\b(bpjstku|bpjstk mobile|bpjstk)\b/g, 'jmo')

/** The symptoms that a message names, the most telling first (R25, R53, R70). */
export function symptomsIn(text: string): readonly Symptom[] {
  const words = plain(text)
  const found = PHRASES.filter(([, ...group]) => group.every((word) => words.includes(word))).map(
    ([symptom]) => symptom,
  )
  return [...new Set(found)]
}

/** What was picked before what was read. */
export const symptomsOf = ({ text, picked }: Pick<Told, 'text' | 'picked'>): readonly Symptom[] => {
  const read = symptomsIn(text)
  return picked === null ? read : [picked, ...read.filter((it) => it !== picked)]
}

/** The likeliest causes, at most three; what is not understood leads to what is likeliest for everybody. Never empty. */
export function rank({ signs, ...said }: Told): readonly Ranked[] {
  const symptoms = symptomsOf(said)
  const weigh = (cause: Cause): number => {
    const bySymptom = symptoms.map((it, at) => (cause.symptoms[it] ?? 0) / (at + 1))
    const bySign = cause.signs.filter((it) => signs.includes(it)).length * SIGN_WEIGHT
    return bySymptom.reduce((sum, it) => sum + it, bySign)
  }
  const ranked = CAUSES.map((cause) => ({ cause, score: weigh(cause) })).filter(({ score }) => score > 0)
  if (ranked.length === 0) return FOR_EVERYBODY
  return ranked.toSorted((a, b) => b.score - a.score).slice(0, SHOWN)
}
const FOR_EVERYBODY: readonly Ranked[] = ['SALAH_KETIK', 'GANGGUAN_SISTEM', 'AKUN_TERKUNCI'].flatMap((id) =>
  CAUSES.filter((it) => it.id === id).map((cause) => ({ cause, score: 0 })),
)
export const isSymptom = (text: string): text is Symptom => (SYMPTOMS as readonly string[]).includes(text)

type Waits = Pick<Terms, 'arrearsHours' | 'newAccountDays'>
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/**
 * Until when it is worth waiting (R27, R28), epoch ms; null when waiting is over or was none. `registered`: the day of registration as an
 * instant; not known, the longest wait counts from now. The waits are the policy's.
 */
export function waitUntil(cause: Cause, now: number, registered: number | null, waits: Waits): number | null {
  if (cause.id === 'IURAN_TERTUNGGAK') return now + waits.arrearsHours * HOUR_MS
  if (cause.id !== 'AKUN_BARU') return null
  const until = (registered ?? now) + waits.newAccountDays * DAY_MS
  return until > now ? until : null
}
