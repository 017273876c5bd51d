import { text } from './problemText.js'

/** What refusals around deciding a complaint say; part of the one table. */
export const DECIDING_TEXTS = {
  CHECKLIST_INCOMPLETE: text(
    'Daftar periksa belum lengkap',
    'Periksa dan tandai setiap butir yang disebutkan, lalu kirim kembali.',
    'Checklist incomplete',
    'Look at every item that is named, tick it, and send this again.',
  ),
  DOCUMENT_PENDING: text(
    'Berkas masih menunggu pemindai',
    'Satu berkas tiket ini belum diperiksa pemindai malware. Tunggu sampai selesai. Bila lebih dari satu jam, minta penyelia mengulang pekerjaan yang gagal.',
    'A file waits for the scanner',
    'A file of this ticket was not scanned for malware yet. Wait until it is; after an hour have a supervisor replay the dead letter.',
  ),
  REASON_UNKNOWN: text(
    'Alasan tidak dikenal',
    'Pilih alasan dari daftar untuk tindakan ini. Tulis hal lain dalam catatan tersegel.',
    'Reason unknown',
    'Choose a reason from the list for this event. Anything else goes into a sealed note.',
  ),
  BRANCH_REQUIRED: text(
    'Harus diselesaikan di kantor cabang',
    'Pengaduan ini tidak dapat disetujui dari jauh. Rujuk peserta ke kantor cabang.',
    'Branch required',
    'This complaint is not approved from afar. Refer the participant to a branch.',
  ),
  BRANCH_NOT_REFERRED: text(
    'Tidak ada rujukan',
    'Tiket ini tidak dirujuk ke kantor cabang.',
    'No referral',
    'This ticket is not referred to a branch.',
  ),
  IDENTITY_UNVERIFIED: text(
    'Identitas belum terverifikasi',
    'Verifikasi identitas lebih dahulu. Nomor KPJ tidak dicari untuk orang yang belum dikenal.',
    'Identity unverified',
    'Verify the identity first. A KPJ is not looked up for somebody who is not known.',
  ),
} as const
