import { createHash } from 'node:crypto'
import { ROLES, type Role } from './machines/ticketType.js'

/** A bearer token as it is kept: only its digest, so that a printed or logged configuration opens nothing. */
export interface TokenEntry {
  readonly role: TokenRole
  readonly actorId: string
  readonly sha256: Buffer
  /** Easy to guess; told by `pulih doctor`. */
  readonly weak?: true
}
export type TokenRole = Exclude<Role, 'system'>
export const TOKEN_ROLES: readonly TokenRole[] = ROLES.filter((role): role is TokenRole => role !== 'system')

const TOKEN_MIN = 16
const ACTOR_ID = /^[A-Za-z0-9._-]{1,64}$/

/** SHA-256 of a token: what is stored and compared. */
export const digestToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()

/** A comma-separated list; empty entries are none. */
export const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** `role:actorId:token,…`; a token may itself hold a colon. */
export function readTokens(text: string): { tokens: TokenEntry[]; faults: string[] } {
  const tokens: TokenEntry[] = []
  const faults: string[] = []
  for (const [index, entry] of listed(text).entries()) {
    const [role, actorId, ...rest] = entry.split(':')
    const token = rest.join(':')
    const at = `PULIH_TOKENS entry ${index + 1}`
    const known = TOKEN_ROLES.find((name) => name === role)
    if (known === undefined) faults.push(`${at} must start with a role: ${TOKEN_ROLES.join(', ')}.`)
    else if (actorId === undefined || !ACTOR_ID.test(actorId))
      faults.push(`${at} needs an actor id of 1 to 64 letters, digits, dots, underscores or hyphens after the role.`)
    else if (folded(actorId) === 'system') faults.push(`${at} takes the actor id that the engine itself acts under.`)
    else if (token.length < TOKEN_MIN || !/^[\x21-\x7e]+$/.test(token))
      faults.push(`${at} needs a token of at least ${TOKEN_MIN} visible ASCII characters.`)
    else tokens.push({ role: known, actorId, sha256: digestToken(token), ...(isWeak(token) ? { weak: true } : {}) })
  }
  const digests = tokens.map((entry) => entry.sha256.toString('hex'))
  if (new Set(digests).size < digests.length) faults.push('PULIH_TOKENS gives the same token to two actors.')
  const roleOf = new Map<string, Role>()
  for (const { actorId, role } of tokens) {
    // An actor with two roles could propose as one and approve as the other.
    if ((roleOf.get(folded(actorId)) ?? role) !== role) faults.push('PULIH_TOKENS gives one actor id two roles.')
    roleOf.set(folded(actorId), role)
  }
  return { tokens, faults }
}

/** A word that people type, a few characters again and again, or a row of neighbours: a random token is none of these. */
function isWeak(token: string): boolean {
  const codes = Array.from(token, (char) => char.charCodeAt(0))
  const steps = codes.filter((code, index) => Math.abs(code - (codes[index - 1] ?? -9)) <= 1).length
  return (
    /password|passwd|secret|token|changeme|rahasia|pulih|admin|example|qwerty/i.test(token) ||
    new Set(codes).size < 8 ||
    steps > token.length / 2
  )
}

/** Two spellings of an actor id are one person; ids are ASCII, so lower case is enough. */
const folded = (actorId: string): string => actorId.toLowerCase()
