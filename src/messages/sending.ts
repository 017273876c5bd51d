import type { MessageStore } from '../../db/intake/messages.js'
import type { Clock } from '../engine/clock.js'
import type { Engine, TicketRow } from '../engine/types.js'
import type { Mailer } from '../ports/mail.js'
import { SendRefused } from '../ports/sending.js'
import type { SmsGateway } from '../ports/sms.js'
import type { Contact } from '../privacy/index.js'
import { afterQuietHours } from './dates.js'
import { zoneOf } from './facts.js'
import type { Recipient } from './recipients.js'
import { renderMail, renderSms } from './render.js'
import type { Facts, Template } from './templates/index.js'

/** A link that opens the ticket's status, for one mail. */
export interface StatusLink {
  readonly url: string
  /** For a mail that did not leave: the link opens nothing any more. */
  withdraw(): Promise<void>
}
export interface SendingParts {
  readonly log: MessageStore
  readonly engine: Pick<Engine, 'reference'>
  readonly mailer: Mailer
  readonly sms: SmsGateway
  readonly clock: Clock
  /** How one told contact may object to the hold that runs now; null when none runs. */
  readonly notMe: (ticketId: string, recipient: Recipient['name']) => Promise<Facts['notMe']>
  /** A new one for each mail that says so; null where the pages' address is not known. */
  readonly statusLink?: (ticketId: string) => Promise<StatusLink | null>
  /** Writes a task down for a later instant. */
  readonly later: (kind: string, ticketId: string, ref: string, dueAt: number) => Promise<void>
  /** Told of every outcome; names and codes only. */
  readonly observe?:
    | ((template: string, channel: 'email' | 'sms', outcome: 'sent' | 'failed' | 'skipped' | 'deferred') => void)
    | undefined
}

/** What the receipt says. */
export const RECEIPT_TEMPLATE = 'received'
export const MORNING = 'send_sms'

export interface Message {
  readonly ref: string
  /** Its office tells the hour of the night; codes go out at any. */
  readonly ticket: Pick<TicketRow, 'id'> & Partial<Pick<TicketRow, 'officeId'>>
  readonly template: Template
  readonly facts: Facts
}

/** `waits`: an SMS at night, or a try that failed and comes again. `unsaid`: the template has nothing for this channel. */
type Outcome = 'sent' | 'failed' | 'skipped' | 'waits' | 'unsaid'

/**
 * Mail first; SMS where it is urgent, or where the mail to that person will never arrive. One that fails does not keep the others waiting.
 * False when the participant was refused for good wherever there was an address.
 */
export async function sendAll(
  parts: SendingParts,
  message: Message,
  recipients: readonly Recipient[],
): Promise<boolean> {
  const failures: unknown[] = []
  const outcomes = new Map<Recipient['name'], Outcome>()
  const attempt = async (one: Recipient): Promise<void> => {
    try {
      outcomes.set(one.name, await send(parts, message, one))
    } catch (error) {
      failures.push(error)
      outcomes.set(one.name, 'waits')
    }
  }
  const hasMail = (side: 'new' | 'old') => ['sent', 'waits'].includes(outcomes.get(`${side}Email`) ?? 'unsaid')
  for (const one of recipients.filter((it) => it.channel === 'email')) await attempt(one)
  for (const one of recipients.filter((it) => it.channel === 'phone'))
    if (message.template.urgent || !hasMail(one.name === 'newPhone' ? 'new' : 'old')) await attempt(one)
  if (failures.length > 0) throw failures[0]
  const participant = [outcomes.get('newEmail'), outcomes.get('newPhone')]
  return !participant.includes('failed') || participant.includes('sent') || participant.includes('waits')
}

/** Once for each recipient and channel. Throws what is worth trying again. */
export async function send(parts: SendingParts, asked: Message, recipient: Recipient): Promise<Outcome> {
  const message = { ...asked, ref: recipient.ref ?? asked.ref }
  const known = await parts.log.findMessage(message.ref, recipient.name, logged(recipient.channel))
  if (known !== null && (known.outcome === 'sent' || known.outcome === 'skipped')) return known.outcome
  return handOver(parts, message, recipient)
}
const logged = (channel: Contact['channel']): 'email' | 'sms' => (channel === 'email' ? 'email' : 'sms')

/** Sends and writes down what became of it, whatever was sent before. */
export async function handOver(parts: SendingParts, message: Message, recipient: Recipient): Promise<Outcome> {
  const { log, clock, observe } = parts
  const { ref, ticket, template } = message
  const channel = logged(recipient.channel)
  const note = async <O extends 'sent' | 'failed' | 'skipped' | 'deferred'>(
    outcome: O,
    reason: string | null,
  ): Promise<O> => {
    const { name, version: templateVersion } = template
    const row = { ref, recipient: recipient.name, ticketId: ticket.id, channel, template: name, templateVersion }
    await log.noteMessage({ ...row, outcome, reason, at: clock.now() })
    observe?.(name, channel, outcome)
    return outcome
  }
  const { name, address } = recipient
  if (address === null) return note('skipped', recipient.absent ?? 'ABSENT')
  try {
    // Each told contact has a way of its own to object, and no other sees it (R-HOLD-2).
    const notMe = template.objectable ? await parts.notMe(ticket.id, name) : null
    const own = { ...message, facts: { ...message.facts, notMe } }
    const outcome = await (channel === 'email' ? mail : text)(parts, own, address, name)
    if (typeof outcome === 'object') {
      await note('deferred', `UNTIL_${new Date(outcome.until).toISOString()}`)
      return 'waits'
    }
    return outcome === 'sent' ? await note('sent', null) : outcome
  } catch (error) {
    if (error instanceof SendRefused) return note('failed', error.code)
    await note('failed', error instanceof Error ? error.name.slice(0, 64) : 'UNKNOWN')
    throw error
  }
}

const idOf = ({ ref }: Message, recipient: string): string => `${ref}-${recipient}`

async function mail(parts: SendingParts, message: Message, to: string, recipient: string): Promise<'sent'> {
  const { ticket, template } = message
  // Made for this one try: what is tried again, or sent again by an officer, brings another.
  const link = template.name === RECEIPT_TEMPLATE ? ((await parts.statusLink?.(ticket.id)) ?? null) : null
  const facts = { ...message.facts, statusLink: link?.url ?? null }
  const id = idOf(message, recipient)
  try {
    await parts.mailer.send({ to, ...renderMail(template, facts), id, ticketId: ticket.id, template: template.name })
  } catch (error) {
    // Why it was not sent is what has to be known; a link that nobody was sent harms nobody.
    await link?.withdraw().catch(() => undefined)
    throw error
  }
  return 'sent'
}

async function text(
  parts: SendingParts,
  message: Message,
  to: string,
  recipient: string,
): Promise<'sent' | { readonly until: number } | 'unsaid'> {
  const { sms, engine, clock, later } = parts
  const { ticket, template, facts, ref } = message
  const words = renderSms(template, facts)
  if (words === null) return 'unsaid'
  const { officeId = null } = ticket
  const morning =
    template.anyHour || officeId === null ? null : afterQuietHours(clock.now(), zoneOf(engine, { officeId }))
  if (morning !== null) {
    await later(MORNING, ticket.id, [ref, template.name, recipient].join('|'), morning)
    return { until: morning }
  }
  await sms.send({ to, text: words, id: idOf(message, recipient), ticketId: ticket.id, template: template.name })
  return 'sent'
}
