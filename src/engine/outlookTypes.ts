import type { Label, Role } from '../machines/ticketType.js'

/** An event this actor could send now; pages draw their buttons from it. */
export interface AllowedEvent {
  readonly type: string
  readonly label: { readonly id: string; readonly en: string }
  readonly needsVersion: boolean
}

/** A public event as it stands for somebody now. `why` it is not possible: nobody's role of theirs, a state that does not know it, or guards (their texts in `reasons`). */
export interface EventOutlook {
  readonly type: string
  readonly label: Label
  readonly roles: readonly Role[]
  readonly possible: boolean
  readonly why: 'role' | 'state' | 'guard' | null
  readonly reasons: readonly (Label & { readonly guard: string })[]
}

/** What is possible for a ticket, and the leaf that each region of its statechart is in. */
export interface TicketOutlook {
  readonly events: readonly EventOutlook[]
  readonly regions: Readonly<Record<string, string>>
}
