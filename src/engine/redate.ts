import { CalendarError, type BusinessCalendar } from '../calendar/index.js'
import { reasonFor } from './calendarChangeReason.js'
import { CALENDAR_CHANGE, concernedBy, type CalendarStep } from './calendarChange.js'
import type { Label } from '../machines/ticketType.js'
import { loadWorking, type Decided, type DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import { typeOfTicket } from './ticketTypes.js'
import { settle } from './settle.js'
import type { Redated, RedateOrder, Reference, TicketRow } from './types.js'

/** The new version cannot measure this ticket, which keeps its old one; `code` is the stable reason. */
export class NotMeasurable extends Error {
  override readonly name = 'NotMeasurable'
  constructor(
    readonly code: string,
    cause: unknown,
  ) {
    super('The calendar version cannot measure this ticket.', { cause })
  }
}

/** Finds the calendar of an order. Throws NOT_FOUND. */
export function calendarOf(order: Pick<RedateOrder, 'calendar'>, reference: Reference): BusinessCalendar {
  const [id = '', version] = order.calendar.split('@')
  return reference.calendar(id, Number(version))
}

/**
 * One ticket measured anew: settle first (what was due before the change is delivered in the same commit), then every open promise and
 * business-time deadline that an older version of the calendar measures. Nothing is written where nothing is concerned.
 * Throws NotMeasurable.
 */
export function decideRedate(order: RedateOrder, row: TicketRow, context: DecideContext): Decided {
  const type = typeOfTicket(context.types, row)
  const working = loadWorking(type, row, context)
  const none: Decided = { working, refusal: null, settled: 0 }
  const at = Math.max(context.now, working.lastAt)
  try {
    const calendar = calendarOf(order, context.reference)
    if (concerns(calendar, row, at, context.reference) === null) return none
    settle(working, at, false)
    const settled = working.log.length
    const after = { ...row, schedule: working.schedule, officeId: type.columns(working.snapshot.context).officeId }
    const concerned = concerns(calendar, after, at, context.reference)
    if (concerned === null) return { ...none, settled }
    const reason = reasonFor(order, concerned.from, context.reference)
    const step: CalendarStep = { ...concerned, calendar: order.calendar, reason }
    working.remeasure(step, at, order.actor)
    return { ...none, settled }
  } catch (error) {
    throw new NotMeasurable(codeOf(error), error)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof CalendarError || error instanceof PulihError ? error.code : 'INTERNAL'

type Measured = Pick<TicketRow, 'schedule' | 'officeId' | 'policyId' | 'policyVersion'>
/** What of a ticket a calendar version concerns: asked of a row before anything of it is restored. Throws NO_OPEN_TIME. */
export function concerns(calendar: BusinessCalendar, row: Measured, at: number, reference: Reference) {
  const office = reference.office(row.officeId)
  return concernedBy(row.schedule, calendar, office.calendarId, reference.policy(row.policyId, row.policyVersion), at)
}

/** What a decision means for its ticket. */
export function redatedBy({ working }: Decided): Redated {
  const entry = working.log.findLast((it) => it.event.type === CALENDAR_CHANGE)
  return entry === undefined ? null : { moves: entry.moves ?? [], reason: entry.event['reason'] as Label }
}

/** A ticket that another process measured by a version published meanwhile: to be learned before it is decided on. */
export function lacksCalendar(error: unknown): boolean {
  const cause = error instanceof NotMeasurable ? error.cause : error
  return cause instanceof PulihError && cause.extra['unknownCalendar'] !== undefined
}

/** The reference with one calendar version more, published or not. */
export function withCalendar(reference: Reference, calendar: BusinessCalendar): Reference {
  return {
    policy: (id, version) => reference.policy(id, version),
    calendar: (id, version) =>
      id === calendar.id && (version ?? calendar.version) === calendar.version
        ? calendar
        : reference.calendar(id, version),
    office: (id) => reference.office(id),
    hasOffice: (id) => reference.hasOffice(id),
    offices: () => reference.offices(),
    policyFor: (type) => reference.policyFor(type),
  }
}
