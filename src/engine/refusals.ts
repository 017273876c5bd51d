import type { AnyMachineSnapshot, AnyTransitionDefinition } from 'xstate'
import { getNextTransitions } from 'xstate'
import type { Actor, Label, TicketEvent, TicketType } from '../machines/ticketType.js'
import { PulihError } from './errors.js'
import type { AllowedEvent } from './types.js'

/**
 * Events of the public union that this actor could send in this state. Guards are asked without a payload; one that cannot answer without it
 * counts as a yes: the command itself asks again.
 */
export function allowedEvents(
  type: TicketType,
  snapshot: AnyMachineSnapshot,
  actor: Actor,
  at: number,
): readonly AllowedEvent[] {
  return Object.entries(type.publicEvents)
    .filter(([name, event]) => event.roles.includes(actor.role) && couldTake(snapshot, { type: name, at, actor }))
    .map(([name, event]) => ({ type: name, label: event.label, needsVersion: event.needsVersion }))
}

/** A guard that cannot answer without a payload counts as a yes. */
export function couldTake(snapshot: AnyMachineSnapshot, event: TicketEvent): boolean {
  try {
    return snapshot.can(event)
  } catch {
    return true
  }
}

interface Reason extends Label {
  readonly guard: string
}

/** Why the statechart says no: the guards that stand in the way of this event, in words; empty when the state does not know the event at all. */
export function refusalReasons(type: TicketType, snapshot: AnyMachineSnapshot, event: TicketEvent): readonly Reason[] {
  const names = new Set<string>()
  for (const transition of getNextTransitions(snapshot) as readonly AnyTransitionDefinition[]) {
    if (transition.eventType !== event.type) continue
    for (const guard of guardsOf(transition.guard)) if (!passes(type, snapshot, event, guard)) names.add(guard.name)
  }
  return [...names].map((guard) => ({ guard, ...(type.refusals[guard] ?? { id: guard, en: guard }) }))
}

/** The database's own guards of the second pair of eyes: whoever comes past the statechart, by a hand noted elsewhere. */
const FOUR_EYES: ReadonlySet<string> = new Set(['tickets_four_eyes', 'tickets_checker_independent'])
export const isFourEyes = (constraint: string | null): boolean => constraint !== null && FOUR_EYES.has(constraint)

/** Nobody's id: who would ask if this person did not. */
const SOMEBODY_ELSE = '\u0000'

/** Would the same event of the same role be taken from somebody else? Then the person stands in the way, not the state (A23). */
const onlyByPerson = (snapshot: AnyMachineSnapshot, event: TicketEvent): boolean =>
  couldTake(snapshot, { ...event, actor: { ...event.actor, id: SOMEBODY_ELSE } })

/** The refusal of an event, with what would be possible instead: OWN_CASE when somebody else could, else EVENT_NOT_ALLOWED. Echoes nothing of the payload. */
export function notAllowed(type: TicketType, snapshot: AnyMachineSnapshot, event: TicketEvent): PulihError {
  const state = type.stateOf(snapshot)
  const reasons = refusalReasons(type, snapshot, event)
  const why = reasons.map((it) => it.en).join(' ')
  return new PulihError(
    onlyByPerson(snapshot, event) ? 'OWN_CASE' : 'EVENT_NOT_ALLOWED',
    `${event.type} is not possible in the state ${state}.${why === '' ? '' : ` ${why}`}`,
    {
      event: event.type,
      state,
      reasons,
      allowed: allowedEvents(type, snapshot, event.actor, event.at).map((it) => it.type),
    },
  )
}

interface NamedGuard {
  readonly name: string
  readonly guard: string
  readonly negated: boolean
  readonly params: unknown
}

/** The named guards inside `and([...])` and `not(...)`. xstate keeps them as properties of the composed function. */
function guardsOf(guard: unknown, negated = false): readonly NamedGuard[] {
  if (guard === undefined || guard === null) return []
  if (typeof guard === 'string') return [{ name: negated ? `not:${guard}` : guard, guard, negated, params: undefined }]
  const composed = guard as { type?: string; params?: unknown; check?: unknown; guards?: readonly unknown[] }
  if (composed.guards !== undefined) {
    const flips = typeof guard === 'function' && (guard as { check?: { name?: string } }).check?.name === 'checkNot'
    return composed.guards.flatMap((it) => guardsOf(it, flips ? !negated : negated))
  }
  if (composed.type === undefined) return []
  return [
    { name: negated ? `not:${composed.type}` : composed.type, guard: composed.type, negated, params: composed.params },
  ]
}

function passes(
  type: TicketType,
  snapshot: AnyMachineSnapshot,
  event: TicketEvent,
  { guard, negated, params }: NamedGuard,
): boolean {
  const implementation = type.machine.implementations.guards[guard] as
    ((args: unknown, params: unknown) => boolean) | undefined
  if (implementation === undefined) return true
  return implementation({ context: snapshot.context as unknown, event }, params) !== negated
}
