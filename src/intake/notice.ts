import type { Label } from '../machines/ticketType.js'

/** What a filer is told about their data before they send them; the version they read is kept with the ticket (R-PDP-1). */
export interface PrivacyNotice {
  readonly version: string
  readonly purpose: string
  readonly legalBasis: string
  readonly text: Label
}

/** A new text is a new version, so that each ticket says which one its filer read. */
export const PRIVACY_NOTICE: PrivacyNotice = {
  version: '2026-11',
  purpose: 'pemulihan_kontak_akun',
  legalBasis: 'pelayanan_peserta',
  text: {
    id:
      'Data identitas dan kontak Anda dipakai hanya untuk memeriksa bahwa Anda pemilik akun dan untuk mengganti kontaknya. Data disimpan terenkripsi, ' +
      'hanya dibuka oleh petugas yang menangani pengaduan ini, dan dihapus setelah masa simpannya berakhir. Layanan ini gratis; jangan berikan kode kepada siapa pun.',
    en:
      'Your identity and contact data are used only to check that you own the account and to replace its contacts. They are kept encrypted, opened only by ' +
      'the officers who handle this complaint, and erased when their retention ends. This service is free; give your codes to nobody.',
  },
}
