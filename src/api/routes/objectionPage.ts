import { createHash } from 'node:crypto'
import { Router, urlencoded, type RequestHandler, type Response } from 'express'
import { PulihError } from '../../engine/errors.js'
import { readLimits } from '../../intake/limits.js'
import type { ApiDeps } from '../context.js'
import { createRequestLimiter } from '../limits.js'
import { stateOf } from '../respond.js'

const PAGE = '/sanggah'
/** The token stays behind the `#` until somebody presses the button; then it is taken out of the address. */
const SCRIPT = `(() => {
  const token = location.hash.slice(1)
  if (!token) return
  history.replaceState(null, '', location.pathname)
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
const STYLE =
  'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem}label{display:block;margin:.8rem 0}' +
  'input,button{font:inherit;padding:.6rem;width:100%;box-sizing:border-box}[role=status]{border:2px solid;padding:.8rem}'
const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const CSP = [
  "default-src 'none'",
  `script-src ${digest(SCRIPT)}`,
  `style-src ${digest(STYLE)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Said = 'done' | 'unknown' | null

/**
 * `GET /sanggah`: a page that does nothing by being looked at, as mail scanners and previews do (A28). With a link's token behind the `#` it
 * shows one button; without JavaScript, or without a link, a form takes the ticket number and the code of the notice.
 */
export function objectionPage({ services, config }: Pick<ApiDeps, 'services' | 'config'>): Router {
  const limiter = createRequestLimiter(config.limits ?? readLimits().limits)
  const serve: RequestHandler = async (req, res) => {
    stateOf(res).route = PAGE
    if (req.method === 'GET' || req.method === 'HEAD') {
      write(res, 200, null)
      return
    }
    if (req.method !== 'POST')
      throw new PulihError('METHOD_NOT_ALLOWED', 'no such method here', { allow: 'GET, HEAD, POST' })
    await limiter.take('objections', req.ip ?? '')
    const { ticketNumber, code } = (req.body ?? {}) as Readonly<Record<string, unknown>>
    try {
      await services.recovery.objections.objectByCode(textOf(ticketNumber), textOf(code))
      write(res, 200, 'done')
    } catch (error) {
      if (!(error instanceof PulihError) || error.code !== 'NOT_FOUND') throw error
      write(res, 404, 'unknown')
    }
  }
  const router = Router({ caseSensitive: true, strict: true })
  router.all(PAGE, urlencoded({ extended: false, limit: '2kb', parameterLimit: 8 }), serve)
  return router
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 40) : '')

function write(res: Response, status: number, said: Said): void {
  res.setHeader('Content-Security-Policy', CSP)
  res.setHeader('Cache-Control', 'no-store')
  res.status(status).type('html').send(page(said))
}

const shown = (id: string, said: Said) => `<p role="status" id="${id}"${said === id ? '' : ' hidden'}>`

const page = (said: Said): string => `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>Bukan saya</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Bukan Anda yang mengganti kontak akun JMO?</h1>
${shown('done', said)}Sanggahan diterima. Penggantian kontak dibekukan sampai diperiksa petugas. <span lang="en">Received: the change is frozen until it has been looked at.</span></p>
${shown('unknown', said)}Tautan atau kode ini tidak berlaku. Hubungi 175 atau datang ke kantor cabang. <span lang="en">This link or code is not valid. Call 175 or go to a branch.</span></p>
${shown('failed', said)}Belum terkirim. Coba lagi, atau hubungi 175. <span lang="en">Not sent. Try again, or call 175.</span></p>
<p>Dengan menekan tombol, penggantian kontak langsung dihentikan dan diperiksa petugas. Tidak ada data yang ditampilkan di sini.
<span lang="en">The button stops the change at once; an officer looks at it. Nothing is shown here.</span></p>
<form id="link" hidden><button type="submit">Bukan saya, hentikan / Not me, stop it</button></form>
<form id="typed" method="post" action="${PAGE}"${said === 'done' ? ' hidden' : ''}>
<label>Nomor pengaduan / Case number <input name="ticketNumber" required maxlength="40" autocomplete="off" autocapitalize="characters"></label>
<label>Kode sanggah / Objection code <input name="code" required maxlength="20" autocomplete="off" autocapitalize="characters"></label>
<button type="submit">Bukan saya, hentikan / Not me, stop it</button>
</form>
<p>Layanan ini gratis. Bantuan resmi: telepon 175 atau kantor cabang terdekat.</p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`
