import { createHash } from 'node:crypto'
import { Router, urlencoded, type ErrorRequestHandler, type RequestHandler, type Response } from 'express'
import { PulihError } from '../../engine/errors.js'
import { loadAssets } from '../../web/portal/assets.js'
import { toldFault } from '../../web/portal/faults.js'
import { Html, markup, nothing } from '../../web/portal/html.js'
import { page, type Frame } from '../../web/portal/layout.js'
import { outagesOf } from '../../web/portal/outages.js'
import { objection as words } from '../../web/portal/words/objection.js'
import type { ApiDeps } from '../context.js'
import { requestLimiterOf } from '../limits.js'
import { stateOf } from '../respond.js'

const PAGE = '/sanggah'
/**
 * The token stays behind the `#` until somebody presses the button; then it is taken out of the address. The link to the other language
 * takes it along, behind its own `#`.
 */
const SCRIPT = `(() => {
  const token = location.hash.slice(1)
  if (!/^[\\w-]{43}$/.test(token)) return
  history.replaceState(null, '', location.pathname)
  document.querySelector('.tongue').hash = token
  const link = document.getElementById('link')
  const typed = document.getElementById('typed')
  link.hidden = false
  typed.hidden = true
  link.addEventListener('submit', async (event) => {
    event.preventDefault()
    link.querySelector('button').disabled = true
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch('/v1/objections', { method: 'POST', headers, body: JSON.stringify({ token }) }).catch(() => null)
    const id = reply && reply.ok ? 'done' : reply && reply.status === 404 ? 'unknown' : 'failed'
    link.querySelector('button').disabled = id !== 'failed'
    for (const it of document.querySelectorAll('[role=status]')) it.hidden = it.id !== id
    link.hidden = id !== 'failed'
    typed.hidden = id === 'done'
  })
})()`
const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const CSP = [
  "default-src 'none'",
  `script-src 'self' ${digest(SCRIPT)}`,
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Said = 'done' | 'unknown' | 'failed' | null

/**
 * `GET /sanggah` (`/en/sanggah`): a page that does nothing by being looked at, as mail scanners and previews do (A28). With a link's token behind
 * the `#` it shows one button; without JavaScript, or without a link, a form takes the ticket number and the code of the notice.
 */
export function objectionPage(deps: ApiDeps): Router {
  const { services, config, engine, limiter = requestLimiterOf(deps) } = deps
  const assets = loadAssets().paths
  const outages = outagesOf(deps)
  const write = async (res: Response, status: number, said: Said): Promise<void> => {
    const frame = frameOf(res.req.path.startsWith('/en/') ? 'en' : 'id', { engine, config })
    res.setHeader('Content-Security-Policy', CSP)
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('X-Robots-Tag', 'noindex')
    const view = { title: frame.say(words.title), body: body(frame, said) }
    res
      .status(status)
      .type('html')
      .send(page(frame, view, assets, await outages()))
  }
  const serve: RequestHandler = async (req, res) => {
    stateOf(res).route = PAGE
    if (req.method === 'GET' || req.method === 'HEAD') {
      await write(res, 200, null)
      return
    }
    if (req.method !== 'POST')
      throw new PulihError('METHOD_NOT_ALLOWED', 'no such method here', { allow: 'GET, HEAD, POST' })
    await limiter.take('objections', req.ip ?? '')
    const { ticketNumber, code } = (req.body ?? {}) as Readonly<Record<string, unknown>>
    await services.recovery.objections.objectByCode(textOf(ticketNumber), textOf(code))
    await write(res, 200, 'done')
  }
  /** Somebody whose account is being taken reads a page, whatever went wrong, and can try again or call. */
  const told: ErrorRequestHandler = async (thrown: unknown, _req, res, next) => {
    if (res.headersSent || (thrown instanceof PulihError && thrown.code === 'METHOD_NOT_ALLOWED')) {
      next(thrown)
      return
    }
    stateOf(res).route = PAGE
    const { code, status } = toldFault(res, thrown, deps.logger)
    await write(res, status, code === 'NOT_FOUND' ? 'unknown' : 'failed')
  }
  const router = Router({ caseSensitive: true, strict: true })
  router.all([PAGE, `/en${PAGE}`], urlencoded({ extended: false, limit: '2kb', parameterLimit: 8 }), serve)
  router.use([PAGE, `/en${PAGE}`], told)
  return router
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 40) : '')

const frameOf = (language: 'id' | 'en', deps: Frame['deps']): Frame => ({
  ...{ language, path: PAGE, deps },
  say: (label) => label[language],
  to: (path) => (language === 'en' ? `/en${path}` : path),
})

function body({ say, to }: Frame, said: Said): Html {
  const hidden = (yes: boolean) => (yes ? markup` hidden` : nothing)
  const told = (id: 'done' | 'unknown' | 'failed') =>
    markup`<p role="status" id="${id}" class="inset${id === 'done' ? '' : ' warn'}"${hidden(said !== id)}>${say(words[id])}</p>`
  const field = (name: string, label: string, max: number) =>
    markup`<div class="field"><label for="${name}">${label}</label><input class="w20" id="${name}" name="${name}" required maxlength="${max}" autocomplete="off" autocapitalize="characters" spellcheck="false"></div>`
  const button = markup`<button class="button" type="submit">${say(words.stop)}</button>`
  return markup`${told('done')}${told('unknown')}${told('failed')}
<p class="lead">${say(words.lead)}</p>
<form id="link" hidden>${button}</form>
<form id="typed" method="post" action="${to(PAGE)}"${hidden(said === 'done')}>
${field('ticketNumber', say(words.number), 40)}
${field('code', say(words.code), 20)}
${button}
</form>
<script>${new Html(SCRIPT)}</script>`
}
