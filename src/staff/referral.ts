import type { Store } from '../../db/types.js'
import type { TicketRow } from '../engine/types.js'
import type { Role } from '../machines/ticketType.js'
import type { Principal } from './principal.js'
import { rolesIn } from './scope.js'

/** The branch that awaits the participant after a referral, until they arrive there or the referral ends; null otherwise. */
export function awaitedAt({ state, snapshot }: Pick<TicketRow, 'state' | 'snapshot'>): string | null {
  const { referredTo } = snapshot.context
  return state === 'referredToBranch' && typeof referredTo === 'string' ? referredTo : null
}

/**
 * The office for which somebody may deal with a ticket: the one that has it (D25), else the one it was referred to, whose officers receive
 * the participant and must find the ticket before that (R60). Null when they reach neither. The ticket itself is read for the second only.
 */
export async function officeReached(
  store: Pick<Store, 'findTicket'>,
  head: Pick<TicketRow, 'id' | 'officeId'>,
  reaches: (officeId: string) => boolean | Promise<boolean>,
): Promise<string | null> {
  if (await reaches(head.officeId)) return head.officeId
  const ticket = await store.findTicket(head.id)
  const referred = ticket === null ? null : awaitedAt(ticket)
  return referred !== null && (await reaches(referred)) ? referred : null
}

/** All that the principal may be on a ticket, at the office that has it or at the one it was referred to; each once. */
export function rolesOn(principal: Principal, ticket: TicketRow): readonly Role[] {
  const awaited = awaitedAt(ticket)
  const there = awaited === null ? [] : rolesIn(principal, awaited)
  return [...new Set([...rolesIn(principal, ticket.officeId), ...there])]
}
