import type { IntakeStores } from '../../db/intake/index.js'
import type { Channel, ContactRow, PeopleStore } from '../../db/intake/people.js'
import type { NewTask } from '../../db/intake/tasks.js'
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
  await store.intake.people.withdrawProof(ticketId, channel, settling(clock.now(), ids.id(), ticketId, channel))
}

const settling = (createdAt: number, id: string, ticketId: string, channel: Channel): NewTask => ({
  ...{ id, kind: SETTLE_CONTACT, ticketId, ref: `${channel}:${id}` },
  ...{ dueAt: createdAt + SETTLE_MS, createdAt },
})

/** For a ticket that is about to be filed with a contact proven before: a minute later both say the same, whatever is cut short. */
export async function oweProof(
  {
    store,
    clock,
    ids,
  }: { store: { readonly intake: Pick<IntakeStores, 'tasks'> }; clock: Clock; ids: Pick<Ids, 'id'> },
  ticketId: string,
  channel: Channel,
): Promise<void> {
  await store.intake.tasks.addTask(settling(clock.now(), ids.id(), ticketId, channel))
}

interface SettleParts extends Parts {
  readonly store: Parts['store'] & { readonly intake: Pick<IntakeStores, 'challenges'> }
  readonly askCode: (ticketId: string, channel: Channel) => Promise<void>
}

/** Mends what a change or a reopening left that was cut short between its steps, and sends the code that was not sent then. */
export const settleContactHandler = (parts: SettleParts): TaskHandler => ({
  kind: SETTLE_CONTACT,
  async run({ ticketId, ref, createdAt }) {
    const channel = ref.startsWith('email:') ? 'email' : 'phone'
    await settleContact(parts, ticketId, channel)
    const ticket = await parts.store.findTicket(ticketId)
    const row = (await parts.store.intake.people.contactsOf(ticketId)).find((it) => it.channel === channel)
    if (ticket === null || ticket.standing === 'terminal' || row === undefined) return
    if (row.sealed === null || row.provenGeneration === row.generation) return
    const newest = await parts.store.intake.challenges.newestChallenge(ticketId, channel, 'prove')
    const isAsked = newest !== null && newest.generation === row.generation && newest.createdAt >= createdAt
    if (!isAsked) await parts.askCode(ticketId, channel)
  },
})
