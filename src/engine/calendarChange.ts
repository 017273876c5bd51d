import {
  addBusinessMs,
  businessTimeBetween,
  nextOpening,
  subtractBusinessMs,
  type BusinessCalendar,
} from '../calendar/index.js'
import { slaFamily } from '../machines/generations.js'
import type { Policy } from '../machines/policy.js'
import type { Label, TicketType } from '../machines/ticketType.js'
import { targetOf, thresholdsAhead } from './clocks.js'
import { isPlainGate, thresholdAt } from './plan.js'
import { dueOf, elapsed, promise, shift } from './promise.js'
import type { Deadline, DueMove, Reference, Schedule, SlaClock } from './types.js'

/** The log's own event for it: no ticket type declares it, every ticket may meet it. */
export const CALENDAR_CHANGE = 'calendar.change'
/** What a due date moved by it names as its reason; the words are in the entry. */
export const CALENDAR_CHANGED = 'calendarChanged'

/** A change of calendar as one ticket meets it; its log entry holds exactly this, so that a replay does the same. */
export interface CalendarStep {
  /** Versions that measured until now, and the one that measures from here on: `id@version`. */
  readonly from: readonly string[]
  readonly calendar: string
  readonly reason: Label
  /** Deadlines of this calendar that only wait for the next opening. */
  readonly gates: readonly string[]
  /** What the participant hears; undecided where the moves are not known yet. */
  readonly message?: Message | null
}
type Message = NonNullable<TicketType['promiseMoved']>

export interface RemeasureWorld {
  readonly at: number
  readonly policy: Policy
  readonly reference: Reference
}
export interface Remeasured {
  readonly moves: readonly DueMove[]
  /** Families whose timers stand elsewhere now: they need a new generation. */
  readonly families: readonly string[]
}

/** Is `ref` an older version of the calendar? */
export function isOlder(ref: string, { id, version }: { readonly id: string; readonly version: number }): boolean {
  const [name, of] = ref.split('@')
  return name === id && Number(of) < version
}
/** Promises that run (also late ones) on an older version. */
export const clocksOn = (schedule: Schedule, calendar: BusinessCalendar): readonly SlaClock[] =>
  schedule.clocks.filter((it) => it.settledAt === null && isOlder(it.calendar, calendar))
const deadlinesOn = (schedule: Schedule, calendar: BusinessCalendar): readonly Deadline[] =>
  schedule.deadlines.filter((it) => it.measured !== undefined && isOlder(it.measured.calendar, calendar))
/** Gates of an office on this calendar that wait for another instant than the one at which it opens next. */
const gatesMoved = (
  schedule: Schedule,
  calendar: BusinessCalendar,
  policy: Policy,
  at: number,
): readonly Deadline[] => {
  const waiting = schedule.deadlines.filter(
    (it) =>
      it.measured === undefined &&
      isPlainGate(policy.deadlines[it.name] ?? {}) &&
      it.thresholds.some((threshold) => threshold.at > at),
  )
  if (waiting.length === 0) return waiting
  const { opening } = nextOpening(calendar, at)
  return waiting.filter((it) => it.thresholds.some((threshold) => threshold.at !== opening))
}

/** What of a ticket's schedule the calendar concerns at `at`; null when nothing. `calendarOfOffice`: the calendar of the ticket's office. */
export function concernedBy(
  schedule: Schedule,
  calendar: BusinessCalendar,
  calendarOfOffice: string,
  policy: Policy,
  at: number,
): Pick<CalendarStep, 'from' | 'gates'> | null {
  const gates = calendarOfOffice === calendar.id ? gatesMoved(schedule, calendar, policy, at).map((it) => it.name) : []
  const refs = [
    ...clocksOn(schedule, calendar).map((it) => it.calendar),
    ...deadlinesOn(schedule, calendar).map((it) => it.measured?.calendar ?? ''),
  ]
  return gates.length + refs.length === 0 ? null : { from: [...new Set(refs)], gates }
}

/**
 * Measures what is open anew, in place: promises from their original start, with their pauses; warnings that are still ahead; the
 * ladder of late ones; deadlines in business time. Wall time and verdicts stay. Nothing becomes late by it: see `redatePromise`.
 * Throws CalendarError NO_OPEN_TIME, and then the schedule is half changed.
 */
export function remeasure(schedule: Schedule, step: CalendarStep, world: RemeasureWorld): Remeasured {
  const calendar = byRef(world.reference, step.calendar)
  const moves: DueMove[] = []
  const families = new Set<string>()
  const moved = (target: string, from: number, to: number) => {
    if (from !== to) moves.push({ target, from, to, reason: CALENDAR_CHANGED })
  }
  for (const clock of clocksOn(schedule, calendar)) {
    const { dueAt, thresholds } = clock
    const old = byRef(world.reference, clock.calendar)
    if (clock.outcome === null) redatePromise(clock, old, calendar, world)
    else moveLadder(clock, old, calendar, world)
    clock.calendar = calendar.ref
    if (!sameInstants(thresholds, clock.thresholds)) families.add(slaFamily(clock.target))
    moved(clock.target, dueAt, clock.dueAt)
  }
  const gates = schedule.deadlines.filter((it) => step.gates.includes(it.name))
  for (const deadline of [...deadlinesOn(schedule, calendar), ...gates]) {
    const { thresholds } = deadline
    moveDeadline(deadline, calendar, world)
    if (sameInstants(thresholds, deadline.thresholds)) continue
    families.add(deadline.name)
    moved(deadline.name, lastOf(thresholds), lastOf(deadline.thresholds))
  }
  return { moves, families: [...families] }
}

