import { z } from 'zod'

/** What the API answers. The OpenAPI document is made from these, and the tests hold every answer against them. */
export const instant = z.iso.datetime().describe('UTC, ISO 8601')
export const label = z.strictObject({ id: z.string(), en: z.string() }).describe('In Indonesian and English')
export const spoken = z
  .strictObject({ at: instant, text: z.string().describe('In words, Indonesian, in the zone of the office') })
  .describe('An instant for machines and for people')
export const notice = z.strictObject({ code: z.string(), text: label })
const allowedEvent = z.strictObject({ type: z.string(), label, needsVersion: z.boolean() })
export const move = z.strictObject({
  target: z.string(),
  label,
  from: instant.nullable(),
  to: instant,
  reason: z.string().describe('A code: promised, paused:..., extended, calendarChanged ...'),
  reasonLabel: label,
})
const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null at the end'),
  })

export const Receipt = z.strictObject({
  ticketId: z.string(),
  ticketNumber: z.string(),
  type: z.string(),
  state: z.string(),
  stateLabel: label,
  contentVersion: z.int(),
  receivedAt: spoken,
  verificationStartsAt: spoken.nullable().describe('Next opening of the office; null when its calendar never opens'),
  promises: z.array(z.strictObject({ target: z.string(), label, dueAt: spoken })),
  notices: z.array(notice),
})

export const EventAccepted = z.strictObject({
  ticketId: z.string(),
  ticketNumber: z.string(),
  type: z.string(),
  state: z.string(),
  stateLabel: label,
  contentVersion: z.int(),
  revision: z.int(),
  facts: z.array(z.strictObject({ fact: z.string(), label })),
  moves: z.array(move),
})

const TicketSummary = z.strictObject({
  ticketId: z.string(),
  ticketNumber: z.string(),
  type: z.string(),
  state: z.string(),
  stateLabel: label,
  standing: z.string(),
  tags: z.array(z.string()),
  route: z.string(),
  category: z.string(),
  cause: z.string().nullable(),
  officeId: z.string(),
  priority: z.int(),
  contentVersion: z.int(),
  filedAt: instant,
  updatedAt: instant,
  closedAt: instant.nullable(),
  releasedAt: instant.nullable(),
  nextDueAt: instant.nullable(),
})
export const Ticket = TicketSummary.extend({
  typeLabel: label,
  participantRef: z.string(),
  revision: z.int(),
  machineVersion: z.int(),
  policy: z.strictObject({ id: z.string(), version: z.int() }),
  allowed: z.array(allowedEvent).describe('What the caller could send now'),
})
export const TicketPage = page(TicketSummary)

export const HistoryPage = page(
  z.strictObject({
    seq: z.int(),
    at: instant.describe('When it happened'),
    recordedAt: instant,
    fact: z.string(),
    label,
    event: z.string(),
    payload: z.record(z.string(), z.unknown()).nullable().describe('Codes and ids of the event; staff only'),
    actor: z.strictObject({ role: z.string(), id: z.string().nullable().describe('Staff only') }),
    state: z.string(),
    stateLabel: label,
    moves: z.array(move),
  }),
)

