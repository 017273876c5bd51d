import type { Channel, ContactRow, PeopleStore } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Engine, TicketRow } from '../engine/types.js'
import { INTAKE } from './filing.js'
import type { TaskHandler } from './tasks.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket'> & { readonly intake: { readonly people: ContactStore } }
  readonly engine: Pick<Engine, 'handle'>
}
type ContactStore = Pick<PeopleStore, 'contactsOf' | 'withdrawProof'>

/** Does the ticket hold this channel's contact for proven? */
export const heldForProven = ({ snapshot }: TicketRow, channel: Channel): boolean =>
  snapshot.context[channel === 'email' ? 'provenEmail' : 'provenPhone'] === true

/** Each round lost means that somebody else got a word in. */
const ROUNDS = 5

/**
 * Has the ticket say of a contact what its row says; gives the row when both say proven. The ticket is read before the row, and takes the
 * word only if nothing happened to it since: a proof of an address that is being changed is refused (R-OTP-6). For that, whoever changes
 * an address takes its proof back first, then tells the ticket, and replaces it only while it is unproven. Throws CONFLICT.
 */
export async function settleContact(
  { store, engine }: Parts,
  ticketId: string,
  channel: Channel,
): Promise<ContactRow | null> {
  for (let round = 0; round < ROUNDS; round++) {
    const ticket = await store.findTicket(ticketId)
    const row = (await store.intake.people.contactsOf(ticketId)).find((it) => it.channel === channel)
    if (ticket === null || row === undefined) return null
    const proven = row.provenGeneration === row.generation
    if (heldForProven(ticket, channel) === proven) return proven ? row : null
    const type = proven ? 'contact.prove' : 'contact.change'
    const version = ticket.contentVersion
    const key = `${INTAKE.id}:${type}:${ticketId}:${channel}:v${version}`
    const command = { ticketId, event: { type, channel }, actor: INTAKE, key, fingerprint: key }
    try {
      await engine.handle({ ...command, expectedContentVersion: version })
    } catch (error) {
      if (!(error instanceof PulihError)) throw error
      // A closed ticket takes neither.
      if (ERROR_CODES[error.code] === 409 && error.code !== 'CONFLICT') return null
      if (error.code !== 'VERSION_STALE') throw error
    }
  }
  throw new PulihError('CONFLICT', 'others keep changing this ticket')
}

export const SETTLE_CONTACT = 'settle_contact'
/** By then whoever took the proof back has told the ticket, or never will. */
const SETTLE_MS = 60_000

/** The first step of a change: from here on nothing proves the earlier address but a new code. */
export async function withdrawProof(
  { store, clock, ids }: { store: Parts['store']; clock: Clock; ids: Pick<Ids, 'id'> },
  ticketId: string,
  channel: Channel,
): Promise<void> {
  const [createdAt, id] = [clock.now(), ids.id()]
  const task = { id, kind: SETTLE_CONTACT, ticketId, ref: `${channel}:${id}`, dueAt: createdAt + SETTLE_MS, createdAt }
  await store.intake.people.withdrawProof(ticketId, channel, task)
}

/** Mends what a change left that was cut short between its steps. */
export const settleContactHandler = (parts: Parts): TaskHandler => ({
  kind: SETTLE_CONTACT,
  async run({ ticketId, ref }) {
    await settleContact(parts, ticketId, ref.startsWith('email:') ? 'email' : 'phone')
  },
})
