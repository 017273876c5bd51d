import { SMS_FOOTER, type Facts, type Language, type Template } from './template.js'

const both = (text: (language: Language) => readonly (string | null)[]) => ({ id: text('id'), en: text('en') })
const promised = (facts: Facts) => (language: Language) => {
  const { firstReviewBy: first, resolutionBy: last } = facts
  if (first === null && last === null) return null
  const parts = {
    id: [
      first === null ? null : `mulai diperiksa paling lambat ${first.id}`,
      last === null ? null : `diputuskan paling lambat ${last.id}`,
    ],
    en: [first === null ? null : `looked at by ${first.en}`, last === null ? null : `decided by ${last.en}`],
  }[language].filter((it) => it !== null)
  return language === 'id' ? `Pengaduan Anda ${parts.join(' dan ')}.` : `Your case is ${parts.join(' and ')}.`
}
const PAUSES = {
  id: 'Tenggat berhenti selama kami menunggu Anda, misalnya dokumen atau perbaikan data, dan bergeser selama waktu tunggu itu.',
  en: 'These dates stop while we wait for you, for documents or a correction, and move by that time.',
}
const expires = ({ expiresAt }: Facts, language: Language): string | null => {
  if (expiresAt === null) return null
  return language === 'id'
    ? `Tanpa balasan, pengaduan berakhir pada ${expiresAt.id}.`
    : `Without a reply the case ends on ${expiresAt.en}.`
}
const because = ({ reason }: Facts, language: Language): string | null => {
  if (reason === null) return null
  return language === 'id' ? `Alasan: ${reason.id}.` : `Reason: ${reason.en}.`
}

const followed = ({ statusLink = null }: Facts, language: Language): string | null => {
  if (statusLink === null) return null
  return language === 'id'
    ? `Lihat status pengaduan: ${statusLink} . Tautan ini hanya untuk Anda; jangan diteruskan.`
    : `See the status of your case: ${statusLink} . This link is yours alone; do not pass it on.`
}

