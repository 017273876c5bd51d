import { z } from 'zod'
import type { Channel, ContactRow, CorrectionOrder, IndexRow, PeopleStore } from '../../db/intake/people.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Place } from './aead.js'
import type { IndexKind, Vault } from './vault.js'

/** What a participant declares, normalised: as on the KTP. */
export const Identity = z.strictObject({
  name: z.string(),
  /** 16 digits. */
  nik: z.string(),
  /** 11 digits; null when forgotten (R41). */
  kpj: z.string().nullable(),
  /** ISO 8601 date. */
  birthDate: z.string(),
})
export type Identity = z.infer<typeof Identity>

/** An address as messages are sent to it: an e-mail address, or a phone number in E.164. */
export interface Contact {
  readonly channel: Channel
  readonly address: string
  readonly generation: number
  readonly proven: boolean
}
export interface NewPerson {
  readonly identity: Identity
  readonly email: string
  readonly phone: string
  readonly noticeVersion: string
  readonly purpose: string
  readonly legalBasis: string
  /** Further values to be found by: device, … already normalised. */
  readonly found: readonly { readonly kind: IndexKind; readonly value: string }[]
}

/** The people behind tickets: everything here opens and seals, nothing here decides. */
export interface People {
  /**
   * An address under an id whose ticket is not filed yet: a key, a contact that can be proven, and nothing by which anybody could be found.
   * Another address than the last one is unproven again. False when it is the address already. Throws CONFLICT, ERASED.
   */
  reserve(ticketId: string, channel: Channel, address: string): Promise<boolean>
  /** Gives the ticket its key and writes the person under it; contacts that were reserved stay as they are. Throws CONFLICT when there is one. */
  add(ticketId: string, person: NewPerson): Promise<void>
  /** Null for a ticket that has none. Throws ERASED. */
  identityOf(ticketId: string): Promise<{ readonly identity: Identity; readonly version: number } | null>
  /** Throws CONFLICT when another correction came first, or `under` does not hold. */
  correct(ticketId: string, identity: Identity, version: number, under?: CorrectionOrder): Promise<void>
  contactsOf(ticketId: string): Promise<readonly Contact[]>
  /** Gives the new generation. Throws CONFLICT when another change came first, or a proof that `unproven` rules out. */
  changeContact(
    ticketId: string,
    channel: Channel,
    address: string,
    only?: { readonly unproven: true },
  ): Promise<number>
  /** Other tickets under the same value of this kind, newest first. */
  sharing(kind: IndexKind, value: string, except: string, limit?: number): Promise<readonly IndexRow[]>
}

export const identityPlace = (ticketId: string): Place => ({
  ticketId,
  table: 'identities',
  column: 'sealed',
  row: ticketId,
})
export const contactPlace = (ticketId: string, channel: Channel, generation: number): Place => ({
  ticketId,
  table: 'contacts',
  column: 'sealed',
  row: `${ticketId}:${channel}:${generation}`,
})
/** E-mail addresses are the same for people who write them in another case. */
const folded = (channel: Channel, address: string): string => (channel === 'email' ? address.toLowerCase() : address)

interface Parts {
  readonly vault: Vault
  readonly store: PeopleStore
  readonly clock: Clock
}
const conflict = () => new PulihError('CONFLICT', 'Somebody else changed this first.')
const erased = () => new PulihError('ERASED', 'The personal data of this ticket are erased.')

export function createPeople(parts: Parts): People {
  const { vault, store } = parts
  return {
    ...identities(parts),
    ...contactsOf(parts),
    sharing: (kind, value, except, limit = 50) =>
      store.sharing(
        kind,
        vault.indexes(kind, value).map((it) => it.value),
        except,
        limit,
      ),
  }
}

const indexRows = (vault: Vault, ticketId: string, found: NewPerson['found'], createdAt: number): IndexRow[] =>
  found.flatMap(({ kind, value }) =>
    vault.indexes(kind, value).map((index) => ({ ticketId, kind, ...index, createdAt })),
  )

const ofIdentity = ({ nik, kpj }: Identity): NewPerson['found'] => [
  { kind: 'nik', value: nik },
  ...(kpj === null ? [] : [{ kind: 'kpj' as const, value: kpj }]),
]

/** Everything that a person is found by, from what is sealed: what a new index key is given (R-ENC-3). */
export const indexesOfPerson = (
  vault: Vault,
  ticketId: string,
  identity: Identity,
  contacts: readonly Pick<Contact, 'channel' | 'address'>[],
  createdAt: number,
): IndexRow[] => {
  const reached = contacts.map(({ channel, address }) => ({ kind: channel, value: folded(channel, address) }))
  return indexRows(vault, ticketId, [...ofIdentity(identity), ...reached], createdAt)
}

