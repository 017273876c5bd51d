import { explain, type BusinessCalendar, type Explanation } from '../../calendar/index.js'
import { elapsed } from '../../engine/promise.js'
import type { SlaClock, TicketRow } from '../../engine/types.js'
import type { TicketType } from '../../machines/ticketType.js'
import { EVERYONE, ok, route, type ApiDeps, type Route } from '../context.js'
import { calendarByRef } from '../receipt.js'
import { Clocks } from '../shapes.js'
import { visibleTicket } from '../ticketViews.js'
import { iso, isoOrNull, labelOf, spoken } from '../words.js'

export const clockRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/clocks',
    operationId: 'getClocks',
    summary:
      'Janji layanan tiket ini: each promise with its pauses, what is left and why it is due when it is, day by day.',
    access: EVERYONE,
    reply: { status: 200, description: 'Promises and deadlines.', schema: Clocks },
    problems: ['TICKET_NOT_FOUND'],
    handle: async ({ params, actor }) => {
      const { ticket, type } = await visibleTicket(deps, params['id'] ?? '', actor)
      // Another process may have measured it by a version published a moment ago.
      await deps.engine.refreshReference()
      const now = deps.clock.now()
      return ok({
        ticketId: ticket.id,
        now: iso(now),
        clocks: ticket.schedule.clocks.map((clock) => clockView(deps, ticket, type, clock, now)),
        deadlines: ticket.schedule.deadlines.map(({ name, generation, thresholds }) => ({
          name,
          generation,
          thresholds: thresholds.map(thresholdView),
        })),
      })
    },
  }),
]

function clockView(deps: ApiDeps, ticket: TicketRow, type: TicketType, clock: SlaClock, now: number) {
  const calendar = calendarByRef(deps.engine.reference, clock.calendar)
  const say = (at: number) => spoken(at, calendar.zone)
  return {
    target: clock.target,
    label: labelOf(type.targets, clock.target),
    cycle: clock.cycle,
    generation: clock.generation,
    route: clock.route,
    calendar: clock.calendar,
    zone: calendar.zone,
    unit: clock.unit,
    extended: clock.extended,
    startedAt: say(clock.startedAt),
    countsFrom: say(clock.countsFrom),
    baseDueAt: say(clock.baseDueAt),
    dueAt: say(clock.dueAt),
    pausedMs: clock.pausedMs,
    pauses: clock.pauses.map(({ from, until, ms, causes }) => ({ from: say(from), until: say(until), ms, causes })),
    pausedAt: isoOrNull(clock.pausedAt),
    pauseCauses: clock.pauseCauses,
    outcome: clock.outcome,
    settledAt: isoOrNull(clock.settledAt),
    remainingMs: remaining(calendar, clock, now),
    thresholds: clock.thresholds.map(thresholdView),
    fired: clock.fired,
    explanation: explanationOf(deps, ticket, clock, calendar),
  }
}

const thresholdView = ({ name, at }: { name: string; at: number }) => ({ name, at: iso(at) })

/** The clock's own time until due, ms: 0 when late, null when settled. A paused clock keeps what it had when it stopped. */
function remaining(calendar: BusinessCalendar, clock: SlaClock, now: number): number | null {
  if (clock.settledAt !== null) return null
  const from = Math.max(clock.pausedAt ?? now, clock.countsFrom)
  return from >= clock.dueAt ? 0 : elapsed(calendar, from, clock.dueAt, clock.unit)
}

/** Why `baseDueAt` is what the rule gives from the start; null for promises in minutes, which are plain sums. */
function explanationOf(deps: ApiDeps, ticket: TicketRow, clock: SlaClock, calendar: BusinessCalendar) {
  const policy = deps.engine.reference.policy(ticket.policyId, ticket.policyVersion)
  const rule = policy.routes[clock.route]?.targets[clock.target]
  const amount = clock.extended ? (rule?.extended ?? rule?.within) : rule?.within
  if (rule === undefined || amount?.unit !== 'businessDays') return null
  const told = explain(calendar, clock.startedAt, amount.amount, rule.counting, amount.minimumOpenMinutes)
  return explanationView(told, calendar.zone)
}

const explanationView = ({ deemedAt, dayZero, due, days }: Explanation, zone: string) => ({
  deemedAt: spoken(deemedAt, zone),
  dayZero,
  due: spoken(due, zone),
  days: days.map((day) => ({ ...day, opening: isoOrNull(day.opening), closing: isoOrNull(day.closing) })),
})
