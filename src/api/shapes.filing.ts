import { z } from 'zod'
import { instant, label, move, notice, Receipt, spoken } from './shapes.js'

/** What filing and its filer's page answer. */
const channel = z.enum(['email', 'phone'])

/** What a filer gets: the receipt, and the token that opens the complaint. */
export const Filed = Receipt.extend({
  statusToken: z.string().describe('32 random bytes in base64url; send it as a bearer token. It is told this once'),
  statusTokenExpiresAt: instant,
  pausedBy: z.array(notice).describe('What keeps the dates from running'),
  next: z.array(notice).describe('What to do now'),
  warnings: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: label })),
})
export const Notice = z.strictObject({ version: z.string(), purpose: z.string(), legalBasis: z.string(), text: label })

export const FiledStatus = z.strictObject({
  ticketNumber: z.string(),
  state: z.string(),
  stateLabel: label,
  receivedAt: spoken.nullable(),
  reason: notice.nullable().describe('Why it was rejected, or what is to be corrected'),
  outcome: notice.nullable().describe('How it was rejected, and what can be done'),
  advice: z.array(notice).describe('Good to know'),
  notes: z.array(z.strictObject({ at: spoken, text: z.string() })).describe('From officers to you, as plain text'),
  todo: z.array(notice).describe('What you must do now'),
  promises: z.array(
    z.strictObject({
      target: z.string(),
      label,
      dueAt: spoken.describe('While paused: as it would be if it ran on from the moment it stopped'),
      paused: z.boolean(),
      outcome: z.enum(['met', 'metLate', 'breached', 'void']).nullable(),
    }),
  ),
  pausedBy: z.array(notice),
  changes: z.array(move).describe('Every promised date that moved, with the reason'),
  documents: z.array(z.strictObject({ kind: z.string(), label, reason: label })).describe('Asked for and not yet here'),
  contacts: z.array(
    z.strictObject({
      channel,
      address: z.string().describe('Masked'),
      proven: z.boolean(),
    }),
  ),
  timeline: z.array(z.strictObject({ at: spoken, fact: z.string(), text: label })),
  allowed: z.array(z.string()).describe('Events that the ticket takes from you now'),
})
export const FilerAccepted = z.strictObject({ ticketNumber: z.string(), state: z.string(), stateLabel: label })
export const ContactChanged = FilerAccepted.extend({
  codeSent: z
    .boolean()
    .describe('Whether a code is on its way to the new address; if not, one follows or can be asked for'),
  nextCodeAt: instant.nullable().describe('When a code may be asked for; null when this cannot be told now'),
})
export const TokenRevoked = z.strictObject({ revoked: z.literal(true) })

/** For officers of a complaint: what was declared, in the clear. */
/** What of a person can be shown in the clear, each by itself. */
export const PERSON_FIELDS = ['name', 'nik', 'kpj', 'birthDate', 'email', 'phone'] as const
export const Person = z.strictObject({
  ticketId: z.string(),
  revealed: z.array(z.enum(PERSON_FIELDS)).describe('These are in the clear; the others are masked'),
  version: z.int().describe('Grows with every correction'),
  identity: z.strictObject({
    name: z.string(),
    nik: z.string(),
    kpj: z.string().nullable(),
    birthDate: z.string(),
  }),
  contacts: z.array(z.strictObject({ channel, address: z.string(), proven: z.boolean() })),
  notice: z.strictObject({ version: z.string(), purpose: z.string(), legalBasis: z.string() }),
})

const decision = z.strictObject({
  domain: z.string(),
  verdict: z.enum(['block', 'allow']),
  reason: z.string(),
  actorId: z.string(),
  decidedAt: instant,
})
export const EmailDomain = decision
export const EmailDomainList = z.strictObject({
  shippedList: z.string().describe('The list of throw-away domains that the decisions stand over, with its version'),
  items: z.array(decision),
})

export const CodeAsked = z.strictObject({ channel })
export const ContactProven = z.strictObject({ channel, proven: z.literal(true) })
