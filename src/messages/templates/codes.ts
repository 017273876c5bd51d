import type { Template } from './template.js'

const MINUTES = 10
const code = (facts: { readonly code: string | null }): string => facts.code ?? ''

/** The only message that an unproven address ever gets: fixed words and six digits (R-MAIL-2). */
export const codeTemplates: readonly Template[] = [
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
]
