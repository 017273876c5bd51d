import { timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { PulihError } from '../../engine/errors.js'
import type { Vault } from '../../privacy/index.js'
import type { Cookie } from './visit.js'

const NAMES: Readonly<Record<Cookie, string>> = {
  draft: 'pulih-draf',
  status: 'pulih-status',
  device: 'pulih-perangkat',
}

/** Over TLS the name says that the cookie is this host's alone; plain HTTP is for one's own machine, where no browser takes that name. */
const nameOf = (name: Cookie, secure: boolean): string => (secure ? `__Host-${NAMES[name]}` : NAMES[name])
export const isSecure = (req: Request, production: boolean): boolean => production || req.secure

/** A cookie of the request; empty without one. Two of one name are none: one of them was planted, by another path or a sibling host. */
export function cookieOf(req: Request, name: Cookie, secure: boolean): string {
  const wanted = `${nameOf(name, secure)}=`
  const found = (req.headers.cookie ?? '')
    .split(';')
    .map((it) => it.trim())
    .filter((it) => it.startsWith(wanted))
  return found.length === 1 ? (found[0]?.slice(wanted.length) ?? '') : ''
}

/** Seconds. The status ends with the browser: whoever comes back later has the link, or a code to a proven contact. */
const LIFE: Readonly<Record<Cookie, number | null>> = { draft: 86_400, status: null, device: 365 * 86_400 }

export function setCookie(res: Response, name: Cookie, value: string, secure: boolean): void {
  const seconds = value === '' ? 0 : LIFE[name]
  const life = seconds === null ? '' : `; Max-Age=${seconds}`
  const cookie = `${nameOf(name, secure)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${life}`
  res.append('Set-Cookie', cookie)
}

/**
 * Throws ROLE_NOT_ALLOWED for a post that did not begin on a page of this very origin (A39). Browsers of today say so in Sec-Fetch-Site (`none`: the person did it, with no page behind it), older
 * ones in Origin; what says neither is no browser and carries nobody's cookies but its own.
 */
export function refuseForeign(req: Request): void {
  const site = req.headers['sec-fetch-site']
  const { origin } = req.headers
  const foreign =
    site !== undefined
      ? site !== 'same-origin' && site !== 'none'
      : origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === req.headers.host)
  if (foreign) throw new PulihError('ROLE_NOT_ALLOWED', 'this post came from elsewhere')
}

/** What the forms of a session carry: nobody who cannot read its pages knows it. */
export const csrfOf = (vault: Pick<Vault, 'macs'>, session: string): readonly string[] =>
  session === '' ? [] : vault.macs('portal-form', session)

/** Throws ROLE_NOT_ALLOWED. A visitor without a session has nothing that could be misused. */
export function refuseForged(expected: readonly string[], given: string): void {
  if (expected.length === 0) return
  const told = Buffer.from(given)
  const same = expected
    .map((it) => Buffer.from(it))
    .some((it) => it.length === told.length && timingSafeEqual(it, told))
  if (!same) throw new PulihError('ROLE_NOT_ALLOWED', 'this form is not of this session')
}
