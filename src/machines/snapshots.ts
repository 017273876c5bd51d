import { createActor, initialTransition, transition, type AnyMachineSnapshot } from 'xstate'
import { isEffectType, type Effect } from './effects.js'
import {
  TAGS,
  type Decision,
  type PersistedSnapshot,
  type Tag,
  type TicketEvent,
  type TicketType,
} from './ticketType.js'

/** Thrown when a stored snapshot names a state this machine does not have, or an effect nobody knows: a bug or a missing upcast. */
export class MachineError extends Error {
  override readonly name = 'MachineError'
}

/** The first snapshot of a new ticket and the effects of entering it. */
export function begin(type: TicketType, input: unknown): Decision {
  const [snapshot, actions] = initialTransition(type.machine, input)
  return { snapshot, effects: effectsOf(actions) }
}

/** Runs one event through the statechart, purely. Ask `can` first: a refused event leaves the snapshot as it is. */
export function step(type: TicketType, snapshot: AnyMachineSnapshot, event: TicketEvent): Decision {
  const [next, actions] = transition(type.machine, snapshot, event)
  // xstate reports a guard or action that threw as a snapshot in error: never store that.
  if (next.status === 'error')
    throw new MachineError(`machine ${type.type} failed on ${event.type}`, { cause: next.error })
  return { snapshot: next, effects: effectsOf(actions) }
}

/** What is stored: value and context, plain JSON. */
export function persist(snapshot: AnyMachineSnapshot): PersistedSnapshot {
  return { value: snapshot.value, context: snapshot.context as Readonly<Record<string, unknown>> }
}

/**
 * Restores a stored snapshot, lifting it from `version` to the machine's own version first.
 * Throws MachineError when the snapshot names a state that does not exist (xstate only marks it).
 */
export function restore(type: TicketType, persisted: PersistedSnapshot, version: number): AnyMachineSnapshot {
  const lifted = upcast(type, persisted, version)
  const snapshot = createActor(type.machine, {
    snapshot: {
      status: 'active',
      historyValue: {},
      children: {},
      output: undefined,
      error: undefined,
      ...lifted,
    } as never,
    input: undefined as never,
  }).getSnapshot() as AnyMachineSnapshot
  if (snapshot.status === 'error') {
    throw new MachineError(
      `a ${type.type} snapshot of version ${version} does not fit the machine of version ${type.version}`,
      {
        cause: snapshot.error,
      },
    )
  }
  return snapshot
}

/** Lifts a stored snapshot version by version. Throws MachineError where an upcast is missing. */
export function upcast(type: TicketType, persisted: PersistedSnapshot, version: number): PersistedSnapshot {
  let lifted = persisted
  for (let from = version; from < type.version; from++) {
    const lift = type.upcasts[from]
    if (lift === undefined) throw new MachineError(`${type.type} has no upcast from version ${from}`)
    lifted = lift(lifted)
  }
  return lifted
}

export const tagsOf = (snapshot: AnyMachineSnapshot): readonly Tag[] => TAGS.filter((tag) => snapshot.hasTag(tag))

/** The deepest state of one region as a single word. */
export function leafOf(snapshot: AnyMachineSnapshot, region: string): string {
  let value: unknown = (snapshot.value as Record<string, unknown>)[region]
  while (typeof value === 'object' && value !== null) {
    const [[key, inner] = ['', '']] = Object.entries(value)
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0) return key
    value = inner
  }
  return String(value)
}

/** Named actions are effects; an undelayed raise was already processed by xstate; anything else is an error. */
function effectsOf(actions: readonly { type: string; params?: unknown }[]): readonly Effect[] {
  const effects: Effect[] = []
  for (const { type, params } of actions) {
    if (type === 'xstate.raise' && (params as { delay?: unknown } | undefined)?.delay === undefined) continue
    if (!isEffectType(type)) throw new MachineError(`nobody knows the effect ${type}`)
    effects.push({ type, params } as Effect)
  }
  return effects
}
