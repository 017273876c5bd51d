import { performance } from 'node:perf_hooks'
import express, {
  Router,
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { faultPage, toldFault } from './faults.js'
import { outagesOf } from './outages.js'
import { loadAssets } from './assets.js'
import { createDrafts } from './drafts.js'
import { refuseForeign, refuseForged } from './guard.js'
import { page as pageOf } from './layout.js'
import { visitOf, formOf, csrfsOf, type Base } from './opening.js'
import { filesOriginOf, servePicture } from './pictures.js'
import { PAGES } from './pages/index.js'
import type { Answer, Language, Page, PortalDeps, Visit } from './visit.js'
import { PulihError } from '../../engine/errors.js'

/** Pages load their own style and script, pictures of documents from the other origin, and nothing else; nobody frames them (A39). */
const policyOf = (pictures: string | null): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    `img-src 'self'${pictures === null ? '' : ` ${pictures}`}`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
const IMMUTABLE = 'public, max-age=31536000, immutable'
const BODY_LIMIT = '32kb'
const FIELDS = 40

/** The participant portal: server-made pages that need no JavaScript, and `/` leads to them. */
export function createPortal(deps: PortalDeps): RequestHandler {
  const { paths, files } = loadAssets()
  const { store, services, clock, ids, random } = deps
  const drafts = createDrafts({ store: store.intake.portal, vault: services.vault, clock, ids, random })
  const base: Base = { deps, drafts }
  const router = Router({ caseSensitive: true, strict: true })
  const picture = servePicture(deps)
  const form = express.urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: FIELDS, inflate: false })
  const outages = outagesOf(deps)
  const write = async (visit: Visit, res: Response, answer: Answer): Promise<void> => {
    res.setHeader('Content-Security-Policy', policyOf(filesOriginOf(visit.req, deps.config.filesOrigin)))
    // The origin of a post tells its own pages from others', so it has to be sent; beyond this host nothing is.
    res.setHeader('Referrer-Policy', 'same-origin')
    res.setHeader('Content-Language', visit.language)
    if ('redirect' in answer) res.redirect(303, answer.redirect)
    else if ('json' in answer) res.json(answer.json)
    else if ('stream' in answer) {
      streaming(res)
      answer.stream(res)
    } else {
      res.status(answer.status ?? ((answer.faults?.length ?? 0) > 0 ? 422 : 200))
      res.type('html').send(pageOf(visit, answer, paths, await outages()))
    }
  }
  router.get('/', (_req, res) => {
    mark(res, '/')
    res.redirect(302, '/pengaduan')
  })
  router.get('/en', (_req, res) => res.redirect(302, '/en/pengaduan'))
  router.get('/portal/:file', (req, res) => {
    mark(res, '/portal/:file')
    const asset = files.get(req.path)
    if (asset === undefined) throw new PulihError('NOT_FOUND', 'no such file')
    res.setHeader('Cache-Control', IMMUTABLE)
    res.setHeader('Content-Type', asset.type)
    res.end(asset.body)
  })
  router.get('/berkas/:grant', (req, res, next) => {
    mark(res, '/berkas')
    return picture(req, res, next)
  })
  for (const page of PAGES)
    for (const language of ['id', 'en'] as const) mountPage(router, page, language, { base, form, write })
  // Somebody with a browser and a wrong address gets a page that leads on; programs get the problem document.
  router.use((req, _res, next) => {
    if (req.path.startsWith('/v1/') || req.accepts('json', 'html') !== 'html') next()
    else throw new PulihError('NOT_FOUND', 'no such page')
  })
  router.use(oops(base, write))
  return router
}

interface Parts {
  readonly base: Base
  readonly form: RequestHandler
  readonly write: (visit: Visit, res: Response, answer: Answer) => Promise<void>
}

function mountPage(router: Router, page: Page, language: Language, { base, form, write }: Parts): void {
  const path = `${language === 'en' ? '/en' : ''}${page.path}`
  const { get, post, upload, counted } = page
  const begin: RequestHandler = (_req, res, next) => {
    mark(res, path)
    res.locals['language'] = language
    next()
  }
  if (get !== undefined)
    router.get(path, begin, async (req, res) => {
      const visit = await visitOf(base, req, res, { language, path: page.path })
      await write(visit, res, await get(visit))
    })
  if (post === undefined && upload === undefined) return
  router.post(path, begin, async (req: Request, res: Response) => {
    refuseForeign(req)
    if (counted !== undefined) await base.deps.limiter.take(counted, req.ip ?? '')
    const visit = await visitOf(base, req, res, { language, path: page.path })
    // Nothing is done: it was sent from another tab meanwhile, or its day is over. Its form was of a session that is no more.
    if (page.ended !== undefined && visit.draft === null) {
      await write(visit, res, followed(req, page.ended(visit)))
      return
    }
    if (upload !== undefined && req.is('multipart/form-data') !== false) {
      refuseForged(csrfsOf(visit), visit.query.get('csrf') ?? '')
      await write(visit, res, followed(req, await upload(visit, req)))
      return
    }
    if (post === undefined) throw new PulihError('MEDIA_TYPE_UNSUPPORTED', 'this page takes files only')
    await read(form, req, res)
    if (req.body === undefined) throw new PulihError('BODY_MALFORMED', 'the form cannot be read')
    const typed = formOf(req.body)
    refuseForged(csrfsOf(visit), typed('csrf'))
    await write(visit, res, await post(visit, typed))
  })
}

/** A script cannot tell a redirect from what it leads to: it is told where to go. */
const followed = (req: Request, answer: Answer): Answer =>
  'redirect' in answer && req.accepts('html', 'json') === 'json'
    ? { json: { ok: false, next: answer.redirect } }
    : answer

/** Rejects with what its reader says: too large, too many fields, not readable. */
const read = (form: RequestHandler, req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    void form(req, res, (error?: unknown) => {
      if (error === undefined) resolve()
      else reject(error instanceof Error ? error : new PulihError('BODY_MALFORMED', 'the form cannot be read'))
    })
  })

/** How long somebody listens says nothing about how quickly they were answered. */
function streaming(res: Response): void {
  const state = res.locals['state'] as { answeredAt?: number } | undefined
  if (state !== undefined) state.answeredAt = performance.now()
}

/** The log and the metrics know the template of an address, never the address. */
function mark(res: Response, route: string, code: string | null = null): void {
  const state = res.locals['state'] as { route: string | null; code: string | null } | undefined
  if (state === undefined) return
  state.route = route
  state.code = code
}

/** What went wrong on a page of the portal is a page of the portal. */
function oops(base: Base, write: Parts['write']): ErrorRequestHandler {
  return async (thrown: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) {
      next(thrown)
      return
    }
    const fault = toldFault(res, thrown, base.deps.logger)
    const language = (res.locals['language'] as Language | undefined) ?? (req.path.startsWith('/en') ? 'en' : 'id')
    // Sessions are not looked at again: the store may be what failed.
    const visit = await visitOf(base, req, res, { language, path: '/pengaduan', bare: true })
    const asJson = req.accepts('html', 'json') === 'json'
    const view = faultPage(visit, fault)
    if (asJson) res.status(fault.status)
    await write(visit, res, asJson ? { json: { ok: false, error: view.text } } : view)
  }
}
