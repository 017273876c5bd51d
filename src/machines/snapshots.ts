import { createEmptyActor, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate'
import { isEffectType, type Effect } from './effects.js'
import { nextGeneration, type Timed } from './generations.js'
import { Stepper } from './stepping.js'
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

type Action = { type: string; params?: unknown }
type Transition = { readonly target?: unknown; readonly actions: readonly unknown[] }
type Microstep = { readonly snapshot: AnyMachineSnapshot; readonly _transitions?: readonly Transition[] }

/**
 * xstate's pure `transition()` builds a new actor, and with it a new initial snapshot, at every call: a third of its cost.
 * The logic itself (`ActorLogic`) only needs somewhere to hand its actions to. Nothing is spawned or sent here, so one inert scope serves all.
 */
const collected: { actions: Action[]; steps: Microstep[] } = { actions: [], steps: [] }
const inert = createEmptyActor()
const scope = {
  self: inert,
  id: '',
  sessionId: '',
  // Inspectors are told what each microstep took; the first one is that of the event itself.
  system: {
    ...inert.system,
    _sendInspectionEvent: (microstep: Microstep) => void collected.steps.push(microstep),
  },
  logger: () => undefined,
  defer: () => undefined,
  emit: () => undefined,
  stopChild: () => undefined,
  actionExecutor: (action: Action) => void collected.actions.push(action),
} as unknown as Parameters<AnyStateMachine['transition']>[2]

function running(run: () => AnyMachineSnapshot): Step {
  collected.actions = []
  collected.steps = []
  const snapshot = run()
  return { snapshot, effects: effectsOf(collected.actions), taken: changes(collected.steps[0]?._transitions) }
}

/** What xstate's `can` says of the snapshot before, without selecting everything twice. */
const changes = (taken: readonly Transition[] | undefined): boolean =>
  taken?.some((it) => it.target !== undefined || it.actions.length > 0) === true

/** A decision, and whether the statechart took the event: otherwise it is no decision, and the snapshot is as it was. */
export interface Step extends Decision {
  readonly taken: boolean
}

/** The first snapshot of a new ticket and the effects of entering it. */
export function begin(type: TicketType, input: unknown): Decision {
  return running(() => type.machine.getInitialSnapshot(scope, input) as AnyMachineSnapshot)
}

const steppers = new WeakMap<AnyStateMachine, Stepper>()
function stepperOf(machine: AnyStateMachine): Stepper {
  const known = steppers.get(machine)
  if (known !== undefined) return known
  const stepper = new Stepper(machine, scope)
  steppers.set(machine, stepper)
  return stepper
}

/** Runs one event through the statechart, purely; `taken` says what `can` would have. */
export function step(type: TicketType, snapshot: AnyMachineSnapshot, event: TicketEvent): Step {
  const stepper = stepperOf(type.machine)
  const known = stepper.step(snapshot, event)
  if (known !== null)
    return { snapshot: known.snapshot, effects: effectsOf(known.actions), taken: changes(known.taken) }
  const decision = running(() => type.machine.transition(snapshot, event, scope) as AnyMachineSnapshot)
  let before = snapshot
  for (const { snapshot: after, _transitions: transitions = [] } of collected.steps) {
    stepper.learn(before, transitions, after)
    before = after
  }
  // A machine in error must never be stored, whichever way xstate reports it.
  if (decision.snapshot.status === 'error') {
    throw new MachineError(`machine ${type.type} failed on ${event.type}`, { cause: decision.snapshot.error })
  }
  return decision
}

/** What is stored: value and context, plain JSON. */
export function persist(snapshot: AnyMachineSnapshot): PersistedSnapshot {
  return { value: snapshot.value, context: snapshot.context as Readonly<Record<string, unknown>> }
}

/**
 * Restores a stored snapshot, lifting it from `version` to the machine's own version first.
 * Throws MachineError when the snapshot names a state that does not exist.
 */
export function restore(type: TicketType, persisted: PersistedSnapshot, version: number): AnyMachineSnapshot {
  const lifted = upcast(type, persisted, version)
  try {
    return type.machine.restoreSnapshot({ ...BLANK, ...lifted } as never, scope) as AnyMachineSnapshot
  } catch (cause) {
    throw new MachineError(
      `a ${type.type} snapshot of version ${version} does not fit the machine of version ${type.version}`,
      { cause },
    )
  }
}

/**
 * The same snapshot under new generations for these families, handed out as its machine would (D19): whatever was planned for
 * them before is stale. Throws MachineError for a family that the machine has not armed.
 */
export function rearmed(
  type: TicketType,
  snapshot: AnyMachineSnapshot,
  families: readonly string[],
): { readonly snapshot: AnyMachineSnapshot; readonly armed: Readonly<Record<string, number>> } {
  let context = snapshot.context as Timed
  for (const family of families) {
    if (context.armed[family] === undefined) throw new MachineError(`${type.type} has no timers of ${family} running`)
    context = { ...context, ...nextGeneration(context, family) }
  }
  // What xstate's own `cloneMachineSnapshot` comes to: the state is the same, so nothing has to be restored.
  return { snapshot: { ...snapshot, context }, armed: context.armed }
}

const BLANK = { status: 'active', historyValue: {}, children: {}, output: undefined, error: undefined }

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
    const [[key, inner] = ['', '']]: [string, unknown][] = Object.entries(value)
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
