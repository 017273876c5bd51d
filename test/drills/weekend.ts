import { exampleCalendars } from '../../db/seeds/calendars.js'
import { Reference } from '../calendar/reference.js'
import type { TicketRecord } from './tally.js'

const DAY = 86_400_000
/** What the shipped policy promises on the digital route, in business days; written out again on purpose. */
const PROMISED: Readonly<Record<string, number>> = { firstReview: 1, resolution: 3 }

/**
 * What an outage must not change: timers that fell due in it ring once the service is back, at their own instants and in
 * due order; gates and business days are what a slow, independent reading of the calendar says; verdicts follow from
 * when things happened. Each sentence is a broken promise.
 */
export function weekendFaults(
  records: readonly TicketRecord[],
  goneAt: number,
  backAt: number,
  say: (line: string) => void,
): readonly string[] {
  const from = Math.floor(goneAt / DAY) * DAY - 24 * DAY
  const calendar = new Reference(
    exampleCalendars.find((it) => it.id === 'pusat')!,
    from,
    60,
  )
  const seen = { rang: 0, gates: 0, promises: 0, breaches: 0, metLate: 0 }
  const faults = records.flatMap((record) => [
    ...timersOfOutage(record, goneAt, backAt, seen),
    ...(record.row.officeId === 'pusat' ? byCalendar(record, calendar, seen) : []),
    ...verdicts(record, seen),
  ])
  const { rang, gates, promises, breaches, metLate } = seen
  say(`rang after the outage ${rang}, gates ${gates}, promises ${promises}, breaches ${breaches}, met late ${metLate}`)
  for (const [name, times] of Object.entries(seen)) if (times === 0) faults.push(`no ${name}: the drill proved nothing`)
  return faults
}

type Seen = Record<'rang' | 'gates' | 'promises' | 'breaches' | 'metLate', number>

function timersOfOutage({ row, log, timers }: TicketRecord, goneAt: number, backAt: number, seen: Seen): string[] {
  const faults: string[] = []
  for (const timer of timers.filter((it) => it.dueAt > goneAt && it.dueAt < backAt && it.state === 'fired')) {
    seen.rang++
    const entries = log.filter(
      ({ event, at }) => event['generation'] === timer.generation && at === timer.dueAt && matches(event, timer),
    )
    const name = `${row.id} ${timer.family} ${timer.threshold}`
    if (entries.length !== 1) faults.push(`${name} is in the log ${entries.length} times at its own instant`)
    else if (entries[0]!.recordedAt < backAt) faults.push(`${name} was written while the service was gone`)
  }
  return faults
}
const matches = (
  event: Readonly<Record<string, unknown>>,
  { family, threshold }: { family: string; threshold: string },
) =>
  family.startsWith('sla:')
    ? `sla:${String(event['target'])}` === family && event['threshold'] === threshold
    : String(event['type']).startsWith(`${family}.`)

/** Gates and due dates of tickets that never left the head office. */
function byCalendar({ row, log }: TicketRecord, calendar: Reference, seen: Seen): string[] {
  const faults: string[] = []
  const submitted = log.find((it) => it.state === 'submitted')
  const released = log.find((it) => it.fact === 'TicketReleased')
  if (submitted !== undefined && released !== undefined) {
    seen.gates++
    const opening = calendar.nextOpening(submitted.at)
    if (released.at !== opening) faults.push(`${row.id} was released at ${iso(released.at)}, not at ${iso(opening)}`)
  }
  for (const { at, moves } of log)
    for (const { target, to, reason } of moves ?? []) {
      const days = PROMISED[target]
      if (reason !== 'promised' || days === undefined || row.route !== 'layanan_digital') continue
      seen.promises++
      const due = calendar.addDays(at, days, 'deemed')
      if (to !== due) faults.push(`${row.id} ${target} is promised for ${iso(to)}, not for ${iso(due)}`)
    }
  return faults
}
const iso = (at: number | null) => (at === null ? 'never' : new Date(at).toISOString())

/** Met or late by the instants of the events alone. */
function verdicts({ row, log }: TicketRecord, seen: Seen): string[] {
  const faults: string[] = []
  for (const clock of row.schedule.clocks) {
    const breach = log.find((it) => it.fact === 'SlaBreached' && it.event['target'] === clock.target)
    if (breach !== undefined) seen.breaches++
    const { settledAt, dueAt, outcome, target } = clock
    if (settledAt === null || (outcome !== 'met' && outcome !== 'metLate')) continue
    const expected = settledAt <= dueAt ? 'met' : 'metLate'
    if (expected === 'metLate') seen.metLate++
    if (outcome !== expected) faults.push(`${row.id} ${target} is ${outcome}, its instants say ${expected}`)
    if ((breach !== undefined) !== (expected === 'metLate'))
      faults.push(`${row.id} ${target}: breach and verdict differ`)
  }
  return faults
}
