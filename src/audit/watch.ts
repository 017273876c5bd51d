import type { AuditChainStore, AuditRow } from '../../db/audit/chain.js'
import type { AssignmentStore } from '../../db/staff/assignments.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Actor } from '../machines/ticketType.js'
import type { Principal } from '../staff/principal.js'
import type { AuditDetail, AuditWriter } from './types.js'

/** Somebody of the staff is about to see personal data of a ticket. */
export interface Opening {
  readonly actor: Actor
  readonly principal: Principal | null
  readonly action: OpeningAction
  readonly ticketId: string
  readonly subject?: string
  readonly detail?: AuditDetail
}
/** Seen masked, in the clear, as a picture. */
export type OpeningAction = 'person.open' | 'person.reveal' | 'file.view'
export type AlertKind = 'reveals' | 'cases' | 'unassigned'

export interface Watch {
  /**
   * Writes down that this is being opened; what it guards may be shown once this has resolved, and not before. Throws STEP_UP_REQUIRED when
   * more was opened than somebody's work explains, or for a reveal of what is not theirs without a fresh code; AUDIT_UNAVAILABLE.
   */
  open(opening: Opening): Promise<void>
}
export interface WatchParts {
  readonly store: Pick<AuditChainStore, 'recentOf'>
  readonly assignments: Pick<AssignmentStore, 'findAssignment'>
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly limits: Readonly<
    Record<'revealsPerHour' | 'casesOpenedPerHour' | 'unassignedOpenedPerHour' | 'stepUpMinutes', number>
  >
  /** Told of each alert; kinds only. */
  readonly onAlert?: ((kind: AlertKind) => void) | undefined
}

export const ALERT = 'access.alert'
const OPENINGS: readonly OpeningAction[] = ['person.open', 'person.reveal', 'file.view']
const HOUR = 3_600_000
const MINUTE = 60_000
/** More than any limit that means anything. */
const LOOKED_AT = 1_000

/**
 * Looks at how much each person opens (R-PDP-7, A42). A fresh one-time code begins the count anew, so a session that somebody else took over
 * gets no further than one limit. A configured token cannot prove itself: it waits until the hour has passed.
 */
export function createWatch(parts: WatchParts): Watch {
  const { store, assignments, audit, clock, limits } = parts
  const turns = new Map<string, Promise<void>>()

  async function look(opening: Opening): Promise<void> {
    const { actor, principal, action, ticketId, subject = null, detail = {} } = opening
    const at = clock.now()
    const assigned = (await assignments.findAssignment(ticketId))?.agentId === actor.id
    const steppedUpAt = principal?.steppedUpAt ?? null
    const fresh = steppedUpAt !== null && at - steppedUpAt < limits.stepUpMinutes * MINUTE
    if (action === 'person.reveal' && !assigned && principal?.via === 'session' && !fresh) throw stepUp()
    const since = Math.max(at - HOUR, steppedUpAt ?? 0)
    const recent = await store.recentOf(actor.id, [...OPENINGS, ALERT], since, LOOKED_AT)
    const excess = excessOf(recent, { ticketId, action, assigned }, limits)
    if (excess !== null) {
      await alert(actor, at, excess, recent)
      throw stepUp()
    }
    await audit.record({
      ...{ at, actorId: actor.id, actorRole: actor.role, action, ticketId, subject },
      detail: { ...detail, assigned },
    })
  }

  /** Once for each kind until the count begins anew. */
  async function alert(actor: Actor, at: number, { kind, count }: Excess, recent: readonly AuditRow[]): Promise<void> {
    if (recent.some((it) => it.action === ALERT && it.detail['kind'] === kind)) return
    await audit.record({ at, actorId: actor.id, actorRole: actor.role, action: ALERT, detail: { kind, count } })
    parts.onAlert?.(kind)
  }

  return {
    // One after the other for each person: looked at together, many would each be the last that is allowed.
    async open(opening) {
      const { id } = opening.actor
      const before = turns.get(id) ?? Promise.resolve()
      const turn = before.then(() => look(opening))
      const over = turn.catch(() => undefined)
      turns.set(id, over)
      try {
        await turn
      } finally {
        if (turns.get(id) === over) turns.delete(id)
      }
    },
  }
}

interface Excess {
  readonly kind: AlertKind
  readonly count: number
}
type Next = { readonly ticketId: string; readonly action: OpeningAction; readonly assigned: boolean }

/** What this opening would be too many of; null when it is not. */
function excessOf(recent: readonly AuditRow[], next: Next, limits: WatchParts['limits']): Excess | null {
  const opened = recent.filter((it) => it.action !== ALERT)
  const cases = new Set(opened.map((it) => it.ticketId))
  const foreign = new Set(opened.filter((it) => it.detail['assigned'] === false).map((it) => it.ticketId))
  const reveals = opened.filter((it) => it.action === 'person.reveal').length
  if (next.action === 'person.reveal' && reveals >= limits.revealsPerHour) return { kind: 'reveals', count: reveals }
  if (!next.assigned && !foreign.has(next.ticketId) && foreign.size >= limits.unassignedOpenedPerHour)
    return { kind: 'unassigned', count: foreign.size }
  if (!cases.has(next.ticketId) && cases.size >= limits.casesOpenedPerHour) return { kind: 'cases', count: cases.size }
  return null
}

const stepUp = (): PulihError => new PulihError('STEP_UP_REQUIRED', 'a fresh one-time code is needed to open more')