/** Puts what moved under its new generations. */
export function regenerate(
  schedule: Schedule,
  families: readonly string[],
  armed: Readonly<Record<string, number>>,
): void {
  for (const clock of schedule.clocks) {
    const family = slaFamily(clock.target)
    if (clock.settledAt === null && families.includes(family)) clock.generation = armed[family] ?? clock.generation
  }
  for (const deadline of schedule.deadlines)
    if (families.includes(deadline.name)) deadline.generation = armed[deadline.name] ?? deadline.generation
}

/** A promise that moved is told to those it was made to, where the ticket type says how. */
export const messageOf = (type: TicketType, moves: readonly DueMove[]): Message | null =>
  moves.some((it) => Object.hasOwn(type.targets, it.target)) ? (type.promiseMoved ?? null) : null

type Thresholds = readonly { readonly name: string; readonly at: number }[]
const sameInstants = (a: Thresholds, b: Thresholds): boolean =>
  a.length === b.length && a.every((it) => b.some((other) => other.name === it.name && other.at === it.at))
const lastOf = (thresholds: Thresholds): number => Math.max(...thresholds.map((it) => it.at))
function byRef(reference: Reference, ref: string): BusinessCalendar {
  const [id = '', version] = ref.split('@')
  return reference.calendar(id, Number(version))
}

/**
 * The due date as the new version gives it from the original start. Where an earlier floor holds (an extension or another office
 * never made it earlier), what was left of it is left. A due that would not lie ahead stays where it was: a change of the calendar breaks no promise.
 */
function redatePromise(
  clock: SlaClock,
  old: BusinessCalendar,
  calendar: BusinessCalendar,
  { at, policy }: RemeasureWorld,
): void {
  if (clock.unit === 'wall') return
  const rule = targetOf(policy, clock.route, clock.target)
  const amount = (clock.extended ? rule.extended : undefined) ?? rule.within
  const times = promise(calendar, clock.startedAt, rule, amount)
  const byRule = clock.baseDueAt === promise(old, clock.startedAt, rule, amount).dueAt
  const from = clock.dueAt
  // While it is paused the clock's own time stands where the pause began.
  const reached = clock.pausedAt ?? at
  clock.countsFrom = times.countsFrom
  clock.pauses = clock.pauses.map((it) => ({ ...it, ms: elapsed(calendar, it.from, it.until, clock.unit) }))
  clock.pausedMs = clock.pauses.reduce((sum, it) => sum + it.ms, 0)
  clock.baseDueAt = times.dueAt
  clock.dueAt = byRule
    ? shift(calendar, times.dueAt, clock.pausedMs, clock.unit)
    : carried(old, calendar, reached, from)
  const stands = clock.dueAt <= reached && from > reached
  if (stands) clock.dueAt = from
  if (stands || !byRule) clock.baseDueAt = subtractBusinessMs(calendar, clock.dueAt, clock.pausedMs)
  clock.thresholds = thresholdsAhead(clock, calendar, rule, reached)
}

/** The instant with as much open time left before it under the new version as `instant` had under the old one. */
const carried = (old: BusinessCalendar, calendar: BusinessCalendar, reached: number, instant: number): number =>
  instant <= reached ? instant : addBusinessMs(calendar, reached, businessTimeBetween(old, reached, instant))

/** The ladder above a breach; a step that would lie behind is climbed now. */
function moveLadder(
  clock: SlaClock,
  old: BusinessCalendar,
  calendar: BusinessCalendar,
  { at, policy }: RemeasureWorld,
): void {
  const { ladder } = targetOf(policy, clock.route, clock.target)
  const reached = clock.pausedAt ?? at
  clock.thresholds = clock.thresholds.map((it) => {
    const after = ladder.find((step) => `ladder${step.level}` === it.name)?.after
    if (after === undefined || after.unit === 'wallMinutes' || it.at <= reached) return it
    const byRule = it.at === dueOf(old, clock.dueAt, after, 'calendar')
    const to = byRule ? dueOf(calendar, clock.dueAt, after, 'calendar') : carried(old, calendar, reached, it.at)
    return { name: it.name, at: Math.max(to, reached) }
  })
}

/** Thresholds in business time; one that would not lie ahead stays. A gate opens at the next opening, which may be now. */
function moveDeadline(deadline: Deadline, calendar: BusinessCalendar, { at, policy }: RemeasureWorld): void {
  const { name, measured } = deadline
  const rules = measured === undefined ? undefined : policy.deadlines[name]?.[measured.variant]
  deadline.thresholds = deadline.thresholds.map((it) => {
    const after = measured === undefined ? 'nextOpening' : rules?.[it.name]
    if (after === undefined || it.at <= at) return it
    if (after === 'nextOpening') return { name: it.name, at: nextOpening(calendar, at).opening }
    const to = thresholdAt(calendar, measured?.armedAt ?? at, after)
    return { name: it.name, at: to > at ? to : it.at }
  })
  if (measured !== undefined) deadline.measured = { ...measured, calendar: calendar.ref }
}
