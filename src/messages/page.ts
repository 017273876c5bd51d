import { gsm7Length } from './gsm7.js'
import { renderMail, renderSms } from './render.js'
import { templates, type Facts, type Template } from './templates/index.js'

const said = (id: string, en: string) => ({ id, en })
/** An example of everything that a template may say. */
const EXAMPLE: Facts = {
  ticketNumber: 'PGD-7K3M-9QXR',
  receivedAt: said('Minggu, 17 Agustus 2025, 20.15 WIB', 'Sunday, 17 August 2025, 20:15 WIB'),
  startsAt: said('Selasa, 19 Agustus 2025, 08.00 WIB', 'Tuesday, 19 August 2025, 08:00 WIB'),
  firstReviewBy: said('Rabu, 20 Agustus 2025, 17.00 WIB', 'Wednesday, 20 August 2025, 17:00 WIB'),
  resolutionBy: said('Senin, 25 Agustus 2025, 17.00 WIB', 'Monday, 25 August 2025, 17:00 WIB'),
  paused: false,
  holdUntil: said('Kamis, 28 Agustus 2025, 10.00 WIB', 'Thursday, 28 August 2025, 10:00 WIB'),
  expiresAt: said('Senin, 1 September 2025, 10.00 WIB', 'Monday, 1 September 2025, 10:00 WIB'),
  documents: [
    said('KTP (Foto dokumen tidak terbaca)', 'Identity card (KTP) (The picture of the document is not readable)'),
  ],
  reason: said('Data belum lengkap', 'Data are missing'),
  reopenDays: 30,
  office: 'Kantor Cabang Jakarta Menara Jamsostek',
  newEmail: 's***@contoh.example',
  newPhone: '+62********890',
  notMe: {
    page: 'https://pulih.example/sanggah',
    link: 'https://pulih.example/sanggah#token-penerima-ini',
    code: '7K3M9QXR',
  },
  statusLink: 'https://pulih.example/status#…',
  code: '048213',
}
/** Only these give a reason. */
const REASONED = new Set(['rejected', 'correction.requested'])

/** docs/messages.md: every template with its words. */
export const messagesPage = (): string =>
  [
    '# Messages to people',
    'Generated from the templates (`npm run docs:generate`); the values are examples. Mail carries both languages as text and as HTML, SMS Indonesian only, at most 160 places of the GSM alphabet. No message holds anything that somebody typed: a ticket number, dates, labels of codes and masked addresses are all there is. An address that is not proven gets the code alone. The receipt goes to each address of a case once, when it is proven, with a link of its own to the status; sent again by an officer it brings another.',
    '| Template | Version | SMS | At night |\n| --- | --- | --- | --- |\n' + templates.map(row).join('\n'),
    ...templates.map(section),
  ].join('\n\n') + '\n'

const row = ({ name, version, sms, urgent, anyHour }: Template): string => {
  const when = sms === null ? 'never' : urgent ? 'beside the mail' : 'where mail cannot arrive, or to prove a phone'
  return `| \`${name}\` | ${version} | ${when} | ${sms === null ? '' : anyHour ? 'yes' : 'waits for 07.00'} |`
}

function section(template: Template): string {
  const facts = REASONED.has(template.name) ? EXAMPLE : { ...EXAMPLE, reason: null }
  const { subject, text } = renderMail(template, facts)
  const sms = renderSms(template, facts)
  const short = sms === null ? [] : [`SMS, ${gsm7Length(sms) ?? 0} places:`, fenced(sms)]
  return [`## ${template.name}`, `Subject: ${subject}`, fenced(text.trimEnd()), ...short].join('\n\n')
}
const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``
