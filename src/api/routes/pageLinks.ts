import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import type { Actor } from '../../machines/ticketType.js'
import { identify } from '../auth.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { networkOf } from '../networks.js'
import { PageLink } from '../shapes.documents.js'
import { iso } from '../words.js'
import { page, pageOf, VIEWERS } from './documents.js'

/** Addresses of single pages, for viewers that send no header of ours (R-FILE-9). */
export const pageLinkRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/tickets/:id/documents/:documentId/pages/:page/link',
    operationId: 'documentPageLink',
    summary:
      'Alamat satu halaman untuk penampil yang tidak mengirim header: for this person, network and page, for a minute.',
    access: VIEWERS,
    reply: { status: 200, description: 'The address.', schema: PageLink },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED'],
    async handle(call) {
      const { actor } = call
      const of = await pageOf(deps, call)
      const { links } = deps.services.guard
      const { token, expiresAt } = links.issue({ ...of, actorId: actor.id, role: actor.role })
      const [mac = ''] = macsOf(deps, token, call)
      return ok({ path: `/v1/pages/${token}.${mac}`, expiresAt: iso(expiresAt) })
    },
  }),
  route({
    method: 'get',
    path: '/v1/pages/:token',
    operationId: 'linkedPage',
    summary: 'Halaman dari alamat yang ditandatangani, as the person it was made for; written down like any view.',
    access: 'open',
    reply: { status: 200, description: 'A picture.', schema: z.string(), media: 'image/jpeg' },
    problems: ['NOT_FOUND', 'ERASED', 'AUDIT_UNAVAILABLE'],
    async handle(call) {
      const [claims = '', signature = '', mac = ''] = (call.params['token'] ?? '').split('.')
      const token = `${claims}.${signature}`
      const { actorId, role, ...of } = deps.services.guard.links.open(token)
      const actor = { id: actorId, role: VIEWERS.find((it) => it === role) ?? 'agent' }
      await refuseCopied(deps, call, { token, mac, actorId })
      await refuseRevoked(deps, actor, of.ticketId)
      return page(deps, of, { actor, principal: null }).catch((error: unknown) => {
        // Nobody who could step up stands behind an address.
        const refused = error instanceof PulihError && error.code === 'STEP_UP_REQUIRED'
        throw refused ? none() : error
      })
    },
  }),
]

const none = () => new PulihError('NOT_FOUND', 'no such page')
const macsOf = ({ services }: ApiDeps, token: string, { ip }: Pick<Call, 'ip'>): readonly string[] =>
  services.vault.macs('page-link', `${token}|${networkOf(ip)}`)

/**
 * An address that was handed on is none (A22): it opens from the network it was given to, inside a page rather than by itself, and for nobody
 * who is signed in as somebody else. Throws NOT_FOUND.
 */
async function refuseCopied(
  deps: ApiDeps,
  call: Call,
  { token, mac, actorId }: { readonly token: string; readonly mac: string; readonly actorId: string },
): Promise<void> {
  const given = Buffer.from(mac)
  const isHere = macsOf(deps, token, call)
    .map((it) => Buffer.from(it))
    .some((it) => it.length === given.length && timingSafeEqual(it, given))
  const inPage = (call.header('sec-fetch-dest') ?? 'image') === 'image'
  if (!isHere || !inPage) throw none()
  const headers = { authorization: call.header('authorization'), cookie: call.header('cookie') }
  const caller = await identify(headers, deps).catch(() => null)
  if (caller !== null && caller.id !== actorId) throw none()
}

/** Whoever lost the role, or the ticket's office, in the minute since the address was made sees nothing. Throws NOT_FOUND. */
async function refuseRevoked({ store, services, clock }: ApiDeps, { id, role }: Actor, ticketId: string) {
  const head = await store.findTicketHead(ticketId)
  if (head === null || !(await services.staff.authority.holds(id, role, head.officeId, clock.now()))) throw none()
}
