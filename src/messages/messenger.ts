import type { MessageStore } from '../../db/intake/messages.js'
import type { TaskRow } from '../../db/intake/tasks.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Engine, TicketRow } from '../engine/types.js'
import type { Mailer } from '../ports/mail.js'
import { SendRefused } from '../ports/sending.js'
import type { SmsGateway } from '../ports/sms.js'
import type { Contact, OldContacts, People } from '../privacy/index.js'
import { afterQuietHours } from './dates.js'
import { factsOf, NOTHING, zoneOf, type Words } from './facts.js'
import { recipientsOf, type Recipient } from './recipients.js'
import { renderMail, renderSms } from './render.js'
import { templateOf, type Facts, type Template } from './templates/index.js'

/** Where a code goes. The code is nowhere but in here and in the message. */
export interface CodeMessage {
  readonly ticketId: string
  readonly channel: Contact['channel']
  readonly address: string
  readonly code: string
  readonly ref: string
  /** `assisted`: not a code but the token of a draft that an officer typed, to its owner. */
  readonly purpose: 'prove' | 'access' | 'assisted'
}
/** Sends a code to an address, proven or not, in the one fixed template (R-MAIL-2). Throws when it is worth trying again; a final no is only logged. */
export interface CodeSender {
  sendCode(message: CodeMessage): Promise<void>
}

export interface Messenger extends CodeSender {
  /**
   * One message of a ticket to everybody it is for, each once however often this is tried. Throws when some of it is worth trying again.
   * False: every channel to the participant refused it for good, which somebody has to look at.
   */
  deliver(message: {
    readonly ref: string
    readonly ticketId: string
    readonly template: string
    readonly audience: string
  }): Promise<boolean>
  /**
   * Has the receipt sent where the e-mail is proven already, which a proof does as well: asked for by both it is one. Where it is not proven,
   * that nobody was told is on the record.
   */
  acknowledge(message: { readonly ref: string; readonly ticketId: string }): Promise<void>
  /** The receipt, to contacts that are proven: before that they get nothing but a code (R-MAIL-2). Throws SendRefused as `deliver` gives false. */
  readonly receipt: { readonly kind: string; run(task: TaskRow): Promise<void> }
  /** SMS that waited for the morning. */
  readonly morning: { readonly kind: string; run(task: TaskRow): Promise<void> }
}

export interface MessengerParts {
  readonly store: Pick<Store, 'findTicket' | 'readLog'>
  readonly log: MessageStore
  readonly engine: Pick<Engine, 'reference'>
  readonly people: Pick<People, 'contactsOf'>
  /** The account's contacts from before this ticket changed them. */
  readonly oldContactsOf: (ticketId: string) => Promise<OldContacts | null>
  readonly mailer: Mailer
  readonly sms: SmsGateway
  readonly clock: Clock
  readonly words: Words
  /** How one told contact may object to the hold that runs now; null when none runs. */
  readonly notMe: (ticketId: string, recipient: Recipient['name']) => Promise<Facts['notMe']>
  /** A link that opens the ticket's status; null where the pages' address is not known. */
  readonly statusLink?: (ticketId: string) => Promise<string | null>
  /** Asks for the task `receipt`, which is done once a ticket. */
  readonly askReceipt: (ticketId: string) => Promise<void>
  /** Writes a task down for a later instant. */
  readonly later: (kind: string, ticketId: string, ref: string, dueAt: number) => Promise<void>
  /** Told of every outcome; names and codes only. */
  readonly observe?:
    | ((template: string, channel: 'email' | 'sms', outcome: 'sent' | 'failed' | 'skipped' | 'deferred') => void)
    | undefined
}

export const RECEIPT = 'send_receipt'
/** What it says. */
export const RECEIPT_TEMPLATE = 'received'
export const MORNING = 'send_sms'

