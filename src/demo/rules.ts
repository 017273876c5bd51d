import { isOpen } from '../calendar/index.js'
import type { Reference } from '../engine/types.js'
import { calendarOf } from './lateness.js'
import { byOfficer, type TicketRecord } from './record.js'

/** A rule that must hold everywhere: how often it was looked at, and how often it did not hold. */
export interface Checked {
  readonly id: string
  readonly label: string
  readonly looked: number
  readonly violations: number
}

type Look = (record: TicketRecord, reference: Reference) => readonly boolean[]
interface Rule {
  readonly id: string
  readonly label: string
  /** One answer per thing looked at; true is fine. */
  readonly look: Look
}

const promises: (
  test: (clock: TicketRecord['ticket']['schedule']['clocks'][number], reference: Reference) => boolean,
) => Look =
  (test) =>
  ({ ticket }, reference) =>
    ticket.schedule.clocks.map((clock) => test(clock, reference))

/** Judged on what was stored, not on what the engine says about it. */
const rules: readonly Rule[] = [
  {
    id: 'dueInHours',
    label: 'setiap tenggat jatuh di dalam jam operasional kantornya',
    // A due instant may be a closing: the millisecond before it is open.
    look: promises((clock, reference) => isOpen(calendarOf(reference, clock.calendar), clock.dueAt - 1)),
  },
  {
    id: 'verdicts',
    label: 'tepat waktu berarti paling lambat pada tenggat, terlambat berarti sesudahnya',
    look: promises(({ outcome, settledAt, dueAt }) =>
      outcome === 'met'
        ? settledAt !== null && settledAt <= dueAt
        : outcome === 'metLate'
          ? (settledAt ?? 0) > dueAt
          : true,
    ),
  },
  {
    id: 'officersInHours',
    label: 'petugas hanya bekerja pada jam operasional kantornya',
    look: ({ log }, reference) =>
      log.filter(byOfficer).map(({ at, actorId }) => isOpen(calendarAtDesk(reference, actorId), at)),
  },
  {
    id: 'timersOnTime',
    label: 'setiap pengatur waktu berbunyi tepat pada saatnya, satu kali',
    look: ({ timers }) => timers.filter((it) => it.state === 'fired').map((it) => it.closedAt === it.dueAt),
  },
  {
    id: 'fourEyes',
    label: 'setiap kontak yang diperbarui disetujui dua orang yang berbeda',
    look: ({ ticket }) =>
      ticket.state === 'contactUpdated'
        ? [ticket.makerId !== null && ticket.checkerId !== null && ticket.makerId !== ticket.checkerId]
        : [],
  },
  {
    id: 'appliedOnce',
    label: 'kontak diperbarui satu kali, dan tidak pernah tanpa persetujuan',
    look: ({ ticket, log }) => {
      const applied = log.filter((it) => it.fact === 'ContactUpdated')
      return [applied.length === (ticket.state === 'contactUpdated' ? 1 : 0)]
    },
  },
  {
    id: 'closedIsQuiet',
    label: 'tiket yang selesai tidak menyisakan pengatur waktu',
    look: ({ ticket, timers }) =>
      ticket.standing === 'terminal' ? [timers.every((it) => it.state !== 'pending')] : [],
  },
  {
    id: 'delivered',
    label: 'setiap pesan dan perintah terkirim satu kali',
    look: ({ outbox }) => outbox.map((it) => it.deliveredAt !== null),
  },
]

const calendarAtDesk = (reference: Reference, actorId: string) => {
  const place = actorId.split('-')[1] ?? ''
  const office = reference.hasOffice(`cabang-${place}`) ? `cabang-${place}` : place
  return reference.calendar(reference.office(office).calendarId)
}

export function checkRules(records: readonly TicketRecord[], reference: Reference): readonly Checked[] {
  return rules.map(({ id, label, look }) => {
    const answers = records.flatMap((record) => look(record, reference))
    return { id, label, looked: answers.length, violations: answers.filter((it) => !it).length }
  })
}
