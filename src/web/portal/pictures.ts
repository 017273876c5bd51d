import type { Request, RequestHandler } from 'express'
import { z } from 'zod'
import type { LinkUse } from '../../audit/index.js'
import { PulihError } from '../../engine/errors.js'
import { networkOf } from '../../networks.js'
import type { PortalDeps, Visit } from './visit.js'

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

const Grant = z.tuple([z.string(), z.string(), z.string(), z.int()])

/** The browser asks the other origin from the same network; on one's own machine either name of the loopback may be either address. */
const useOf = (host: string, ip: string): LinkUse => ({
  kind: 'picture',
  from: [host, ip === '::1' ? '127.0.0.1' : networkOf(ip)],
})

/**
 * An address of one page of one document, on the other origin, for a minute, for this filer's network and for as long as the status token that
 * it is shown to opens the ticket; null where there is no such origin.
 */
export async function pictureUrl(
  { deps, req, ip, filer }: Pick<Visit, 'deps' | 'req' | 'ip' | 'filer'>,
  { documentId, page }: { readonly documentId: string; readonly page: number },
): Promise<string | null> {
  const origin = filesOriginOf(req, deps.config.filesOrigin)
  if (origin === null || filer === null) return null
  const { guard, sessions } = deps.services
  const says = [sessions.markOf(filer.token), filer.ticketId, documentId, page]
  const { token } = await guard.links.issue(useOf(new URL(origin).host, ip), says)
  return `${origin}/berkas/${token}`
}

/**
 * Gives a page as JPEG where its address was made for (A22): no cookie comes here, so it is the network, the host and the status token, asked
 * for anew, that tell. Throws NOT_FOUND for every other reason.
 */
export const servePicture =
  ({
    services: { guard, sessions, documents },
  }: Pick<PortalDeps, 'services'>): RequestHandler<Record<string, string>> =>
  async (req, res) => {
    const use = useOf(req.headers.host ?? '', req.ip ?? '')
    const [mark, ticketId, documentId, page] = Grant.parse(await guard.links.open(use, req.params['grant'] ?? ''))
    // A copied address is opened by itself; the page shows its pictures inside.
    const inPage = (req.get('sec-fetch-dest') ?? 'image') === 'image'
    if (!inPage || (await sessions.openMarked(mark)) !== ticketId) throw new PulihError('NOT_FOUND', 'no such picture')
    const bytes = await documents.page(ticketId, documentId, page)
    res.set(HEADERS)
    res.end(bytes)
  }
