import { Router, type Request, type RequestHandler, type Response } from 'express'
import { PulihError } from '../engine/errors.js'
import type { Actor } from '../machines/ticketType.js'
import { authenticate, authenticateFiler, authorize } from './auth.js'
import { readLimits } from '../intake/limits.js'
import { readJsonBody } from './body.js'
import type { Access, ApiDeps, Call, JsonObject, Route } from './context.js'
import { groupBy } from './groups.js'
import { createRequestLimiter, type RequestLimiter } from './limits.js'
import { send, stateOf, type RequestState } from './respond.js'
import { parse } from './validation.js'

/** Nobody: the actor of routes that take no token. */
const ANONYMOUS: Actor = { id: 'anonymous', role: 'portal' }
const NO_BODY: JsonObject = {}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The table of routes as an Express router: who → query → body → handle → send. Other methods on a known path are 405 with Allow. */
export function mount(routes: readonly Route[], deps: ApiDeps): Router {
  const router = Router({ caseSensitive: true })
  const limiter = createRequestLimiter(deps.config.limits ?? readLimits().limits)
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
    const { actor, filed } = await callerOf(route.access, req, state, deps)
    const query = route.query === undefined ? undefined : parse(route.query, req.query, 'query')
    const body = route.body === undefined ? NO_BODY : await readJsonBody(req, res)
    const upload = route.upload === undefined ? null : req
    const call: Call = { actor, filed, params, query, body, upload, ...transport(req) }
    send(res, await route.handle(call))
  }
}

/** Who calls, by what the route takes; written down for the request's line in the log before anything is refused. */
async function callerOf(
  access: Access,
  req: Request,
  state: RequestState,
  deps: ApiDeps,
): Promise<Pick<Call, 'actor' | 'filed'>> {
  if (access === 'open') return { actor: ANONYMOUS, filed: null }
  const { authorization } = req.headers
  const caller =
    access === 'filer'
      ? await authenticateFiler(authorization, deps)
      : { actor: authenticate(authorization, deps.config.tokens), filed: null }
  state.actorId = caller.actor.id
  state.actorRole = caller.actor.role
  if (caller.filed !== null) state.ticketId = caller.filed.ticketId
  if (access !== 'filer') authorize(caller.actor, access)
  return caller
}

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
