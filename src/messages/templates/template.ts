/** A date as people read it, in both languages. */
export interface Spoken {
  readonly id: string
  readonly en: string
}
/** What a template may say: a number, dates, labels and masked addresses. Nothing that somebody typed is among it (R-MAIL-2). */
export interface Facts {
  readonly ticketNumber: string
  readonly receivedAt: Spoken
  /** When officers begin to look; null when they have, or when nothing runs. */
  readonly startsAt: Spoken | null
  readonly firstReviewBy: Spoken | null
  readonly resolutionBy: Spoken | null
  /** Waits for the participant. */
  readonly paused: boolean
  /** The end of the security hold. */
  readonly holdUntil: Spoken | null
  /** When the ticket expires without a reply. */
  readonly expiresAt: Spoken | null
  /** Labels of documents that are asked for. */
  readonly documents: readonly Spoken[]
  /** The coded reason of the last decision. */
  readonly reason: Spoken | null
  /** How long an ended ticket may be opened again, by its own policy; 0: not at all. */
  readonly reopenDays: number
  /** The office somebody is referred to. */
  readonly office: string | null
  /** Masked: enough for their owner to know them again. */
  readonly newEmail: string | null
  readonly newPhone: string | null
  /** How this one recipient may object to a hold: the page, a link to it with their own token behind the `#`, and a short code to type. */
  readonly notMe: { readonly page: string | null; readonly link: string | null; readonly code: string } | null
  /** Opens the status without a code; for the receipt alone. Behind its `#` stands a token that no server sees. */
  readonly statusLink?: string | null
  /** For the templates of codes alone. */
  readonly code: string | null
}
export type Language = 'id' | 'en'
type InLanguage<T> = Readonly<Record<Language, T>>

export interface Template {
  readonly name: string
  /** Grows with every change of its words; kept in the delivery log. */
  readonly version: number
  readonly subject: InLanguage<string>
  /** Paragraphs; `null` ones are left out. */
  readonly body: (facts: Facts) => InLanguage<readonly (string | null)[]>
  /** At most 160 characters of the GSM alphabet; null: not sent as SMS. */
  readonly sms: ((facts: Facts) => string) | null
  /** Goes out by SMS as well as by mail; otherwise SMS only stands in for a mail that cannot be delivered. */
  readonly urgent: boolean
  /** Goes out at night too: a code that was asked for, a warning. */
  readonly anyHour: boolean
  /** Carries each recipient's own way to object. */
  readonly objectable?: true
}

/** R14, R15, and where help is (R62, R63). */
export const FOOTER: InLanguage<readonly string[]> = {
  id: [
    'Layanan ini gratis. Jangan berikan kode kepada siapa pun, juga kepada petugas.',
    'Bantuan resmi: telepon 175, care@bpjsketenagakerjaan.go.id, atau kantor cabang terdekat.',
  ],
  en: [
    'This service is free. Never give a code to anybody, not even to an officer.',
    'Official help: call 175, care@bpjsketenagakerjaan.go.id, or the nearest branch.',
  ],
}
/** The same for an SMS, where every place counts. */
export const SMS_FOOTER = 'Gratis. Jangan berikan kode.'
