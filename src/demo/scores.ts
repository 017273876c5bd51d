import { explain, type BusinessCalendar, type ExplainedDay } from '../calendar/index.js'
import type { SlaClock } from '../engine/types.js'
import { kinds } from './kinds/index.js'
import { FIRST_DATE, LAST_DATE, local, START } from './period.js'
import { decisionsOf, type TicketRecord } from './record.js'

/** How promises ended. `running`: open and in time when the period ends; `breached` counts open late ones too (D20). */
export interface Score {
  readonly promised: number
  readonly met: number
  readonly metLate: number
  readonly breached: number
  readonly void: number
  readonly running: number
}
export interface KindScore extends Score {
  readonly id: string
  readonly label: string
  readonly tickets: number
}
export interface TargetScore extends Score {
  readonly target: string
}
/** One local day at the head office. */
export interface DayScore extends Pick<ExplainedDay, 'date' | 'weekday' | 'reason' | 'label' | 'opening' | 'closing'> {
  readonly filed: number
  readonly decided: number
  readonly breached: number
}

const scoreOf = (clocks: readonly SlaClock[]): Score => {
  const count = (outcome: SlaClock['outcome']) => clocks.filter((it) => it.outcome === outcome).length
  return {
    promised: clocks.length,
    met: count('met'),
    metLate: count('metLate'),
    breached: count('breached'),
    void: count('void'),
    running: count(null),
  }
}
const clocksOf = (records: readonly TicketRecord[], target: string): readonly SlaClock[] =>
  records.flatMap(({ ticket }) => ticket.schedule.clocks.filter((it) => it.target === target))

/** The decisions promised, by kind of ticket. */
export function scoreKinds(records: readonly TicketRecord[]): readonly KindScore[] {
  return kinds.flatMap(({ id, label }) => {
    const own = records.filter((it) => it.kind.id === id)
    return own.length === 0 ? [] : [{ id, label, tickets: own.length, ...scoreOf(clocksOf(own, 'resolution')) }]
  })
}

export const scoreTargets = (records: readonly TicketRecord[], targets: readonly string[]): readonly TargetScore[] =>
  targets.map((target) => ({ target, ...scoreOf(clocksOf(records, target)) }))

/** Every day of the period as the calendar explains it, with what came in and what was decided. */
export function scoreDays(records: readonly TicketRecord[], calendar: BusinessCalendar): readonly DayScore[] {
  // More business days than the period has, so that the explanation covers all of it.
  const days = explain(calendar, START, 23, 'calendar').days.filter(
    (it) => it.date >= FIRST_DATE && it.date <= LAST_DATE,
  )
  const filed = records.map(({ ticket }) => ticket.filedAt)
  const decided = records.flatMap((it) => decisionsOf(it).map((entry) => entry.at))
  const breached = records.flatMap(({ log }) => log.filter((it) => it.fact === 'SlaBreached').map((it) => it.at))
  return days.map(({ date, weekday, reason, label, opening, closing }) => {
    const from = local(`${date}T00:00`)
    const on = (instants: readonly number[]) => instants.filter((at) => at >= from && at < from + 86_400_000).length
    return {
      ...{ date, weekday, reason, label, opening, closing },
      ...{ filed: on(filed), decided: on(decided), breached: on(breached) },
    }
  })
}
