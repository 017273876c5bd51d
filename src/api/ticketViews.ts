import { PulihError } from '../engine/errors.js'
import type { DueMove, TicketRow } from '../engine/types.js'
import type { Actor, Label, TicketType } from '../machines/ticketType.js'
import type { ApiDeps } from './context.js'
import { iso, isoOrNull, labelOf } from './words.js'

/** A type of the registry. Throws NOT_FOUND. */
export function typeOf(types: ApiDeps['types'], name: string): TicketType {
  const type = types.get(name)
  if (type === undefined) throw new PulihError('NOT_FOUND', 'no such ticket type')
  return type
}

/**
 * A ticket that this actor may know of. Throws TICKET_NOT_FOUND for others as for none, so that ids tell nothing (A19):
 * a participant's own token opens only tickets filed for that participant.
 */
export async function visibleTicket(
  deps: ApiDeps,
  id: string,
  actor: Actor,
): Promise<{ ticket: TicketRow; type: TicketType }> {
  const ticket = await deps.store.findTicket(id)
  const hidden = actor.role === 'participant' && ticket?.participantRef !== actor.id
  if (ticket === null || hidden) throw new PulihError('TICKET_NOT_FOUND', 'no ticket with this id for this actor')
  return { ticket, type: typeOf(deps.types, ticket.type) }
}

export const ticketSummary = (ticket: TicketRow, type: TicketType) => ({
  ticketId: ticket.id,
  ticketNumber: ticket.ticketNumber,
  type: ticket.type,
  state: ticket.state,
  stateLabel: labelOf(type.states, ticket.state),
  standing: ticket.standing,
  tags: ticket.standing === 'terminal' ? ['terminal'] : ['open', ticket.standing],
  route: ticket.route,
  category: ticket.category,
  cause: ticket.cause,
  officeId: ticket.officeId,
  priority: ticket.priority,
  contentVersion: ticket.contentVersion,
  filedAt: iso(ticket.filedAt),
  updatedAt: iso(ticket.updatedAt),
  closedAt: isoOrNull(ticket.closedAt),
  releasedAt: isoOrNull(ticket.releasedAt),
  nextDueAt: isoOrNull(ticket.nextDueAt),
})

export const ticketView = (ticket: TicketRow, type: TicketType, allowed: readonly unknown[]) => ({
  ...ticketSummary(ticket, type),
  typeLabel: type.label,
  participantRef: ticket.participantRef,
  revision: ticket.revision,
  machineVersion: ticket.machineVersion,
  policy: { id: ticket.policyId, version: ticket.policyVersion },
  allowed,
})

export const moveView = (move: DueMove, type: TicketType) => ({
  target: move.target,
  label: labelOf(type.targets, move.target),
  from: isoOrNull(move.from),
  to: iso(move.to),
  reason: move.reason,
})

/** The first entry of every log is the engine's own and belongs to no type. */
const FILED = { event: 'ticket.file', fact: 'TicketFiled', label: { id: 'Tiket dibuat', en: 'Ticket filed' } }

/** What an event of a type is called, public or internal. */
export function eventLabel(type: TicketType, event: string): Label {
  if (event === FILED.event) return FILED.label
  const found = Object.hasOwn(type.publicEvents, event) ? type.publicEvents[event] : type.internalEvents[event]
  return found?.label ?? { id: event, en: event }
}

/** What a fact is called: the label of the first event that writes it. */
export function factLabel(type: TicketType, fact: string): Label {
  if (fact === FILED.fact) return FILED.label
  const events = [...Object.values(type.publicEvents), ...Object.values(type.internalEvents)]
  return events.find((it) => it.fact === fact)?.label ?? { id: fact, en: fact }
}
