import type { Request, Response } from 'express'
import type { Drafts } from './drafts.js'
import { filled } from './fill.js'
import { isDeviceId } from '../../intake/device.js'
import { cookieOf, csrfOf, isSecure, setCookie } from './guard.js'
import type { Cookie, Filer, Form, Language, PortalDeps, Visit } from './visit.js'

export interface Base {
  readonly deps: PortalDeps
  readonly drafts: Drafts
}
interface Where {
  readonly language: Language
  readonly path: string
  /** Looks at no session. */
  readonly bare?: boolean
}

/** One request with whose it is. A cookie that opens nothing counts as none. */
export async function visitOf({ deps, drafts }: Base, req: Request, res: Response, where: Where): Promise<Visit> {
  const { language, path, bare = false } = where
  const secure = isSecure(req, deps.config.production)
  const tokens: Record<Exclude<Cookie, 'device'>, string> = {
    draft: bare ? '' : cookieOf(req, 'draft', secure),
    status: bare ? '' : cookieOf(req, 'status', secure),
  }
  const draft = tokens.draft === '' ? null : await drafts.open(tokens.draft)
  const filer = tokens.status === '' ? null : await filerOf(deps, tokens.status)
  const session = filer !== null ? tokens.status : draft !== null ? tokens.draft : ''
  res.locals['sessions'] = [filer === null ? '' : tokens.status, draft === null ? '' : tokens.draft]
  return {
    deps,
    language,
    path,
    query: new URL(req.originalUrl, 'http://portal').searchParams,
    ip: req.ip ?? '',
    drafts,
    draft,
    filer,
    csrf: csrfOf(deps.services.vault, session)[0] ?? '',
    req,
    say: (label, values) => (values === undefined ? label[language] : filled(label[language], values)),
    to: (to) => `${language === 'en' ? '/en' : ''}${to}`,
    device: () => deviceOf(deps, req, res, secure),
    cookies: {
      set: (name, value) => setCookie(res, name, value, secure),
      clear: (name) => setCookie(res, name, '', secure),
    },
  }
}

/** Given where it is first counted, not to whoever only reads; once an answer. */
function deviceOf({ random }: PortalDeps, req: Request, res: Response, secure: boolean): string {
  const known = (res.locals['device'] as string | undefined) ?? cookieOf(req, 'device', secure)
  if (isDeviceId(known)) return known
  const made = Buffer.from(random(32)).toString('base64url')
  res.locals['device'] = made
  setCookie(res, 'device', made, secure)
  return made
}

/** What any form of this browser may carry: those of the draft and those of the status stay valid beside each other. */
export const csrfsOf = (visit: Visit): readonly string[] => {
  const sessions = (visit.req.res?.locals['sessions'] ?? []) as readonly string[]
  return sessions.flatMap((it) => csrfOf(visit.deps.services.vault, it))
}

async function filerOf({ services, store }: PortalDeps, token: string): Promise<Filer | null> {
  const ticketId = await services.sessions.open(token)
  const head = ticketId === null ? null : await store.findTicketHead(ticketId)
  return head === null ? null : { ticketId: head.id, token, actor: { id: head.participantRef, role: 'participant' } }
}

const LONGEST = 500
/** One value a name: the first. What is longer than any answer is cut, so that checks stay quick. */
export function formOf(body: unknown): Form {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(body as Record<string, unknown>)) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') values.set(name, first.slice(0, LONGEST))
  }
  return (name) => values.get(name) ?? ''
}
