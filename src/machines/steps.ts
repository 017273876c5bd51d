import { raise } from 'xstate'
import { assigning, enqueueing } from './actions.js'
import type { EffectOf, EffectType } from './effects.js'
import { disarmed, isCurrent, nextGeneration, type Timed } from './generations.js'
import type { Policy } from './policy.js'
import type { ClockEvent } from './slaRegion.js'

/** An effect does nothing here: it leaves the machine as data, with typed parameters. */
function effect<T extends EffectType>(): (context: unknown, params: EffectOf<T>) => void {
  return () => undefined
}
/** The `actions` of every ticket machine's `setup`: the vocabulary of effects and nothing else. */
export const effectActions = {
  'deadline.arm': effect<'deadline.arm'>(),
  'deadline.disarm': effect<'deadline.disarm'>(),
  'message.send': effect<'message.send'>(),
  'port.call': effect<'port.call'>(),
  'clock.start': effect<'clock.start'>(),
  'clock.pause': effect<'clock.pause'>(),
  'clock.resume': effect<'clock.resume'>(),
  'clock.breach': effect<'clock.breach'>(),
  'clock.settle': effect<'clock.settle'>(),
  'clock.redate': effect<'clock.redate'>(),
}

/** A guard for `setup`: is this timer of the generation in force? (`onTimer` uses it.) */
export const currentDeadline = (
  { context, event }: { context: Timed; event: object },
  params: { deadline: string },
): boolean => 'generation' in event && isCurrent(context, params.deadline, event.generation as number)

/** Which targets each route of a policy promises: what SLA regions ask the context for. */
export const promisedTargets = (policy: Policy): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(policy.routes).map(([route, { targets }]) => [route, Object.keys(targets)]))

/** The part of a new ticket's context that belongs to time. */
export const timedStart = (policy: Policy, place: { readonly route: string; readonly officeId: string }) => ({
  generation: 0,
  cycle: 1,
  armed: {},
  pauseCauses: [],
  late: [],
  route: place.route,
  officeId: place.officeId,
  extended: false,
  rules: { targets: promisedTargets(policy) },
})

export const message = (template: string, audience = 'participant') => ({
  type: 'message.send' as const,
  params: { template, audience },
})
/** A transition that only the deadline's timer in force may take. */
export const onTimer = <T extends object>(deadline: string, transition: T) => ({
  guard: { type: 'currentDeadline' as const, params: { deadline } },
  ...transition,
})

interface Enqueue<C> {
  (action: { type: EffectType; params: Readonly<Record<string, unknown>> }): void
  assign(patch: Partial<C> | Partial<Timed>): void
  raise(event: { type: string }): void
}

/**
 * The steps that statecharts are made of, for one context and one union of events. Each is an action of type `never`, which fits any
 * place of any machine: xstate's own action types name the machine they were made for.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names both once, instead of at every step
export function ticketSteps<C extends Timed, E extends { readonly type: string }>() {
  type Args = { context: C; event: E }
  const act = (body: (args: Args & { enqueue: Enqueue<C> }) => void) => enqueueing(body)

  /** Changes the context: a pure function of context and event. */
  const set = (patch: (args: Args) => Partial<C>) => assigning(patch)
  /** Says something to the clocks (the SLA regions): start, decided, closed. */
  const clocks = (type: Exclude<ClockEvent['type'], 'clocks.redate'>) => raise({ type }) as never
  const redate = (restart: boolean, reason: string) =>
    raise({ type: 'clocks.redate', restart, reason } as never) as never
  /** Enters a state whose ball is with the participant (a cause) or with us (null); the clocks hear only a change of that (D17). */
  const enter = (cause: string | null, more: (context: C) => readonly string[] = () => []) =>
    act(({ context, enqueue }) => {
      const causes = cause === null ? [] : [...new Set([cause, ...more(context)])]
      enqueue.assign({ pauseCauses: causes })
      if (causes.length > 0 === context.pauseCauses.length > 0) return
      enqueue.raise({ type: causes.length > 0 ? 'clocks.pause' : 'clocks.resume' })
    })
  /** Arms a deadline under a new generation: timers of the one before are stale. How long is policy. */
  const arm = (deadline: string, variant: (context: C) => string = () => 'standard') =>
    act(({ context, enqueue }) => {
      const next = nextGeneration(context, deadline)
      enqueue.assign(next)
      enqueue({
        type: 'deadline.arm',
        params: { deadline, generation: next.generation, variant: variant(context), office: context.officeId },
      })
    })
  const disarm = (deadline: string) =>
    act(({ context, enqueue }) => {
      if (context.armed[deadline] === undefined) return
      enqueue.assign({ armed: disarmed(context, deadline) })
      enqueue({ type: 'deadline.disarm', params: { deadline } })
    })
  /** A state that waits for the participant: clocks stand still, and a deadline limits the wait. */
  const waiting = (cause: string, deadline: string) => ({
    tags: ['open' as const, 'waitingOnParticipant' as const],
    entry: [enter(cause), arm(deadline)],
    exit: [disarm(deadline)],
  })
  return { act, set, clocks, redate, enter, arm, disarm, waiting }
}
