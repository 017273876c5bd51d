import { createSecretKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

const SECRET_MIN = 24
const url = (name: string, protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `${name} must be a URL that starts with ${protocols.map((it) => `${it}//`).join(' or ')}.`,
    )
    .optional()

/** The variables of outgoing messages, for the one schema that reads the environment. */
export const messagingVariables = {
  SMTP_URL: url('SMTP_URL', ['smtp:', 'smtps:']),
  MAIL_FROM: z
    .string()
    .regex(/^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'MAIL_FROM must be a plain e-mail address.')
    .optional(),
  SMS_URL: url('SMS_URL', ['https:', 'http:']),
  SMS_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'SMS_SECRET must be visible ASCII.')
    .min(SECRET_MIN, `SMS_SECRET must have at least ${SECRET_MIN} characters.`)
    .optional(),
}
type Values = z.infer<z.ZodObject<typeof messagingVariables>>

/** Null: the local mailbox stands in. */
export interface MessagingConfig {
  readonly smtp: { readonly url: string; readonly from: string; readonly requireTls: boolean } | null
  readonly sms: { readonly url: string; readonly secret: KeyObject } | null
}

/** Production needs both: a local mailbox is for trying things out. Faults never repeat a value. */
export function readMessaging(values: Values, production: boolean): { messaging: MessagingConfig; faults: string[] } {
  const { SMTP_URL, MAIL_FROM, SMS_URL, SMS_SECRET } = values
  const faults: string[] = []
  if ((SMTP_URL === undefined) !== (MAIL_FROM === undefined))
    faults.push('SMTP_URL and MAIL_FROM belong together: set both or neither.')
  if ((SMS_URL === undefined) !== (SMS_SECRET === undefined))
    faults.push('SMS_URL and SMS_SECRET belong together: set both or neither.')
  if (production) {
    if (SMTP_URL === undefined && MAIL_FROM === undefined) faults.push('Production needs SMTP_URL and MAIL_FROM.')
    if (SMS_URL === undefined && SMS_SECRET === undefined) faults.push('Production needs SMS_URL and SMS_SECRET.')
    if (SMS_URL !== undefined && new URL(SMS_URL).protocol === 'http:' && !isNear(SMS_URL))
      faults.push('SMS_URL must be https:// in production: numbers and codes go there.')
  }
  const smtp =
    SMTP_URL === undefined || MAIL_FROM === undefined
      ? null
      : { url: SMTP_URL, from: MAIL_FROM, requireTls: production && !isNear(SMTP_URL) }
  const sms =
    SMS_URL === undefined || SMS_SECRET === undefined
      ? null
      : { url: SMS_URL, secret: createSecretKey(Buffer.from(SMS_SECRET, 'utf8')) }
  return { messaging: { smtp, sms }, faults }
}

function isNear(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
