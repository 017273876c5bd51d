import type { Label } from '../../../machines/ticketType.js'

/** What stands on every page. */
export const common = {
  service: { id: 'Pulih', en: 'Pulih' },
  tagline: { id: 'Layanan pemulihan kontak akun JMO', en: 'Recovery of JMO account contacts' },
  skip: { id: 'Langsung ke isi halaman', en: 'Skip to main content' },
  otherLanguage: { id: 'English', en: 'Indonesia' },
  languages: { id: 'Pilihan bahasa', en: 'Language' },
  menu: { id: 'Menu layanan', en: 'Service menu' },
  menuFile: { id: 'Ajukan pengaduan', en: 'File a complaint' },
  menuStatus: { id: 'Lihat status', en: 'See status' },
  menuTriage: { id: 'Gagal masuk?', en: 'Cannot log in?' },
  menuFaq: { id: 'Tanya jawab', en: 'Questions' },
  back: { id: 'Kembali', en: 'Back' },
  next: { id: 'Lanjutkan', en: 'Continue' },
  change: { id: 'Ubah', en: 'Change' },
  optional: { id: '(boleh dikosongkan)', en: '(optional)' },
  errorPrefix: { id: 'Kesalahan: ', en: 'Error: ' },
  errorSummary: { id: 'Ada yang perlu diperbaiki', en: 'There is a problem' },
  free: {
    id: 'Layanan ini gratis. Jangan berikan kode kepada siapa pun, termasuk petugas.',
    en: 'This service is free. Never give a code to anybody, not even to an officer.',
  },
  help: { id: 'Butuh bantuan?', en: 'Need help?' },
  helpCall: { id: 'Telepon 175', en: 'Call 175' },
  helpMail: { id: 'care@bpjsketenagakerjaan.go.id', en: 'care@bpjsketenagakerjaan.go.id' },
  helpBranch: { id: 'Selesaikan di kantor cabang', en: 'Settle it at a branch office' },
  privacy: { id: 'Pemberitahuan privasi', en: 'Privacy notice' },
  version: { id: 'Versi {version}', en: 'Version {version}' },
  print: { id: 'Cetak halaman ini', en: 'Print this page' },
  example: {
    id: 'Jam operasional pada instalasi ini contoh dan belum dikonfirmasi lembaga. Tanggal yang dihitung bukan janji resmi.',
    en: 'Operating hours here are an example that the institution has not confirmed. Dates computed from them are no official promise.',
  },
  demoMail: {
    id: 'Instalasi percobaan: semua pesan ada di kotak surat lokal.',
    en: 'Trial installation: all messages are in the local mailbox.',
  },
  demoMailLink: { id: 'Buka kotak surat', en: 'Open the mailbox' },
  notFoundTitle: { id: 'Halaman tidak ditemukan', en: 'Page not found' },
  notFound: {
    id: 'Alamat ini tidak ada. Periksa tautannya, atau mulai dari halaman awal.',
    en: 'There is no such page. Check the link, or start from the first page.',
  },
  toStart: { id: 'Ke halaman awal', en: 'To the first page' },
  foreignTitle: { id: 'Formulir tidak dapat diterima', en: 'This form cannot be taken' },
  foreign: {
    id: 'Formulir ini tidak berasal dari halaman kami atau sesinya sudah berakhir. Buka kembali halamannya, lalu kirim ulang.',
    en: 'This form did not come from our page, or its session is over. Open the page again and send it once more.',
  },
  tooManyTitle: { id: 'Terlalu banyak permintaan', en: 'Too many requests' },
  tooMany: {
    id: 'Tunggu sebentar, lalu coba lagi. Isian Anda tetap tersimpan. Bila mendesak, datang ke kantor cabang.',
    en: 'Wait for a while, then try again. What you entered is kept. If it is urgent, go to a branch office.',
  },
  troubleTitle: { id: 'Layanan sedang terganggu', en: 'The service has a problem' },
  trouble: {
    id: 'Gangguan ini dari pihak kami. Isian Anda tetap tersimpan selama 24 jam. Coba lagi beberapa menit lagi.',
    en: 'The trouble is ours. What you entered is kept for 24 hours. Try again in a few minutes.',
  },
  refusedTitle: { id: 'Belum dapat dilakukan', en: 'Not possible now' },
  refused: {
    id: 'Keadaan pengaduan Anda sudah berubah, jadi tindakan itu tidak dapat dilakukan. Tidak ada yang berubah.',
    en: 'Your complaint has moved on, so this cannot be done. Nothing was changed.',
  },
} as const satisfies Readonly<Record<string, Label>>
