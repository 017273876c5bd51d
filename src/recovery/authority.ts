import type { Role } from '../machines/ticketType.js'
import type { Authority } from '../staff/principal.js'

/**
 * Configured tokens of this process: whoever is taken out of the configuration holds nothing after the next start. Who is nobody here holds
 * nothing either: a check that a process without tokens could not fail would be none (R-4E-3).
 */
export const tokenAuthority = (tokens: readonly { readonly actorId: string; readonly role: Role }[]): Authority => ({
  holds: (actorId, role) => Promise.resolve(tokens.some((it) => it.actorId === actorId && it.role === role)),
})
