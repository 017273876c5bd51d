import { z } from 'zod'
import type { TicketType } from '../../machines/ticketType.js'
import { PulihError } from '../../engine/errors.js'
import { EVERYONE, STAFF, json, ok, route, type ApiDeps, type Call, type JsonObject, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { commandKey, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { rolesOn } from '../../staff/referral.js'
import { actorAs, officesOf } from '../../staff/scope.js'
import { receipt } from '../receipt.js'
import { etagOf } from '../requestHeaders.js'
import { Receipt, Ticket, TicketPage } from '../shapes.js'
import { ticketSummary, ticketView, typeOf, visibleTicket } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse, validationFailed } from '../validation.js'
import { typedBody } from '../typedBody.js'

export const IDEMPOTENCY_HEADER = {
  name: 'Idempotency-Key',
  required: true,
  description:
    'A quoted string (RFC 8941), unique per intention; a bare token is taken too. Repeats get the first answer.',
}

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const word = z.string().min(1).max(64)
const ListQuery = z.strictObject({
  type: word.optional(),
  state: word.optional(),
  standing: word.optional(),
  office: word.optional(),
  route: word.optional(),
  cause: word.optional(),
  ticketNumber: word.optional(),
  releasedBefore: instant.optional(),
  dueBefore: instant.optional(),
  order: z.enum(['filed', 'due']).default('filed'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(512).optional(),
})
type ListQuery = z.infer<typeof ListQuery>

export const ticketRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/tickets',
    operationId: 'fileTicket',
    summary: 'Mengajukan tiket: body {type, ...isian}. Answers 202 with a receipt that holds computed dates.',
    access: EVERYONE,
    headers: [IDEMPOTENCY_HEADER],
    body: { oneOf: [...deps.types.values()].map((type) => typedBody(type.type, jsonSchema(type.filing))) },
    reply: { status: 202, description: 'Received; Location names the ticket.', schema: Receipt },
    problems: [
      'PERSONAL_DATA_REFUSED',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_MALFORMED',
      'IDEMPOTENCY_KEY_REUSED',
      'NO_OPEN_TIME',
      'CONFLICT',
    ],
    handle: (call) => fileTicket(deps, call),
  }),
  route<ListQuery>({
    method: 'get',
    path: '/v1/tickets',
    operationId: 'listTickets',
    summary: 'Daftar tiket dengan saringan, newest first or earliest deadline first. Staff only.',
    access: STAFF,
    query: ListQuery,
    reply: { status: 200, description: 'One page.', schema: TicketPage },
    problems: ['CURSOR_MALFORMED'],
    handle: (call) => listTickets(deps, call),
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id',
    operationId: 'getTicket',
    summary: 'Satu tiket: state, labels, tags and what the caller could send now. Its ETag is the content version.',
    access: EVERYONE,
    reply: { status: 200, description: 'The ticket, with a strong ETag.', schema: Ticket },
    problems: ['TICKET_NOT_FOUND'],
    handle: async ({ params, actor, principal }) => {
      const { ticket, type } = await visibleTicket(deps, params['id'] ?? '', actor)
      const roles = principal === null ? [actor.role] : rolesOn(principal, ticket)
      const allowed = roles.flatMap((role) => deps.engine.allowed(ticket, { id: actor.id, role }))
      const view = ticketView(ticket, type, distinct(allowed))
      return ok(view, { ETag: etagOf(ticket.contentVersion) })
    },
  }),
]

/** What several roles could send is said once. */
const distinct = <T extends { readonly type: string }>(allowed: readonly T[]): readonly T[] => [
  ...new Map(allowed.map((it) => [it.type, it])).values(),
]

async function fileTicket(deps: ApiDeps, call: Call) {
  const { type, filing } = filingOf(deps.types, call.body)
  const roles = type.publicEvents[type.filingEvent]?.roles ?? []
  const actor = call.principal === null ? call.actor : actorAs(call.principal, roles, null)
  inspectBody(filing, declaredNames(type.filing))
  parse(type.filing, filing, 'body')
  // A participant's own token files for that participant only.
  if (actor.role === 'participant' && filing['participantRef'] !== actor.id)
    throw new PulihError('ROLE_NOT_ALLOWED', 'a participant files for nobody else')
  const { key, fingerprint } = commandKey(call)
  const accepted = await deps.engine.file({ type: type.type, filing, actor, key, fingerprint })
  return json(202, await receipt(deps, type, accepted), {
    Location: `/v1/tickets/${accepted.ticketId}`,
    ETag: etagOf(accepted.contentVersion),
    ...replayHeaders(accepted.replayed),
  })
}

function filingOf(types: ApiDeps['types'], body: JsonObject): { type: TicketType; filing: JsonObject } {
  const { type, ...filing } = body
  if (typeof type === 'string' && types.has(type)) return { type: typeOf(types, type), filing }
  const names = [...types.keys()].join(', ')
  const message = {
    id: `Isi "type" dengan salah satu jenis tiket: ${names}.`,
    en: `Set "type" to a ticket type: ${names}.`,
  }
  throw validationFailed([{ in: 'body', pointer: '/type', code: 'unknown_type', message }])
}

async function listTickets(deps: ApiDeps, { query, principal }: Call<ListQuery>) {
  const { order, limit, cursor, office, ...rest } = query
  const offices = principal === null ? [] : officesOf(principal)
  const filter = { ...rest, officeId: office, ...(offices === null ? {} : { offices }) }
  const scope = { list: 'tickets', order, filter }
  const page = await deps.store.listTickets(filter, order, limit, readCursor(cursor, scope))
  return ok({
    items: page.items.map((ticket) => ticketSummary(ticket, deps.types.get(ticket.type))),
    next: writeCursor(page.next, scope),
  })
}
