import { z } from 'zod'
import type { Place } from '../privacy/index.js'
import { Account, Participant } from '../ports/directory.js'
import { AccountContacts } from '../ports/accounts.js'

/** What is sealed of a participant; the id and the accounts stand beside it. */
export const SealedParticipant = Participant.omit({ id: true, accounts: true })
export type SealedParticipant = z.infer<typeof SealedParticipant>

/** What is sealed of an account: contacts and where they came from. */
export const SealedAccount = z.strictObject({
  email: AccountContacts.shape.email,
  phone: AccountContacts.shape.phone,
  createdBy: Account.shape.createdBy,
  contactsChangedAt: Account.shape.contactsChangedAt,
})
export type SealedAccount = z.infer<typeof SealedAccount>

const place = (table: string, id: string): Place => ({ ticketId: null, table, column: 'sealed', row: id })
export const participantPlace = (id: string): Place => place('dir_participants', id)
export const accountPlace = (id: string): Place => place('dir_accounts', id)
