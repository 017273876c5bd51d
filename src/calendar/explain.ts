import { type BusinessCalendar, dayIndexAt, openBefore, spanAfter } from './businessCalendar.js'
import { formatDate, weekdayOf } from './civil.js'
import { MINIMUM_OPEN_MINUTES, dueDay } from './days.js'
import type { DayPlan } from './hours.js'
import { nextOpening } from './openings.js'
import type { Counting, ExplainedDay, Explanation, Instant } from './types.js'

/**
 * Why `addBusinessDays` answers what it answers: every local day from submission to the due day, counted or not, and the
 * holiday or season behind it. Gives the same due instant and throws the same errors as `addBusinessDays`.
 */
export function explain(
  calendar: BusinessCalendar,
  at: Instant,
  days: number,
  counting: Counting,
  minimumOpenMinutes: number = MINIMUM_OPEN_MINUTES,
): Explanation {
  const due = dueDay(calendar, at, days, counting, minimumOpenMinutes)
  const deemedAt = nextOpening(calendar, at).opening
  const submitted = localDay(calendar, at)
  const dayZero = counting === 'deemed' ? localDay(calendar, deemedAt) : submitted
  const explained: ExplainedDay[] = []
  let number = 0
  for (let day = submitted; day <= due.day; day++) {
    const plan = calendar.plan.of(day)
    const spans = openSpans(calendar, day)
    const counted = day > dayZero && spans !== null
    if (counted) number++
    explained.push({
      date: formatDate(day),
      weekday: weekdayOf(day) as ExplainedDay['weekday'],
      counted,
      number: counted ? number : null,
      reason: day === dayZero && spans !== null ? 'dayZero' : plan.reason,
      label: labelOf(plan),
      tentative: plan.holiday?.tentative ?? false,
      ...(spans ?? { opening: null, closing: null, openMs: 0 }),
    })
  }
  return { deemedAt, dayZero: formatDate(dayZero), due: due.closing, days: explained }
}

const labelOf = ({ holiday, season }: DayPlan): string | null => holiday?.name ?? season?.name ?? null

/** Epoch day of the local date of `at`. */
function localDay(calendar: BusinessCalendar, at: Instant): number {
  const spans = calendar.yearAt(at)
  return spans.firstDay + dayIndexAt(spans, at)
}

/** Opening, closing and open ms of a local day; null when it has no open time. */
function openSpans(
  calendar: BusinessCalendar,
  day: number,
): Pick<ExplainedDay, 'opening' | 'closing' | 'openMs'> | null {
  const spans = calendar.year(Number(formatDate(day).slice(0, 4)))
  const index = day - spans.firstDay
  const ordinal = spans.businessBefore[index] as number
  if (spans.businessBefore[index + 1] === ordinal) return null
  const start = spans.dayStarts[index] as number
  const end = spans.dayStarts[index + 1] as number
  return {
    opening: spans.starts[spanAfter(spans, start)] as number,
    closing: spans.closings[ordinal] as number,
    openMs: openBefore(spans, end) - openBefore(spans, start),
  }
}
