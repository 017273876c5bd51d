import { subtractBusinessMs, type BusinessCalendar } from '../calendar/index.js'
import type { EffectOf } from '../machines/effects.js'
import type { Policy, SlaTarget } from '../machines/policy.js'
import { PulihError } from './errors.js'
import { dueOf, elapsed, promise, shift, warningsOf } from './promise.js'
import type { DueMove, Reference, Schedule, SlaClock } from './types.js'

/** What a clock needs to know of the world when it changes: nothing reads the time by itself. */
export interface ClockWorld {
  readonly at: number
  readonly policy: Policy
  readonly reference: Reference
  /** The calendar of an office as it is in force for this entry. */
  readonly officeCalendar: (office: string) => BusinessCalendar
}
export type Moved = DueMove | null

/** The promise of a target on a route. Throws CONFIGURATION_INVALID when the policy does not have it. */
export function targetOf(policy: Policy, route: string, target: string): SlaTarget {
  const found = policy.routes[route]?.targets[target]
  if (found === undefined) {
    throw new PulihError(
      'CONFIGURATION_INVALID',
      `policy ${policy.id}@${policy.version} promises no ${target} on route ${route}`,
    )
  }
  return found
}

/** The clock of the running cycle; an effect on a clock that does not exist is a bug of the machine. */
function clockOf(schedule: Schedule, target: string): SlaClock {
  const clock = schedule.clocks.findLast((it) => it.target === target)
  if (clock === undefined) throw new PulihError('INTERNAL', `no clock for ${target}`)
  return clock
}
/** The calendar version that promised, for as long as the clock runs. */
function calendarOf(clock: SlaClock, reference: Reference): BusinessCalendar {
  const [id = '', version] = clock.calendar.split('@')
  return reference.calendar(id, Number(version))
}

/** Starts a target's clock; the instant of the event is when counting is asked for (D2). */
export function startClock(schedule: Schedule, effect: EffectOf<'clock.start'>, world: ClockWorld): Moved {
  const { target, cycle, generation, route, extended, causes } = effect
  const calendar = world.officeCalendar(effect.office)
  const rule = targetOf(world.policy, route, target)
  const times = promise(calendar, world.at, rule, (extended ? rule.extended : undefined) ?? rule.within)
  schedule.clocks.push({
    target,
    cycle,
    generation,
    route,
    calendar: calendar.ref,
    extended: extended && rule.extended !== undefined,
    unit: times.unit,
    startedAt: world.at,
    countsFrom: times.countsFrom,
    baseDueAt: times.dueAt,
    dueAt: times.dueAt,
    pausedMs: 0,
    pauses: [],
    pausedAt: causes.length > 0 ? world.at : null,
    pauseCauses: causes,
    outcome: null,
    settledAt: null,
    thresholds: [...warningsStillAhead(calendar, times, rule, world.at, []), { name: 'due', at: times.dueAt }],
    fired: [],
  })
  return { target, from: null, to: times.dueAt, reason: 'promised' }
}

/** A threshold at or before the start, or already past when planned, is not sent; one that fired stays fired (D18). */
function warningsStillAhead(
  calendar: BusinessCalendar,
  times: { unit: 'business' | 'wall'; countsFrom: number; dueAt: number },
  rule: SlaTarget,
  at: number,
  fired: readonly string[],
) {
  return warningsOf(calendar, times, rule.warnings).filter(
    (it) => it.at > times.countsFrom && it.at > at && it.at < times.dueAt && !fired.includes(it.name),
  )
}

/** Stops the clock; its timers of older generations are stale from here (D17). */
export function pauseClock(schedule: Schedule, effect: EffectOf<'clock.pause'>, world: ClockWorld): void {
  const clock = clockOf(schedule, effect.target)
  clock.generation = effect.generation
  clock.pauseCauses = effect.causes
  clock.pausedAt ??= world.at
}

/** Goes on: everything not yet fired moves by exactly the clock's own time spent paused (D13); a due that passed does not move. */
export function resumeClock(schedule: Schedule, effect: EffectOf<'clock.resume'>, world: ClockWorld): Moved {
  const clock = clockOf(schedule, effect.target)
  clock.generation = effect.generation
  if (clock.pausedAt === null) return null
  const calendar = calendarOf(clock, world.reference)
  const paused = elapsed(calendar, clock.pausedAt, world.at, clock.unit)
  const pause = { from: clock.pausedAt, until: world.at, ms: paused, causes: clock.pauseCauses }
  clock.pausedAt = null
  clock.pauseCauses = []
  if (paused === 0) return null
  const from = clock.dueAt
  if (clock.outcome === null) {
    clock.pauses = [...clock.pauses, pause]
    clock.pausedMs += paused
    clock.dueAt = shift(calendar, clock.baseDueAt, clock.pausedMs, clock.unit)
  }
  clock.thresholds = clock.thresholds.map((it) => ({
    name: it.name,
    at: it.name === 'due' ? clock.dueAt : shift(calendar, it.at, paused, clock.unit),
  }))
  return clock.dueAt === from
    ? null
    : { target: clock.target, from, to: clock.dueAt, reason: `paused:${pause.causes.join('+')}` }
}

