import type { Label } from '../ticketType.js'

export const states: Readonly<Record<string, Label>> = {
  draft: { id: 'Draf', en: 'Draft' },
  contactUnproven: { id: 'Menunggu pembuktian kontak baru', en: 'Waiting for proof of the new contacts' },
  reopened: { id: 'Dibuka kembali, menunggu pembuktian kontak', en: 'Reopened, waiting for proof of contacts' },
  submitted: { id: 'Diterima, menunggu verifikasi petugas', en: 'Received, waiting for verification' },
  documentsRequested: { id: 'Dokumen diminta', en: 'Documents requested' },
  documentsUploaded: { id: 'Dokumen diterima, menunggu verifikasi petugas', en: 'Documents uploaded' },
  correctionNeeded: { id: 'Perlu perbaikan data', en: 'Correction needed' },
  referredToBranch: { id: 'Dirujuk ke kantor cabang', en: 'Referred to a branch' },
  underVerification: { id: 'Sedang diverifikasi petugas', en: 'Under verification' },
  approvalProposed: { id: 'Menunggu pemeriksaan petugas kedua', en: 'Approval proposed, waiting for the checker' },
  onHold: { id: 'Disetujui, masa tunggu keamanan', en: 'Approved, security hold' },
  frozen: { id: 'Dibekukan karena sanggahan', en: 'Frozen by an objection' },
  applying: { id: 'Kontak sedang diperbarui', en: 'Contacts are being updated' },
  contactUpdated: { id: 'Kontak diperbarui', en: 'Contact updated' },
  rejected: { id: 'Ditolak', en: 'Rejected' },
  withdrawn: { id: 'Ditarik oleh peserta', en: 'Withdrawn' },
  expired: { id: 'Kedaluwarsa', en: 'Expired' },
  merged: { id: 'Digabung', en: 'Merged' },
}

/** States around others, in the drawing. */
export const groups: Readonly<Record<string, Label>> = {
  active: { id: 'Dalam pemeriksaan', en: 'Being looked at' },
  approved: { id: 'Sudah disetujui', en: 'Approved' },
}

export const targets: Readonly<Record<string, Label>> = {
  firstReview: { id: 'Mulai diverifikasi petugas', en: 'First review' },
  resolution: { id: 'Keputusan', en: 'Resolution' },
  objectionReview: { id: 'Pemeriksaan sanggahan', en: 'Objection review' },
}

/** Why a guard refuses. A key with `not:` is the refusal of the negated guard. */
export const refusals: Readonly<Record<string, Label>> = {
  bothProven: { id: 'Kedua kontak baru belum terbukti.', en: 'Both new contacts must be proven first.' },
  'not:bothProven': { id: 'Kedua kontak baru sudah terbukti.', en: 'Both new contacts are proven already.' },
  provesSomething: { id: 'Kontak ini sudah terbukti.', en: 'This contact is proven already.' },
  provesLast: { id: 'Kontak ini sudah terbukti.', en: 'This contact is proven already.' },
  released: {
    id: 'Belum dirilis: verifikasi menunggu jam operasional kantor.',
    en: 'Not released yet: verification waits for operating hours.',
  },
  'not:released': { id: 'Tiket sudah dirilis.', en: 'The ticket is released already.' },
  reviewStarted: { id: 'Verifikasi belum dimulai.', en: 'Verification has not started.' },
  identityVerified: { id: 'Identitas belum terverifikasi.', en: 'Identity is not verified yet.' },
  objectionOpen: { id: 'Tidak ada sanggahan yang terbuka.', en: 'There is no open objection.' },
  'not:objectionOpen': { id: 'Masih ada sanggahan yang terbuka.', en: 'An objection is open.' },
  'not:extended': { id: 'Janji layanan sudah diperpanjang.', en: 'The promise was extended already.' },
  'not:elevated': { id: 'Risiko sudah dinaikkan.', en: 'The risk is elevated already.' },
  onDigitalRoute: { id: 'Hanya untuk rute layanan digital.', en: 'Only on the digital route.' },
  'not:resolutionLate': { id: 'Tenggat sudah terlampaui.', en: 'The promise is broken already.' },
  arrivalWitness: {
    id: 'Penerima peserta harus petugas lain, bukan perujuk.',
    en: 'Whoever receives the participant must not be who referred.',
  },
  independentResolver: {
    id: 'Sanggahan diperiksa orang lain, bukan pengusul atau pemeriksa.',
    en: 'An objection is judged by somebody else: not the maker or the checker.',
  },
  isMaker: { id: 'Hanya pengusul yang dapat menarik usulannya.', en: 'Only the maker may retract the proposal.' },
  independentMaker: {
    id: 'Pengaju tiket tidak boleh mengusulkan persetujuan.',
    en: 'Whoever filed may not propose approval.',
  },
  independentChecker: {
    id: 'Pemeriksa harus orang lain: bukan pengusul, pengaju, atau pengunggah bukti.',
    en: 'The checker must be someone else: not the maker, the filer or an uploader of evidence.',
  },
  mayApprove: {
    id: 'Persetujuan memerlukan identitas terverifikasi, kedua kontak terbukti, tanpa sanggahan, dan pemeriksa yang berbeda.',
    en: 'Approval needs a verified identity, both contacts proven, no open objection and an independent checker.',
  },
  holdNeeded: { id: 'Masa tunggu keamanan diperlukan.', en: 'A hold is needed.' },
  mayApply: { id: 'Syarat pembaruan kontak tidak terpenuhi.', en: 'The conditions for updating contacts do not hold.' },
  uploadsAll: { id: 'Masih ada dokumen yang diminta.', en: 'Requested documents are still missing.' },
  withinReopenWindow: { id: 'Batas waktu untuk membuka kembali sudah lewat.', en: 'The time to reopen is over.' },
  notErased: { id: 'Data pribadi tiket ini sudah dihapus.', en: 'The personal data of this ticket are erased.' },
  currentDeadline: { id: 'Pengatur waktu sudah tidak berlaku.', en: 'This timer is stale.' },
  always: { id: '-', en: '-' },
}

