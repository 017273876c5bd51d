import { Temporal } from 'temporal-polyfill'
import type { CalendarSpec } from '../calendar/index.js'
import type { ChangeProgress } from '../engine/types.js'
import { zoneName } from './calendarTable.js'
import type { Previewed } from './calendarTargets.js'

/** What a run did, or would do, and how long it worked, ms. */
export interface Outcome {
  readonly spec: CalendarSpec
  readonly reason: { readonly id: string; readonly en: string }
  readonly progress: ChangeProgress
  readonly workedMs: number
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
export const previewJson = ({ ticketNumber, moves, reason, failed }: Previewed) => ({
  ticketNumber,
  moves: moves.map(({ target, from, to }) => ({ target, from: iso(from), to: iso(to) })),
  reason,
  failed,
})

/** As one JSON document. */
export function documentOf(
  { spec, reason, progress, workedMs }: Outcome,
  more: Readonly<Record<string, unknown>>,
): string {
  const { open, concerned, later, earlier, unchanged, failed } = progress
  const totals = { open, concerned, later, earlier, unchanged, failed }
  const seconds = secondsOf(workedMs)
  return JSON.stringify({ calendar: `${spec.id}@${spec.version}`, reason, ...more, totals, seconds }, null, 2)
}
const secondsOf = (ms: number): number => Math.round(ms / 100) / 10

/** In a few lines for people. */
export function summaryOf(what: string, { spec, reason, progress, workedMs }: Outcome): readonly string[] {
  const { open, concerned, later, earlier, unchanged, failed } = progress
  const seconds = secondsOf(workedMs)
  const rate = concerned === 0 ? '' : `, ${Math.round(concerned / Math.max(seconds, 0.1))} tickets/s`
  return [
    `${spec.id}@${spec.version} ${what}: ${reason.id}`,
    `  ${open} open tickets: ${concerned} concerned, ${later} later, ${earlier} earlier, ${unchanged} unchanged, ${failed} failed`,
    `  ${seconds} s${rate}`,
  ]
}

/** A ticket that stays as it is. */
export const keptLine = (ticketNumber: string, code: string): string =>
  `${ticketNumber}  tetap pada versi lama / keeps its old version: ${code}`

/** What would move, line by line, in the calendar's zone. */
export function linesOf({ ticketNumber, moves, reason, failed }: Previewed, zone: string): readonly string[] {
  if (failed !== null) return [keptLine(ticketNumber, failed)]
  const why = reason?.id ?? ''
  return moves.map(
    ({ target, from, to }) =>
      `${ticketNumber}  ${target.padEnd(16)} ${from === null ? '-' : inZone(from, zone)} → ${inZone(to, zone)}  ${why}`,
  )
}

const inZone = (at: number, zone: string): string => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return `${local.toPlainDate().toString()} ${local.toPlainTime().toString().slice(0, 5)} ${zoneName(zone)}`
}
