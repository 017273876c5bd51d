import type { PeopleStore } from '../../db/intake/people.js'
import type { TaskRow } from '../../db/intake/tasks.js'
import type { Store } from '../../db/types.js'
import { PulihError } from '../engine/errors.js'
import type { TicketRow } from '../engine/types.js'
import { SendRefused } from '../ports/sending.js'
import type { Contact, OldContacts, People, Vault } from '../privacy/index.js'
import { factsOf, NOTHING, type Words } from './facts.js'
import { recipientsOf, type Recipient } from './recipients.js'
import { handOver, MORNING, RECEIPT_TEMPLATE, send, sendAll, type SendingParts } from './sending.js'
import { templateOf, type Template } from './templates/index.js'

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
  /** Has the receipt sent where the e-mail is proven now, one asking for each proof; nothing where it is not. */
  askReceipt(ticketId: string): Promise<void>
  /**
   * The receipt, to contacts that are proven: before that they get nothing but a code (R-MAIL-2). Each address of a ticket once, however
   * often it is proven: by the delivery log, which outlives the tasks. Throws SendRefused as `deliver` gives false.
   */
  readonly receipt: { readonly kind: string; run(task: TaskRow): Promise<void> }
  /** SMS that waited for the morning. */
  readonly morning: { readonly kind: string; run(task: TaskRow): Promise<void> }
}

export interface MessengerParts extends SendingParts {
  readonly store: Pick<Store, 'findTicket' | 'readLog'>
  readonly people: Pick<People, 'contactsOf'>
  readonly proofs: Pick<PeopleStore, 'contactsOf'>
  readonly vault: Pick<Vault, 'ticketMac'>
  /** The account's contacts from before this ticket changed them. */
  readonly oldContactsOf: (ticketId: string) => Promise<OldContacts | null>
  readonly words: Words
  /** Writes a task down, once under one ref. */
  readonly ask: (kind: string, ticketId: string, ref: string) => Promise<void>
}

export const RECEIPT = 'send_receipt'

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
  const askReceipt = async (ticketId: string): Promise<void> => {
    const proof = await proofOf(parts, ticketId)
    if (proof !== null) await parts.ask(RECEIPT, ticketId, proof)
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
      if (hasEmail(recipients)) return askReceipt(ticketId)
      const message = { ref, ticket, template: known(RECEIPT_TEMPLATE), facts: NOTHING }
      for (const one of recipients.filter((it) => it.address === null)) await send(parts, message, one)
    },
    askReceipt,
    receipt: {
      kind: RECEIPT,
      async run({ ticketId, ref }) {
        // Unproven again, or proven again: whoever proves it asks anew. Earlier versions asked under 'email', once a ticket.
        const proof = await proofOf(parts, ticketId)
        if (proof === null || (ref !== proof && ref !== 'email')) return
        const ticket = await ticketOf(ticketId)
        const contacts = await parts.people.contactsOf(ticketId)
        const facts = await factsOf(parts, ticket, contacts, RECEIPT_TEMPLATE)
        const message = { ref: proof, ticket, template: known(RECEIPT_TEMPLATE), facts }
        const proven = await onceEach(parts, ticketId, await recipientsOf(parts, ticketId, contacts, 'participant'))
        if (hasEmail(proven) && !(await sendAll(parts, message, proven))) throw new SendRefused('PARTICIPANT_UNREACHED')
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

/** The e-mail's proof as it stands, by a name: the same address proven again is another proof. Null while it is unproven. */
async function proofOf({ proofs }: Pick<MessengerParts, 'proofs'>, ticketId: string): Promise<string | null> {
  const row = (await proofs.contactsOf(ticketId)).find((it) => it.channel === 'email')
  if (row === undefined || row.provenGeneration !== row.generation) return null
  return `email:${row.generation}:${row.provenAt ?? 0}`
}

/** Those with an address, each logged under a name for it that says nothing without the ticket's own key, and nothing once that is destroyed. */
const onceEach = ({ vault }: MessengerParts, ticketId: string, recipients: readonly Recipient[]) =>
  Promise.all(
    recipients.flatMap(({ address, ...it }) =>
      address === null
        ? []
        : [
            vault
              .ticketMac(ticketId, RECEIPT, address.toLowerCase())
              .then((mac): Recipient => ({ ...it, address, ref: `receipt-${mac}` })),
          ],
    ),
  )
