import type { Label } from '../../../machines/ticketType.js'

/** What `/sanggah` says to whoever was told of a change that they did not ask for; nothing of the case. */
export const objection = {
  title: {
    id: 'Bukan Anda yang mengganti kontak akun JMO?',
    en: 'Was it not you who asked to change the contacts of your JMO account?',
  },
  lead: {
    id: 'Dengan menekan tombol, penggantian kontak langsung dihentikan dan diperiksa petugas. Tidak ada data yang ditampilkan di sini.',
    en: 'The button stops the change at once, and an officer looks at it. No data are shown here.',
  },
  number: { id: 'Nomor pengaduan', en: 'Case number' },
  code: { id: 'Kode sanggah', en: 'Objection code' },
  stop: { id: 'Bukan saya, hentikan', en: 'Not me, stop it' },
  done: {
    id: 'Sanggahan diterima. Penggantian kontak dibekukan sampai diperiksa petugas.',
    en: 'Your objection was received. The change is frozen until an officer has looked at it.',
  },
  unknown: {
    id: 'Tautan atau kode ini tidak berlaku. Hubungi 175 atau datang ke kantor cabang.',
    en: 'This link or code is not valid. Call 175 or go to a branch office.',
  },
  failed: { id: 'Belum terkirim. Coba lagi, atau hubungi 175.', en: 'Not sent. Try again, or call 175.' },
} as const satisfies Readonly<Record<string, Label>>
