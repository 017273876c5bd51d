import { CalendarError, explain, type BusinessCalendar } from '../../calendar/index.js'
import { promise } from '../../engine/promise.js'
import type { Engine } from '../../engine/types.js'
import type { SlaTarget } from '../../machines/policy.js'
import type { Label } from '../../machines/ticketType.js'
import { spokenIn } from '../../messages/dates.js'
import { filled } from './fill.js'
import { dates as words } from './words/status.js'

export interface Promised {
  readonly target: string
  readonly due: Label
  /** Why it is that date. */
  readonly why: Label
}
const TARGETS = ['firstReview', 'resolution'] as const

/** Both promises of a complaint that would be sent at this instant (R07); empty on a calendar that never opens. */
export function promisesAt(engine: Pick<Engine, 'reference'>, at: number): readonly Promised[] {
  const { reference } = engine
  const calendar = reference.calendar(reference.office('pusat').calendarId)
  const targets = reference.policyFor('pengaduan').routes['layanan_digital']?.targets ?? {}
  return TARGETS.flatMap((target) => {
    const rule = targets[target]
    if (rule === undefined) return []
    try {
      const { dueAt } = promise(calendar, at, rule, rule.within)
      return [{ target, due: spokenIn(dueAt, calendar.zone), why: whyOf(calendar, at, rule, false) }]
    } catch (error) {
      if (error instanceof CalendarError) return []
      throw error
    }
  })
}

/** From which instant a promise counts, which days count, and which do not and why (D1, D2). */
export function whyOf(calendar: BusinessCalendar, at: number, rule: SlaTarget, extended: boolean): Label {
  const within = (extended ? rule.extended : undefined) ?? rule.within
  if (within.unit !== 'businessDays') return words.wall
  const { deemedAt, days } = explain(calendar, at, within.amount, rule.counting, within.minimumOpenMinutes)
  const sent = spokenIn(at, calendar.zone)
  const starts = spokenIn(deemedAt, calendar.zone)
  const later = deemedAt > at
  const closed = days.filter(
    ({ reason }) => reason === 'libur' || reason === 'cuti_bersama' || reason === 'seasonClosed',
  )
  const weekend = days.some(({ reason }) => reason === 'weekend')
  const say = (language: 'id' | 'en'): string =>
    [
      filled((later ? words.later : words.sameDay)[language], { day: dayOf(sent[language]), starts: starts[language] }),
      filled(words.counted[language], { n: within.amount }),
      ...(weekend ? [words.weekend[language]] : []),
      ...(closed.length === 0
        ? []
        : [filled(words.closed[language], { days: closed.map(({ date, label }) => label ?? date).join(', ') })]),
    ].join(' ')
  return { id: say('id'), en: say('en') }
}

/** `Sabtu, 21 November 2026, 20.15 WIB` → `Sabtu`. */
const dayOf = (spoken: string): string => spoken.split(',')[0] ?? spoken
