import type { Actor, Label } from '../machines/ticketType.js'

/** What a newer calendar version did to open tickets so far. */
export interface ChangeProgress {
  /** Open tickets when it began, and how many of them were looked at in the walk going on. */
  readonly open: number
  readonly seen: number
  /** Tickets measured anew: all of them, and what became of their earliest moved promise. */
  readonly concerned: number
  readonly later: number
  readonly earlier: number
  readonly unchanged: number
  /** Kept on their old version, because the new one cannot measure them; at most 100 are named. */
  readonly failed: number
  readonly failures: readonly ChangeFailure[]
}
export interface ChangeFailure {
  readonly ticketId: string
  readonly ticketNumber: string
  /** A stable code: NO_OPEN_TIME, say. */
  readonly code: string
}
/** A calendar version on its way to the tickets that an older one promised to; its name is `calendarId@toVersion`. */
export interface CalendarChange {
  readonly calendarId: string
  readonly toVersion: number
  /** The version in force before. */
  readonly fromVersion: number
  readonly reason: Label
  readonly actorId: string
  readonly actorRole: string
  readonly startedAt: number
  readonly finishedAt: number | null
  /** Until then one process works on it; null: nobody. */
  readonly leasedUntil: number | null
  readonly progress: ChangeProgress
}

/** A newer calendar version, why, and who applies it. */
export interface RedateOrder {
  /** `id@version` */
  readonly calendar: string
  readonly reason: Label
  /** Null: the reason was given. Otherwise it is what differs from this version at that instant (epoch ms), and a ticket on an older one is told what differs from its own. */
  readonly since: { readonly version: number; readonly at: number } | null
  readonly actor: Actor
}
