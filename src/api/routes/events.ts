import { PulihError } from '../../engine/errors.js'
import type { Accepted } from '../../engine/types.js'
import type { PublicEvent, TicketType } from '../../machines/ticketType.js'
import { officeReached } from '../../staff/referral.js'
import { actorAs, roleAmong } from '../../staff/scope.js'
import { EVERYONE, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { closeClaim, refuseHeld } from '../holding.js'
import { commandKey, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { moveView } from '../moveViews.js'
import { etagOf, readIfMatch } from '../requestHeaders.js'
import { EventAccepted } from '../shapes.js'
import { factLabel, visibleHead } from '../ticketViews.js'
import { typedBody } from '../typedBody.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { labelOf } from '../words.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

export const IF_MATCH_HEADER = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the ticket as it was read; required by events whose needsVersion is true.',
}

export const eventRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/tickets/:id/events',
    operationId: 'sendEvent',
    summary: 'Mengirim tindakan ke tiket: body {type, ...isian}. Events per type are listed under /v1/types/{type}.',
    access: EVERYONE,
    headers: [IDEMPOTENCY_HEADER, IF_MATCH_HEADER],
    body: { oneOf: [...deps.types.values()].flatMap(eventBodies) },
    reply: { status: 200, description: 'Accepted; the facts that were written.', schema: EventAccepted },
    problems: [
      'TICKET_NOT_FOUND',
      'EVENT_UNKNOWN',
      'EVENT_NOT_ALLOWED',
      'OWN_CASE',
      'TICKET_HELD',
      'PERSONAL_DATA_REFUSED',
      'PROOF_REQUIRED',
      'CHECKLIST_INCOMPLETE',
      'DOCUMENT_PENDING',
      'REASON_UNKNOWN',
      'BRANCH_REQUIRED',
      'VERSION_REQUIRED',
      'VERSION_STALE',
      'VERSION_MALFORMED',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_MALFORMED',
      'IDEMPOTENCY_KEY_REUSED',
      'CONFLICT',
      'NO_OPEN_TIME',
    ],
    handle: (call) => sendEvent(deps, call),
  }),
]

const eventBodies = (type: TicketType) =>
  Object.entries(type.publicEvents).map(([name, event]) => typedBody(name, jsonSchema(event.payload)))

async function sendEvent(deps: ApiDeps, call: Call) {
  const { ticketId, type, officeId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  const { type: name, ...payload } = call.body
  const event = publicEvent(type, name)
  // Whoever has several roles sends each event under the first one that it takes.
  const { principal } = call
  const reaches = (id: string) => principal !== null && roleAmong(principal, event.roles, id) !== null
  const at = (await officeReached(deps.store, { id: ticketId, officeId }, reaches)) ?? officeId
  const actor = principal === null ? call.actor : actorAs(principal, event.roles, at)
  await refuseUnproven(deps, ticketId, String(name))
  inspectBody(payload, declaredNames(event.payload))
  parse(event.payload, payload, 'body')
  const expectedContentVersion = readIfMatch(call.header('if-match'))
  if (event.needsVersion && expectedContentVersion === undefined)
    throw new PulihError('VERSION_REQUIRED', 'this event is decided on a version')
  const command = { ticketId, ...commandKey(call), expectedContentVersion }
  await refuseHeld(deps, { principal, actor }, ticketId, command.key)
  const accepted = await deps.engine.handle({ ...command, event: { ...payload, type: String(name) }, actor })
  await closeClaim(deps, call, ticketId)
  return ok(acceptedView(accepted, type), {
    ETag: etagOf(accepted.contentVersion),
    ...replayHeaders(accepted.replayed),
  })
}

/** What only a proof leads to: the services behind filing send these events, nobody's word does. */
const PROVEN = new Set(['contact.prove', 'contact.change', 'documents.upload', 'submit'])

/** Throws PROOF_REQUIRED for such an event of a ticket with personal data; one filed by codes alone has a portal that vouches for it. */
async function refuseUnproven({ store }: ApiDeps, ticketId: string, event: string): Promise<void> {
  if (PROVEN.has(event) && (await store.intake.keys.findKey(ticketId)) !== null)
    throw new PulihError('PROOF_REQUIRED', 'this event follows from a proof')
}

/** Timer and system events are not in the public union, whatever the machine would say. Throws EVENT_UNKNOWN. */
function publicEvent(type: TicketType, name: unknown): PublicEvent {
  const event = typeof name === 'string' && Object.hasOwn(type.publicEvents, name) ? type.publicEvents[name] : undefined
  if (event === undefined) throw new PulihError('EVENT_UNKNOWN', 'no public event of this name')
  return event
}

/** Made from the engine's remembered answer and the type alone, so that a repeat gives the same body. */
export const acceptedView = (accepted: Accepted, type: TicketType) => ({
  ticketId: accepted.ticketId,
  ticketNumber: accepted.ticketNumber,
  type: type.type,
  state: accepted.state,
  stateLabel: labelOf(type.states, accepted.state),
  contentVersion: accepted.contentVersion,
  revision: accepted.revision,
  facts: accepted.facts.map((fact) => ({ fact, label: factLabel(type, fact) })),
  moves: accepted.moves.map((move) => moveView(move, type)),
})