/** Due reached while open: the verdict stands and the ladder begins, counted from the due instant (D20). */
export function breachClock(schedule: Schedule, effect: EffectOf<'clock.breach'>, world: ClockWorld): void {
  const clock = clockOf(schedule, effect.target)
  const calendar = calendarOf(clock, world.reference)
  clock.outcome = 'breached'
  const ladder = targetOf(world.policy, clock.route, clock.target).ladder
  clock.thresholds = ladder
    .map((step) => ({ name: `ladder${step.level}`, at: dueOf(calendar, clock.dueAt, step.after, 'calendar') }))
    .filter((it) => !clock.fired.includes(it.name))
}

/** Ends the target for this cycle. */
export function settleClock(schedule: Schedule, effect: EffectOf<'clock.settle'>, world: ClockWorld): void {
  const clock = clockOf(schedule, effect.target)
  clock.outcome = effect.outcome
  clock.settledAt = world.at
  clock.thresholds = []
  clock.pausedAt = null
  clock.pauseCauses = []
}

/**
 * Computes the due date anew under a new generation. `restart` (D24): counting starts here, pauses begin at zero.
 * Else (D23, D25): from the original start, pauses kept, and an extension is never earlier than the old due.
 */
export function redateClock(schedule: Schedule, effect: EffectOf<'clock.redate'>, world: ClockWorld): Moved {
  const clock = clockOf(schedule, effect.target)
  const rule = targetOf(world.policy, effect.route, effect.target)
  const moved = clock.route !== effect.route || effect.restart || effect.reason === 'officeTransferred'
  const calendar = moved ? world.officeCalendar(effect.office) : calendarOf(clock, world.reference)
  const start = effect.restart ? world.at : clock.startedAt
  const times = promise(calendar, start, rule, (effect.extended ? rule.extended : undefined) ?? rule.within)
  const from = clock.dueAt
  if (effect.restart) {
    clock.pauses = []
    clock.startedAt = world.at
  }
  // Another office's day is another measure, also for pauses that are over (D17: business time of the clock's own calendar).
  if (moved) {
    clock.pauses = clock.pauses.map((it) => ({ ...it, ms: elapsed(calendar, it.from, it.until, times.unit) }))
    clock.pausedMs = clock.pauses.reduce((sum, it) => sum + it.ms, 0)
  }
  clock.generation = effect.generation
  clock.route = effect.route
  clock.calendar = calendar.ref
  clock.unit = times.unit
  clock.extended = effect.extended && rule.extended !== undefined
  clock.countsFrom = times.countsFrom
  clock.baseDueAt = moved ? times.dueAt : Math.max(times.dueAt, clock.baseDueAt)
  clock.pausedAt = effect.causes.length > 0 ? (effect.restart ? world.at : (clock.pausedAt ?? world.at)) : null
  clock.pauseCauses = effect.causes
  clock.dueAt = shift(calendar, clock.baseDueAt, clock.pausedMs, clock.unit)
  // How far the clock's own time has come: while it is paused, nothing planned after the pause began is past (D18).
  const reached = clock.pausedAt ?? world.at
  // Another office's earlier closing never makes a promise late by itself: then the old due stands.
  if (clock.dueAt <= reached && from > reached) {
    clock.baseDueAt = clock.unit === 'wall' ? from - clock.pausedMs : subtractBusinessMs(calendar, from, clock.pausedMs)
    clock.dueAt = from
  }
  clock.thresholds = thresholdsAhead(clock, calendar, rule, reached)
  return clock.dueAt === from ? null : { target: clock.target, from, to: clock.dueAt, reason: effect.reason }
}

/** Due and the warnings that are still to come once the clock's own time has come to `reached`: one that fired stays fired (D18). */
export function thresholdsAhead(
  clock: SlaClock,
  calendar: BusinessCalendar,
  rule: SlaTarget,
  reached: number,
): SlaClock['thresholds'] {
  const { unit, countsFrom, baseDueAt, dueAt, pausedMs, fired } = clock
  const warnings = warningsOf(calendar, { unit, countsFrom, dueAt: baseDueAt }, rule.warnings)
    .map((it) => ({ name: it.name, at: shift(calendar, it.at, pausedMs, unit) }))
    .filter((it) => it.at > reached && it.at > countsFrom && it.at < dueAt && !fired.includes(it.name))
  return [...warnings, { name: 'due', at: dueAt }]
}
