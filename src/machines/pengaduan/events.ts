import { z } from 'zod'
import {
  documentsOf,
  internalEvent as internal,
  NoPayload as none,
  OFFICER,
  OfficeId as Id,
  OpaqueRef,
  PARTICIPANT,
  publicEvent as event,
  ReasonCode,
  requestOf,
  slaEvents,
  TimerPayload as generation,
  type EventOf,
} from '../events.js'
import type { Role } from '../ticketType.js'
import { Diagnostics } from './diagnostics.js'

/** R19, R46, R61. */
export const DOCUMENT_KINDS = ['KTP', 'KARTU_BPJSTK', 'SLIP_GAJI', 'SURAT_HRD', 'KARTU_KELUARGA'] as const
export const DocumentKind = z.enum(DOCUMENT_KINDS)
/** R20-R29. */
export const CAUSES = [
  'EMAIL_TIDAK_AKTIF',
  'HP_GANTI',
  'EMAIL_DAN_HP_HILANG',
  'DATA_LAMA',
  'SALAH_INPUT_AWAL',
  'DIBUAT_HR',
  'LUPA_PERNAH_DAFTAR',
  'AKUN_TERKUNCI',
  'PERUBAHAN_STATUS',
] as const
/** R04, R14. */
export const CATEGORIES = ['kendala_akun_jmo', 'pungutan_percaloan'] as const
/** R01. */
export const ROUTES = ['aplikasi', 'layanan_digital', 'kantor_cabang'] as const
/** Section 5 of the requirements. */
export const CHANNELS = ['portal', 'walk_in', 'telepon_175', 'email_care', 'jmo', 'chatbot', 'whatsapp'] as const
export const REJECTION_CODES = [
  'IDENTITAS_TIDAK_COCOK',
  'DOKUMEN_TIDAK_SAH',
  'BUKAN_PESERTA',
  'BUKAN_PEMILIK',
  'DATA_TIDAK_LENGKAP',
  'INDIKASI_PENIPUAN',
] as const
/** What an officer may tick; which of them a case needs is in the checklist policies. */
export const CHECKLIST_ITEMS = [
  'KTP_COCOK',
  'NAMA_COCOK',
  'NIK_COCOK',
  'KPJ_COCOK',
  'TANGGAL_LAHIR_COCOK',
  'KARTU_COCOK',
  'HRD_KONFIRMASI',
  'ASLI_DILIHAT',
  'WAJAH_COCOK',
  'KEPEMILIKAN_AKUN',
  'RISIKO_DITINJAU',
] as const

/** What filing takes (R03): codes and an opaque participant reference. Who it is stands apart, sealed under the ticket's key. */
export const Filing = z.strictObject({
  route: z.enum(ROUTES),
  category: z.enum(CATEGORIES).default('kendala_akun_jmo'),
  cause: z.enum(CAUSES),
  channel: z.enum(CHANNELS).default('portal'),
  officeId: Id.default('pusat'),
  participantRef: OpaqueRef,
  /** "Saya pemilik akun" (R12). */
  declaration: z.literal(true),
  /** A benefit claim is running (R13): raises priority, never blocks. */
  claimRunning: z.boolean().default(false),
  /** For officers, in the log's first entry (R29b); nothing is decided by it. */
  diagnostics: Diagnostics.optional(),
})
export type Filing = z.infer<typeof Filing>

const documents = documentsOf(DocumentKind)
const requested = requestOf(DocumentKind)
const channel = z.strictObject({ channel: z.enum(['email', 'phone']) })
const reason = z.strictObject({ reason: ReasonCode })
const checklist = z
  .strictObject({
    verdict: z.enum(['matched', 'mismatched']),
    checklist: z
      .array(z.strictObject({ item: z.enum(CHECKLIST_ITEMS), matched: z.boolean() }))
      .min(1)
      .max(20)
      .refine((items) => new Set(items.map((it) => it.item)).size === items.length, 'each item once'),
  })
  // A verdict stands on its list: one item that does not match makes it a mismatch (R10).
  .refine((it) => it.verdict === 'mismatched' || it.checklist.every((item) => item.matched), {
    path: ['verdict'],
    error: 'items differ',
  })

const DECIDER: readonly Role[] = ['checker', 'supervisor']
const SUPERVISOR: readonly Role[] = ['supervisor']

