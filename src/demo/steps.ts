import { addBusinessMs, isOpen, nextOpening, type BusinessCalendar, type Instant } from '../calendar/index.js'
import type { ErrorCode } from '../engine/errors.js'
import type { Reference, TicketRow } from '../engine/types.js'
import type { OfficeId, Part } from './cast.js'
import type { Dice } from './dice.js'

const MINUTE_MS = 60_000

/** What a wait may look at when the step before it is done. */
export interface Scene {
  readonly ticket: TicketRow
  readonly reference: Reference
}
/** From the instant of the step before to the instant of this one. */
export type Wait = (from: Instant, scene: Scene) => Instant

/** One thing somebody does. */
export interface Step {
  readonly wait: Wait
  readonly part: Part
  /** Where the officer sits; default: the office that has the ticket. */
  readonly office?: OfficeId
  readonly event: { readonly type: string; readonly [key: string]: unknown }
  /** The engine has to say no, with this code. */
  readonly refused?: ErrorCode
}

/** How a ticket of a kind lives: filed once, then step by step. */
export interface Life {
  readonly filedAt: Instant
  readonly filing: Readonly<Record<string, unknown>>
  readonly part: Part
  readonly office: OfficeId
  readonly steps: readonly Step[]
  /** The account service says no the first time, with this code. */
  readonly accountRefuses?: string
}

const ms = (minutes: number) => Math.round(minutes * 60) * 1000

/** Participants act at any hour. */
export const after =
  (minutes: number): Wait =>
  (from) =>
    from + ms(minutes)
export const days = (amount: number): number => amount * 1440
export const hours = (amount: number): number => amount * 60

/** Officers act in their office's operating hours only, after so many minutes of them. */
export const onDuty =
  (minutes: number, office?: OfficeId): Wait =>
  (from, { ticket, reference }) =>
    workingInstant(calendarOf(reference, office ?? ticket.officeId), from, minutes)

/** Too late: so many open minutes past the promise. */
export const pastDue =
  (target: string, minutes: number): Wait =>
  (from, { ticket, reference }) => {
    const dueAt = ticket.schedule.clocks.findLast((it) => it.target === target)?.dueAt ?? from
    return workingInstant(calendarOf(reference, ticket.officeId), Math.max(from, dueAt), minutes)
  }

/** The office is closed AT its closing: what would fall there waits for the next opening. */
function workingInstant(calendar: BusinessCalendar, from: Instant, minutes: number): Instant {
  const at = addBusinessMs(calendar, from, ms(minutes))
  return isOpen(calendar, at) ? at : nextOpening(calendar, at).opening + MINUTE_MS
}

const calendarOf = (reference: Reference, office: string): BusinessCalendar =>
  reference.calendar(reference.office(office).calendarId)

// ---- what people do, in the machine's words

export const prove = (channel: 'email' | 'phone', wait: Wait): Step => ({
  wait,
  part: 'portal',
  event: { type: 'contact.prove', channel },
})
/** Both contacts within minutes of filing, as most do. */
export const proveBoth = (dice: Dice): readonly Step[] => [
  prove('email', after(dice.minutes(2, 12))),
  prove('phone', after(dice.minutes(1, 10))),
]

export const agent = (wait: Wait, type: string, payload: Readonly<Record<string, unknown>> = {}): Step => ({
  wait,
  part: 'agent',
  event: { type, ...payload },
})
export const supervisor = (wait: Wait, type: string, reason: string): Step => ({
  wait,
  part: 'supervisor',
  event: { type, reason },
})
export const participant = (wait: Wait, type: string, payload: Readonly<Record<string, unknown>> = {}): Step => ({
  wait,
  part: 'participant',
  event: { type, ...payload },
})
export const confirm = (wait: Wait): Step => ({ wait, part: 'checker', event: { type: 'approval.confirm' } })

export const startReview = (wait: Wait): Step => agent(wait, 'verification.start')
export const identify = (wait: Wait, matched = true, items = ['KTP_COCOK', 'NIK_COCOK']): Step =>
  agent(wait, 'identity.verify', {
    verdict: matched ? 'matched' : 'mismatched',
    checklist: items.map((item) => ({ item, matched })),
  })
export const requestDocuments = (wait: Wait, ...kinds: readonly string[]): Step =>
  agent(wait, 'documents.request', { documents: kinds.map((kind) => ({ kind, reason: 'BELUM_LENGKAP' })) })
export const upload = (dice: Dice, wait: Wait, ...kinds: readonly string[]): Step =>
  participant(wait, 'documents.upload', {
    documents: kinds.map((kind) => ({
      kind,
      ref: `dok_${kind.toLowerCase().replaceAll('_', '-')}-berkas`,
      sha256: dice.hex(64),
    })),
  })

/** Identity, proposal, second pair of eyes: an hour or a few of operating time. */
export const approve = (dice: Dice): readonly Step[] => [
  identify(onDuty(dice.minutes(8, 35))),
  agent(onDuty(dice.minutes(2, 15)), 'approval.propose'),
  confirm(onDuty(dice.minutes(20, 180))),
]
/** From the worklist to the decision. */
export const review = (dice: Dice): readonly Step[] => [startReview(onDuty(dice.minutes(15, 240))), ...approve(dice)]
