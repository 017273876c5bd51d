import { timingSafeEqual } from 'node:crypto'
import type { ChallengeRow } from '../../db/intake/challenges.js'
import type { Vault } from '../privacy/index.js'

const DIGITS = 6
const CODES = 10 ** DIGITS
/** The largest multiple of all codes under 2^32: numbers from there on are drawn again, or some codes would be likelier than others. */
const FAIR = Math.floor(2 ** 32 / CODES) * CODES

/** Six decimal digits, each combination as likely as any other. `random` is a CSPRNG (R-NIST-2). */
export function newCode(random: (size: number) => Uint8Array): string {
  for (;;) {
    const number = Buffer.from(random(4)).readUInt32BE()
    if (number < FAIR) return String(number % CODES).padStart(DIGITS, '0')
  }
}

type Bound = Pick<ChallengeRow, 'id' | 'generation'>
/** Under a key that is no part of the database, over the challenge too: the same code elsewhere is another MAC (R-OTP-4, R-OTP-5). */
const macsOf = (vault: Pick<Vault, 'macs'>, { id, generation }: Bound, code: string): readonly string[] =>
  vault.macs('code', `${id}|${generation}|${code}`)

/** What is kept of a code. */
export const macOfCode = (vault: Pick<Vault, 'macs'>, challenge: Bound, code: string): string =>
  macsOf(vault, challenge, code)[0] ?? ''

/** Compared in constant time, under every key in use: a rotation kills no code. */
export function codeMatches(vault: Pick<Vault, 'macs'>, challenge: ChallengeRow, code: string): boolean {
  const kept = Buffer.from(challenge.codeMac ?? '')
  let matches = false
  for (const mac of macsOf(vault, challenge, code.trim())) {
    const made = Buffer.from(mac)
    if (made.length === kept.length && timingSafeEqual(made, kept)) matches = true
  }
  return matches
}
