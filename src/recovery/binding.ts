import type { DocumentStore } from '../../db/intake/documents.js'
import type { MatchRow } from '../../db/intake/people.js'
import type { Contact, OldContacts, Vault } from '../privacy/index.js'

export interface BindingParts {
  readonly vault: Pick<Vault, 'ticketMac'>
  readonly people: { contactsOf(ticketId: string): Promise<readonly Contact[]> }
  readonly matches: { findMatch(ticketId: string): Promise<MatchRow | null> }
  readonly documents: Pick<DocumentStore, 'documentsOf' | 'pagesOf'>
  /** The account's contacts as they were when they were first looked at. */
  readonly oldContactsOf: (ticketId: string) => Promise<OldContacts | null>
}

/** What an approval is given on, beside what is read here. */
export interface Decision {
  readonly ticketId: string
  readonly contentVersion: number
  readonly makerId: string
}

/**
 * A MAC under the ticket's own key over all that two officers decide on (D32): version, maker, participant, old and new contacts, every
 * accepted document with its pages. Throws ERASED, KEY_UNKNOWN, and UPSTREAM_UNAVAILABLE while the old contacts were never looked at.
 */
export async function bindingOf(parts: BindingParts, { ticketId, contentVersion, makerId }: Decision): Promise<string> {
  const { vault, people, matches, documents } = parts
  const [old, contacts, match, uploads] = await Promise.all([
    parts.oldContactsOf(ticketId),
    people.contactsOf(ticketId),
    matches.findMatch(ticketId),
    documents.documentsOf(ticketId),
  ])
  const accepted = uploads.filter((it) => it.state === 'accepted')
  const evidence = await Promise.all(
    accepted.map(async ({ id, kind, sha256, uploaderId }) => {
      const pages = (await documents.pagesOf(id)).map((it) => it.sha256)
      return [id, kind, sha256, uploaderId, pages] as const
    }),
  )
  // Lists of a fixed order instead of objects: one text for one meaning.
  const bound = [
    ...[ticketId, contentVersion, makerId],
    [match?.participantId ?? null, match?.identityVersion ?? null],
    [old?.email ?? null, old?.phone ?? null],
    ordered(contacts.map((it) => [it.channel, it.generation, it.address, it.proven])),
    ordered(evidence),
  ]
  return vault.ticketMac(ticketId, 'approval', JSON.stringify(bound))
}

const ordered = (rows: readonly (readonly unknown[])[]) =>
  rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
