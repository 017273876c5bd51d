import { z } from 'zod'
import type { LogEntry, TicketRow } from '../engine/types.js'
import { reopenDaysOf } from '../machines/pengaduan/reopening.js'
import type { Label } from '../machines/ticketType.js'
import type { Contact } from '../privacy/index.js'
import { masked } from './masks.js'
import { documentText, reasonText } from './timeline.js'

/** What of a complaint's context its filer's page is made from. */
const Context = z.looseObject({
  pauseCauses: z.array(z.string()),
  requestedDocuments: z.array(z.string()),
  referredTo: z.string().nullable(),
})

/** Something the filer has to do now. */
export interface Task {
  readonly code: string
  readonly text: Label
}
export interface AskedDocument {
  readonly kind: string
  readonly label: Label
  readonly reason: Label
}

const say = (code: string, id: string, en: string): Task => ({ code, text: { id, en } })
const WAIT = say('nothing', 'Saat ini tidak ada yang perlu Anda lakukan.', 'There is nothing for you to do now.')
const SAYS: Readonly<Record<string, Task>> = {
  email: say(
    'prove_email',
    'Masukkan kode yang kami kirim ke email baru Anda.',
    'Enter the code sent to your new e-mail address.',
  ),
  phone: say(
    'prove_phone',
    'Masukkan kode yang kami kirim ke nomor HP baru Anda.',
    'Enter the code sent to your new mobile number.',
  ),
  documents: say('upload_documents', 'Unggah dokumen yang diminta.', 'Upload the documents that are asked for.'),
  correctionNeeded: say('correct', 'Perbaiki data Anda.', 'Correct your data.'),
  draft: say(
    'submit_draft',
    'Setelah kedua kontak terbukti, setujui pernyataan pemilik akun dan kirim pengaduan Anda.',
    'Once both contacts are proven, agree to the declaration of ownership and submit.',
  ),
  rejected: say(
    'file_again',
    'Perbaiki data Anda, lalu buka kembali pengaduan ini.',
    'Correct your data, then open this complaint again.',
  ),
  contactUpdated: say(
    'sign_in',
    'Buka JMO, masuk dengan email atau nomor HP baru Anda, lalu buat kata sandi baru.',
    'Open JMO, log in with your new e-mail address or mobile number, and set a new password.',
  ),
}
interface About {
  /** Where a referral leads. */
  readonly officeName: string | null
  /** The filer may open it again as of now. */
  readonly mayReopen: boolean
}

/** What the filer must do, by the state of the ticket and its contacts. */
export function tasksOf(
  ticket: TicketRow,
  contacts: readonly Contact[],
  { officeName, mayReopen }: About,
): readonly Task[] {
  const { state, standing } = ticket
  const context = Context.parse(ticket.snapshot.context)
  if (standing === 'terminal') return present([state === 'rejected' && !mayReopen ? visit(null) : SAYS[state]])
  const unproven = contacts.filter((it) => !it.proven).map((it) => SAYS[it.channel])
  const tasks = present([
    ...unproven,
    context.requestedDocuments.length > 0 ? SAYS['documents'] : undefined,
    SAYS[state],
    state === 'referredToBranch' ? visit(officeName) : undefined,
  ])
  return tasks.length === 0 ? [WAIT] : tasks
}
const present = (tasks: readonly (Task | undefined)[]): readonly Task[] => tasks.filter((it) => it !== undefined)
/** R61. */
const visit = (office: string | null): Task =>
  say(
    'visit_branch',
    `Datang ke ${office ?? 'kantor cabang'} dengan KTP asli, kartu BPJS Ketenagakerjaan (jika ada), nomor KPJ (jika ingat), dan HP Anda.`,
    `Come to ${office ?? 'the branch office'} with your original KTP, your card and KPJ number if you have them, and your phone.`,
  )

/** What keeps the dates from running. */
export function pauseCausesOf(ticket: TicketRow): readonly Task[] {
  const { pauseCauses } = Context.parse(ticket.snapshot.context)
  return pauseCauses.map((cause) => PAUSES[cause] ?? say(cause, cause, cause))
}
const PAUSES: Readonly<Record<string, Task>> = {
  contactUnproven: say('contactUnproven', 'Kontak baru Anda belum terbukti.', 'A new contact is not proven yet.'),
  documentsRequested: say('documentsRequested', 'Kami menunggu dokumen Anda.', 'We wait for your documents.'),
  correctionNeeded: say('correctionNeeded', 'Kami menunggu perbaikan data Anda.', 'We wait for your correction.'),
  referredToBranch: say('referredToBranch', 'Kami menunggu kunjungan Anda.', 'We wait for your visit.'),
}

