import { z } from 'zod'
import type { PeopleStore } from '../../db/intake/people.js'
import type { Place } from './aead.js'
import type { Vault } from './vault.js'

const OldContacts = z.strictObject({ email: z.string().nullable(), phone: z.string().nullable() })
export type OldContacts = z.infer<typeof OldContacts>

export const oldContactsPlace = (ticketId: string): Place => ({
  ticketId,
  table: 'matches',
  column: 'old_contacts',
  row: ticketId,
})

interface Parts {
  readonly vault: Pick<Vault, 'sealJson' | 'openJson'>
  readonly store: Pick<PeopleStore, 'findMatch' | 'keepOldContacts'>
  readonly accounts: { contactsOf(participantId: string): Promise<OldContacts | null> }
}

/**
 * The same for somebody who only looks: nothing is kept by it, so that looking early binds nobody to what an account no longer answers to.
 * Null without a match. Throws ERASED, and UPSTREAM_UNAVAILABLE when the account cannot be asked now.
 */
export async function lookAtOldContacts(
  { vault, store, accounts }: Parts,
  ticketId: string,
): Promise<OldContacts | null> {
  const match = await store.findMatch(ticketId)
  if (match?.outcome !== 'found' || match.participantId === null) return null
  if (match.oldContacts !== null)
    return OldContacts.parse(await vault.openJson(oldContactsPlace(ticketId), match.oldContacts))
  const { email, phone } = (await accounts.contactsOf(match.participantId)) ?? { email: null, phone: null }
  return { email, phone }
}

/**
 * The contacts of the matched account as they were before this ticket changed them: looked at once and kept, because whoever held them
 * has to be told afterwards as well (R-NIST-4). Null without a match. Throws UPSTREAM_UNAVAILABLE when the account cannot be asked now.
 */
export async function oldContactsOf({ vault, store, accounts }: Parts, ticketId: string): Promise<OldContacts | null> {
  const match = await store.findMatch(ticketId)
  if (match?.outcome !== 'found' || match.participantId === null) return null
  const place = oldContactsPlace(ticketId)
  if (match.oldContacts !== null) return OldContacts.parse(await vault.openJson(place, match.oldContacts))
  const account = await accounts.contactsOf(match.participantId)
  const { email, phone } = account ?? { email: null, phone: null }
  await store.keepOldContacts(ticketId, await vault.sealJson(place, { email, phone }))
  return { email, phone }
}