/** What happens on the way, to the participant. */
export const progressTemplates: readonly Template[] = [
  {
    name: 'received',
    version: 2,
    subject: { id: 'Pengaduan Anda kami terima', en: 'We received your case' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Pengaduan ${facts.ticketNumber} kami terima pada ${facts.receivedAt.id}.`
          : `Case ${facts.ticketNumber} was received on ${facts.receivedAt.en}.`,
        facts.startsAt === null
          ? null
          : language === 'id'
            ? `Verifikasi mulai dihitung ${facts.startsAt.id}.`
            : `Verification counts from ${facts.startsAt.en}.`,
        promised(facts)(language),
        PAUSES[language],
        followed(facts, language),
      ]),
    sms: (facts) => `Pengaduan ${facts.ticketNumber} diterima. ${SMS_FOOTER}`,
    urgent: false,
    anyHour: false,
  },
  {
    name: 'documents.requested',
    version: 1,
    subject: { id: 'Kami memerlukan dokumen dari Anda', en: 'We need documents from you' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Untuk pengaduan ${facts.ticketNumber} kami memerlukan: ${facts.documents.map((it) => it.id).join(', ')}.`
          : `For case ${facts.ticketNumber} we need: ${facts.documents.map((it) => it.en).join(', ')}.`,
        language === 'id'
          ? 'Unggah dokumen melalui halaman status pengaduan Anda.'
          : 'Upload them on the status page of your case.',
        PAUSES[language],
        expires(facts, language),
      ]),
    sms: (facts) =>
      `Pengaduan ${facts.ticketNumber}: kami perlu dokumen Anda. Buka halaman status untuk mengunggah. ${SMS_FOOTER}`,
    urgent: true,
    anyHour: false,
  },
  {
    name: 'correction.requested',
    version: 1,
    subject: { id: 'Mohon perbaiki data pengaduan Anda', en: 'Please correct your case' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Data pengaduan ${facts.ticketNumber} perlu diperbaiki. Data yang sudah Anda isi tetap tersimpan.`
          : `The data of case ${facts.ticketNumber} need a correction. What you entered is kept.`,
        because(facts, language),
        PAUSES[language],
        expires(facts, language),
      ]),
    sms: (facts) =>
      `Pengaduan ${facts.ticketNumber}: data perlu diperbaiki. Buka halaman status pengaduan. ${SMS_FOOTER}`,
    urgent: true,
    anyHour: false,
  },
  {
    name: 'promise.extended',
    version: 1,
    subject: { id: 'Janji waktu pengaduan Anda berubah', en: 'The promised date has changed' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Data pengaduan ${facts.ticketNumber} perlu diselaraskan, sehingga pemeriksaan memerlukan waktu lebih lama.`
          : `The records of case ${facts.ticketNumber} need to be brought in line, which takes longer.`,
        promised(facts)(language),
      ]),
    sms: null,
    urgent: false,
    anyHour: false,
  },
  {
    name: 'referred',
    version: 1,
    subject: { id: 'Silakan datang ke kantor cabang', en: 'Please come to a branch' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Pengaduan ${facts.ticketNumber} dilanjutkan di ${facts.office ?? 'kantor cabang'}.`
          : `Case ${facts.ticketNumber} goes on at ${facts.office ?? 'a branch'}.`,
        language === 'id'
          ? 'Bawa KTP asli, kartu BPJS Ketenagakerjaan bila ada, nomor KPJ bila ingat, serta e-mail dan nomor HP baru yang aktif.'
          : 'Bring your original KTP, your BPJS Ketenagakerjaan card if you have it, your KPJ number if you know it, and the new e-mail and phone, both working.',
        expires(facts, language),
      ]),
    sms: (facts) => `Pengaduan ${facts.ticketNumber}: silakan datang ke kantor cabang dengan KTP asli. ${SMS_FOOTER}`,
    urgent: true,
    anyHour: false,
  },
  {
    name: 'reminder',
    version: 1,
    subject: { id: 'Kami menunggu balasan Anda', en: 'We are waiting for you' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Pengaduan ${facts.ticketNumber} menunggu Anda. Buka halaman status untuk melihat yang perlu dilakukan.`
          : `Case ${facts.ticketNumber} is waiting for you. Its status page says what to do.`,
        expires(facts, language),
      ]),
    sms: (facts) => `Pengaduan ${facts.ticketNumber} menunggu Anda. Buka halaman status pengaduan. ${SMS_FOOTER}`,
    urgent: true,
    anyHour: false,
  },
  {
    name: 'incident.ended',
    version: 1,
    subject: { id: 'Gangguan sistem sudah teratasi', en: 'The outage is over' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Gangguan sistem di pihak kami yang mengenai pengaduan ${facts.ticketNumber} sudah teratasi. Anda tidak perlu mengajukan lagi.`
          : `The outage on our side that concerned case ${facts.ticketNumber} is over. You need not file again.`,
        promised(facts)(language),
      ]),
    sms: (facts) => `Gangguan sistem terkait pengaduan ${facts.ticketNumber} sudah teratasi. ${SMS_FOOTER}`,
    urgent: false,
    anyHour: false,
  },
  {
    name: 'expired',
    version: 1,
    subject: { id: 'Pengaduan Anda berakhir', en: 'Your case has ended' },
    body: (facts) =>
      both((language) => [
        language === 'id'
          ? `Pengaduan ${facts.ticketNumber} berakhir karena tidak ada balasan. ${
              facts.reopenDays > 0
                ? `Anda dapat membukanya kembali dalam ${facts.reopenDays} hari melalui halaman status.`
                : 'Bila masih diperlukan, ajukan pengaduan baru.'
            }`
          : `Case ${facts.ticketNumber} ended without a reply. ${
              facts.reopenDays > 0
                ? `You can reopen it within ${facts.reopenDays} days on its status page.`
                : 'If you still need it, please file a new case.'
            }`,
      ]),
    sms: null,
    urgent: false,
    anyHour: false,
  },
]