const Asked = z.looseObject({ documents: z.array(z.looseObject({ kind: z.string(), reason: z.string() })) })

/** Documents still asked for, each with the reason it was last asked for (D10). */
export function documentsOf(ticket: TicketRow, log: readonly LogEntry[]): readonly AskedDocument[] {
  const reasons = new Map<string, string>()
  for (const { fact, event } of log) {
    if (fact !== 'DocumentsRequested' && fact !== 'DocumentsRevoked') continue
    for (const { kind, reason } of Asked.parse(event).documents) reasons.set(kind, reason)
  }
  return Context.parse(ticket.snapshot.context).requestedDocuments.map((kind) => ({
    kind,
    label: documentText(kind),
    reason: reasonText(reasons.get(kind) ?? 'DIPERLUKAN'),
  }))
}

/** Why it was rejected, or what is to be corrected: the last of them (R05). */
export function reasonOfState(ticket: TicketRow, log: readonly LogEntry[]): { code: string; text: Label } | null {
  const fact =
    ticket.state === 'rejected' ? 'TicketRejected' : ticket.state === 'correctionNeeded' ? 'CorrectionRequested' : null
  const entry = log.findLast((it) => it.fact === fact)
  const code = entry?.event['code'] ?? entry?.event['reason']
  return typeof code === 'string' ? { code, text: reasonText(code) } : null
}

export const contactView = ({ channel, address, proven }: Contact) => ({
  channel,
  address: masked(channel, address),
  proven,
})

export const referredTo = (ticket: TicketRow): string | null => Context.parse(ticket.snapshot.context).referredTo

/** `days`: how long it may be opened again by its own policy, whole ones; 0: not (any more). */
const rejected = (days: number): Task =>
  days < 1
    ? say(
        'DITOLAK',
        'Pengaduan ditolak. Datanglah ke kantor cabang dengan KTP asli.',
        'The complaint was rejected. Please come to a branch with your original KTP.',
      )
    : say(
        'DITOLAK',
        `Pengaduan ditolak. Perbaiki data Anda lalu ajukan ulang dalam ${days} hari, atau datang ke kantor cabang dengan KTP asli.`,
        `The complaint was rejected. Put your data right and submit again within ${days} days, or come to a branch with your original KTP.`,
      )

/** How it ended, in words of its own: somebody who is no participant was not refused, and something can be done (R48). */
export function outcomeOf(ticket: TicketRow, log: readonly LogEntry[], mayReopen: boolean): Task | null {
  if (ticket.state !== 'rejected') return null
  const { code } = reasonOfState(ticket, log) ?? {}
  if (code !== 'BUKAN_PESERTA') return rejected(mayReopen ? reopenDaysOf(ticket.snapshot.context) : 0)
  return say(
    'BUKAN_PESERTA',
    'Kami tidak menemukan kepesertaan atas NIK Anda. Ini bukan penolakan. Tanyakan pendaftaran Anda kepada HRD perusahaan, telepon 175, atau datang ke kantor cabang dengan KTP asli dan surat keterangan kerja.',
    'We found no membership under your NIK. This is not a refusal. Ask your employer’s HR about your registration, call 175, or come to a branch with your original KTP and a letter of employment.',
  )
}

/** A claim that is being dealt with (R13): advice, never an obstacle. */
export const CLAIM_ADVICE = say(
  'CLAIM_RUNNING',
  'Klaim Anda yang sedang berjalan tidak terpengaruh. Selesaikan dahulu pengaturan ulang kontak ini sebelum mengajukan klaim baru, agar pemberitahuannya sampai kepada Anda.',
  'Your running claim is not affected. Finish this reset before you file another claim, so that its notices reach you.',
)

/** What is good to know, from how it was filed. */
export function adviceOf(log: readonly LogEntry[]): readonly Task[] {
  const filing = log[0]?.event['filing'] as { claimRunning?: unknown } | undefined
  return filing?.claimRunning === true ? [CLAIM_ADVICE] : []
}
