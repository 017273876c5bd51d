import {
  addBusinessDays,
  addBusinessMs,
  addBusinessMinutes,
  businessTimeBetween,
  nextOpening,
  type BusinessCalendar,
} from '../calendar/index.js'
import type { Amount, SlaTarget } from '../machines/policy.js'

const MINUTE_MS = 60_000

/** A promise as instants (epoch ms): from where it counts, when it is due, when it warns. */
export interface PromisedTimes {
  readonly unit: 'business' | 'wall'
  readonly countsFrom: number
  readonly dueAt: number
}

/** When an amount asked for at `at` is due (D1-D4, D24). Throws CalendarError NO_OPEN_TIME on a calendar that never opens. */
export function dueOf(calendar: BusinessCalendar, at: number, amount: Amount, counting: 'deemed' | 'calendar'): number {
  switch (amount.unit) {
    case 'businessDays':
      return addBusinessDays(calendar, at, amount.amount, counting, amount.minimumOpenMinutes)
    case 'businessMinutes':
      return addBusinessMinutes(calendar, at, amount.amount)
    case 'wallMinutes':
      return at + amount.amount * MINUTE_MS
  }
}

/** Due date and start of a target asked for at `at`. */
export function promise(calendar: BusinessCalendar, at: number, target: SlaTarget, amount: Amount): PromisedTimes {
  const dueAt = dueOf(calendar, at, amount, target.counting)
  if (amount.unit === 'wallMinutes') return { unit: 'wall', countsFrom: at, dueAt }
  return { unit: 'business', countsFrom: nextOpening(calendar, at).opening, dueAt }
}

/** Moves an instant by a stretch of the clock's own time; zero moves nothing, also when closed (D16). */
export const shift = (calendar: BusinessCalendar, instant: number, ms: number, unit: 'business' | 'wall'): number =>
  unit === 'wall' ? instant + ms : addBusinessMs(calendar, instant, ms)

/** How much of the clock's own time lies between two instants, ms. */
export const elapsed = (calendar: BusinessCalendar, from: number, until: number, unit: 'business' | 'wall'): number =>
  unit === 'wall' ? until - from : businessTimeBetween(calendar, from, until)

/** Warning instants by percent of open time between start and due, before any pause (D18). */
export function warningsOf(
  calendar: BusinessCalendar,
  times: PromisedTimes,
  percents: readonly number[],
): { name: string; at: number }[] {
  const total = elapsed(calendar, times.countsFrom, times.dueAt, times.unit)
  return percents.map((percent) => ({
    name: `warn${percent}`,
    at: shift(calendar, times.countsFrom, Math.floor((total * percent) / 100), times.unit),
  }))
}