export function createMessenger(parts: MessengerParts): Messenger {
  const { store } = parts
  const ticketOf = async (ticketId: string): Promise<TicketRow> => {
    const ticket = await store.findTicket(ticketId)
    if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no ticket for this message')
    return ticket
  }
  const known = (name: string): Template => {
    const template = templateOf(name)
    if (template === undefined) throw new PulihError('INTERNAL', `no template named ${name}`)
    return template
  }
  return {
    async deliver({ ref, ticketId, template: name, audience }) {
      const template = known(name)
      const ticket = await ticketOf(ticketId)
      const contacts = await parts.people.contactsOf(ticketId)
      const facts = await factsOf(parts, ticket, contacts, name)
      const recipients = await recipientsOf(parts, ticketId, contacts, audience)
      return sendAll(parts, { ref, ticket, template, facts }, recipients)
    },
    async sendCode({ ticketId, channel, address, code, ref, purpose }) {
      const ticket = await store.findTicket(ticketId)
      const name = channel === 'email' ? 'newEmail' : 'newPhone'
      const recipient: Recipient = { name, channel, address, absent: null }
      if (ticket === null) {
        // A complaint that is still being written has nothing to be said but the code.
        const template = known('code.draft')
        await handOver(parts, { ref, ticket: { id: ticketId }, template, facts: { ...NOTHING, code } }, recipient)
        return
      }
      const template = known(`code.${purpose}`)
      const facts = { ...(await factsOf(parts, ticket, [], template.name)), code }
      await handOver(parts, { ref, ticket, template, facts }, recipient)
    },
    async acknowledge({ ref, ticketId }) {
      const ticket = await ticketOf(ticketId)
      const recipients = await recipientsOf(parts, ticketId, await parts.people.contactsOf(ticketId), 'participant')
      if (hasEmail(recipients)) return parts.askReceipt(ticketId)
      const message = { ref, ticket, template: known(RECEIPT_TEMPLATE), facts: NOTHING }
      for (const one of recipients.filter((it) => it.address === null)) await send(parts, message, one)
    },
    receipt: {
      kind: RECEIPT,
      async run({ id, ticketId, ref }) {
        // Earlier versions asked once a channel.
        if (ref !== 'email') return
        const ticket = await ticketOf(ticketId)
        const contacts = await parts.people.contactsOf(ticketId)
        const recipients = await recipientsOf(parts, ticketId, contacts, 'participant')
        if (!hasEmail(recipients)) return
        const facts = await factsOf(parts, ticket, contacts, RECEIPT_TEMPLATE)
        const statusLink = (await parts.statusLink?.(ticketId)) ?? null
        const message = { ref: id, ticket, template: known(RECEIPT_TEMPLATE), facts: { ...facts, statusLink } }
        const proven = recipients.filter((it) => it.address !== null)
        if (!(await sendAll(parts, message, proven))) throw new SendRefused('PARTICIPANT_UNREACHED')
      },
    },
    morning: {
      kind: MORNING,
      async run({ ticketId, ref }) {
        const [message = '', name = '', recipient = ''] = ref.split('|')
        const ticket = await ticketOf(ticketId)
        const contacts = await parts.people.contactsOf(ticketId)
        const all = await recipientsOf(parts, ticketId, contacts, 'allChannels')
        const facts = await factsOf(parts, ticket, contacts, name)
        const one = all.find((it) => it.name === recipient)
        if (one !== undefined) await send(parts, { ref: message, ticket, template: known(name), facts }, one)
      },
    },
  }
}

const hasEmail = (recipients: readonly Recipient[]) =>
  recipients.some((it) => it.channel === 'email' && it.address !== null)

interface Message {
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
async function sendAll(parts: MessengerParts, message: Message, recipients: readonly Recipient[]): Promise<boolean> {
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
async function send(parts: MessengerParts, message: Message, recipient: Recipient): Promise<Outcome> {
  const known = await parts.log.findMessage(message.ref, recipient.name, logged(recipient.channel))
  if (known !== null && (known.outcome === 'sent' || known.outcome === 'skipped')) return known.outcome
  return handOver(parts, message, recipient)
}
const logged = (channel: Contact['channel']): 'email' | 'sms' => (channel === 'email' ? 'email' : 'sms')

/** Sends and writes down what became of it, whatever was sent before. */
async function handOver(parts: MessengerParts, message: Message, recipient: Recipient): Promise<Outcome> {
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

async function mail({ mailer }: MessengerParts, message: Message, to: string, recipient: string): Promise<'sent'> {
  const { ticket, template, facts } = message
  const id = idOf(message, recipient)
  await mailer.send({ to, ...renderMail(template, facts), id, ticketId: ticket.id, template: template.name })
  return 'sent'
}

async function text(
  parts: MessengerParts,
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
