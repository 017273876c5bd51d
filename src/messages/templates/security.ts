import { SMS_FOOTER, type Facts, type Language, type Template } from './template.js'

const both = (text: (language: Language) => readonly (string | null)[]) => ({ id: text('id'), en: text('en') })
/** What to do about a change that one did not ask for (R-HOLD-2, R-HOLD-3). */
const NOT_ME = {
  id: 'Bukan Anda? Segera hubungi 175 atau datang ke kantor cabang dan katakan "bukan saya". Jangan gunakan tautan dari pesan lain.',
  en: 'Not you? Call 175 or go to a branch at once and say that it was not you. Follow no link from any other message.',
}
const SMS_NOT_ME = 'Bukan Anda? Hubungi 175.'
const contacts = ({ newEmail, newPhone }: Facts): string => [newEmail, newPhone].filter((it) => it !== null).join(', ')
const because = ({ reason }: Facts, language: Language): string | null => {
  if (reason === null) return null
  return language === 'id' ? `Alasan: ${reason.id}.` : `Reason: ${reason.en}.`
}

interface Words {
  readonly name: string
  /** 1 where it is not given. */
  readonly version?: number
  readonly subject: Template['subject']
  readonly id: (facts: Facts) => string
  readonly en: (facts: Facts) => string
  readonly sms: ((facts: Facts) => string) | null
  /** Tells owners of the contacts what to do if it was not them. */
  readonly warns: boolean
  /** A recipient's own way to object. */
  readonly objection?: (facts: Facts, language: Language) => readonly string[]
}
const notice = ({ name, version = 1, subject, id, en, sms, warns, objection }: Words): Template => ({
  name,
  version,
  subject,
  body: (facts) =>
    both((language) => [
      language === 'id' ? id(facts) : en(facts),
      because(facts, language),
      ...(objection?.(facts, language) ?? []),
      warns ? NOT_ME[language] : null,
    ]),
  sms,
  urgent: true,
  anyHour: warns,
})

