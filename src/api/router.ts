import { Router, type Request, type RequestHandler, type Response } from 'express'
import { PulihError } from '../engine/errors.js'
import type { Actor, Role } from '../machines/ticketType.js'
import type { Principal } from '../staff/principal.js'
import { officeReached } from '../staff/referral.js'
import { actorAs, assertMayKnow, roleAmong } from '../staff/scope.js'
import { authenticateFiler, identify } from './auth.js'
import { readLimits } from '../intake/limits.js'
import { readJsonBody } from './body.js'
import type { ApiDeps, Call, JsonObject, Route } from './context.js'
import { groupBy } from './groups.js'
import { requestLimiterOf, type RequestLimiter } from './limits.js'
import { send, stateOf, type RequestState } from './respond.js'
import { assertSameOrigin, readCookie } from './staffCookies.js'
import { parse } from './validation.js'
import { scopeOf } from '../staff/identity/index.js'

/** Nobody: the actor of routes that take no token. */
const ANONYMOUS: Actor = { id: 'anonymous', role: 'portal' }
const NO_BODY: JsonObject = {}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The table of routes as an Express router: who → query → body → handle → send. Other methods on a known path are 405 with Allow. */
export function mount(routes: readonly Route[], deps: ApiDeps): Router {
  const router = Router({ caseSensitive: true })
  const limiter = deps.limiter ?? requestLimiterOf(deps)
  for (const [path, here] of groupBy(routes, (it) => it.path)) {
    const at = router.route(path)
    for (const it of here) at[it.method](serve(it, deps, limiter))
    at.all(otherMethod(path, here))
  }
  return router
}

function serve(route: Route, deps: ApiDeps, limiter: RequestLimiter): RequestHandler {
  return async (req, res) => {
    const state = stateOf(res)
    state.route = route.path
    const params = req.params as Readonly<Record<string, string>>
    // Only what has the form of an id is an id; anything else in that place may be anything.
    if (UUID.test(params['id'] ?? '')) state.ticketId = params['id'] ?? null
    if (route.limit !== undefined) res.set(await limiter.take(route.limit, req.ip ?? ''))
    const { actor, principal, filed } = await callerOf(route, req, state, deps)
    if (route.limit !== undefined && filed !== null) await limiter.takeFor(route.limit, filed.ticketId)
    const query = route.query === undefined ? undefined : parse(route.query, req.query, 'query')
    const body = route.body === undefined ? NO_BODY : await readJsonBody(req, res)
    const upload = route.upload === undefined ? null : req
    const call: Call = { actor, principal, filed, params, query, body, upload, ...transport(req) }
    send(res, await route.handle(call))
  }
}

/** Who calls, by what the route takes; written down for the request's line in the log before anything is refused. */
async function callerOf(
  { access, path, everyOffice, stepUp }: Route,
  req: Request,
  state: RequestState,
  deps: ApiDeps,
): Promise<Caller> {
  // What a cookie may vouch for: everything of the staff's, and the steps of signing in.
  if (typeof access === 'object' || path.startsWith(SESSION)) refuseCrossSite(req, deps)
  if (access === 'open' || access === 'signIn') {
    // How far the sign-in has come is looked at by the step itself.
    if (access === 'signIn' && readCookie(req.headers.cookie, 'session', deps.services.staff.config) === null)
      throw new PulihError('UNAUTHENTICATED', 'no sign-in is under way')
    return { actor: ANONYMOUS, principal: null, filed: null }
  }
  const { authorization } = req.headers
  if (access === 'filer') {
    const caller = await authenticateFiler(authorization, deps)
    state.actorId = caller.actor.id
    state.actorRole = caller.actor.role
    state.ticketId = caller.filed.ticketId
    return { ...caller, principal: null }
  }
  const principal = await identify(req.headers, deps)
  state.actorId = principal.id
  state.actorRole = principal.grants[0]?.role ?? null
  if (access === 'session') return { actor: signedIn(principal), principal, filed: null }
  if (principal.scopes?.includes(scopeOf(path)) === false)
    throw new PulihError('ROLE_NOT_ALLOWED', 'this key does not open this group of routes')
  const ticketId = path.startsWith(TICKET) ? String(req.params['id']) : null
  const actor = await actorHere(access, ticketId, everyOffice === true ? everywhere(principal) : principal, deps)
  state.actorRole = actor.role
  if (stepUp === true) refuseStale(principal, deps)
  return { actor, principal, filed: null }
}
type Caller = Pick<Call, 'actor' | 'principal' | 'filed'>
const TICKET = '/v1/tickets/:id'
const SESSION = '/v1/session'

