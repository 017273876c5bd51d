const MAX_CHARACTERS = 100
/** Control characters, and those that are not seen or turn the direction of reading: none of them belongs into a name. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu
const NAMELESS = 'berkas'

/** A file's name as text to be shown and never as a path: NFC, at most 100 characters, nothing unseen (R-FILE-7). */
export function displayName(given: string): string {
  const clean = given.normalize('NFC').replaceAll(UNSEEN, '').replaceAll('\uFFFD', '').trim()
  const characters = Array.from(clean)
  // The end of a name says what kind of file it is.
  const kept =
    characters.length <= MAX_CHARACTERS
      ? clean
      : [...characters.slice(0, MAX_CHARACTERS - 13), '…', ...characters.slice(-12)].join('')
  return kept === '' ? NAMELESS : kept
}

/** In lower case and without its dot; empty when there is none. */
export function extensionOf(given: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(given)?.[1]?.toLowerCase() ?? ''
}
