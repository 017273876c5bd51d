import { performance } from 'node:perf_hooks'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { PulihError } from '../engine/errors.js'
import type { ApiDeps, Route } from './context.js'
import { requestLimiterOf } from './limits.js'
import { openApiRoute } from './openapi.js'
import { readRequestId } from './requestHeaders.js'
import { problemHandler, stateOf, type RequestState } from './respond.js'
import { mount } from './router.js'
import { accessRoutes } from './routes/access.js'
import { branchRoutes } from './routes/branch.js'
import { bulkRoutes } from './routes/bulk.js'
import { auditRoutes } from './routes/audit.js'
import { calendarChangeRoutes } from './routes/calendarChanges.js'
import { calendarViewRoutes } from './routes/calendarViews.js'
import { claimRoutes } from './routes/claims.js'
import { clockRoutes } from './routes/clocks.js'
import { codeRoutes } from './routes/codes.js'
import { dataRequestRoutes } from './routes/dataRequests.js'
import { comparisonRoutes } from './routes/comparison.js'
import { deadLetterRoutes } from './routes/deadLetters.js'
import { docsPage } from './routes/docs.js'
import { documentRoutes } from './routes/documents.js'
import { draftRoutes } from './routes/drafts.js'
import { emailDomainRoutes } from './routes/emailDomains.js'
import { eventRoutes } from './routes/events.js'
import { filingRoutes } from './routes/filing.js'
import { fourEyesRoutes } from './routes/fourEyes.js'
import { incidentRoutes } from './routes/incidents.js'
import { historyRoutes } from './routes/history.js'
import { metricsPage } from './routes/metrics.js'
import { liveRoutes } from './routes/live.js'
import { mailboxRoutes } from './routes/mailbox.js'
import { mergeRoutes } from './routes/merges.js'
import { messageRoutes } from './routes/messages.js'
import { noticeRoutes } from './routes/notices.js'
import { objectionPage } from './routes/objectionPage.js'
import { objectionRoutes } from './routes/objections.js'
import { officeRoutes } from './routes/offices.js'
import { renewalRoutes } from './routes/renewal.js'
import { noteRoutes } from './routes/notes.js'
import { pageLinkRoutes } from './routes/pageLinks.js'
import { personRoutes } from './routes/person.js'
import { probeRoutes } from './routes/probes.js'
import { referenceRoutes } from './routes/reference.js'
import { reportRoutes } from './routes/reports.js'
import { riskRoutes } from './routes/risk.js'
import { ownSessionRoutes } from './routes/ownSessions.js'
import { serviceKeyRoutes } from './routes/serviceKeys.js'
import { sessionRoutes } from './routes/session.js'
import { staffRoutes } from './routes/staff.js'
import { statusRoutes } from './routes/status.js'
import { ticketRoutes } from './routes/tickets.js'
import { verificationRoutes } from './routes/verification.js'
import { workDeskRoutes } from './routes/workDesk.js'
import { workflowRoutes } from './routes/workflow.js'
import { worklistRoutes } from './routes/worklist.js'

/** The API as an Express application. It knows no ticket type by name: everything comes from the registry. */
export function createApi(given: ApiDeps): Express {
  const deps: ApiDeps = { ...given, limiter: given.limiter ?? requestLimiterOf(given) }
  const app = express()
  app.set('query parser', 'simple')
  // Whom to believe about X-Forwarded-*: nobody, or exactly so many proxies (A40).
  app.set('trust proxy', deps.config.trustProxyHops === 0 ? false : deps.config.trustProxyHops)
  app.use(begin(deps), securityHeaders())
  app.use(docsPage(deps), metricsPage(deps), objectionPage(deps))
  app.use(mount(apiRoutes(deps), deps))
  if (deps.console != null) app.use(deps.console)
  if (deps.portal !== undefined) app.use(deps.portal)
  app.use(() => {
    throw new PulihError('NOT_FOUND', 'no such address')
  })
  app.use(problemHandler(deps))
  return app
}

