import type { AuditChainStore, AuditRow } from '../../db/audit/chain.js'
import type { AssignmentStore } from '../../db/staff/assignments.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Actor } from '../machines/ticketType.js'
import type { Principal } from '../staff/principal.js'
import type { TellPeople } from './alerts.js'
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

/** An officer, or whoever runs a command on the machine. */
interface Who {
  readonly id: string
  readonly role: string
}

export interface Watch {
  /**
   * Writes down that this is being opened; what it guards may be shown once this has resolved, and not before. Throws STEP_UP_REQUIRED when
   * more was opened than somebody's work explains, or for a reveal of what is not theirs without a fresh code; AUDIT_UNAVAILABLE.
   */
  open(opening: Opening): Promise<void>
  /** Writes down that all of a person leaves as a file. Counts as a reveal; refuses nothing, since whoever runs the machine could go past it, but tells. Throws AUDIT_UNAVAILABLE. */
  exported(actor: Who, ticketId: string): Promise<void>
}
export interface WatchParts {
  readonly store: Pick<AuditChainStore, 'recentOf'>
  readonly assignments: Pick<AssignmentStore, 'findAssignment'>
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly limits: Readonly<
    Record<'revealsPerHour' | 'casesOpenedPerHour' | 'unassignedOpenedPerHour' | 'stepUpMinutes', number>
  >
  /** Brings an alert before people. */
  readonly tell: TellPeople
  /** Told of each alert; kinds only. */
  readonly onAlert?: ((kind: AlertKind) => void) | undefined
}

export const ALERT = 'access.alert'
/** What counts as having been opened. */
const OPENINGS: readonly string[] = [
  ...(['person.open', 'person.reveal', 'file.view'] satisfies OpeningAction[]),
  'person.export',
]
/** What counts as a reveal. */
const IN_THE_CLEAR: readonly string[] = ['person.reveal', 'person.export']
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
    const held = await assignments.findAssignment(ticketId)
    // A lease that has run out is nobody's, though nobody may have closed it yet (D26).
    const assigned = held !== null && held.agentId === actor.id && held.leaseUntil > at
    const steppedUpAt = principal?.steppedUpAt ?? null
    const fresh = steppedUpAt !== null && at - steppedUpAt < limits.stepUpMinutes * MINUTE
    if (action === 'person.reveal' && !assigned && principal?.via === 'session' && !fresh) throw stepUp()
    const since = Math.max(at - HOUR, steppedUpAt ?? 0)
    const recent = await store.recentOf(actor.id, [...OPENINGS, ALERT], since, LOOKED_AT)
    const excess = excessOf(recent, { ticketId, action, assigned }, limits)
    if (excess !== null) {
      await alert({ actor, principal, ticketId, at }, excess, recent)
      throw stepUp()
    }
    await audit.record({
      ...{ at, actorId: actor.id, actorRole: actor.role, action, ticketId, subject },
      detail: { ...detail, assigned },
    })
  }

  /** Once for each kind until the count begins anew. */
  async function alert(by: By, { kind, count }: Excess, recent: readonly AuditRow[]): Promise<void> {
    const { actor, principal, ticketId, at } = by
    if (recent.some((it) => it.action === ALERT && it.detail['kind'] === kind)) return
    await parts.tell({ actorId: actor.id, principal, kind, opened: count, ticketId, at })
    await audit.record({ at, actorId: actor.id, actorRole: actor.role, action: ALERT, detail: { kind, count } })
    parts.onAlert?.(kind)
  }

  async function lookAtExport(actor: Who, ticketId: string): Promise<void> {
    const at = clock.now()
    await audit.record({ at, actorId: actor.id, actorRole: actor.role, action: 'person.export', ticketId })
    const recent = await store.recentOf(actor.id, [...OPENINGS, ALERT], at - HOUR, LOOKED_AT)
    const count = recent.filter((it) => IN_THE_CLEAR.includes(it.action)).length
    if (count > limits.revealsPerHour)
      await alert({ actor, principal: null, ticketId, at }, { kind: 'reveals', count }, recent)
  }

  // One after the other for each person: looked at together, many would each be the last that is allowed.
  async function inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const before = turns.get(id) ?? Promise.resolve()
    const turn = before.then(work)
    const over = turn.catch(() => undefined)
    turns.set(id, over)
    try {
      await turn
    } finally {
      if (turns.get(id) === over) turns.delete(id)
    }
  }

  return {
    open: (opening) => inTurn(opening.actor.id, () => look(opening)),
    exported: (actor, ticketId) => inTurn(actor.id, () => lookAtExport(actor, ticketId)),
  }
}

interface By {
  readonly actor: Who
  readonly principal: Principal | null
  readonly ticketId: string
  readonly at: number
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
  const reveals = opened.filter((it) => IN_THE_CLEAR.includes(it.action)).length
  if (next.action === 'person.reveal' && reveals >= limits.revealsPerHour) return { kind: 'reveals', count: reveals }
  if (!next.assigned && !foreign.has(next.ticketId) && foreign.size >= limits.unassignedOpenedPerHour)
    return { kind: 'unassigned', count: foreign.size }
  if (!cases.has(next.ticketId) && cases.size >= limits.casesOpenedPerHour) return { kind: 'cases', count: cases.size }
  return null
}

const stepUp = (): PulihError => new PulihError('STEP_UP_REQUIRED', 'a fresh one-time code is needed to open more')
