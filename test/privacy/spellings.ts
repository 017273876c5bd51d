/** A value in every spelling in which it could lie around. */
export interface Spelling {
  readonly of: string
  readonly how: string
  readonly bytes: Buffer
  /** Found in any case: letters of hex and of names are written both ways. */
  readonly anyCase: boolean
}

const latin = (text: string) => Buffer.from(text, 'latin1')

/** Raw, with a space or a dot between groups, in base64 at each of three offsets, in hex and percent-encoded. */
export function spellingsOf(of: string, value: string | Uint8Array): Spelling[] {
  const bytes = Buffer.from(value as string)
  const spell = (how: string, text: string, anyCase = true) => ({ of, how, bytes: latin(text), anyCase })
  const hex = bytes.toString('hex')
  const all = [
    { of, how: 'raw', bytes, anyCase: typeof value === 'string' },
    spell('hex', hex),
    spell('percent', hex.replaceAll(/../g, '%$&')),
    ...[0, 1, 2].flatMap((offset) => {
      const inner = innerBase64(bytes, offset)
      return [
        spell(`base64+${offset}`, inner, false),
        spell(`base64url+${offset}`, inner.replaceAll('+', '-').replaceAll('/', '_'), false),
      ]
    }),
  ]
  if (typeof value !== 'string') return all
  all.push(
    spell('encodeURIComponent', encodeURIComponent(value)),
    spell('form', encodeURIComponent(value).replaceAll('%20', '+')),
  )
  if (/^\+?\d+$/.test(value))
    for (const gap of [' ', '.', '-'])
      for (const size of [1, 3, 4]) all.push(spell(`grouped by ${size} with "${gap}"`, grouped(value, size, gap)))
  return all
}

const grouped = (digits: string, size: number, gap: string): string =>
  (digits.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(gap)

/** What is the same in base64 whatever stands before and after it. */
function innerBase64(bytes: Buffer, offset: number): string {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const text = padded.toString('base64').replaceAll('=', '')
  const from = Math.ceil((offset * 8) / 6)
  const whole = Math.floor((padded.length * 8) / 6)
  return text.slice(from, whole)
}

/** Which values stand in these bytes, and how. */
export function findIn(
  where: string,
  haystack: Uint8Array | string,
  spellings: readonly Spelling[],
): readonly string[] {
  const bytes = Buffer.from(haystack as string)
  const lower = latin(bytes.toString('latin1').toLowerCase())
  return spellings
    .filter(({ bytes: needle, anyCase }) =>
      anyCase ? lower.includes(latin(needle.toString('latin1').toLowerCase())) : bytes.includes(needle),
    )
    .map(({ of, how }) => `${where}: ${of} (${how})`)
}
