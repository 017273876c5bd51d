import { performance } from 'node:perf_hooks'
import type { NextFunction, Request, Response } from 'express'
import type { PulihError } from '../engine/errors.js'
import type { ApiDeps, Reply } from './context.js'
import { asPulihError, toProblem, type Language } from './problems.js'

/** What the log and the problem document need to know of a request; filled as it goes. */
export interface RequestState {
  readonly requestId: string
  readonly startedAt: number
  /** The template that matched, never the raw path. */
  route: string | null
  actorId: string | null
  actorRole: string | null
  ticketId: string | null
  code: string | null
  /** Of an answer that goes on: when it began. */
  answeredAt?: number
}
export const stateOf = (res: Response): RequestState => res.locals['state'] as RequestState

/** The one place where answers are written. Express's own `send` would turn a matching If-None-Match into an empty 304. */
export function send(res: Response, reply: Reply): void {
  res.status(reply.status)
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value)
  if (reply.cookies !== undefined) res.setHeader('Set-Cookie', [...reply.cookies])
  if (reply.body === null) {
    res.end()
    return
  }
  if ('stream' in reply.body) {
    // How long somebody listens says nothing about how quickly they were answered.
    stateOf(res).answeredAt = performance.now()
    reply.body.stream(res)
    return
  }
  const [type, content] =
    'html' in reply.body
      ? ['text/html; charset=utf-8', reply.body.html]
      : 'bytes' in reply.body
        ? [reply.body.media, reply.body.bytes]
        : [contentTypeOf(res, 'application/json; charset=utf-8'), JSON.stringify(reply.body.json)]
  res.setHeader('Content-Type', type)
  res.setHeader('Content-Length', Buffer.byteLength(content))
  res.end(content)
}
const contentTypeOf = (res: Response, fallback: string): string => {
  const given = res.getHeader('Content-Type')
  return typeof given === 'string' ? given : fallback
}

/** The one error handler: every refusal and every failure becomes a problem document (R-API-1). */
export function problemHandler({ logger }: Pick<ApiDeps, 'logger'>) {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express knows an error handler by its four parameters
  return (thrown: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const error = asPulihError(thrown)
    const state = stateOf(res)
    state.code = error.code
    if (error.status >= 500)
      logger.error({ requestId: state.requestId, code: error.code, err: thrown }, 'request failed')
    if (res.headersSent) {
      // Half an answer cannot be taken back; cutting it tells the client that it is not whole.
      res.destroy()
      return
    }
    const language: Language = req.acceptsLanguages('id', 'en') === 'en' ? 'en' : 'id'
    send(res, {
      status: error.status,
      headers: {
        'Content-Type': 'application/problem+json; charset=utf-8',
        'Content-Language': language,
        Vary: 'Accept-Language',
        ...headersOf(error),
      },
      body: { json: toProblem(error, language, state.requestId) },
    })
  }
}

function headersOf(error: PulihError): Readonly<Record<string, string>> {
  if (error.code === 'UNAUTHENTICATED') return { 'WWW-Authenticate': 'Bearer realm="pulih"' }
  if (error.code === 'METHOD_NOT_ALLOWED') return { Allow: String(error.extra['allow']) }
  // The rest of what was sent too slowly is waited for by nobody.
  if (error.code === 'REQUEST_TIMEOUT') return { Connection: 'close' }
  if (error.code === 'SHUTTING_DOWN') return { 'Retry-After': '1', Connection: 'close' }
  if (error.status === 429) return tooMany(error.extra)
  return error.status === 503 ? { 'Retry-After': '1' } : {}
}

/** When to come back, where that is known. */
const tooMany = ({ retryAfter, headers }: PulihError['extra']): Readonly<Record<string, string>> => ({
  ...(typeof retryAfter === 'number' ? { 'Retry-After': String(retryAfter) } : {}),
  ...(headers as Readonly<Record<string, string>> | undefined),
})
