import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import type { Beside } from '../../staff/duplicates/merging.js'
import { actorAs, assertMayKnow, mayKnow } from '../../staff/scope.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { closeClaim } from '../holding.js'
import { commandKey, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { etagOf, readIfMatch } from '../requestHeaders.js'
import { ticketSummary, visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const OBSTACLES = [
  'NOT_COMPETING',
  'NO_SHARED_PROVEN_CONTACT',
  'CLOSED',
  'OBJECTION_OPEN',
  'APPROVAL_STANDING',
  'NO_PERSONAL_DATA',
] as const
const Competing = z.strictObject({
  ticketId: z.string(),
  cases: z.array(
    z.strictObject({
      ticket: z.record(z.string(), z.unknown()),
      contacts: z.array(
        z.strictObject({ channel: z.enum(['email', 'phone']), proven: z.boolean(), same: z.boolean() }),
      ),
      flags: z.array(z.string()),
      documents: z.array(z.strictObject({ kind: z.string(), state: z.string() })),
      mergeable: z.boolean(),
      obstacle: z.enum(OBSTACLES).nullable(),
    }),
  ),
})
const Body = z.strictObject({
  from: z.string().max(64).describe('The case that ends as merged'),
  fromVersion: z.int().min(1).describe('Its contentVersion as it was seen'),
})
const Merged = z.strictObject({
  ticketId: z.string(),
  merged: z.string(),
  state: z.string(),
  contentVersion: z.int(),
})

/** Several cases for one NIK (R-DUP-1): looked at side by side, merged only where the same contact is proven in both (D31). */
export const mergeRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/competing',
    operationId: 'getCompeting',
    summary:
      'Pengaduan lain untuk NIK yang sama, berdampingan: codes only, and what keeps each from being merged into this one.',
    access: ['agent', 'checker', 'supervisor'],
    reply: { status: 200, description: 'This case first.', schema: Competing },
    problems: ['TICKET_NOT_FOUND'],
    handle: (call) => competing(deps, call),
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/merges',
    operationId: 'mergeTicket',
    summary: 'Menggabung pengaduan lain ke pengaduan ini: both change in one commit or neither does.',
    access: ['supervisor'],
    headers: [
      IDEMPOTENCY_HEADER,
      { name: 'If-Match', required: true, description: 'The ETag of this ticket as it was read.' },
    ],
    body: jsonSchema(Body),
    reply: { status: 200, description: 'Merged.', schema: Merged },
    problems: [
      'TICKET_NOT_FOUND',
      'MERGE_REFUSED',
      'EVENT_NOT_ALLOWED',
      'PERSONAL_DATA_REFUSED',
      'VERSION_REQUIRED',
      'VERSION_STALE',
      'VERSION_MALFORMED',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_MALFORMED',
      'IDEMPOTENCY_KEY_REUSED',
      'CONFLICT',
    ],
    handle: (call) => merge(deps, call),
  }),
]

async function competing(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  const all = await deps.services.recovery.merging.beside(ticketId)
  // Cases of offices that this caller knows nothing of are not there (A19); their supervisors see both.
  const known = all.filter(({ ticket }) => call.principal === null || mayKnow(call.principal, ticket))
  return ok({ ticketId, cases: await Promise.all(known.map((it) => caseView(deps, it))) })
}

async function caseView({ store, types }: ApiDeps, { ticket, contacts, obstacle }: Beside) {
  const { people, documents } = store.intake
  const [flags, uploads] = await Promise.all([people.flagsOf(ticket.id), documents.documentsOf(ticket.id)])
  return {
    ticket: ticketSummary(ticket, types.get(ticket.type)),
    contacts,
    flags: flags.map((it) => it.code),
    documents: uploads.map(({ kind, state }) => ({ kind, state })),
    mergeable: obstacle === null,
    obstacle,
  }
}

async function merge(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  inspectBody(call.body, declaredNames(Body))
  const { from, fromVersion } = parse(Body, call.body, 'body')
  const { ticketId: fromId, officeId } = await visibleHead(deps, from, call.actor)
  assertMayKnow(call.principal, { officeId })
  if (call.principal !== null) actorAs(call.principal, ['supervisor'], officeId)
  const intoVersion = readIfMatch(call.header('if-match'))
  if (intoVersion === undefined) throw new PulihError('VERSION_REQUIRED', 'a merge is decided on a version')
  const order = { intoId: ticketId, fromId, intoVersion, fromVersion, actor: call.actor, ...commandKey(call) }
  const { state, contentVersion, replayed } = await deps.services.recovery.merging.merge(order)
  for (const id of [fromId, ticketId]) await closeClaim(deps, call, id)
  return ok(
    { ticketId, merged: fromId, state, contentVersion },
    { ETag: etagOf(contentVersion), ...replayHeaders(replayed) },
  )
}