async function contactRow(
  { vault, clock }: Parts,
  { ticketId, channel, generation }: Pick<ContactRow, 'ticketId' | 'channel' | 'generation'>,
  address: string,
): Promise<ContactRow> {
  const sealed = await vault.seal(contactPlace(ticketId, channel, generation), address)
  return { ticketId, channel, generation, sealed, provenGeneration: null, provenAt: null, updatedAt: clock.now() }
}

function identities(parts: Parts): Pick<People, 'add' | 'identityOf' | 'correct'> {
  const { vault, store, clock } = parts
  return {
    async add(ticketId, { identity, email, phone, noticeVersion, purpose, legalBasis, found }) {
      const at = clock.now()
      await vault.newKey(ticketId)
      const sealed = await vault.sealJson(identityPlace(ticketId), identity)
      const row = { ticketId, version: 1, sealed, noticeVersion, purpose, legalBasis, createdAt: at, updatedAt: at }
      const reserved = new Set((await store.contactsOf(ticketId)).map((it) => it.channel))
      const given = [['email', email] as const, ['phone', phone] as const].filter(([channel]) => !reserved.has(channel))
      const contacts = await Promise.all(
        given.map(([channel, address]) => contactRow(parts, { ticketId, channel, generation: 1 }, address)),
      )
      const all: NewPerson['found'] = [
        ...ofIdentity(identity),
        { kind: 'email', value: folded('email', email) },
        { kind: 'phone', value: phone },
        ...found,
      ]
      await store.addPerson(row, contacts, indexRows(vault, ticketId, all, at))
    },
    async identityOf(ticketId) {
      const row = await store.findIdentity(ticketId)
      if (row === null) return null
      if (row.sealed === null) throw erased()
      const identity = Identity.parse(await vault.openJson(identityPlace(ticketId), row.sealed))
      return { identity, version: row.version }
    },
    async correct(ticketId, identity, version, under) {
      const before = await store.findIdentity(ticketId)
      if (before?.version !== version) throw conflict()
      const at = clock.now()
      const sealed = await vault.sealJson(identityPlace(ticketId), identity)
      const row = { ...before, version: version + 1, sealed, updatedAt: at }
      const found = indexRows(vault, ticketId, ofIdentity(identity), at)
      if (!(await store.replaceIdentity(row, found, under))) throw conflict()
    },
  }
}

async function reserve(
  parts: Parts,
  before: readonly Contact[],
  { ticketId, channel, address }: { ticketId: string; channel: Channel; address: string },
): Promise<boolean> {
  const { store } = parts
  const known = before.find((it) => it.channel === channel)
  if (known?.address === address) return false
  const generation = (known?.generation ?? 0) + 1
  const row = await contactRow(parts, { ticketId, channel, generation }, address)
  // No index is written: an address that was never sent in finds nobody.
  if (!(await (known === undefined ? store.addContact(row) : store.changeContact(row, [])))) throw conflict()
  return true
}

function contactsOf(parts: Parts): Pick<People, 'reserve' | 'contactsOf' | 'changeContact'> {
  const { vault, store, clock } = parts
  const read = async (ticketId: string): Promise<readonly Contact[]> => {
    const rows = await store.contactsOf(ticketId)
    return Promise.all(
      rows.map(async ({ channel, generation, sealed, provenGeneration }) => {
        if (sealed === null) throw erased()
        const address = (await vault.open(contactPlace(ticketId, channel, generation), sealed)).toString('utf8')
        return { channel, address, generation, proven: provenGeneration === generation }
      }),
    )
  }
  return {
    async reserve(ticketId, channel, address) {
      await vault.newKey(ticketId)
      return reserve(parts, await read(ticketId), { ticketId, channel, address })
    },
    contactsOf: read,
    async changeContact(ticketId, channel, address, only) {
      const before = (await store.contactsOf(ticketId)).find((it) => it.channel === channel)
      if (before === undefined) throw new PulihError('NOT_FOUND', 'This ticket has no such contact.')
      const row = await contactRow(parts, { ticketId, channel, generation: before.generation + 1 }, address)
      const found = [{ kind: channel, value: folded(channel, address) }]
      if (!(await store.changeContact(row, indexRows(vault, ticketId, found, clock.now()), only))) throw conflict()
      return row.generation
    },
  }
}
