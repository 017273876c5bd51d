import type { BusinessCalendar } from '../calendar/index.js'
import { CalendarError, nextOpening } from '../calendar/index.js'
import { PulihError } from '../engine/errors.js'
import type { Accepted } from '../engine/types.js'
import type { Label, TicketType } from '../machines/ticketType.js'
import type { ApiDeps } from './context.js'
import { labelOf, spoken } from './words.js'

export interface Notice {
  readonly code: string
  readonly text: Label
}
/** D5: an example says so wherever it shows. */
export const EXAMPLE_CALENDAR: Notice = {
  code: 'EXAMPLE_CALENDAR',
  text: {
    id: 'Jam operasional ini contoh dan belum dikonfirmasi oleh lembaga; tanggal yang dihitung darinya bukan janji resmi.',
    en: 'These operating hours are an example that the institution has not confirmed; dates computed from them are no official promise.',
  },
}
/** Where a ticket that met no calendar is read. */
const HOME_ZONE = 'Asia/Jakarta'
/** D13. */
const PAUSES: Notice = {
  code: 'PAUSES',
  text: {
    id: 'Tenggat berhenti berjalan selama kami menunggu Anda (misalnya dokumen atau perbaikan data) dan bergeser selama waktu tunggu itu.',
    en: 'The dates stop running while we wait for you (documents or a correction, for example) and move by that time.',
  },
}

/**
 * What the filer gets: when it was received, when verification opens, what is promised (R07, R09). Made only from the engine's
 * remembered answer, the log entries of the filing and an immutable calendar version, so that a repeat gives the same body.
 */
export async function receipt(deps: ApiDeps, type: TicketType, accepted: Accepted) {
  const entries = await deps.store.readLog(accepted.ticketId, 0, 16)
  const filing = entries.filter((entry) => entry.revision === accepted.revision)
  const [first] = filing
  if (first === undefined) throw new PulihError('INTERNAL', 'a filed ticket has no first log entry')
  const ref = filing.find((entry) => entry.calendar !== null)?.calendar ?? null
  const calendar = ref === null ? null : calendarByRef(deps.engine.reference, ref)
  const zone = calendar?.zone ?? HOME_ZONE
  const starts = calendar === null ? null : openingAfter(calendar, first.at)
  return {
    ticketId: accepted.ticketId,
    ticketNumber: accepted.ticketNumber,
    type: type.type,
    state: accepted.state,
    stateLabel: labelOf(type.states, accepted.state),
    contentVersion: accepted.contentVersion,
    receivedAt: spoken(first.at, zone),
    verificationStartsAt: starts === null ? null : spoken(starts, zone),
    promises: accepted.moves.map((move) => ({
      target: move.target,
      label: labelOf(type.targets, move.target),
      dueAt: spoken(move.to, zone),
    })),
    notices: calendar?.spec.example === true ? [PAUSES, EXAMPLE_CALENDAR] : [PAUSES],
  }
}

/** A calendar version by `id@version`. */
export function calendarByRef(reference: ApiDeps['engine']['reference'], ref: string): BusinessCalendar {
  const [id = '', version] = ref.split('@')
  return reference.calendar(id, Number(version))
}

function openingAfter(calendar: BusinessCalendar, at: number): number | null {
  try {
    return nextOpening(calendar, at).opening
  } catch (error) {
    if (error instanceof CalendarError && error.code === 'NO_OPEN_TIME') return null
    throw error
  }
}
