import { createHash } from 'node:crypto'

export type RandomBytes = (size: number) => Uint8Array

/** Of what is random beyond guessing, a plain hash is enough. base64url. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('base64url')

/** 256 random bits in base64url. */
export const newSecret = (random: RandomBytes): string => Buffer.from(random(32)).toString('base64url')
export const SECRET = /^[A-Za-z0-9_-]{43}$/

/** Without what is read or typed as something else: no 0, 1, i, l, o, u. */
const LETTERS = 'abcdefghjkmnpqrstvwxyz23456789'
const GROUP = 5

/** A word for people to type, in groups of five; each sign is worth 4.9 bits. */
export function newWord(random: RandomBytes, signs: number): string {
  const fair = 256 - (256 % LETTERS.length)
  let word = ''
  // Bytes above the last whole round would make the first letters likelier.
  while (word.length < signs)
    for (const byte of random(signs)) if (byte < fair) word += LETTERS[byte % LETTERS.length] ?? ''
  return (word.slice(0, signs).match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-')
}

/** As typed: any case, with or without hyphens and spaces. */
export const plainWord = (typed: string): string => typed.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