function holdObjection({ notMe, ticketNumber }: Facts, language: Language): readonly string[] {
  if (notMe === null) return []
  const { page, link, code } = notMe
  const typed = `${ticketNumber}, ${language === 'id' ? 'kode' : 'code'} ${code}`
  if (page === null || link === null)
    return [
      language === 'id'
        ? `Bukan Anda? Sebutkan nomor pengaduan dan kode sanggah ini: ${typed}.`
        : `Not you? Give the case number and this objection code: ${typed}.`,
    ]
  return language === 'id'
    ? [
        `Bukan Anda? Buka ${link} lalu pilih "Bukan saya". Perubahan langsung dibekukan.`,
        `Tanpa tautan: buka ${page} dan ketik nomor pengaduan dan kode sanggah: ${typed}.`,
      ]
    : [
        `Not you? Open ${link} and choose "Bukan saya". The change is frozen at once.`,
        `Without the link: open ${page} and type the case number and the objection code: ${typed}.`,
      ]
}
/** Every place counts: the page is named only where it fits. */
function holdSms({ notMe, ticketNumber }: Facts): string {
  const said = `Kontak akun JMO akan diganti (${ticketNumber}). `
  if (notMe === null) return `${said}${SMS_NOT_ME} ${SMS_FOOTER}`
  const where = notMe.page?.replace(/^https?:\/\//, '') ?? null
  const texts = [
    ...(where === null ? [] : [`${said}Bukan Anda? Hubungi 175 atau ${where} kode ${notMe.code}. ${SMS_FOOTER}`]),
    `${said}Bukan Anda? Hubungi 175, kode sanggah ${notMe.code}. ${SMS_FOOTER}`,
  ]
  return texts.find((it) => it.length <= SMS_PLACES) ?? `${said}${SMS_NOT_ME} ${SMS_FOOTER}`
}
const SMS_PLACES = 160

/** What changes the account or ends the case: to old and new contacts alike (R18, R-NIST-4). */
export const securityTemplates: readonly Template[] = [
  notice({
    name: 'contact.changed',
    subject: { id: 'Kontak baru pada pengaduan diubah', en: 'A new contact of a case was changed' },
    id: (facts) => `Kontak baru pada pengaduan ${facts.ticketNumber} diubah dan harus dibuktikan lagi.`,
    en: (facts) => `A new contact of case ${facts.ticketNumber} was changed and has to be proven again.`,
    sms: (facts) => `Kontak pada pengaduan ${facts.ticketNumber} diubah. ${SMS_NOT_ME} ${SMS_FOOTER}`,
    warns: true,
  }),
  notice({
    name: 'approved',
    subject: { id: 'Pengaduan Anda disetujui', en: 'Your case is approved' },
    id: (facts) =>
      `Pengaduan ${facts.ticketNumber} disetujui. Kontak akun akan diganti menjadi ${contacts(facts)}. Saldo dan riwayat kepesertaan tidak berubah.`,
    en: (facts) =>
      `Case ${facts.ticketNumber} is approved. The account's contacts will become ${contacts(facts)}. Balance and history do not change.`,
    sms: (facts) =>
      `Pengaduan ${facts.ticketNumber} disetujui, kontak akun JMO akan diganti. ${SMS_NOT_ME} ${SMS_FOOTER}`,
    warns: true,
  }),
  {
    ...notice({
      name: 'hold.started',
      subject: { id: 'Kontak akun JMO akan diganti', en: 'The contacts of a JMO account will change' },
      id: (facts) =>
        `Kontak akun JMO akan diganti menjadi ${contacts(facts)}${facts.holdUntil === null ? '' : `, berlaku mulai ${facts.holdUntil.id}`} (pengaduan ${facts.ticketNumber}).`,
      en: (facts) =>
        `The contacts of the JMO account will become ${contacts(facts)}${facts.holdUntil === null ? '' : `, from ${facts.holdUntil.en}`} (case ${facts.ticketNumber}).`,
      sms: holdSms,
      warns: true,
      objection: holdObjection,
    }),
    version: 2,
    objectable: true,
  },
  notice({
    name: 'contact.updated',
    subject: { id: 'Kontak akun JMO sudah diganti', en: 'The contacts of a JMO account were changed' },
    id: (facts) =>
      `Kontak akun JMO sudah diganti menjadi ${contacts(facts)} (pengaduan ${facts.ticketNumber}). Semua sesi lama sudah dikeluarkan; buat kata sandi baru saat masuk.`,
    en: (facts) =>
      `The contacts of the JMO account are now ${contacts(facts)} (case ${facts.ticketNumber}). All sessions were ended; choose a new password when you sign in.`,
    sms: (facts) => `Kontak akun JMO sudah diganti (pengaduan ${facts.ticketNumber}). ${SMS_NOT_ME} ${SMS_FOOTER}`,
    warns: true,
  }),
  notice({
    name: 'approval.voided',
    subject: { id: 'Persetujuan ditarik kembali', en: 'The approval was withdrawn' },
    id: (facts) =>
      `Persetujuan pada pengaduan ${facts.ticketNumber} ditarik kembali dan pengaduan diperiksa lagi. Kontak akun tidak berubah.`,
    en: (facts) =>
      `The approval of case ${facts.ticketNumber} was withdrawn and the case is looked at again. The account's contacts did not change.`,
    sms: (facts) => `Persetujuan pengaduan ${facts.ticketNumber} ditarik, kontak akun tidak berubah. ${SMS_FOOTER}`,
    warns: false,
  }),
  notice({
    name: 'rejected',
    version: 2,
    subject: { id: 'Pengaduan Anda belum dapat disetujui', en: 'Your case could not be approved' },
    id: (facts) =>
      `Pengaduan ${facts.ticketNumber} belum dapat disetujui. ${
        facts.reopenDays > 0
          ? `Dalam ${facts.reopenDays} hari Anda dapat memperbaiki dan mengajukannya kembali melalui halaman status; data Anda masih tersimpan.`
          : 'Datanglah ke kantor cabang dengan KTP asli, atau telepon 175.'
      }`,
    en: (facts) =>
      `Case ${facts.ticketNumber} could not be approved. ${
        facts.reopenDays > 0
          ? `Within ${facts.reopenDays} days you can correct and reopen it on its status page; your data are kept.`
          : 'Please come to a branch with your original KTP, or call 175.'
      }`,
    sms: (facts) =>
      `Pengaduan ${facts.ticketNumber} belum dapat disetujui. ${
        facts.reopenDays > 0
          ? 'Buka halaman status untuk memperbaiki.'
          : 'Datanglah ke kantor cabang dengan KTP asli, atau telepon 175.'
      } ${SMS_FOOTER}`,
    warns: false,
  }),
  notice({
    name: 'withdrawn',
    subject: { id: 'Pengaduan ditarik', en: 'The case was withdrawn' },
    id: (facts) => `Pengaduan ${facts.ticketNumber} ditarik. Kontak akun tidak berubah.`,
    en: (facts) => `Case ${facts.ticketNumber} was withdrawn. The account's contacts did not change.`,
    sms: (facts) => `Pengaduan ${facts.ticketNumber} ditarik, kontak akun tidak berubah. ${SMS_FOOTER}`,
    warns: false,
  }),
  notice({
    name: 'reopened',
    subject: { id: 'Pengaduan dibuka kembali', en: 'The case was reopened' },
    id: (facts) => `Pengaduan ${facts.ticketNumber} dibuka kembali. Kontak baru harus dibuktikan lagi.`,
    en: (facts) => `Case ${facts.ticketNumber} was reopened. The new contacts have to be proven again.`,
    sms: (facts) => `Pengaduan ${facts.ticketNumber} dibuka kembali. ${SMS_NOT_ME} ${SMS_FOOTER}`,
    warns: true,
  }),
]
