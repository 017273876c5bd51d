import { z } from 'zod'
import { instant, label, notice, Receipt, spoken } from './shapes.js'

/** What answers about deciding a complaint hold. */
export const Verification = z.strictObject({
  ticketId: z.string(),
  contentVersion: z.int(),
  checklistVersion: z.int(),
  identityVerified: z.boolean(),
  items: z.array(
    z.strictObject({
      item: z.string(),
      label,
      required: z.boolean(),
      hint: z
        .strictObject({ verdict: z.enum(['agrees', 'differs', 'unknown']), findings: z.array(notice) })
        .nullable()
        .describe('What the system compared; it never counts as a tick'),
      tick: z.strictObject({ matched: z.boolean(), by: z.string(), at: instant }).nullable(),
    }),
  ),
  missing: z.array(z.string()).describe('Required and not ticked as matching'),
})

export const Reasons = z.strictObject({
  items: z.array(z.strictObject({ event: z.string(), reasons: z.array(notice) })),
})

const verdict = z.enum(['equal', 'differs', 'onlyHere', 'unknown'])
const kind = z
  .enum(['typo', 'wordOrder', 'spelling', 'abbreviation', 'missingWord', 'swapped', 'dayMonthSwapped', 'other'])
  .nullable()
const field = z.strictObject({
  field: z.enum(['name', 'nik', 'birthDate', 'kpj']),
  declared: z.string().nullable(),
  other: z.string().nullable(),
  verdict,
  kind: kind.describe('What kind of difference it looks like'),
  distance: z.int().nullable().describe('Letters or digits to change, where few are enough'),
})
const region = z.strictObject({ code: z.string(), name: z.string().nullable() })
export const SideBySideShape = z.strictObject({
  ticketId: z.string(),
  identityVersion: z.int(),
  masked: z.boolean().describe('Names, numbers and days are masked; differences are of the full values'),
  derived: z
    .strictObject({ sex: z.enum(['female', 'male']), province: region, regency: region, birthDate: field })
    .describe('What the NIK says by itself'),
  directory: z.enum(['answered', 'unreachable']),
  records: z.array(
    z.strictObject({
      foundBy: z.array(z.enum(['nik', 'kpj'])),
      status: z.string(),
      segment: z.string(),
      arrearsMonths: z.int(),
      registeredOn: z.string(),
      claimRunning: z.boolean(),
      fields: z.array(field),
      cards: z.array(z.strictObject({ kpj: z.string(), status: z.string(), declared: z.boolean() })),
      accounts: z.array(
        z.strictObject({ state: z.string(), createdBy: z.string(), contactsChangedAt: instant.nullable() }),
      ),
      activeAccounts: z.int().describe('More than one is looked into; several cards are normal'),
    }),
  ),
  unasked: z.array(field).describe('Every declared field, where the directory could not be asked'),
  account: z
    .strictObject({
      state: z.enum(['known', 'noAccount', 'unreachable']),
      email: z.string().nullable(),
      phone: z.string().nullable(),
    })
    .describe('Contacts that this case would replace: always masked, whatever else is shown in the clear'),
})

export const KpjTraceShape = z.strictObject({
  ticketId: z.string(),
  result: z.enum(['FOUND', 'SEVERAL', 'NONE', 'NOT_REGISTERED']),
  text: label,
  cards: z.array(z.strictObject({ kpj: z.string().describe('Masked'), status: z.string() })),
  at: instant,
})

export const NoteShape = z.strictObject({ noteId: z.string(), text: z.string(), by: z.string(), at: instant })
export const NoteList = z.strictObject({ items: z.array(NoteShape) })

export const BranchSummaryShape = z.strictObject({
  ticketNumber: z.string(),
  office: z.strictObject({ officeId: z.string(), name: z.string(), zone: z.string() }),
  reason: notice.nullable(),
  comeBefore: spoken.nullable(),
  person: z.strictObject({ name: z.string(), nik: z.string() }).nullable().describe('Masked'),
  bring: z.array(z.strictObject({ item: z.string(), needed: z.boolean(), text: label })),
})

/** Officers get no status token. */
export const AssistedFiled = Receipt.extend({
  next: z.array(notice),
  warnings: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: label })),
  expiresAt: spoken.nullable().describe('When a draft is gone unless its owner submits it'),
})
