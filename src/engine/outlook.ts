import type { AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { getNextTransitions } from 'xstate'
import { regionsOf } from '../machines/chart.js'
import { leafOf } from '../machines/snapshots.js'
import type { Actor, TicketEvent, TicketType } from '../machines/ticketType.js'
import { couldTake, refusalReasons } from './refusals.js'
import type { EventOutlook } from './outlookTypes.js'

/**
 * Every event of the public union: could this person, under whichever of their roles, send it in this state; and if not, is it the role, the
 * state that does not know it, or guards, and which. Guards are asked as in `allowedEvents`.
 */
export function outlookOf(
  type: TicketType,
  snapshot: AnyMachineSnapshot,
  actors: readonly Actor[],
  at: number,
): readonly EventOutlook[] {
  return Object.entries(type.publicEvents).map(([name, { label, roles }]): EventOutlook => {
    const mine = actors.filter((it) => roles.includes(it.role))
    // Whoever may not send it still learns whether anybody could.
    const asked = mine.length > 0 ? mine : roles.map((role) => ({ id: '', role }))
    const events = asked.map((actor): TicketEvent => ({ type: name, at, actor }))
    const isTaken = events.some((event) => couldTake(snapshot, event))
    const known = (getNextTransitions(snapshot) as readonly AnyTransitionDefinition[]).some(
      (it) => it.eventType === name,
    )
    const [event] = events
    const reasons = isTaken || !known || event === undefined ? [] : refusalReasons(type, snapshot, event)
    const why = !known ? 'state' : !isTaken ? 'guard' : mine.length === 0 ? 'role' : null
    return { type: name, label, roles, possible: why === null, why, reasons }
  })
}

/** The leaf that each region is in; a machine without regions is one region. */
export function leavesByRegion(type: TicketType, snapshot: AnyMachineSnapshot): Readonly<Record<string, string>> {
  const { root } = type.machine
  const leafIn = ({ key }: AnyStateNode) => (root.type === 'parallel' ? leafOf(snapshot, key) : type.stateOf(snapshot))
  return Object.fromEntries(regionsOf(root).map((region) => [region.key, leafIn(region)]))
}
