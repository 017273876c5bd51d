import { timingSafeEqual } from 'node:crypto'
import { TOKEN_ROLES, digestToken, type TokenEntry, type TokenRole } from '../config.js'
import { PulihError } from '../engine/errors.js'
import type { Actor } from '../machines/ticketType.js'
import { tokenPrincipal, type Principal } from '../staff/principal.js'
import { isServiceKey } from '../staff/identity/index.js'
import type { ApiDeps, FiledTicket } from './context.js'
import { readCookie } from './staffCookies.js'

/**
 * Who calls: by an Authorization header (a service key or a configured token) or, without one, by the cookie of a session. Read anew with every
 * request, so that what was taken away anywhere counts here at once (A41). `look` counts as no activity. Throws UNAUTHENTICATED.
 */
export async function identify(
  { authorization, cookie }: { readonly authorization?: string | undefined; readonly cookie?: string | undefined },
  { config, services: { staff } }: Pick<ApiDeps, 'config' | 'services'>,
  as: 'open' | 'look' = 'open',
): Promise<Principal> {
  if (authorization === undefined) {
    const opened = await staff.sessions[as](readCookie(cookie, 'session', staff.config))
    if (opened?.session.stage !== 'open') throw new PulihError('UNAUTHENTICATED', 'nobody is signed in')
    return staff.principalOf(opened)
  }
  const token = bearer(authorization)
  if (!isServiceKey(token)) return authenticate(authorization, config.tokens)
  const principal = await staff.serviceKeys.open(token)
  if (principal === null) throw new PulihError('UNAUTHENTICATED', 'no valid service key')
  return principal
}

/** Who stands behind an Authorization header. Throws UNAUTHENTICATED; no other header says who somebody is (A40). */
export function authenticate(header: string | undefined, tokens: readonly TokenEntry[]): Principal {
  const token = bearer(header)
  const digest = digestToken(token)
  let actor: Actor | null = null
  // Every entry is compared, so that the time taken tells nothing about which one matched.
  for (const entry of tokens) if (timingSafeEqual(entry.sha256, digest)) actor = { id: entry.actorId, role: entry.role }
  if (actor === null) throw new PulihError('UNAUTHENTICATED', 'unknown bearer token')
  return tokenPrincipal(actor)
}

/** Throws UNAUTHENTICATED without one. */
function bearer(header: string | undefined): string {
  const token = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1]
  if (token === undefined) throw new PulihError('UNAUTHENTICATED', 'no bearer token')
  return token
}

/**
 * The filer behind a status token: the participant of that one ticket. Throws UNAUTHENTICATED for a token that is unknown, expired or
 * revoked, or whose ticket's personal data are erased: none of these tells itself apart (A21).
 */
export async function authenticateFiler(
  header: string | undefined,
  { services, store }: Pick<ApiDeps, 'services' | 'store'>,
): Promise<{ actor: Actor; filed: FiledTicket }> {
  const token = bearer(header)
  const ticketId = await services.sessions.open(token)
  const head = ticketId === null ? null : await store.findTicketHead(ticketId)
  if (head === null) throw new PulihError('UNAUTHENTICATED', 'no status token of a ticket')
  return { actor: { id: head.participantRef, role: 'participant' }, filed: { ticketId: head.id, token } }
}

/** A token for trying things out, in the clear: printed once at start and never stored. */
export interface DevelopmentToken {
  readonly role: TokenRole
  readonly token: string
  readonly entry: TokenEntry
}

/** One token per role, for a start that is not production and was given none. `randomBytes` is injected. */
export function developmentTokens(randomBytes: (size: number) => Uint8Array): readonly DevelopmentToken[] {
  return TOKEN_ROLES.map((role) => {
    const token = `dev-${role}-${Buffer.from(randomBytes(18)).toString('base64url')}`
    return { role, token, entry: { role, actorId: `dev-${role}`, sha256: digestToken(token) } }
  })
}
