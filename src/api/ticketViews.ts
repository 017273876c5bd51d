import { PulihError } from '../engine/errors.js'
import { CALENDAR_CHANGE } from '../engine/calendarChange.js'
import { typeOfTicket } from '../engine/ticketTypes.js'
import type { TicketRow } from '../engine/types.js'
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
  const ticket = seen(await deps.store.findTicket(id), actor)
  return { ticket, type: typeOfTicket(deps.types, ticket) }
}

/** The same for a command, which reads the ticket by itself: only what tells whose it is. */
export async function visibleHead(
  deps: ApiDeps,
  id: string,
  actor: Actor,
): Promise<{ ticketId: string; type: TicketType; officeId: string }> {
  const ticket = seen(await deps.store.findTicketHead(id), actor)
  return { ticketId: ticket.id, type: typeOfTicket(deps.types, ticket), officeId: ticket.officeId }
}

function seen<T extends { readonly participantRef: string }>(ticket: T | null, actor: Actor): T {
  const hidden = actor.role === 'participant' && ticket?.participantRef !== actor.id
  if (ticket === null || hidden) throw new PulihError('TICKET_NOT_FOUND', 'no ticket with this id for this actor')
  return ticket
}

/** A ticket whose type is not loaded here is listed too, in bare words. */
export const ticketSummary = (ticket: TicketRow, type: Pick<TicketType, 'states'> = { states: {} }) => ({
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

/** Entries of the engine's own, which belong to no type. */
const OWN: readonly { readonly event: string; readonly fact: string; readonly label: Label }[] = [
  { event: 'ticket.file', fact: 'TicketFiled', label: { id: 'Tiket dibuat', en: 'Ticket filed' } },
  { event: CALENDAR_CHANGE, fact: 'CalendarChanged', label: { id: 'Kalender berubah', en: 'Calendar changed' } },
]

/** What an event of a type is called, public or internal. */
export function eventLabel(type: TicketType, event: string): Label {
  const own = OWN.find((it) => it.event === event)
  if (own !== undefined) return own.label
  const found = Object.hasOwn(type.publicEvents, event) ? type.publicEvents[event] : type.internalEvents[event]
  return found?.label ?? { id: event, en: event }
}

/** What a fact is called: the label of the first event that writes it. */
export function factLabel(type: TicketType, fact: string): Label {
  const own = OWN.find((it) => it.fact === fact)
  if (own !== undefined) return own.label
  const events = [...Object.values(type.publicEvents), ...Object.values(type.internalEvents)]
  return events.find((it) => it.fact === fact)?.label ?? { id: fact, en: fact }
}
