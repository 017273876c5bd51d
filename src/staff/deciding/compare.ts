/** How two values of one field stand to each other. `onlyHere`: the other side holds nothing; `unknown`: nobody could be asked. */
export type Verdict = 'equal' | 'differs' | 'onlyHere' | 'unknown'
/** What kind of difference it looks like; a hint for an officer, never a decision. */
export type Difference =
  'typo' | 'wordOrder' | 'spelling' | 'abbreviation' | 'missingWord' | 'swapped' | 'dayMonthSwapped' | 'other'
export interface Comparison {
  readonly verdict: Verdict
  readonly kind: Difference | null
  /** Letters or digits to change, where few are enough to make one of the other. */
  readonly distance: number | null
}

const plain = (verdict: Verdict): Comparison => ({ verdict, kind: null, distance: null })
const differs = (kind: Difference, distance: number | null = null): Comparison => ({
  verdict: 'differs',
  kind,
  distance,
})
export const UNKNOWN = plain('unknown')
/** More than this many changes, and it is another word. */
const TYPOS = 2

/** Names as people compare them: case, accents and punctuation aside. */
export function compareNames(one: string, other: string | null): Comparison {
  if (other === null) return plain('onlyHere')
  const [a, b] = [wordsOf(one), wordsOf(other)]
  if (a.join(' ') === b.join(' ')) return plain('equal')
  if (a.join('') === b.join('')) return differs('other', 0)
  const sorted = (words: readonly string[]) => words.toSorted().join(' ')
  if (sorted(a) === sorted(b)) return differs('wordOrder')
  if (sorted(a.map(newSpelling)) === sorted(b.map(newSpelling))) return differs('spelling')
  if (a.length === b.length && a.every((word, n) => isShort(word, b[n] ?? ''))) return differs('abbreviation')
  const distance = distanceOf(a.join(' '), b.join(' '))
  if (distance <= TYPOS) return differs('typo', distance)
  if (isPart(a, b) || isPart(b, a)) return differs('missingWord')
  return differs('other')
}

/** Numbers of fixed length: one digit mistyped, two swapped, or another number altogether. */
export function compareDigits(one: string, other: string | null): Comparison {
  if (other === null) return plain('onlyHere')
  if (one === other) return plain('equal')
  const distance = distanceOf(one, other)
  if (distance === 1 && one.length === other.length && isSwap(one, other)) return differs('swapped', 1)
  return distance <= TYPOS ? differs('typo', distance) : differs('other')
}

/** Days, ISO 8601. */
export function compareDates(one: string, other: string | null): Comparison {
  if (other === null) return plain('onlyHere')
  if (one === other) return plain('equal')
  const [year, month, day] = one.split('-')
  if (other === `${year}-${day}-${month}`) return differs('dayMonthSwapped')
  const distance = distanceOf(one, other)
  return distance <= TYPOS ? differs('typo', distance) : differs('other')
}

const wordsOf = (name: string): readonly string[] =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')

/**
 * Letters as before 1972 and after it become one: `Soeharto` and `Suharto`, `Tjahja` and `Cahya`, `Djojo` and `Joyo`. What was `j` is now `y`
 * and what was `dj` is now `j`, so both end in one letter here.
 */
const newSpelling = (word: string): string =>
  word
    .replaceAll('oe', 'u')
    .replaceAll('tj', 'c')
    .replaceAll('dj', 'y')
    .replaceAll('nj', 'ny')
    .replaceAll('sj', 'sy')
    .replaceAll('ch', 'kh')
    .replaceAll('j', 'y')

/** The same word, or one of them its beginning: `M.`, `Moh.` for Mohammad, and the many ways to write Muhammad. */
const isShort = (one: string, other: string): boolean =>
  one === other || one.startsWith(other) || other.startsWith(one) || (MUHAMMAD.test(one) && MUHAMMAD.test(other))
const MUHAMMAD = /^(m|mo?h|mu?h|mo(c|k)?h(a|am|amm?ad|amm?at)?|mu(c|k)?h(a|am|amm?ad|amm?at)?)$/
const isPart = (part: readonly string[], whole: readonly string[]): boolean =>
  part.every((word) => whole.includes(word))

function isSwap(one: string, other: string): boolean {
  const at = Array.from(one).findIndex((digit, n) => digit !== other[n])
  return one[at] === other[at + 1] && one[at + 1] === other[at]
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function distanceOf(one: string, other: string): number {
  const row = (length: number, first: number) => Array.from({ length }, (_, n) => n + first)
  let before: number[] = []
  let last = row(other.length + 1, 0)
  for (let i = 1; i <= one.length; i++) {
    const current = [i]
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1
      let best = Math.min((last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      current.push(best)
    }
    before = last
    last = current
  }
  return last[other.length] ?? 0
}
