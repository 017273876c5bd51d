import { z } from 'zod'

/**
 * What may stand in the chain, which nobody can take anything out of again (R-AUD-3): ids, codes, counts and instants. A code is one word
 * without a space or an @, and without a row of digits as a NIK, a KPJ or a telephone number is; ids that hold such rows by chance are
 * known by their whole form.
 */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DIGEST = /^([0-9a-f]{64}|[A-Za-z0-9_-]{43})$/
const CODE = /^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,95}$/
const MANY_DIGITS = /\d(?:[.:/+-]?\d){7}/

/** Dates stand in codes (`2026-03-20`, `calendar@2026-03`): eight digits that name a day. */
const DAYS = /\b\d{4}-\d{2}(-\d{2})?\b/g

const isCode = (text: string): boolean =>
  ID.test(text) || DIGEST.test(text) || (CODE.test(text) && !MANY_DIGITS.test(text.replaceAll(DAYS, '')))

export const Code = z.string().refine(isCode, 'no id or code')
/** Beyond this only an instant is plausible, and the name has to say so. */
const COUNT_MAX = 9_999_999
const INSTANT_KEY = /(At|Until|From|Since)$|^(at|from|until|since)$/
const INSTANT_MAX = 253_402_300_799_999

const Value = z.union([Code, z.boolean(), z.null(), z.int().min(-COUNT_MAX).max(COUNT_MAX)])
const Key = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/)

const Field = z.union([Value, z.array(Value).max(200)])
export const Detail = z.record(Key, z.unknown()).superRefine((detail, context) => {
  const entries = Object.entries(detail)
  if (entries.length > 24) context.addIssue({ code: 'custom', message: 'too much' })
  for (const [key, value] of entries)
    if (!isInstant(key, value) && !Field.safeParse(value).success)
      context.addIssue({ code: 'custom', path: [key], message: 'no id, code, count or instant' })
})

const isInstant = (key: string, value: unknown): boolean =>
  INSTANT_KEY.test(key) && typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= INSTANT_MAX

/** What a caller may record; places in the chain are given later. */
export const Fact = z.strictObject({
  at: z.int().min(0).max(INSTANT_MAX),
  actorId: z.string().regex(/^[A-Za-z0-9._@:-]{1,96}$/),
  actorRole: z.string().regex(/^[A-Za-z]{1,24}$/),
  action: z.string().regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*){1,3}$/),
  ticketId: Code.nullable(),
  subject: Code.nullable(),
  detail: Detail,
})
