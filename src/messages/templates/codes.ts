import type { Template } from './template.js'

const MINUTES = 10
const code = (facts: { readonly code: string | null }): string => facts.code ?? ''

/** The only message that an unproven address ever gets: fixed words and six digits (R-MAIL-2). */
export const codeTemplates: readonly Template[] = [
  {
    name: 'code.draft',
    version: 1,
    subject: { id: 'Kode untuk membuktikan kontak baru Anda', en: 'Code to prove your new contact' },
    body: (facts) => ({
      id: [
        `Kode Anda: ${code(facts)}`,
        `Kode berlaku ${MINUTES} menit dan hanya untuk pengaduan yang sedang Anda isi.`,
        'Jika Anda tidak mengisi pengaduan, abaikan pesan ini. Tidak ada yang berubah tanpa kode ini.',
      ],
      en: [
        `Your code: ${code(facts)}`,
        `It is valid for ${MINUTES} minutes and only for the case that you are writing now.`,
        'If you are writing no case, ignore this message. Nothing changes without this code.',
      ],
    }),
    sms: (facts) =>
      `Kode Pulih ${code(facts)} untuk pengaduan yang sedang Anda isi, berlaku ${MINUTES} menit. Gratis. Jangan berikan kode kepada siapa pun, juga petugas.`,
    urgent: false,
    anyHour: true,
  },
  {
    name: 'code.prove',
    version: 1,
    subject: { id: 'Kode untuk membuktikan kontak baru Anda', en: 'Code to prove your new contact' },
    body: (facts) => ({
      id: [
        `Kode Anda: ${code(facts)}`,
        `Kode berlaku ${MINUTES} menit dan hanya untuk pengaduan ${facts.ticketNumber}.`,
        'Jika Anda tidak mengajukan pengaduan, abaikan pesan ini. Tidak ada yang berubah tanpa kode ini.',
      ],
      en: [
        `Your code: ${code(facts)}`,
        `It is valid for ${MINUTES} minutes and only for case ${facts.ticketNumber}.`,
        'If you filed no case, ignore this message. Nothing changes without this code.',
      ],
    }),
    sms: (facts) =>
      `Kode Pulih ${code(facts)} untuk ${facts.ticketNumber}, berlaku ${MINUTES} menit. Gratis. Jangan berikan kode kepada siapa pun, juga petugas.`,
    urgent: false,
    anyHour: true,
  },
  {
    name: 'code.access',
    version: 1,
    subject: { id: 'Kode untuk membuka status pengaduan Anda', en: 'Code to open the status of your case' },
    body: (facts) => ({
      id: [
        `Kode Anda: ${code(facts)}`,
        `Kode berlaku ${MINUTES} menit dan membuka status pengaduan ${facts.ticketNumber}.`,
        'Jika Anda tidak memintanya, abaikan pesan ini.',
      ],
      en: [
        `Your code: ${code(facts)}`,
        `It is valid for ${MINUTES} minutes and opens the status of case ${facts.ticketNumber}.`,
        'If you did not ask for it, ignore this message.',
      ],
    }),
    sms: (facts) =>
      `Kode Pulih ${code(facts)} untuk membuka status ${facts.ticketNumber}, berlaku ${MINUTES} menit. Gratis. Jangan berikan kode kepada siapa pun.`,
    urgent: false,
    anyHour: true,
  },
  {
    name: 'code.assisted',
    version: 1,
    subject: { id: 'Draf pengaduan untuk Anda', en: 'A draft case for you' },
    body: (facts) => ({
      id: [
        `Petugas layanan resmi menyiapkan draf pengaduan ${facts.ticketNumber} atas permintaan Anda. Draf ini belum diajukan.`,
        'Buka halaman status pengaduan di situs resmi, lalu masukkan kunci draf di bawah ini. Buktikan email dan nomor HP baru, setujui pernyataan pemilik akun, dan kirim.',
        `Kunci draf: ${code(facts)}`,
        'Petugas tidak mengetahui kunci ini dan tidak dapat mengirimkan pengaduan untuk Anda. Jika Anda tidak memintanya, abaikan pesan ini: draf terhapus dengan sendirinya.',
      ],
      en: [
        `An officer of the official service prepared case ${facts.ticketNumber} at your request. It is a draft and was not submitted.`,
        'Open the status page on the official site and enter the key below. Prove the new e-mail address and phone, agree to the declaration, and submit.',
        `Key of the draft: ${code(facts)}`,
        'Officers do not know this key and cannot submit for you. If you did not ask for this, ignore the message: the draft expires by itself.',
      ],
    }),
    sms: null,
    urgent: false,
    anyHour: true,
  },
]
