import { createHash, timingSafeEqual } from 'node:crypto'
import { Router, type Request, type RequestHandler } from 'express'
import { PulihError } from '../../engine/errors.js'
import type { ApiDeps } from '../context.js'
import { stateOf } from '../respond.js'

/** What proxies add. A request that carries one did not begin on this machine, whatever its socket says. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const
const LOOPBACK = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/

/**
 * `GET /metrics`, not for the public: by the token where one is set, else for whoever sits on this machine, judged by the
 * socket alone. Everyone else finds no such address.
 */
export function metricsPage({ config, observer }: Pick<ApiDeps, 'config' | 'observer'>): Router {
  const serve: RequestHandler = async (req, res) => {
    stateOf(res).route = '/metrics'
    admit(req, config)
    if (req.method !== 'GET' && req.method !== 'HEAD')
      throw new PulihError('METHOD_NOT_ALLOWED', 'no such method here', { allow: 'GET, HEAD' })
    if (observer === undefined) throw nothingHere()
    const { contentType, text } = await observer.scrape()
    res.setHeader('Content-Type', contentType)
    res.setHeader('Content-Length', Buffer.byteLength(text))
    res.end(text)
  }
  const router = Router({ caseSensitive: true, strict: true })
  router.all('/metrics', serve)
  return router
}

/** Throws NOT_FOUND or, where a token would open, UNAUTHENTICATED. */
function admit(req: Request, { metrics, trustProxyHops }: ApiDeps['config']): void {
  if (metrics === undefined || metrics.access === 'off') throw nothingHere()
  if (metrics.access === 'token') {
    const given = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(req.headers.authorization ?? '')?.[1] ?? ''
    const digest = createHash('sha256').update(given).digest()
    if (metrics.tokenSha256 !== null && timingSafeEqual(digest, metrics.tokenSha256)) return
    throw new PulihError('UNAUTHENTICATED', 'no token for metrics')
  }
  const here = LOOPBACK.test(req.socket.remoteAddress ?? '')
  const passedOn = FORWARDED.some((name) => req.headers[name] !== undefined)
  if (!here || passedOn || trustProxyHops > 0) throw nothingHere()
}

const nothingHere = () => new PulihError('NOT_FOUND', 'no such address')
