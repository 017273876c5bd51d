import type { BusinessCalendar } from '../calendar/index.js'
import { nextOpening } from '../calendar/index.js'
import type { Effect, EffectOf, EffectType } from '../machines/effects.js'
import type { Policy } from '../machines/policy.js'
import {
  breachClock,
  pauseClock,
  redateClock,
  resumeClock,
  settleClock,
  startClock,
  type ClockWorld,
  type Moved,
} from './clocks.js'
import { PulihError } from './errors.js'
import { dueOf } from './promise.js'
import type { DueMove, OutboxRow, Reference, Schedule } from './types.js'

/** What planning may read: the event's instant, the policy that promised, calendars by version. */
export interface PlanWorld {
  readonly at: number
  readonly policy: Policy
  readonly reference: Reference
  readonly officeCalendar: (office: string) => BusinessCalendar
}
export type OutboxDraft = Pick<OutboxRow, 'kind' | 'body'>
/** What the effects of one event come to. The schedule is changed in place. */
export interface Planned {
  readonly moves: readonly DueMove[]
  readonly outbox: readonly OutboxDraft[]
}

type Handler<T extends EffectType> = (
  schedule: Schedule,
  params: EffectOf<T>,
  world: ClockWorld,
) => Moved | OutboxDraft | undefined
/** One handler per effect; the compiler refuses a vocabulary with a hole. */
export const effectHandlers: { readonly [T in EffectType]: Handler<T> } = {
  'clock.start': startClock,
  'clock.resume': resumeClock,
  'clock.redate': redateClock,
  'clock.pause': (schedule, params, world) => {
    pauseClock(schedule, params, world)
    return undefined
  },
  'clock.breach': (schedule, params, world) => {
    breachClock(schedule, params, world)
    return undefined
  },
  'clock.settle': (schedule, params, world) => {
    settleClock(schedule, params, world)
    return undefined
  },
  'deadline.arm': (schedule, params, world) => {
    armDeadline(schedule, params, world)
    return undefined
  },
  'deadline.disarm': (schedule, { deadline }) => {
    schedule.deadlines = schedule.deadlines.filter((it) => it.name !== deadline)
    return undefined
  },
  'message.send': (_schedule, { template, audience }) => ({ kind: 'message', body: { template, audience } }),
  'port.call': (_schedule, { port, operation, replyEvent, refusalEvent, data }) => ({
    kind: 'port',
    body: { port, operation, ...present({ replyEvent, refusalEvent }), data },
  }),
}

const present = (names: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined))

/** Does it move a clock or a deadline? All others leave the schedule as it is. */
export const movesTime = ({ type }: Effect): boolean => type !== 'message.send' && type !== 'port.call'

/**
 * Turns the effects of one event into time and messages. Business days become instants here and nowhere else.
 * Throws INTERNAL for an effect without a handler and CONFIGURATION_INVALID where the policy lacks what the machine asks for.
 */
export function plan(schedule: Schedule, effects: readonly Effect[], world: PlanWorld): Planned {
  const moves: DueMove[] = []
  const outbox: OutboxDraft[] = []
  for (const effect of effects) {
    const handler = effectHandlers[effect.type] as Handler<EffectType> | undefined
    if (handler === undefined) throw new PulihError('INTERNAL', `no handler for the effect ${effect.type}`)
    const result = handler(schedule, effect.params, world)
    if (result === null || result === undefined) continue
    if ('kind' in result) outbox.push({ kind: result.kind, body: { ...result.body, at: world.at } })
    else moves.push(result)
  }
  return { moves, outbox }
}

/** A deadline's thresholds, each measured from the event that armed it. */
function armDeadline(schedule: Schedule, effect: EffectOf<'deadline.arm'>, world: ClockWorld): void {
  const variants = world.policy.deadlines[effect.deadline]
  const thresholds = variants?.[effect.variant]
  if (thresholds === undefined) {
    const policy = `${world.policy.id}@${world.policy.version}`
    throw new PulihError(
      'CONFIGURATION_INVALID',
      `policy ${policy} has no deadline ${effect.deadline}, variant ${effect.variant}`,
    )
  }
  const calendar = world.officeCalendar(effect.office)
  schedule.deadlines = schedule.deadlines.filter((it) => it.name !== effect.deadline)
  const source = { calendar: calendar.ref, armedAt: world.at, variant: effect.variant }
  const inWallTime = Object.values(thresholds).every((it) => it !== 'nextOpening' && it.unit === 'wallMinutes')
  schedule.deadlines.push({
    name: effect.deadline,
    generation: effect.generation,
    thresholds: Object.entries(thresholds).map(([name, after]) => ({
      name,
      at: thresholdAt(calendar, world.at, after),
    })),
    ...(inWallTime || isPlainGate(variants ?? {}) ? {} : { measured: source }),
  })
}

type Thresholds = Policy['deadlines'][string][string]

/** When a threshold of a deadline armed at `armedAt` is reached. Throws CalendarError NO_OPEN_TIME on a calendar that never opens. */
export const thresholdAt = (calendar: BusinessCalendar, armedAt: number, after: Thresholds[string]): number =>
  after === 'nextOpening' ? nextOpening(calendar, armedAt).opening : dueOf(calendar, armedAt, after, 'calendar')

/** A family of deadlines that only ever waits for the next opening: when it was armed makes no difference while it waits. */
export const isPlainGate = (variants: Policy['deadlines'][string]): boolean =>
  Object.values(variants).every((thresholds) => Object.values(thresholds).every((it) => it === 'nextOpening'))
