import type { Actor, Role } from '../machines/ticketType.js'

/** People who work the tickets: each of these roles is granted to somebody, everywhere or for one office. */
export const STAFF_ROLES = ['agent', 'checker', 'supervisor', 'admin', 'auditor'] as const satisfies readonly Role[]
export type StaffRole = (typeof STAFF_ROLES)[number]

/** `officeId` null: every office. */
export interface Grant {
  readonly role: Role
  readonly officeId: string | null
}

/** Who stands behind a request, and what they may be. */
export interface Principal {
  /** The actor id in logs: of a person of the staff, of a service key, or what the configured token says. */
  readonly id: string
  readonly via: 'session' | 'key' | 'token'
  /** As they count now: a supervisor's grant is here for each office of the unit. */
  readonly grants: readonly Grant[]
  /** Of service keys only: the groups of routes that the key opens. */
  readonly scopes: readonly string[] | null
  /** A piece of the session's hash; never the secret. */
  readonly sessionId: string | null
  /** When a session last proved itself with a fresh one-time code, epoch ms. */
  readonly steppedUpAt: number | null
}

/** A configured token: one role, everywhere. */
export const tokenPrincipal = ({ id, role }: Actor): Principal => ({
  id,
  via: 'token',
  grants: [{ role, officeId: null }],
  scopes: null,
  sessionId: null,
  steppedUpAt: null,
})

/** Asked again when something is applied: who approved may have lost the role meanwhile (R-4E-3). */
export interface Authority {
  /** Was this role this actor's, for this office (null: for all), at this instant (epoch ms), and is it still? Configured tokens hold theirs always. */
  holds(actorId: string, role: Role, officeId: string | null, at: number): Promise<boolean>
}
