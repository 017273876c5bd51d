import type { MatchRow } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import type { TicketRow } from '../engine/types.js'
import type { AccountService } from '../ports/accounts.js'
import type { ParticipantDirectory } from '../ports/directory.js'
import type { Answer, Outgoing } from '../ports/sink.js'
import type { Contact, People } from '../privacy/index.js'
import type { SeveralAccounts } from '../staff/duplicates/several.js'
import type { Approvals, VoidCode } from './approvals.js'
import { matchedNow } from './matched.js'
import type { Reviews } from './reviews.js'

export interface ApplyParts {
  readonly people: Pick<People, 'contactsOf' | 'identityOf'>
  readonly matches: { findMatch(ticketId: string): Promise<MatchRow | null> }
  readonly tickets: Pick<Store, 'findTicket'>
  readonly directory: Pick<ParticipantDirectory, 'findById'>
  readonly accounts: AccountService
  readonly approvals: Approvals
  readonly reviews: Pick<Reviews, 'draw'>
  /** Told of more than one active account for one person. */
  readonly several: (found: SeveralAccounts) => Promise<void>
}

/** Why contacts stay as they are; the ticket goes back to work with it. */
export type ApplyRefusal =
  | 'OPERATION_UNKNOWN'
  | 'NOT_APPLYING'
  | 'CONTACTS_UNPROVEN'
  | 'NOT_MATCHED'
  | 'PARTICIPANT_DECEASED'
  | 'ACCOUNT_NOT_FOUND'
  | 'ACCOUNT_DISABLED'
  | 'ACCOUNTS_SEVERAL'
  | 'KEY_REUSED'
  | VoidCode

const ACCEPTED: Answer = { outcome: 'accepted' }
const refused = (code: ApplyRefusal): Answer => ({ outcome: 'refused', code })

/**
 * Hands approved contacts to the account service: the command of the outbox for a ticket with personal data. Everything is looked at once
 * more, because days may lie between the approval and this moment. The command's id is the key: whatever breaks in between, contacts are
 * replaced once (R-WF-6), and sessions are revoked at least once after it. The answer says no more than whether it was done.
 * Throws UPSTREAM_UNAVAILABLE or the store's errors when it is worth trying again.
 */
export function createApply(parts: ApplyParts): (outgoing: Outgoing) => Promise<Answer> {
  const { accounts } = parts
  return async (outgoing) => {
    if (outgoing.body['port'] !== 'account' || outgoing.body['operation'] !== 'replaceContacts')
      return refused('OPERATION_UNKNOWN')
    // First of all: what was done before must not be refused for what happened since.
    const before = await accounts.replacementUnder(outgoing.id)
    const said = before ?? (await replace(parts, outgoing))
    if ('refusal' in said) return refused(said.refusal)
    await accounts.revokeSessions(said.accountId, outgoing.id)
    await note(parts, outgoing.ticketId)
    return ACCEPTED
  }
}

async function replace(
  parts: ApplyParts,
  outgoing: Outgoing,
): Promise<{ readonly accountId: string } | { readonly refusal: ApplyRefusal }> {
  const { accounts, approvals } = parts
  const looked = await look(parts, outgoing)
  if ('refusal' in looked) {
    // Another process may have carried it out while this one looked, and what stood in the way was its work.
    const meanwhile = await accounts.replacementUnder(outgoing.id)
    if (meanwhile !== null) return meanwhile
    if (looked.voids !== undefined) await approvals.voided(looked.voids.ticket, looked.voids.code)
    return looked
  }
  const said = await accounts.replaceContacts({ ...looked, key: outgoing.id })
  return said.outcome === 'refused' ? { refusal: said.code } : said
}

/** Each of these is harmless when repeated: a crash leaves the command to be tried again. */
async function note({ tickets, approvals, reviews }: ApplyParts, ticketId: string): Promise<void> {
  const ticket = await tickets.findTicket(ticketId)
  if (ticket === null) return
  await approvals.applied(ticket)
  await reviews.draw(ticket)
}

type Looked =
  | { readonly participantId: string; readonly email: string; readonly phone: string }
  | {
      readonly refusal: ApplyRefusal
      /** The approval itself does not stand, and is to be ended. */
      readonly voids?: { readonly ticket: TicketRow; readonly code: VoidCode }
    }

async function look(parts: ApplyParts, { ticketId, body }: Outgoing): Promise<Looked> {
  const { people, matches, tickets, directory } = parts
  const ticket = await tickets.findTicket(ticketId)
  if (ticket?.state !== 'applying' || cycleOf(ticket.snapshot.context) !== cycleOf(body['data']))
    return { refusal: 'NOT_APPLYING' }
  const contacts = await people.contactsOf(ticketId)
  const email = provenOf(contacts, 'email')
  const phone = provenOf(contacts, 'phone')
  if (email === null || phone === null) return { refusal: 'CONTACTS_UNPROVEN' }
  const participantId = matchedNow(await people.identityOf(ticketId), await matches.findMatch(ticketId))
  if (participantId === null) return { refusal: 'NOT_MATCHED' }
  const participant = await directory.findById(participantId)
  if (participant === null) return { refusal: 'NOT_MATCHED' }
  if (participant.status === 'deceased') return { refusal: 'PARTICIPANT_DECEASED' }
  const active = participant.accounts.filter((it) => it.state === 'active')
  // One active account per NIK is the institution's rule; where it is broken, a person has to say which (D33).
  if (active.length > 1) {
    await parts.several({ participantId, accounts: active.map((it) => it.id), officeId: ticket.officeId })
    return { refusal: 'ACCOUNTS_SEVERAL' }
  }
  if (participant.accounts.length === 0) return { refusal: 'ACCOUNT_NOT_FOUND' }
  if (active.length === 0) return { refusal: 'ACCOUNT_DISABLED' }
  const fault = await parts.approvals.faultOf(ticket, participantId)
  if (fault !== null) return { refusal: fault, voids: { ticket, code: fault } }
  return { participantId, email, phone }
}

/** Only at its present generation: a proof of an earlier address proves nothing of this one (R-OTP-6). */
const provenOf = (contacts: readonly Contact[], channel: Contact['channel']): string | null =>
  contacts.find((it) => it.channel === channel && it.proven)?.address ?? null

/** Each approval has a cycle of its own; a command of an earlier one is stale. */
const cycleOf = (holder: unknown): unknown =>
  typeof holder === 'object' && holder !== null && 'cycle' in holder ? holder.cycle : null
