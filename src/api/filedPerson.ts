import { z } from 'zod'
import { dayInJakarta } from '../intake/birthDate.js'
import { bad, good } from '../intake/checked.js'
import { isRoleAddress } from '../intake/email.js'
import { allGood, identityChecks, noteOf, type FieldNote, type Values } from '../intake/fields.js'
import { PRIVACY_NOTICE } from '../intake/notice.js'
import { checkPhone } from '../intake/phone.js'
import { Diagnostics } from '../machines/pengaduan/diagnostics.js'
import { CATEGORIES, CAUSES } from '../machines/pengaduan/events.js'
import type { ApiDeps } from './context.js'

const typed = (what: string) => z.string().max(500).describe(what)
/** Who files, the new contacts, what is wrong; said here as an officer types it for somebody. */
export const PERSON_FIELDS = {
  identity: z.strictObject({
    name: typed('As on the KTP'),
    nik: typed('16 digits; spaces, dots and dashes do not matter'),
    kpj: typed('11 digits; leave it out when forgotten').nullable().optional(),
    birthDate: typed('2006-01-31, or 31-01-2006 as the KTP writes it'),
  }),
  contacts: z.strictObject({ email: typed('New, permanent, personal'), phone: typed('New Indonesian mobile number') }),
  category: z.enum(CATEGORIES).default('kendala_akun_jmo'),
  cause: z.enum(CAUSES),
  claimRunning: z.boolean().default(false).describe('A benefit claim is running'),
  diagnostics: Diagnostics.optional(),
  declaration: z.boolean().default(false).describe('"Saya pemilik akun", said by the person: must be true'),
  onBehalf: z.boolean().optional().describe('Nobody files for an absent person: refused when true'),
  noticeVersion: z.string().max(64).describe('The version of the privacy notice that was given'),
}
export type PersonBody = z.infer<z.ZodObject<typeof PERSON_FIELDS>>
/** The fields that hold personal data, and no others. */
export const PERSONAL_FIELDS = new Set([
  ...['name', 'nik', 'kpj', 'birthDate'].map((it) => `/identity/${it}`),
  ...['/contacts/email', '/contacts/phone'],
])

/** The checks of a person's fields by JSON pointer, to be judged together with those of the request's own (`allGood`). */
export const personChecks = async ({ clock, services }: ApiDeps, body: PersonBody) => ({
  ...identityChecks(body.identity, dayInJakarta(clock.now())),
  '/contacts/email': await services.emailDomains.check(body.contacts.email),
  '/contacts/phone': checkPhone(body.contacts.phone),
  '/declaration': body.declaration ? good(true) : bad('declaration_missing'),
  '/onBehalf': body.onBehalf === true ? bad('on_behalf_refused') : good(false),
  '/noticeVersion': body.noticeVersion === PRIVACY_NOTICE.version ? good(true) : bad('notice_unknown'),
})

/** The person that those checks found good. */
export const personIn = (values: Values<Awaited<ReturnType<typeof personChecks>>>) => ({
  identity: {
    name: values['/identity/name'],
    nik: values['/identity/nik'],
    kpj: values['/identity/kpj'],
    birthDate: values['/identity/birthDate'],
  },
  email: values['/contacts/email'],
  phone: values['/contacts/phone'],
})

/** What is wrong, as the ticket keeps it: codes. */
export const complaintOf = ({ category, cause, claimRunning, diagnostics }: Omit<PersonBody, 'onBehalf'>) => ({
  ...{ category, cause, claimRunning },
  ...(diagnostics === undefined ? {} : { diagnostics }),
})

/** Every field's fault at once. Throws VALIDATION_FAILED. */
export const checkedPerson = async (deps: ApiDeps, body: PersonBody) =>
  personIn(allGood(await personChecks(deps, body)))

export const warningsOf = (email: string): readonly FieldNote[] =>
  isRoleAddress(email) ? [noteOf('/contacts/email', 'email_role')] : []
