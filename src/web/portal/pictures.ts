import { timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { PulihError } from '../../engine/errors.js'
import type { PortalDeps, Visit } from './visit.js'

/** A picture is looked at while its page is; what somebody copies is dead by the time it is tried elsewhere (A22). */
const GRANT_MS = 60_000
/** It renders nothing, runs nothing and knows no cookie, whatever it may be (docs/adr/0013). */
const HEADERS = {
  'Content-Type': 'image/jpeg',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private, no-store',
  'Content-Disposition': 'inline; filename="dokumen.jpg"',
} as const
const LOOPBACK: Readonly<Record<string, string>> = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' }

/**
 * The origin that pictures of documents come from: another host than the pages, so that no cookie ever goes there. On one's own machine the
 * loopback's other name; null where none is configured: then no pictures are shown.
 */
export function filesOriginOf(
  { headers, protocol }: Pick<Request, 'headers' | 'protocol'>,
  configured: string | null,
): string | null {
  if (configured !== null) return configured
  const [, name = '', port = ''] = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/.exec(headers.host ?? '') ?? []
  const other = LOOPBACK[name]
  return other === undefined ? null : `${protocol}://${other}${port}`
}

interface Grant {
  readonly ticketId: string
  readonly documentId: string
  readonly page: number
}
const textOf = ({ ticketId, documentId, page }: Grant, until: number, host: string): string =>
  [host, ticketId, documentId, page, until].join('|')

/** An address of one page of one document, on the other origin and for a minute; null where there is no such origin. */
export function pictureUrl({ deps, req }: Pick<Visit, 'deps' | 'req'>, grant: Grant): string | null {
  const origin = filesOriginOf(req, deps.config.filesOrigin)
  if (origin === null) return null
  const until = deps.clock.now() + GRANT_MS
  const [mac = ''] = deps.services.vault.macs('portal-picture', textOf(grant, until, new URL(origin).host))
  return `${origin}/berkas/${grant.ticketId}/${grant.documentId}/${grant.page}/${until}/${mac}`
}

/** Gives a page as JPEG to whoever holds its address. Throws NOT_FOUND for every other reason, a wrong host among them. */
export const servePicture =
  ({ clock, services }: Pick<PortalDeps, 'clock' | 'services'>): RequestHandler<Record<string, string>> =>
  async (req, res) => {
    const { ticketId = '', documentId = '', page = '', until = '', mac = '' } = req.params
    const grant = { ticketId, documentId, page: Number(page) }
    const expected = services.vault.macs('portal-picture', textOf(grant, Number(until), req.headers.host ?? ''))
    const given = Buffer.from(mac)
    const granted = expected
      .map((it) => Buffer.from(it))
      .some((it) => it.length === given.length && timingSafeEqual(it, given))
    // A copied address is opened by itself; the page shows its pictures inside.
    const inPage = (req.get('sec-fetch-dest') ?? 'image') === 'image'
    if (!granted || !inPage || !(clock.now() < Number(until))) throw new PulihError('NOT_FOUND', 'no such picture')
    const bytes = await services.documents.page(ticketId, documentId, grant.page)
    res.set(HEADERS)
    res.end(bytes)
  }
