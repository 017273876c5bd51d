import type { Contact, OldContacts } from '../privacy/index.js'

/** Whose address a message goes to. The name says whose, and stands in the log; the address never does. */
export interface Recipient {
  readonly name: 'newEmail' | 'newPhone' | 'oldEmail' | 'oldPhone'
  readonly channel: Contact['channel']
  /** Null: there is none to send to. */
  readonly address: string | null
  /** Why there is none, as a code. */
  readonly absent: 'UNPROVEN' | 'NOT_MATCHED' | 'ABSENT' | 'SAME_AS_NEW' | null
  /** What the log keeps it under, where that is this address's and not the message's. */
  readonly ref?: string
}

interface Parts {
  /** The account's contacts from before; null without a match. */
  readonly oldContactsOf: (ticketId: string) => Promise<OldContacts | null>
}

/**
 * `participant`: the new contacts that are proven; nothing but a code goes to an address that nobody has shown to hold (R-MAIL-2).
 * `allChannels`: the contacts of the account as well (R18, R-NIST-4). Those that cannot be told come back with the reason.
 * Throws UPSTREAM_UNAVAILABLE when the account cannot be asked now.
 */
export async function recipientsOf(
  parts: Parts,
  ticketId: string,
  contacts: readonly Contact[],
  audience: string,
): Promise<readonly Recipient[]> {
  const fresh = [newOf(contacts, 'email'), newOf(contacts, 'phone')]
  if (audience !== 'allChannels') return fresh
  const before = await parts.oldContactsOf(ticketId)
  const old = (channel: Contact['channel'], address: string | null): Recipient => {
    const name = channel === 'email' ? 'oldEmail' : 'oldPhone'
    if (before === null) return { name, channel, address: null, absent: 'NOT_MATCHED' }
    if (address === null) return { name, channel, address: null, absent: 'ABSENT' }
    const same = fresh.some((it) => it.channel === channel && it.address?.toLowerCase() === address.toLowerCase())
    return same ? { name, channel, address: null, absent: 'SAME_AS_NEW' } : { name, channel, address, absent: null }
  }
  return [...fresh, old('email', before?.email ?? null), old('phone', before?.phone ?? null)]
}

function newOf(contacts: readonly Contact[], channel: Contact['channel']): Recipient {
  const name = channel === 'email' ? 'newEmail' : 'newPhone'
  const contact = contacts.find((it) => it.channel === channel)
  if (contact === undefined) return { name, channel, address: null, absent: 'ABSENT' }
  return contact.proven
    ? { name, channel, address: contact.address, absent: null }
    : { name, channel, address: null, absent: 'UNPROVEN' }
}