const day = z.strictObject({
  date: z.iso.date(),
  weekday: z.int().min(1).max(7),
  counted: z.boolean(),
  number: z.int().nullable(),
  reason: z.string(),
  label: z.string().nullable(),
  tentative: z.boolean(),
  opening: instant.nullable(),
  closing: instant.nullable(),
  openMs: z.int(),
})
const explanation = z.strictObject({
  deemedAt: spoken,
  dayZero: z.iso.date(),
  due: spoken,
  days: z.array(day),
})
export const Clocks = z.strictObject({
  ticketId: z.string(),
  now: instant,
  clocks: z.array(
    z.strictObject({
      target: z.string(),
      label,
      cycle: z.int(),
      generation: z.int(),
      route: z.string(),
      calendar: z.string().describe('id@version of the calendar that promised'),
      zone: z.string(),
      unit: z.enum(['business', 'wall']),
      extended: z.boolean(),
      startedAt: spoken,
      countsFrom: spoken,
      baseDueAt: spoken.describe('Before pauses'),
      dueAt: spoken,
      pausedMs: z.int().describe("Past pauses, in the clock's own time"),
      pauses: z
        .array(z.strictObject({ from: spoken, until: spoken, ms: z.int(), causes: z.array(z.string()) }))
        .describe('Ended pauses that moved the due date'),
      pausedAt: instant.nullable(),
      pauseCauses: z.array(z.string()),
      outcome: z.enum(['met', 'metLate', 'breached', 'void']).nullable(),
      settledAt: instant.nullable(),
      remainingMs: z.int().nullable().describe("Of the clock's own time; 0 when late, null when settled"),
      thresholds: z.array(z.strictObject({ name: z.string(), at: instant })),
      fired: z.array(z.string()),
      explanation: explanation.nullable().describe('Day by day, before pauses; only for promises in business days'),
    }),
  ),
  deadlines: z.array(
    z.strictObject({
      name: z.string(),
      generation: z.int(),
      thresholds: z.array(z.strictObject({ name: z.string(), at: instant })),
    }),
  ),
})

const jsonSchemaObject = z.record(z.string(), z.unknown()).describe('JSON Schema 2020-12')
export const TypeDescription = z.strictObject({
  type: z.string(),
  version: z.int(),
  label,
  filing: z.strictObject({ event: z.string(), roles: z.array(z.string()), schema: jsonSchemaObject }),
  states: z.record(z.string(), label),
  targets: z.record(z.string(), label),
  events: z.array(
    z.strictObject({
      type: z.string(),
      label,
      fact: z.string(),
      roles: z.array(z.string()),
      needsVersion: z.boolean(),
      changesContent: z.boolean(),
      payload: jsonSchemaObject,
    }),
  ),
  internalEvents: z.array(z.strictObject({ type: z.string(), label, fact: z.string() })),
})
export const TypeList = z.strictObject({
  items: z.array(z.strictObject({ type: z.string(), version: z.int(), label })),
})

const deadLetter = z.strictObject({
  id: z.string(),
  queue: z.string(),
  job: z.record(z.string(), z.unknown()).describe('Ids only'),
  reason: z.string(),
  failedAt: instant,
  attempts: z.int(),
  replayedAt: instant.nullable(),
})
export const DeadLetterList = z.strictObject({ items: z.array(deadLetter) })
export const DeadLetterReplayed = z.strictObject({ id: z.string(), replayedAt: instant })

export const Mailbox = z.strictObject({
  messages: z.array(
    z.strictObject({
      id: z.string(),
      ticketId: z.string().nullable(),
      channel: z.enum(['email', 'sms']),
      template: z.string(),
      at: instant,
      to: z.string(),
      subject: z.string().nullable(),
      text: z.string(),
    }),
  ),
  items: z.array(
    z.strictObject({
      ticketId: z.string(),
      seq: z.int(),
      deliveredAt: instant,
      body: z.record(z.string(), z.unknown()).describe('Ids and codes only'),
    }),
  ),
})

export const Live = z.strictObject({ status: z.literal('alive') })
export const Ready = z.strictObject({
  status: z.enum(['ready', 'degraded']),
  checks: z.strictObject({ store: z.literal('up'), queue: z.enum(['up', 'starting', 'down']) }),
})

export const ProblemShape = z.strictObject({
  type: z.url(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().describe('The request id'),
  code: z.string().describe('Stable; see docs/errors.md'),
  errors: z
    .array(
      z.strictObject({
        in: z.enum(['body', 'query', 'path', 'header']),
        pointer: z.string().describe('JSON pointer of declared names; values are never repeated'),
        code: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
  reasons: z
    .array(z.strictObject({ code: z.string(), message: z.string() }))
    .describe('Why a guard said no')
    .optional(),
  allowed: z.array(z.string()).describe('Events that the ticket takes now').optional(),
  contentVersion: z.int().optional(),
  holder: z.string().describe('Staff id of who works on the ticket').optional(),
})
