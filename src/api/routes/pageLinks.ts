import { z } from 'zod'
import type { LinkUse } from '../../audit/index.js'
import { PulihError } from '../../engine/errors.js'
import type { Actor } from '../../machines/ticketType.js'
import { officeReached } from '../../staff/referral.js'
import { identify } from '../auth.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { networkOf } from '../../networks.js'
import { PageLink } from '../shapes.documents.js'
import { readCookie } from '../staffCookies.js'
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
      const says = { of, actor: { id: actor.id, role: actor.role }, session: await sessionOf(deps, call) }
      const { token, expiresAt } = await deps.services.guard.links.issue(useOf(call), says)
      return ok({ path: `/v1/pages/${token}`, expiresAt: iso(expiresAt) })
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
      const says = await deps.services.guard.links.open(useOf(call), call.params['token'] ?? '')
      const { of, actor, session } = Says.parse(says)
      await refuseCopied(deps, call, actor.id)
      await refuseEnded(deps, session, actor.id)
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
/** The network that it is given to is part of what it is sealed for. */
const useOf = ({ ip }: Pick<Call, 'ip'>): LinkUse => ({ kind: 'page', from: [networkOf(ip)] })

const Says = z.object({
  of: z.object({ ticketId: z.string(), documentId: z.string(), page: z.int() }),
  actor: z.object({ id: z.string(), role: z.enum(VIEWERS) }),
  /** The hash of the session that asked; null for a key or a token, which have none. */
  session: z.string().nullable(),
})

async function sessionOf({ services: { staff } }: ApiDeps, call: Call): Promise<string | null> {
  if (call.principal?.via !== 'session') return null
  const opened = await staff.sessions.look(readCookie(call.header('cookie'), 'session', staff.config))
  if (opened === null) throw none()
  return opened.session.hash
}

/**
 * An address that was handed on is none (A22): it opens from the network it was given to, inside a page rather than by itself, and for nobody
 * who is signed in as somebody else. Throws NOT_FOUND.
 */
async function refuseCopied(deps: ApiDeps, call: Call, actorId: string): Promise<void> {
  if ((call.header('sec-fetch-dest') ?? 'image') !== 'image') throw none()
  const headers = { authorization: call.header('authorization'), cookie: call.header('cookie') }
  const caller = await identify(headers, deps).catch(() => null)
  if (caller !== null && caller.id !== actorId) throw none()
}

/** With the session that asked for it the address ends too (A41). Throws NOT_FOUND. */
async function refuseEnded({ services }: ApiDeps, session: string | null, actorId: string): Promise<void> {
  if (session === null) return
  const opened = await services.staff.sessions.lookByHash(session)
  if (opened?.session.stage !== 'open' || opened.staff.id !== actorId) throw none()
}

/** Whoever lost the role, or the ticket's office, in the minute since the address was made sees nothing. Throws NOT_FOUND. */
async function refuseRevoked({ store, services, clock }: ApiDeps, { id, role }: Actor, ticketId: string) {
  const head = await store.findTicketHead(ticketId)
  const holds = (officeId: string) => services.staff.authority.holds(id, role, officeId, clock.now())
  if (head === null || (await officeReached(store, head, holds)) === null) throw none()
}