export const publicEvents = {
  submit: event(
    none,
    ['participant', 'portal', 'agent'],
    'TicketSubmitted',
    { id: 'Kirim pengaduan', en: 'Submit' },
    { version: false },
  ),
  'contact.prove': event(channel, ['portal'], 'ContactProven', {
    id: 'Buktikan kontak baru',
    en: 'Prove a new contact',
  }),
  'contact.change': event(channel, PARTICIPANT, 'ContactChanged', {
    id: 'Ubah kontak baru',
    en: 'Change a new contact',
  }),
  'documents.upload': event(
    documents,
    [...PARTICIPANT, 'agent'],
    'DocumentsUploaded',
    { id: 'Unggah dokumen', en: 'Upload documents' },
    { version: false },
  ),
  'correction.submit': event(none, PARTICIPANT, 'CorrectionSubmitted', {
    id: 'Kirim perbaikan',
    en: 'Submit the correction',
  }),
  withdraw: event(reason, PARTICIPANT, 'TicketWithdrawn', { id: 'Tarik pengaduan', en: 'Withdraw' }),
  'objection.raise': event(none, PARTICIPANT, 'ObjectionRaised', { id: 'Bukan saya', en: 'Raise an objection' }),
  reopen: event(none, PARTICIPANT, 'TicketReopened', { id: 'Buka kembali', en: 'Reopen' }),
  'verification.start': event(none, OFFICER, 'VerificationStarted', {
    id: 'Mulai verifikasi',
    en: 'Start verification',
  }),
  'release.override': event(reason, SUPERVISOR, 'ReleaseOverridden', {
    id: 'Rilis di luar jam operasional',
    en: 'Release outside operating hours',
  }),
  'documents.request': event(requested, OFFICER, 'DocumentsRequested', {
    id: 'Minta dokumen',
    en: 'Request documents',
  }),
  'documents.waive': event(reason, OFFICER, 'DocumentRequestWaived', {
    id: 'Batalkan permintaan dokumen',
    en: 'Waive the request',
  }),
  'correction.request': event(reason, OFFICER, 'CorrectionRequested', {
    id: 'Minta perbaikan data',
    en: 'Request a correction',
  }),
  'identity.verify': event(checklist, OFFICER, 'IdentityChecked', {
    id: 'Catat hasil verifikasi identitas',
    en: 'Record the identity check',
  }),
  'branch.refer': event(z.strictObject({ officeId: Id, reason: ReasonCode }), OFFICER, 'ReferredToBranch', {
    id: 'Rujuk ke kantor cabang',
    en: 'Refer to a branch',
  }),
  'branch.arrive': event(none, OFFICER, 'ParticipantArrived', {
    id: 'Peserta hadir di kantor cabang',
    en: 'Participant arrived',
  }),
  'branch.cancel': event(reason, OFFICER, 'ReferralCancelled', { id: 'Batalkan rujukan', en: 'Cancel the referral' }),
  'office.transfer': event(z.strictObject({ officeId: Id, reason: ReasonCode }), SUPERVISOR, 'OfficeTransferred', {
    id: 'Pindahkan kantor',
    en: 'Transfer to another office',
  }),
  'promise.extend': event(
    z.strictObject({ flag: z.enum(['data_tidak_sinkron', 'perbedaan_identitas']) }),
    OFFICER,
    'PromiseExtended',
    { id: 'Perpanjang janji layanan', en: 'Extend the promise' },
  ),
  'risk.elevate': event(reason, OFFICER, 'RiskElevated', { id: 'Naikkan tingkat risiko', en: 'Elevate the risk' }),
  'approval.propose': event(none, OFFICER, 'ApprovalProposed', { id: 'Usulkan persetujuan', en: 'Propose approval' }),
  'approval.retract': event(none, OFFICER, 'ApprovalRetracted', { id: 'Tarik usulan', en: 'Retract the proposal' }),
  'approval.return': event(reason, DECIDER, 'ApprovalReturned', { id: 'Kembalikan usulan', en: 'Return the proposal' }),
  'approval.confirm': event(none, DECIDER, 'TicketApproved', { id: 'Setujui', en: 'Confirm approval' }),
  reject: event(z.strictObject({ code: z.enum(REJECTION_CODES) }), OFFICER, 'TicketRejected', {
    id: 'Tolak',
    en: 'Reject',
  }),
  'objection.dismiss': event(reason, SUPERVISOR, 'ObjectionDismissed', {
    id: 'Tolak sanggahan',
    en: 'Dismiss the objection',
  }),
  'objection.uphold': event(reason, SUPERVISOR, 'ObjectionUpheld', {
    id: 'Terima sanggahan',
    en: 'Uphold the objection',
  }),
}

export const internalEvents = {
  ...slaEvents,
  'release.open': internal(generation, 'TicketReleased', 'Dirilis untuk verifikasi', 'Released for verification'),
  'noReply.remind': internal(generation, 'ParticipantReminded', 'Peserta diingatkan', 'Participant reminded'),
  'noReply.expire': internal(generation, 'TicketExpired', 'Kedaluwarsa tanpa balasan', 'Expired without a reply'),
  'referral.remind': internal(generation, 'ParticipantReminded', 'Peserta diingatkan', 'Participant reminded'),
  'referral.expire': internal(generation, 'TicketExpired', 'Kedaluwarsa tanpa kunjungan', 'Expired without a visit'),
  'draft.expire': internal(generation, 'DraftExpired', 'Draf kedaluwarsa', 'Draft expired'),
  'hold.end': internal(generation, 'HoldEnded', 'Masa tunggu keamanan berakhir', 'Hold ended'),
  'contacts.applied': internal(none, 'ContactUpdated', 'Kontak diperbarui', 'Contacts updated', true),
  'contacts.refused': internal(
    z.strictObject({ code: ReasonCode }),
    'ApplyRefused',
    'Pembaruan kontak ditolak sistem',
    'Update refused',
    true,
  ),
  'documents.revoke': internal(
    requested,
    'DocumentsRevoked',
    'Dokumen tidak berlaku lagi',
    'Documents no longer valid',
    true,
  ),
  'risk.record': internal(
    z.strictObject({
      codes: z
        .array(z.string().regex(/^[a-z][a-z_]{2,40}$/))
        .min(1)
        .max(30),
    }),
    'RiskRecorded',
    'Risiko tercatat',
    'Risk recorded',
    true,
  ),
  'merge.record': internal(z.strictObject({ into: z.string() }), 'TicketMerged', 'Digabung', 'Merged', true),
  'merge.absorb': internal(
    z.strictObject({ from: z.string() }),
    'TicketAbsorbed',
    'Pengaduan lain digabung ke sini',
    'Another case was merged into this one',
    true,
  ),
  'approval.void': internal(
    z.strictObject({ code: ReasonCode }),
    'ApprovalVoided',
    'Usulan persetujuan batal',
    'Proposal void',
    true,
  ),
  'erasure.record': internal(none, 'PersonalDataErased', 'Data pribadi dihapus', 'Personal data erased', true),
}

/** Every event the machine takes, from its schemas. */
export type PengaduanEvent = EventOf<typeof publicEvents & typeof internalEvents>
