import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { PulihError } from '../../engine/errors.js'
import type { ApiDeps } from '../context.js'
import { stateOf } from '../respond.js'

/** Everything from this server: no inline script, no `eval`, nothing that leads out. The drawings in the style sheet are data. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const require = createRequire(import.meta.url)

/** The name carries the content's digest, so what was fetched once never changes. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

interface Asset {
  readonly type: string
  readonly etag: string
  readonly cache: string
  readonly body: Buffer
}

/**
 * `GET /docs`: the OpenAPI document as a page, by swagger-ui from this server alone. Requests can be tried out in development
 * only; a bearer token typed there lives in the page's memory and is gone with it.
 */
export function docsPage({ config }: Pick<ApiDeps, 'config'>): Router {
  let assets: ReadonlyMap<string, Asset> | null = null
  const serve: RequestHandler = (req, res) => {
    stateOf(res).route = req.params['file'] === undefined ? '/docs' : '/docs/:file'
    if (req.method !== 'GET' && req.method !== 'HEAD')
      throw new PulihError('METHOD_NOT_ALLOWED', 'no such method here', { allow: 'GET, HEAD' })
    // Read at the first visit: a service that nobody looks at holds none of it.
    assets ??= loadAssets(config.production)
    const asset = assets.get(req.path)
    if (asset === undefined) throw new PulihError('NOT_FOUND', 'no such address')
    write(asset, req, res)
  }
  const router = Router({ caseSensitive: true, strict: true })
  router.all('/docs', serve)
  router.all('/docs/:file', serve)
  return router
}

function write(asset: Asset, req: Request, res: Response): void {
  res.setHeader('Content-Security-Policy', CSP)
  res.setHeader('Cache-Control', asset.cache)
  res.setHeader('ETag', asset.etag)
  if (req.headers['if-none-match'] === asset.etag) {
    res.status(304).end()
    return
  }
  res.setHeader('Content-Type', asset.type)
  res.setHeader('Content-Length', asset.body.byteLength)
  res.end(asset.body)
}

function loadAssets(production: boolean): ReadonlyMap<string, Asset> {
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'))
  const shipped = (name: string): Buffer => readFileSync(join(folder, name))
  const assets = new Map<string, Asset>()
  const add = (name: string, type: string, body: Buffer): string => {
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
    const path = `/docs/${name.replace(/(?=\.\w+$)/, `.${digest}`)}`
    assets.set(path, { type, etag: `"${digest}"`, cache: IMMUTABLE, body })
    return path
  }
  const script = 'text/javascript; charset=utf-8'
  const html = page({
    style: add('swagger-ui.css', 'text/css; charset=utf-8', shipped('swagger-ui.css')),
    bundle: add('swagger-ui-bundle.js', script, shipped('swagger-ui-bundle.js')),
    start: add('start.js', script, Buffer.from(startScript(production))),
    icon: add('favicon-32x32.png', 'image/png', shipped('favicon-32x32.png')),
  })
  const digest = createHash('sha256').update(html).digest('hex').slice(0, 16)
  const type = 'text/html; charset=utf-8'
  assets.set('/docs', { type, etag: `"${digest}"`, cache: 'no-cache', body: Buffer.from(html) })
  return assets
}

const page = (at: Readonly<Record<'style' | 'bundle' | 'start' | 'icon', string>>): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Pulih: API</title>
<link rel="icon" type="image/png" href="${at.icon}">
<link rel="stylesheet" href="${at.style}">
</head>
<body>
<div id="api"></div>
<noscript><p>This page needs JavaScript. The same description as JSON: <a href="/openapi.json">/openapi.json</a></p></noscript>
<script src="${at.bundle}"></script>
<script src="${at.start}"></script>
</body>
</html>
`

/** `validatorUrl: null`: swagger-ui would otherwise show the document to a service of its makers. */
const startScript = (production: boolean): string => `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  queryConfigEnabled: false,
  withCredentials: false,
  supportedSubmitMethods: ${production ? '[]' : "['get', 'post']"},
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
})
`
