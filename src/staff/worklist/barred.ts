import type { WorkRow } from '../../../db/staff/worklist.js'
import type { WorkPolicy, WorkStep } from '../../../db/staff/workTypes.js'
import { PulihError } from '../../engine/errors.js'
import type { TicketRow } from '../../engine/types.js'
import type { Label, Role } from '../../machines/ticketType.js'
import type { WorkParts } from './parts.js'
import { stepOf } from './policy.js'

/** Why somebody may not take this ticket; a code, and what to tell them. */
export interface Bar {
  readonly code: 'NOBODY' | 'ROLE' | 'INDEPENDENCE'
  readonly label: Label
}
const bars = {
  NOBODY: {
    code: 'NOBODY',
    label: { id: 'Tidak ada langkah petugas pada keadaan ini.', en: 'Nobody works on it in this state.' },
  },
  INDEPENDENCE: {
    code: 'INDEPENDENCE',
    label: {
      id: 'Pemeriksa harus orang lain: bukan pengusul, pengaju, atau pengunggah bukti.',
      en: 'The checker must be someone else: not the maker, the filer or an uploader of evidence.',
    },
  },
  ROLE: { code: 'ROLE', label: { id: 'Langkah ini untuk peran lain.', en: 'This step is for another role.' } },
} as const satisfies Record<string, Bar>

/** Why a ticket cannot be claimed, or given to somebody, said to people. */
const REASONS: Readonly<Record<string, Label>> = {
  NOT_WAITING_ON_US: { id: 'Tiket tidak sedang menunggu petugas.', en: 'The ticket does not wait for us.' },
  NOT_RELEASED: { id: 'Tiket belum dirilis untuk verifikasi.', en: 'The ticket is not released yet.' },
  OFFICE_CLOSED: { id: 'Kantor sedang tutup.', en: 'The office is closed.' },
  OFFICE: { id: 'Tiket milik kantor lain.', en: 'The ticket belongs to another office.' },
  SKILL: { id: 'Tiket memerlukan keahlian lain.', en: 'The ticket asks for another skill.' },
  HELD: { id: 'Petugas lain sedang memegang tiket ini.', en: 'Somebody else works on this ticket.' },
}
export const reasonLabel = (code: string): Label => REASONS[code] ?? { id: code, en: code }

/** NOT_CLAIMABLE with the one reason. */
export const notClaimable = (code: string, label: Label = reasonLabel(code)): PulihError =>
  new PulihError('NOT_CLAIMABLE', `The ticket cannot be claimed: ${code}.`, { reasons: [{ guard: code, ...label }] })

/** A case that one would take up oneself and has a hand in is OWN_CASE (A23); whatever else is in the way, NOT_CLAIMABLE. */
export const barredFrom = ({ code, label }: Bar, isOwn: boolean): PulihError =>
  code === 'INDEPENDENCE' && isOwn
    ? new PulihError('OWN_CASE', 'Nobody takes up what they had a hand in.', { reasons: [{ guard: code, ...label }] })
    : notClaimable(code, label)

/** By role alone; null when the step is theirs. Costs nothing. */
export function barredByRole(
  policy: WorkPolicy,
  row: Pick<WorkRow, 'type' | 'state'>,
  roles: readonly Role[],
): Bar | WorkStep {
  const step = stepOf(policy, row)
  if (step === null) return bars.NOBODY
  return step.roles.some((role) => roles.includes(role as Role)) ? step : bars.ROLE
}
export const isBar = (it: Bar | WorkStep): it is Bar => 'code' in it

/**
 * Who may not check what they made, filed or brought evidence for (R-4E-1, R-4E-4, D28): the statechart itself is asked, by the event that the
 * step names. Null: nobody is in the way.
 */
export function barredByHand(
  { engine }: Pick<WorkParts, 'engine'>,
  ticket: TicketRow,
  step: WorkStep,
  person: { readonly id: string; readonly roles: readonly Role[] },
): Bar | null {
  if (step.proof === null) return null
  const roles = person.roles.filter((role) => step.roles.includes(role))
  const free = roles.some((role) =>
    engine.allowed(ticket, { id: person.id, role }).some((it) => it.type === step.proof),
  )
  return free ? null : bars.INDEPENDENCE
}
