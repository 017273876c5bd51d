import { PulihError } from '../engine/errors.js'
import type { StaffConfig } from '../staff/identity/index.js'

/** Names and ways of the cookies that the staff's browsers hold. Only these are read; what others set is nothing to us. */
type Names = 'session' | 'oidc'
const NAMES: Readonly<Record<Names, string>> = { session: 'pulih-staff', oidc: 'pulih-staff-oidc' }

/** `__Host-` ties a cookie to this host, to TLS and to the whole path; on a loopback address in development the plain name does. */
const nameOf = (which: Names, { secureCookies }: StaffConfig): string => (secureCookies ? '__Host-' : '') + NAMES[which]

/** The value of a cookie; null without one. Two of one name are none: one of them was planted. */
export function readCookie(header: string | undefined, which: Names, config: StaffConfig): string | null {
  const name = `${nameOf(which, config)}=`
  const found = (header ?? '')
    .split(';')
    .map((it) => it.trim())
    .filter((it) => it.startsWith(name))
  return found.length === 1 ? (found[0]?.slice(name.length) ?? null) : null
}

/** The way back from the issuer starts on another site, where a strict cookie would not be sent. */
const SITE: Readonly<Record<Names, string>> = { session: 'Strict', oidc: 'Lax' }

/** `value` null takes the cookie away. It ends with the browser's session; the server's own limits end it earlier. */
export function writeCookie(which: Names, value: string | null, config: StaffConfig): string {
  const secure = config.secureCookies ? '; Secure' : ''
  const age = value === null ? '; Max-Age=0' : which === 'oidc' ? '; Max-Age=600' : ''
  return `${nameOf(which, config)}=${value ?? ''}; Path=/; HttpOnly; SameSite=${SITE[which]}${secure}${age}`
}

interface Sent {
  readonly method: string
  readonly header: (name: string) => string | undefined
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * What changes something and rests on a cookie must come from our own pages: browsers say where from in headers that pages cannot write (A39).
 * Throws CROSS_SITE_REFUSED, also for the origin `null` and, where a cookie came, for neither header.
 */
export function assertSameOrigin({ method, header }: Sent, hasCookie: boolean, config: StaffConfig): void {
  if (SAFE.has(method)) return
  const site = header('sec-fetch-site')
  const origin = header('origin')
  const said = site !== undefined || origin !== undefined
  const own =
    (site ?? 'same-origin') === 'same-origin' && (origin === undefined || isOwn(origin, header('host'), config))
  if (said ? !own : hasCookie) throw new PulihError('CROSS_SITE_REFUSED', 'not from a page of this origin')
}

function isOwn(origin: string, host: string | undefined, config: StaffConfig): boolean {
  if (origin === config.origin) return true
  return !config.onlyOrigin && URL.canParse(origin) && new URL(origin).host === host
}