function refuseCrossSite(req: Request, { services: { staff } }: ApiDeps): void {
  const { authorization, cookie } = req.headers
  const hasCookie = authorization === undefined && readCookie(cookie, 'session', staff.config) !== null
  assertSameOrigin({ method: req.method, header: (name) => req.get(name) }, hasCookie, staff.config)
}

/** Routes of one's own session take nothing else: a token has none. Throws UNAUTHENTICATED. */
function signedIn(principal: Principal): Actor {
  if (principal.via !== 'session') throw new PulihError('UNAUTHENTICATED', 'nobody is signed in')
  return { id: principal.id, role: principal.grants[0]?.role ?? 'auditor' }
}

/**
 * The role that acts. Every route under a ticket is looked at here, so that none can forget it: a role counts for the office that has the
 * ticket now, or to which it was referred. Throws ROLE_NOT_ALLOWED, or TICKET_NOT_FOUND outside the caller's offices (A19).
 */
async function actorHere(
  access: readonly Role[],
  ticketId: string | null,
  principal: Principal,
  { store }: ApiDeps,
): Promise<Actor> {
  const anywhere = actorAs(principal, access, null)
  // Whoever acts everywhere needs no look at the ticket, which every command would pay for.
  if (ticketId === null || principal.grants.every((it) => it.officeId === null)) return anywhere
  const head = await store.findTicketHead(ticketId)
  const reaches = (officeId: string) => roleAmong(principal, access, officeId) !== null
  const officeId = head === null ? null : await officeReached(store, head, reaches)
  if (officeId !== null) return actorAs(principal, access, officeId)
  assertMayKnow(principal, head)
  throw new PulihError('ROLE_NOT_ALLOWED', 'no role of this caller is taken here')
}

/** An open session alone changes nobody's access. Throws STEP_UP_REQUIRED; a key or token has no code to give. */
function refuseStale({ via, steppedUpAt }: Principal, { config, clock }: ApiDeps): void {
  const { stepUpMinutes } = config.limits ?? readLimits().limits
  if (via === 'session' && clock.now() - (steppedUpAt ?? 0) >= stepUpMinutes * MINUTE)
    throw new PulihError('STEP_UP_REQUIRED', 'a fresh one-time code is needed')
}
const MINUTE = 60_000

/** What of somebody's roles counts for every office. */
const everywhere = (principal: Principal): Principal => ({
  ...principal,
  grants: principal.grants.filter((it) => it.officeId === null),
})

const transport = (req: Request): Pick<Call, 'method' | 'path' | 'ip' | 'header' | 'accepts'> => ({
  method: req.method,
  path: req.path,
  ip: req.ip ?? '',
  header: (name) => req.get(name),
  accepts: (...types) => req.accepts([...types]) || undefined,
})

function otherMethod(path: string, here: readonly Route[]): RequestHandler {
  const methods = here.flatMap((it) => (it.method === 'get' ? ['GET', 'HEAD'] : ['POST']))
  const allow = [...methods, 'OPTIONS'].join(', ')
  return (req: Request, res: Response) => {
    stateOf(res).route = path
    if (req.method !== 'OPTIONS') throw new PulihError('METHOD_NOT_ALLOWED', 'no such method here', { allow })
    send(res, { status: 204, headers: { Allow: allow }, body: null })
  }
}
