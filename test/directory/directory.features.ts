import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  KINDS,
  seedDirectory,
  syntheticPeople,
  syntheticPerson,
  SYNTHETIC_SEED,
  SYNTHETIC_SIZE,
  type Kind,
} from '../../src/directory/index.js'
import { MORNING } from '../support/world.js'
import { DirectoryWorld, SMALL } from './world.js'

const people = syntheticPeople(SYNTHETIC_SEED, SMALL, MORNING)
const first = (kind: Kind) => people.find((it) => it.kind === kind)!
const idOf = (kind: Kind) => first(kind).participant.id
const NEW = { email: 'baru@example.org', phone: '+6284011112222' }

/** What the embedded directory and account service promise, whatever database is under them. */
export function directoryContract(): void {
  let world: DirectoryWorld
  beforeEach(async () => {
    world = await DirectoryWorld.open()
  })
  afterEach(() => world.close())
  const accountRow = async (participantId: string) =>
    (await world.parts.store.dirAccountsOf(participantId)).find((it) => it.state === 'active')!

  describe('the embedded directory', () => {
    it('finds everybody by NIK, by each KPJ and by id, as one person with all accounts', async () => {
      for (const { participant, accounts } of people) {
        const found = await world.directory.findById(participant.id)
        const known = accounts
          .map(({ id, state, createdBy, contactsChangedAt }) => ({ id, state, createdBy, contactsChangedAt }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        expect(found).toEqual({ ...participant, accounts: known })
        expect(await world.directory.findByNik(participant.nik)).toEqual(found)
        for (const { kpj } of participant.cards) expect(await world.directory.findByKpj(kpj)).toEqual(found)
      }
    })

    it('knows nobody under a NIK, KPJ or id that nobody has', async () => {
      expect(await world.directory.findByNik('3174010101900001')).toBeNull()
      expect(await world.directory.findByKpj('12345678901')).toBeNull()
      expect(await world.directory.findById('p-99999')).toBeNull()
    })

    it('is filled once: neither another seed nor another size adds anybody', async () => {
      expect(await seedDirectory(world.parts, { seed: 1, size: 200 })).toBe(0)
      expect(await world.parts.store.countDirParticipants()).toBe(SMALL)
    })

    it('takes all 5 000 at once', async () => {
      const full = await DirectoryWorld.open(SYNTHETIC_SIZE)
      onTestFinished(() => full.close())
      expect(await full.parts.store.countDirParticipants()).toBe(5_000)
      const last = syntheticPerson(SYNTHETIC_SEED, SYNTHETIC_SIZE, MORNING).participant
      expect(await full.directory.findByNik(last.nik)).toMatchObject(last)
    })

    it('does not open a row that was moved under another id (A44)', async () => {
      const [one, other] = people
      await world.place.run(
        'UPDATE dir_participants SET sealed = (SELECT sealed FROM dir_participants WHERE id = $1) WHERE id = $2',
        [one!.participant.id, other!.participant.id],
      )
      await expect(world.directory.findById(other!.participant.id)).rejects.toMatchObject({ code: 'SEALED_UNREADABLE' })
    })

    it('lets no NIK have two active accounts (D33)', async () => {
      const row = await accountRow(idOf('plain'))
      const { participantId, nikIndex, sealed } = row
      const second = world.place.run(
        `INSERT INTO dir_accounts (id, participant_id, nik_index, state, version, sealed, updated_at) VALUES ('a-second', $1, $2, 'active', 1, $3, 1)`,
        [participantId, nikIndex, sealed],
      )
      await expect(second).rejects.toThrow(/dir_accounts_one_active|UNIQUE constraint failed: dir_accounts.nik_index/)
    })
  })

  describe('the embedded account service', () => {
    it('tells the contacts of the active account, and nothing without one', async () => {
      const { accounts } = first('duplicateAccount')
      const { id, email, phone } = accounts.find((it) => it.state === 'active')!
      expect(await world.accounts.contactsOf(idOf('duplicateAccount'))).toEqual({ accountId: id, email, phone })
      for (const kind of ['noAccount', 'accountDisabled'] as const)
        expect(await world.accounts.contactsOf(idOf(kind))).toBeNull()
    })

    it('replaces once per key and answers the same again', async () => {
      const participantId = idOf('plain')
      const order = { participantId, ...NEW, key: 'k-1' }
      const before = await accountRow(participantId)
      expect(await world.accounts.replacementUnder('k-1')).toBeNull()
      const said = await world.accounts.replaceContacts(order)
      expect(said).toEqual({ outcome: 'replaced', accountId: before.id })
      expect(await world.accounts.replaceContacts(order)).toEqual(said)
      expect(await world.accounts.replacementUnder('k-1')).toEqual({ accountId: before.id })
      expect((await accountRow(participantId)).version).toBe(before.version + 1)
      expect(await world.accounts.contactsOf(participantId)).toEqual({ accountId: before.id, ...NEW })
    })

    it('answers a repeated key as before, also when the account was disabled since', async () => {
      const participantId = idOf('plain')
      const order = { participantId, ...NEW, key: 'k-1' }
      const said = await world.accounts.replaceContacts(order)
      await world.place.run(`UPDATE dir_accounts SET state = 'disabled' WHERE participant_id = $1`, [participantId])
      expect(await world.accounts.replaceContacts(order)).toEqual(said)
      expect(await world.accounts.replaceContacts({ ...order, key: 'k-2' })).toEqual({
        outcome: 'refused',
        code: 'ACCOUNT_DISABLED',
      })
    })

    it.each([
      ['another account', { participantId: idOf('severalCards') }],
      ['another address', { email: 'lain@example.org' }],
      ['another number', { phone: '+6284033334444' }],
    ])('refuses a key that was used for %s, and changes nothing', async (_, other) => {
      const order = { participantId: idOf('plain'), ...NEW, key: 'k-1' }
      await world.accounts.replaceContacts(order)
      const rows = async () => [await accountRow(idOf('plain')), await accountRow(idOf('severalCards'))]
      const before = await rows()
      const said = await world.accounts.replaceContacts({ ...order, ...other })
      expect(said).toEqual({ outcome: 'refused', code: 'KEY_REUSED' })
      expect(await rows()).toEqual(before)
    })

    it.each([
      ['noAccount', 'ACCOUNT_NOT_FOUND'],
      ['accountDisabled', 'ACCOUNT_DISABLED'],
    ] as const)('refuses a participant of kind %s with %s and records no key', async (kind, code) => {
      const order = { participantId: idOf(kind), ...NEW, key: 'k-1' }
      expect(await world.accounts.replaceContacts(order)).toEqual({ outcome: 'refused', code })
      expect(await world.accounts.replacementUnder('k-1')).toBeNull()
    })

    it('one key at the same time: one replacement, and everybody hears the same', async () => {
      const participantId = idOf('plain')
      const before = await accountRow(participantId)
      const said = await Promise.all(
        Array.from({ length: 10 }, () => world.accounts.replaceContacts({ participantId, ...NEW, key: 'k-1' })),
      )
      expect(new Set(said.map((it) => JSON.stringify(it))).size).toBe(1)
      expect((await accountRow(participantId)).version).toBe(before.version + 1)
    })

    it('one key for two accounts at the same time: one of them only', async () => {
      const orders = [idOf('plain'), idOf('severalCards')].map((participantId) => ({
        participantId,
        ...NEW,
        key: 'k-1',
      }))
      const said = await Promise.all(orders.map((order) => world.accounts.replaceContacts(order)))
      expect(said.map((it) => it.outcome).toSorted()).toEqual(['refused', 'replaced'])
      const versions = await Promise.all(orders.map(async (it) => (await accountRow(it.participantId)).version))
      expect(versions.toSorted()).toEqual([1, 2])
    })

    it('two keys at the same time: both are done, one after the other', async () => {
      const participantId = idOf('plain')
      const orders = [1, 2].map((n) => ({ participantId, ...NEW, email: `${n}@example.org`, key: `k-${n}` }))
      const said = await Promise.all(orders.map((order) => world.accounts.replaceContacts(order)))
      expect(said.map((it) => it.outcome)).toEqual(['replaced', 'replaced'])
      const done = await Promise.all(orders.map((it) => world.parts.store.findDirReplacement(it.key)))
      expect(done.map((it) => it!.accountVersion).toSorted()).toEqual([2, 3])
      const last = orders[done.findIndex((it) => it!.accountVersion === 3)]!
      expect((await world.accounts.contactsOf(participantId))!.email).toBe(last.email)
    })

    it('a record of a key cannot be rewritten', async () => {
      await world.accounts.replaceContacts({ participantId: idOf('plain'), ...NEW, key: 'k-1' })
      const rewritten = world.place.run(`UPDATE dir_replacements SET account_version = 9`)
      await expect(rewritten).rejects.toThrow(/dir_replacements_append_only/)
    })

    it('revokes sessions now', async () => {
      const { id, participantId } = await accountRow(idOf('plain'))
      world.clock.advance(5_000)
      await world.accounts.revokeSessions(id, 'k-1')
      expect((await accountRow(participantId)).sessionsRevokedAt).toBe(MORNING + 5_000)
    })

    it('changes contacts and nothing else, whatever is ordered (R11)', async () => {
      const everything = async () =>
        Promise.all(
          people.map(async ({ participant: { id } }) => ({
            participant: await world.parts.store.findDirParticipant(id),
            accounts: await world.parts.store.dirAccountsOf(id),
            opened: await world.directory.findById(id),
          })),
        )
      const before = await everything()
      const order = fc.record({
        participantId: fc.constantFrom(...people.map((it) => it.participant.id)),
        email: fc.emailAddress(),
        phone: fc.stringMatching(/^\+[1-9]\d{7,13}$/),
        key: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
      })
      await fc.assert(
        fc.asyncProperty(order, async (asked) => {
          await world.accounts.replaceContacts(asked)
        }),
        { numRuns: 60 },
      )
      const after = await everything()
      for (const [n, { participant, accounts, opened }] of before.entries()) {
        // The person's row byte for byte; of the accounts all but the sealed contacts, their version and their instant.
        expect(after[n]!.participant).toEqual(participant)
        const kept = accounts.map(({ id, participantId, nikIndex, state, sessionsRevokedAt }) => {
          return { id, participantId, nikIndex, state, sessionsRevokedAt }
        })
        expect(after[n]!.accounts).toMatchObject(kept)
        const told = opened!.accounts.map(({ id, state, createdBy }) => ({ id, state, createdBy }))
        expect(after[n]!.opened).toMatchObject({ ...opened, accounts: told })
      }
    })
  })
}

/** Without this a kind could drop out of the small directory unseen, and its tests with it. */
export const everyKindIsThere = (): boolean => KINDS.every((kind) => people.some((it) => it.kind === kind))
