import { CALENDAR_CHANGE, CALENDAR_CHANGED } from '../engine/calendarChange.js'
import type { DueMove, LogEntry } from '../engine/types.js'
import type { Label, TicketType } from '../machines/ticketType.js'
import { eventLabel } from './ticketViews.js'
import { iso, isoOrNull, labelOf } from './words.js'

/** A due date that moved, and why; `why` is what a change of the calendar was about. */
export const moveView = (move: DueMove, type: TicketType, why: Label | null = null) => ({
  target: move.target,
  label: targetLabel(type, move.target),
  from: isoOrNull(move.from),
  to: iso(move.to),
  reason: move.reason,
  reasonLabel: reasonLabel(move.reason, why),
})

/** What a change of the calendar was about, or why a promise was extended (R08); null for any other entry. */
export function reasonOf({ event }: LogEntry): Label | null {
  if (event.type === CALENDAR_CHANGE) return event['reason'] as Label
  return event.type === 'promise.extend' ? labelOf(FLAGS, String(event['flag'])) : null
}
const FLAGS: Readonly<Record<string, Label>> = {
  data_tidak_sinkron: {
    id: 'data kepesertaan perlu diselaraskan',
    en: 'the membership records have to be brought in line',
  },
  perbedaan_identitas: {
    id: 'data kepesertaan berbeda dengan identitas terbaru',
    en: 'the membership records differ from the latest identity',
  },
}

/** A promise by its label; a deadline by that of the event it brings. */
function targetLabel(type: TicketType, target: string): Label {
  const event = Object.values(type.deadlines[target] ?? {}).at(-1)
  return event === undefined ? labelOf(type.targets, target) : eventLabel(type, event)
}

const REASONS: Readonly<Record<string, Label>> = {
  promised: { id: 'Dijanjikan', en: 'Promised' },
  paused: { id: 'Menunggu peserta', en: 'Waited for the participant' },
  extended: { id: 'Janji diperpanjang', en: 'Promise extended' },
  officeTransferred: { id: 'Pindah kantor', en: 'Transferred to another office' },
  arrivedAtBranch: { id: 'Hadir di kantor cabang', en: 'Arrived at the branch' },
  [CALENDAR_CHANGED]: { id: 'Kalender berubah', en: 'Calendar changed' },
}

function reasonLabel(reason: string, why: Label | null): Label {
  const [code = ''] = reason.split(':')
  const { id, en } = labelOf(REASONS, code)
  return why === null ? { id, en } : { id: `${id}: ${why.id}`, en: `${en}: ${why.en}` }
}
