import { z } from 'zod'
import type { Store } from '../../../db/types.js'
import { PulihError } from '../../engine/errors.js'
import type { Engine } from '../../engine/types.js'
import { documentText, reasonText } from '../../intake/timeline.js'
import type { Label } from '../../machines/ticketType.js'
import type { People } from '../../privacy/index.js'
import { maskedDigits, maskedName } from '../../intake/masks.js'

export interface BranchSummary {
  readonly ticketNumber: string
  readonly office: { readonly officeId: string; readonly name: string; readonly zone: string }
  readonly reason: { readonly code: string; readonly text: Label } | null
  /** Epoch ms; after this the referral ends. Null at a branch already. */
  readonly comeBefore: number | null
  /** Masked. */
  readonly person: { readonly name: string; readonly nik: string } | null
  /** R61, and what this case asks for besides. */
  readonly bring: readonly { readonly item: string; readonly needed: boolean; readonly text: Label }[]
}
interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'readLog'>
  readonly engine: Pick<Engine, 'reference'>
  readonly people: Pick<People, 'identityOf'>
}
const Context = z.looseObject({ referredTo: z.string().nullable(), requestedDocuments: z.array(z.string()) })
const LOG_LIMIT = 1_000
const bring = (item: string, needed: boolean, id: string, en: string) => ({ item, needed, text: { id, en } })

/** What somebody takes along to a branch, on one page. Throws BRANCH_NOT_REFERRED for a ticket that leads to none, ERASED. */
export async function branchSummary({ store, engine, people }: Parts, ticketId: string): Promise<BranchSummary> {
  const ticket = await store.findTicket(ticketId)
  if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
  const { referredTo, requestedDocuments } = Context.parse(ticket.snapshot.context)
  const officeId = referredTo ?? (ticket.route === 'kantor_cabang' ? ticket.officeId : null)
  if (officeId === null || ticket.standing === 'terminal')
    throw new PulihError('BRANCH_NOT_REFERRED', 'this ticket leads to no branch')
  const office = engine.reference.office(officeId)
  const log = await store.readLog(ticketId, 0, LOG_LIMIT)
  const code = log.findLast(({ fact }) => fact === 'ReferredToBranch')?.event['reason']
  const identity = (await people.identityOf(ticketId))?.identity ?? null
  const deadline = ticket.schedule.deadlines.find((it) => it.name === 'referral')
  return {
    ticketNumber: ticket.ticketNumber,
    office: { officeId, name: office.name, zone: engine.reference.calendar(office.calendarId).zone },
    reason: typeof code === 'string' ? { code, text: reasonText(code) } : null,
    comeBefore: deadline?.thresholds.at(-1)?.at ?? null,
    person: identity === null ? null : { name: maskedName(identity.name), nik: maskedDigits(identity.nik) },
    bring: [
      ...ALWAYS,
      ...(ticket.cause === 'DIBUAT_HR' ? OF_HR : []),
      ...requestedDocuments
        .filter((kind) => kind !== 'KTP' && kind !== 'KARTU_BPJSTK')
        .map((kind) => ({ item: kind, needed: true, text: documentText(kind) })),
    ],
  }
}

const ALWAYS: BranchSummary['bring'] = [
  bring('KTP_ASLI', true, 'KTP asli', 'Your original KTP'),
  bring('KONTAK_AKTIF', true, 'Email dan nomor HP baru yang aktif', 'Your new e-mail and phone, both working'),
  bring(
    'KARTU_BPJSTK',
    false,
    'Kartu BPJS Ketenagakerjaan, jika ada',
    'Your BPJS Ketenagakerjaan card, if you have it',
  ),
  bring('NOMOR_KPJ', false, 'Nomor KPJ, jika ingat', 'Your KPJ number, if you know it'),
]
const OF_HR: BranchSummary['bring'] = [
  bring(
    'SURAT_HRD',
    false,
    'Surat keterangan HRD, jika perusahaan bersedia; tanpa surat pun Anda dilayani',
    'A letter of your employer’s HR, if they give one; you are served without it too',
  ),
]