/** What the guards ask, where they hold: half sentences for the table of the workflow. */
export const conditions: Readonly<Record<string, Label>> = {
  bothProven: { id: 'kedua kontak baru sudah terbukti', en: 'both new contacts are proven' },
  'not:bothProven': { id: 'kontak baru belum semuanya terbukti', en: 'not both new contacts are proven' },
  provesSomething: { id: 'kontak itu belum terbukti', en: 'that contact is not proven yet' },
  provesLast: { id: 'dengan ini kedua kontak terbukti', en: 'with this both contacts are proven' },
  released: { id: 'sudah dirilis (kantor sudah buka)', en: 'it is released (the office has opened)' },
  'not:released': { id: 'belum dirilis', en: 'it is not released yet' },
  reviewStarted: { id: 'verifikasi sudah pernah dimulai', en: 'verification was started before' },
  identityVerified: { id: 'identitas sudah terverifikasi', en: 'the identity is verified' },
  objectionOpen: { id: 'ada sanggahan yang terbuka', en: 'an objection is open' },
  'not:objectionOpen': { id: 'tidak ada sanggahan yang terbuka', en: 'no objection is open' },
  'not:extended': { id: 'janji layanan belum pernah diperpanjang', en: 'the promise was not extended before' },
  'not:elevated': { id: 'risiko belum dinaikkan', en: 'the risk is not elevated yet' },
  onDigitalRoute: { id: 'rutenya layanan digital', en: 'its route is the digital service' },
  'not:resolutionLate': { id: 'tenggat keputusan belum terlampaui', en: 'the decision is not late yet' },
  arrivalWitness: { id: 'penerima peserta bukan perujuknya', en: 'who receives the participant is not who referred' },
  independentResolver: {
    id: 'yang memeriksa sanggahan bukan pengusul atau pemeriksanya',
    en: 'who judges the objection is neither maker nor checker',
  },
  isMaker: { id: 'yang menarik adalah pengusulnya sendiri', en: 'who retracts is the maker' },
  independentMaker: {
    id: 'pengusul bukan pengaju tiket, kecuali di kantor cabang',
    en: 'the maker is not who filed, except at a branch',
  },
  independentChecker: {
    id: 'pemeriksa bukan pengusul, pengaju, atau pengunggah bukti',
    en: 'the checker is not the maker, the filer or an uploader of evidence',
  },
  mayApprove: {
    id: 'identitas terverifikasi, kedua kontak terbukti, tanpa sanggahan, pemeriksa orang lain',
    en: 'identity verified, both contacts proven, no objection, the checker somebody else',
  },
  holdNeeded: { id: 'masa tunggu keamanan diperlukan', en: 'a security hold is needed' },
  mayApply: {
    id: 'semua syarat persetujuan masih terpenuhi dan masa tunggu sudah berakhir',
    en: 'everything an approval needs still holds and the hold is over',
  },
  uploadsAll: { id: 'semua dokumen yang diminta sudah ada', en: 'all requested documents are there' },
  withinReopenWindow: { id: 'batas waktu membuka kembali belum lewat', en: 'the time to reopen is not over' },
  notErased: { id: 'data pribadinya belum dihapus', en: 'its personal data are not erased' },
  currentDeadline: { id: 'pengatur waktunya masih berlaku', en: 'the timer still stands' },
}
