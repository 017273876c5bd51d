import { PulihError } from '../engine/errors.js'
import type { Actor, Role } from '../machines/ticketType.js'
import { STAFF_ROLES, type Principal } from './principal.js'

/** What of a ticket says which office it belongs to now. */
export interface Placed {
  readonly officeId: string
}

/** May this person know that the ticket is there? Outside their offices it is answered like one that does not exist (A19). */
export const mayKnow = (principal: Principal, { officeId }: Placed): boolean =>
  principal.grants.some((grant) => grant.officeId === null || grant.officeId === officeId)

/** Throws TICKET_NOT_FOUND, for a ticket outside their offices as for none. */
export function assertMayKnow(principal: Principal | null, head: Placed | null): asserts head is Placed {
  if (head === null || (principal !== null && !mayKnow(principal, head)))
    throw new PulihError('TICKET_NOT_FOUND', 'no ticket with this id for this actor')
}

/** The first of the principal's roles that is among these, in the order of the list; null when there is none. `officeId` null: in whichever office. */
export const roleAmong = (principal: Principal, roles: readonly Role[], officeId: string | null): Role | null =>
  roles.find((role) => holdsRole(principal, role, officeId)) ?? null

/** All that the principal may be for an office, each once. */
export const rolesIn = ({ grants }: Principal, officeId: string): readonly Role[] => [
  ...new Set(grants.filter((it) => it.officeId === null || it.officeId === officeId).map((it) => it.role)),
]

/** Does the principal hold this role for this office (null: for any)? */
export const holdsRole = ({ grants }: Principal, role: Role, officeId: string | null): boolean =>
  grants.some((it) => it.role === role && (officeId === null || it.officeId === null || it.officeId === officeId))

/** The actor that acts here: the principal under the first of its roles that is taken. Throws ROLE_NOT_ALLOWED. */
export function actorAs(principal: Principal, roles: readonly Role[], officeId: string | null): Actor {
  const role = roleAmong(principal, roles, officeId)
  if (role === null) throw new PulihError('ROLE_NOT_ALLOWED', 'no role of this caller is taken here')
  return { id: principal.id, role }
}

/** The offices whose tickets somebody may list; null: all of them. */
export function officesOf({ grants }: Principal, roles: readonly Role[] = STAFF_ROLES): readonly string[] | null {
  const here = grants.filter((it) => roles.includes(it.role))
  if (here.some((it) => it.officeId === null)) return null
  return [...new Set(here.flatMap((it) => (it.officeId === null ? [] : [it.officeId])))]
}
