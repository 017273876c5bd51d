import { businessTimeBetween, type BusinessCalendar } from '../calendar/index.js'
import type { Reference, SlaClock } from '../engine/types.js'
import { END } from './period.js'
import { byOfficer, type TicketRecord } from './record.js'

/** One promise that was not kept in time, and who had it. */
export interface Late {
  readonly ticketNumber: string
  readonly kind: string
  readonly target: string
  readonly office: string
  /** The officer whose act ended the wait, or who had the ticket last. */
  readonly officer: string
  readonly dueAt: number
  /** Null: still open when the period ends. */
  readonly settledAt: number | null
  readonly outcome: 'metLate' | 'breached'
  /** Operating time past due, on the calendar that promised. */
  readonly lateMs: number
  /** Who the ladder called last; null = nobody yet. */
  readonly called: string | null
}

export const calendarOf = (reference: Reference, ref: string): BusinessCalendar => {
  const [id = '', version] = ref.split('@')
  return reference.calendar(id, Number(version))
}

/** Every late promise, worst first. */
export function lateOnes(records: readonly TicketRecord[], reference: Reference): readonly Late[] {
  return records
    .flatMap((record) =>
      record.ticket.schedule.clocks.flatMap((clock): Late[] =>
        clock.outcome === 'metLate' || clock.outcome === 'breached'
          ? [lateOne(record, clock, clock.outcome, reference)]
          : [],
      ),
    )
    .sort((a, b) => b.lateMs - a.lateMs || (a.ticketNumber < b.ticketNumber ? -1 : 1))
}

function lateOne(record: TicketRecord, clock: SlaClock, outcome: Late['outcome'], reference: Reference): Late {
  const { ticket, log, kind } = record
  const until = clock.settledAt ?? END
  const officer = log.findLast((it) => byOfficer(it) && it.at <= until)
  const ladder = reference.policy(ticket.policyId, ticket.policyVersion).routes[clock.route]?.targets[clock.target]
    ?.ladder
  return {
    ticketNumber: ticket.ticketNumber,
    kind: kind.label,
    target: clock.target,
    office: ticket.officeId,
    officer: officer?.actorId ?? '-',
    dueAt: clock.dueAt,
    settledAt: clock.settledAt,
    outcome,
    lateMs: businessTimeBetween(calendarOf(reference, clock.calendar), clock.dueAt, until),
    called: ladder?.findLast((it) => clock.fired.includes(`ladder${it.level}`))?.audience ?? null,
  }
}