/** Every route there is; the OpenAPI document and the tests read the same list. */
export function apiRoutes(deps: ApiDeps): readonly Route[] {
  const routes = [
    ...filingRoutes(deps),
    ...statusRoutes(deps),
    ...codeRoutes(deps),
    ...accessRoutes(deps),
    ...ticketRoutes(deps),
    ...eventRoutes(deps),
    ...personRoutes(deps),
    ...auditRoutes(deps),
    ...worklistRoutes(deps),
    ...claimRoutes(deps),
    ...workDeskRoutes(deps),
    ...officeRoutes(deps),
    ...bulkRoutes(deps),
    ...incidentRoutes(deps),
    ...verificationRoutes(deps),
    ...comparisonRoutes(deps),
    ...noteRoutes(deps),
    ...branchRoutes(deps),
    ...draftRoutes(deps),
    ...riskRoutes(deps),
    ...mergeRoutes(deps),
    ...objectionRoutes(deps),
    ...fourEyesRoutes(deps),
    ...emailDomainRoutes(deps),
    ...historyRoutes(deps),
    ...clockRoutes(deps),
    ...referenceRoutes(deps),
    ...calendarViewRoutes(deps),
    ...workflowRoutes(deps),
    ...liveRoutes(deps),
    ...calendarChangeRoutes(deps),
    ...deadLetterRoutes(deps),
    ...dataRequestRoutes(deps),
    ...documentRoutes(deps),
    ...pageLinkRoutes(deps),
    ...sessionRoutes(deps),
    ...ownSessionRoutes(deps),
    ...renewalRoutes(deps),
    ...staffRoutes(deps),
    ...serviceKeyRoutes(deps),
    ...mailboxRoutes(deps),
    ...messageRoutes(deps),
    ...reportRoutes(deps),
    ...noticeRoutes(deps),
    ...probeRoutes(deps),
  ]
  return [...routes, openApiRoute(routes)]
}

/** Gives the request its id and logs it once when it is over: ids, codes and the route's template only (R-LOG-1, R-OBS-1). */
export function begin({ ids, logger, health, observer }: ApiDeps): RequestHandler {
  return (req, res, next) => {
    const seen = observer?.request(req.method, req.get('traceparent'))
    const state: RequestState = {
      requestId: readRequestId(req.get('x-request-id')) ?? ids.id(),
      startedAt: performance.now(),
      route: null,
      actorId: null,
      actorRole: null,
      ticketId: null,
      code: null,
    }
    res.locals['state'] = state
    res.setHeader('X-Request-Id', state.requestId)
    res.setHeader('Cache-Control', 'no-store')
    if (health.stopping) res.setHeader('Connection', 'close')
    res.once('close', () => {
      const { requestId, route, actorId, actorRole, ticketId, code, answeredAt } = stateOf(res)
      const level = QUIET.has(route ?? '') ? 'debug' : 'info'
      const seconds = ((answeredAt ?? performance.now()) - state.startedAt) / 1_000
      seen?.end({ route, status: res.writableFinished ? res.statusCode : null, code, seconds })
      logger[level](
        {
          requestId,
          'http.request.method': METHODS.has(req.method) ? req.method : '_OTHER',
          'http.route': route,
          'http.response.status_code': res.statusCode,
          'http.server.request.duration': Math.round(seconds * 1_000) / 1_000,
          actorId,
          actorRole,
          ticketId,
          code,
          ...(res.writableFinished ? {} : { aborted: true }),
          ...(seen === undefined || seen.trace === null ? {} : { traceId: seen.trace.slice(3, 35) }),
        },
        'request',
      )
    })
    if (seen === undefined) next()
    else seen.within(next)
  }
}
/** Asked every few seconds by machines. */
const QUIET = new Set(['/livez', '/readyz', '/metrics'])
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

/** JSON needs nothing from anywhere: no script, style, frame or form. A page that needs a style of its own says so itself. */
export const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  })
