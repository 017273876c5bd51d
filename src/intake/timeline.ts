import type { LogEntry } from '../engine/types.js'
import type { Label } from '../machines/ticketType.js'

export { reasonText } from './reasons.js'

/** What a filer reads about each fact; a fact that is not here is the officers' own business and is not shown. */
const TOLD: Readonly<Record<string, Label>> = {
  TicketSubmitted: { id: 'Pengaduan Anda kami terima.', en: 'We received your complaint.' },
  ContactProven: { id: 'Satu kontak baru Anda terbukti.', en: 'One of your new contacts is proven.' },
  ContactChanged: { id: 'Kontak baru Anda ubah; buktikan kembali.', en: 'You changed a new contact; prove it again.' },
  TicketReleased: { id: 'Pengaduan Anda masuk antrean verifikasi.', en: 'Your complaint waits for an officer.' },
  VerificationStarted: { id: 'Petugas mulai memeriksa pengaduan Anda.', en: 'An officer began to look at it.' },
  DocumentsRequested: { id: 'Petugas meminta dokumen.', en: 'An officer asked for documents.' },
  DocumentsRevoked: { id: 'Dokumen perlu dikirim ulang.', en: 'Documents have to be sent again.' },
  DocumentRequestWaived: { id: 'Dokumen tidak diminta lagi.', en: 'The documents are no longer asked for.' },
  DocumentsUploaded: { id: 'Dokumen kami terima.', en: 'We received documents.' },
  CorrectionRequested: { id: 'Petugas meminta perbaikan data.', en: 'An officer asked for a correction.' },
  CorrectionSubmitted: { id: 'Perbaikan data kami terima.', en: 'We received the correction.' },
  ReferredToBranch: { id: 'Anda diminta datang ke kantor cabang.', en: 'You are asked to come to a branch office.' },
  ParticipantArrived: { id: 'Anda hadir di kantor cabang.', en: 'You came to the branch office.' },
  ReferralCancelled: { id: 'Kunjungan ke kantor cabang dibatalkan.', en: 'The visit is no longer needed.' },
  OfficeTransferred: { id: 'Pengaduan Anda dipindahkan ke kantor lain.', en: 'Another office took it over.' },
  PromiseExtended: { id: 'Waktu pemeriksaan diperpanjang.', en: 'The time for looking at it was extended.' },
  CalendarChanged: {
    id: 'Hari kerja berubah; tenggat dihitung ulang.',
    en: 'Working days changed; dates were computed anew.',
  },
  TicketApproved: { id: 'Pengaduan Anda disetujui.', en: 'Your complaint was approved.' },
  HoldEnded: { id: 'Masa tunggu keamanan berakhir.', en: 'The security hold ended.' },
  ContactUpdated: { id: 'Kontak akun Anda diperbarui.', en: 'The contacts of your account were replaced.' },
  TicketRejected: { id: 'Pengaduan Anda ditolak.', en: 'Your complaint was rejected.' },
  ObjectionRaised: {
    id: 'Ada sanggahan; proses dihentikan sementara.',
    en: 'There is an objection; the process stands still.',
  },
  ObjectionDismissed: {
    id: 'Sanggahan diperiksa; proses berlanjut.',
    en: 'The objection was examined; the process goes on.',
  },
  ObjectionUpheld: { id: 'Sanggahan diterima.', en: 'The objection was upheld.' },
  TicketWithdrawn: { id: 'Pengaduan Anda tarik.', en: 'You withdrew your complaint.' },
  TicketExpired: { id: 'Pengaduan kedaluwarsa karena tidak ada balasan.', en: 'It expired without a reply.' },
  TicketReopened: { id: 'Pengaduan Anda dibuka kembali.', en: 'Your complaint was opened again.' },
  TicketMerged: { id: 'Digabung', en: 'Merged' },
  ParticipantReminded: { id: 'Kami mengingatkan Anda.', en: 'We reminded you.' },
}

/** The same where the event says which contact it was. */
const OF_CHANNEL: Readonly<Record<string, Label>> = {
  'ContactProven email': { id: 'Email baru Anda terbukti.', en: 'Your new e-mail address is proven.' },
  'ContactProven phone': { id: 'Nomor HP baru Anda terbukti.', en: 'Your new mobile number is proven.' },
  'ContactChanged email': {
    id: 'Email baru Anda ubah; buktikan kembali.',
    en: 'You changed your new e-mail address; prove it again.',
  },
  'ContactChanged phone': {
    id: 'Nomor HP baru Anda ubah; buktikan kembali.',
    en: 'You changed your new mobile number; prove it again.',
  },
}
const textOf = (fact: string, channel: unknown): Label | undefined => {
  const ofChannel = typeof channel === 'string' ? `${fact} ${channel}` : fact
  if (Object.hasOwn(OF_CHANNEL, ofChannel)) return OF_CHANNEL[ofChannel]
  return Object.hasOwn(TOLD, fact) ? TOLD[fact] : undefined
}

/** What the filer may read of a ticket's log, oldest first. */
export const toldTo = (entries: readonly LogEntry[]): readonly { at: number; fact: string; text: Label }[] =>
  entries.flatMap(({ at, fact, event }) => {
    const text = textOf(fact, event['channel'])
    return text === undefined ? [] : [{ at, fact, text }]
  })

const DOCUMENTS: Readonly<Record<string, Label>> = {
  KTP: { id: 'KTP', en: 'Identity card (KTP)' },
  KARTU_BPJSTK: { id: 'Kartu BPJS Ketenagakerjaan', en: 'BPJS Ketenagakerjaan card' },
  SLIP_GAJI: { id: 'Slip gaji', en: 'Payslip' },
  SURAT_HRD: { id: 'Surat keterangan HRD', en: "Letter of the employer's HR" },
  KARTU_KELUARGA: { id: 'Kartu keluarga', en: 'Family card' },
}
export const documentText = (kind: string): Label =>
  (Object.hasOwn(DOCUMENTS, kind) ? DOCUMENTS[kind] : undefined) ?? { id: kind, en: kind }
