import { createServer, STATUS_CODES, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Express } from 'express'
import { PulihError, type ErrorCode } from '../engine/errors.js'
import { bornFor } from './bornFor.js'
import { toProblem } from './problems.js'

export interface HttpOptions {
  readonly app: Express
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** How long a client may take for its headers and for the whole request, and how often that is looked at. */
  readonly timeouts?: Timeouts
}
interface Timeouts {
  readonly headersMs: number
  readonly requestMs: number
  readonly checkEveryMs: number
}
export interface HttpServer {
  readonly port: number
  /**
   * For `drainMs` it answers on, telling every connection to close with its answer: a request on its way meets no closed door (R-OPS-2). Then
   * takes no new connection, waits for requests in flight at most `graceMs`, and cuts.
   */
  stop(graceMs: number, drainMs?: number): Promise<void>
}

/** A whole request may be an upload over a slow phone; a JSON body has its own, shorter time (body.ts). */
const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 300_000, checkEveryMs: 5_000 }

/** Listens. Throws CONFIGURATION_INVALID when the address cannot be had. */
export async function startHttp({ app, host, port, timeouts = TIMEOUTS }: HttpOptions): Promise<HttpServer> {
  const inFlight = new Set<ServerResponse>()
  let stopping = false
  const limits = {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkEveryMs,
  }
  const server = createServer({ ...limits, ...bornFor(app) }, (req, res) => {
    inFlight.add(res)
    res.once('close', () => inFlight.delete(res))
    if (stopping) res.setHeader('Connection', 'close')
    app(req, res)
  })
  server.on('clientError', refuseUnparsed)
  await listen(server, host, port)
  return {
    port: (server.address() as AddressInfo).port,
    async stop(graceMs, drainMs = 0) {
      stopping = true
      for (const res of inFlight) if (!res.headersSent) res.setHeader('Connection', 'close')
      await wait(drainMs)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : 'unknown'
      reject(
        new PulihError(
          'CONFIGURATION_INVALID',
          `cannot listen on ${host} port ${port} (${code}).`,
          {},
          { cause: error },
        ),
      )
    })
    server.listen(port, host, () => resolve())
  })
}

/** What Node could not read as HTTP never reaches Express, but gets its problem document all the same (R-API-1). */
function refuseUnparsed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const code: ErrorCode =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'HEADERS_TOO_LARGE'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'REQUEST_TIMEOUT'
        : 'REQUEST_MALFORMED'
  const refusal = new PulihError(code, 'not readable as HTTP')
  const body = JSON.stringify(toProblem(refusal, 'id', 'unread'))
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    'Content-Language: id',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
