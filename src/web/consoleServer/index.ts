import { brotliCompressSync, gzipSync } from 'node:zlib'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { PulihError } from '../../engine/errors.js'
import { consoleFolder, readFiles, type Encoding, type ServedFile } from './files.js'

/** The page loads its own files and speaks with its own origin; pictures of documents are made into objects of the page (A39). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')
const IMMUTABLE = 'public, max-age=31536000, immutable'

export interface ConsoleOptions {
  /** Is there a way in by the institution's issuer? */
  readonly oidc: boolean
  /** Where the built files are; default beside the server. */
  readonly folder?: string | null
}

/** The officers' console under `/petugas`: one page for every address there, and its files under names that never change. Null when it was not built. */
export function createConsole({ oidc, folder = consoleFolder() }: ConsoleOptions): RequestHandler | null {
  if (folder === null) return null
  const files = readFiles(folder)
  const page = files.get('index.html')
  if (page === undefined) return null
  const start = withOffer(page, oidc)
  const router = Router({ caseSensitive: true })
  router.get('/petugas/aset/:name', (req, res) => {
    mark(res, '/petugas/aset/:name')
    const file = files.get(`aset/${req.params.name}`)
    if (file === undefined) throw new PulihError('NOT_FOUND', 'no such file')
    res.setHeader('Cache-Control', IMMUTABLE)
    write(req, res, file)
  })
  // Without a name for the rest: an address that cannot be decoded gets the page too, which says that there is none.
  router.get(/^\/petugas(?:\/|$)/, (req, res) => {
    mark(res, '/petugas')
    res.setHeader('Content-Security-Policy', POLICY)
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
    write(req, res, start)
  })
  return router
}

/** The one thing that the page cannot ask before anybody has signed in. */
function withOffer(page: ServedFile, oidc: boolean): ServedFile {
  const plain = page.bodies.get('identity') ?? Buffer.alloc(0)
  const html = plain.toString('utf8').replace(/(<meta name="pulih-oidc" content=")no(")/, `$1${oidc ? 'yes' : 'no'}$2`)
  const body = Buffer.from(html)
  const bodies: [Encoding, Buffer][] = [
    ['identity', body],
    ['br', brotliCompressSync(body)],
    ['gzip', gzipSync(body)],
  ]
  return { type: page.type, bodies: new Map(bodies) }
}

function write(req: Request, res: Response, { type, bodies }: ServedFile): void {
  const wanted = req.acceptsEncodings(['br', 'gzip', 'identity'])
  const encoding: Encoding = wanted === 'br' || wanted === 'gzip' ? wanted : 'identity'
  const [used, body] = bodies.has(encoding)
    ? [encoding, bodies.get(encoding)]
    : (['identity', bodies.get('identity')] as const)
  res.setHeader('Content-Type', type)
  res.vary('Accept-Encoding')
  if (used !== 'identity') res.setHeader('Content-Encoding', used)
  res.setHeader('Content-Length', body?.byteLength ?? 0)
  res.end(body)
}

/** The log and the metrics know the template of an address, never the address. */
function mark(res: Response, route: string): void {
  const state = res.locals['state'] as { route: string | null } | undefined
  if (state !== undefined) state.route = route
}
