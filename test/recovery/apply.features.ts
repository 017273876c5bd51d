import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountService } from '../../src/ports/accounts.js'
import type { Kind } from '../../src/directory/index.js'
import { agent, checker, refusalOf } from '../support/world.js'
import { NEW, RecoveryWorld, somebody } from './world.js'

/** What applying promises, whatever database is under it, and whether the account service is in the same process or behind HTTP. */
export function applyContract(overHttp = false): void {
  let world: RecoveryWorld
  beforeEach(async () => {
    world = await RecoveryWorld.open(overHttp)
  })
  afterEach(() => world.close())
  const refusal = async (ticketId: string) => world.apply(await world.outgoing(ticketId))
  const untouched = async (participantId: string, version = 1) => {
    const accounts = await world.base.store.intake.directory.dirAccountsOf(participantId)
    expect(accounts.every((it) => it.version === version && it.sessionsRevokedAt === null)).toBe(true)
  }

  describe('applying approved contacts', () => {
    it('replaces them, revokes sessions, and moves the ticket on', async () => {
      const { ticketId, participantId } = await world.approved()
      const before = (await world.account(participantId))!
      expect(await world.deliverer().deliver(await world.command(ticketId))).toBe('done')
      const after = (await world.account(participantId))!
      expect(after).toMatchObject({ id: before.id, version: 2, sessionsRevokedAt: world.base.clock.now() })
      expect(await world.parts.accounts.contactsOf(participantId)).toEqual({ accountId: before.id, ...NEW })
      expect((await world.base.row(ticketId)).state).toBe('contactUpdated')
      expect(await world.base.verify()).toEqual([])
    })

    it('answers the machine whether it was done and nothing of whose or where (A07, R-HOLD-5)', async () => {
      const { ticketId, participantId } = await world.approved()
      await world.deliverer().deliver(await world.command(ticketId))
      expect(world.answers).toEqual([{ outcome: 'accepted' }])
      const said = JSON.stringify([await world.base.log(ticketId), await world.base.store.outboxOf(ticketId)])
      for (const secret of [participantId, NEW.email, NEW.phone, somebody('plain').nik, 'a-000'])
        expect(said).not.toContain(secret)
    })

    it.each([
      ['noAccount', 'ACCOUNT_NOT_FOUND'],
      ['accountDisabled', 'ACCOUNT_DISABLED'],
      ['deceased', 'PARTICIPANT_DECEASED'],
    ] as [Kind, string][])(
      'refuses for a participant of kind %s: %s, and the ticket goes back to work',
      async (kind, code) => {
        const { ticketId, participantId } = await world.approved(kind)
        expect(await world.deliverer().deliver(await world.command(ticketId))).toBe('done')
        expect(world.answers).toEqual([{ outcome: 'refused', code }])
        expect((await world.base.row(ticketId)).state).toBe('underVerification')
        await untouched(participantId)
      },
    )

    it.each(['email', 'phone'] as const)('refuses a %s that is not proven any more', async (channel) => {
      const { ticketId, participantId } = await world.approved()
      await world.withdrawProof(ticketId, channel)
      expect(await refusal(ticketId)).toEqual({ outcome: 'refused', code: 'CONTACTS_UNPROVEN' })
      await untouched(participantId)
    })

    it('D32 A24: what was approved stays as it was: no other contact, identity or person slips in afterwards', async () => {
      const { ticketId, participantId } = await world.approved()
      const { people } = world.base.store.intake
      const other = somebody('severalCards')
      const { nik, name, birthDate } = other
      for (const channel of ['email', 'phone'] as const) {
        const address = channel === 'email' ? 'pencuri@example.org' : '+6284055556666'
        await expect(world.people.changeContact(ticketId, channel, address)).rejects.toThrow()
        // Its proof taken back, the address still cannot be replaced, nor proven by another way than before the approval.
        await world.withdrawProof(ticketId, channel)
        await expect(world.people.changeContact(ticketId, channel, address)).rejects.toThrow()
        await expect(people.markProven(ticketId, channel, 1, 1)).rejects.toThrow()
      }
      await expect(world.people.correct(ticketId, { nik, name, birthDate, kpj: null }, 1)).rejects.toThrow()
      const match = { outcome: 'found', participantId: other.id, findings: {}, matchedAt: 1 } as const
      await expect(people.saveMatch({ ticketId, identityVersion: 1, ...match })).rejects.toThrow()
      expect((await world.people.contactsOf(ticketId)).map((it) => it.address).sort()).toEqual(
        [NEW.phone, NEW.email].sort(),
      )
      expect(await people.findMatch(ticketId)).toMatchObject({ participantId })
      await untouched(participantId)
    })

    it('refuses where the directory does not know the person any more', async () => {
      const { ticketId, participantId } = await world.approved('plain', { participantId: 'p-99999' })
      expect(await refusal(ticketId)).toEqual({ outcome: 'refused', code: 'NOT_MATCHED' })
      await untouched(participantId)
    })

    it.each([
      ['nobody was found', { outcome: 'notFound', participantId: null }],
      ['an earlier identity was matched: it may mean somebody else', { identityVersion: 0 }],
    ] as const)('is not even proposed where %s, until somebody is found', async (_, found) => {
      const { ticketId, participantId } = await world.ticketIn('underVerification', 'plain', found)
      const refused = await refusalOf(world.base.send(ticketId, agent, 'approval.propose'))
      expect(refused).toMatchObject({ code: 'EVENT_NOT_ALLOWED', extra: { reasons: [{ guard: 'NOT_MATCHED' }] } })
      expect(refused.extra['allowed']).not.toContain('approval.propose')
      expect(await world.base.row(ticketId)).toMatchObject({ state: 'underVerification', makerId: null })
      const match = { outcome: 'found', participantId, findings: {}, matchedAt: world.base.clock.now() } as const
      await world.base.store.intake.people.saveMatch({ ticketId, identityVersion: 1, ...match })
      await world.base.send(ticketId, agent, 'approval.propose')
      await world.base.send(ticketId, checker, 'approval.confirm')
      expect((await world.base.row(ticketId)).state).toBe('onHold')
    })

    it('refuses where the institution has two active accounts for one NIK: a person has to say which (D33)', async () => {
      const { ticketId, participantId } = await world.approved()
      const found = (await world.parts.directory.findById(participantId))!
      const twice = { ...found, accounts: [...found.accounts, { ...found.accounts[0]!, id: 'a-second' }] }
      world.parts.directory.findById = () => Promise.resolve(twice)
      expect(await refusal(ticketId)).toEqual({ outcome: 'refused', code: 'ACCOUNTS_SEVERAL' })
      await untouched(participantId)
    })

    it('refuses a stale command: the ticket is elsewhere, or applies another approval', async () => {
      const { ticketId, participantId } = await world.approved()
      const command = await world.outgoing(ticketId)
      const older = { ...command, body: { ...command.body, data: { cycle: 0 } } }
      expect(await world.apply(older)).toEqual({ outcome: 'refused', code: 'NOT_APPLYING' })
      await world.base.system(ticketId, 'contacts.refused', { code: 'ACCOUNT_DISABLED' })
      expect(await world.apply(command)).toEqual({ outcome: 'refused', code: 'NOT_APPLYING' })
      await untouched(participantId)
    })

    it('refuses commands that it does not know', async () => {
      const { ticketId } = await world.approved()
      const command = await world.outgoing(ticketId)
      for (const body of [{ ...command.body, port: 'sms' }, { ...command.body, operation: 'deleteAccount' }, {}])
        expect(await world.apply({ ...command, body })).toEqual({ outcome: 'refused', code: 'OPERATION_UNKNOWN' })
    })
  })

  /** The call goes out, and the process dies before it knows: at each place where that can be. */
  describe('A45 a crash in the middle (R-WF-6)', () => {
    /** The real service, cut off once: `after` the call has done its work, or before. */
    const fragile = (method: 'replaceContacts' | 'revokeSessions', when: 'before' | 'after'): AccountService => {
      let broken = false
      const { accounts } = world.parts
      const cut = async <T>(call: () => Promise<T>): Promise<T> => {
        if (broken) return call()
        broken = true
        if (when === 'after') await call()
        throw new Error('cut off')
      }
      return {
        ...accounts,
        ...(method === 'replaceContacts'
          ? { replaceContacts: (order) => cut(() => accounts.replaceContacts(order)) }
          : { revokeSessions: (...of) => cut(() => accounts.revokeSessions(...of)) }),
      }
    }
    const afterTwoTries = async (ticketId: string, participantId: string) => {
      expect((await world.account(participantId))!).toMatchObject({ version: 2 })
      expect((await world.account(participantId))!.sessionsRevokedAt).not.toBeNull()
      expect((await world.base.row(ticketId)).state).toBe('contactUpdated')
      const facts = await world.base.facts(ticketId)
      expect(facts.filter((it) => it === 'ContactUpdated')).toHaveLength(1)
      expect(await world.base.verify()).toEqual([])
    }

    it.each([
      ['replaceContacts', 'before'],
      ['replaceContacts', 'after'],
      ['revokeSessions', 'before'],
      ['revokeSessions', 'after'],
    ] as const)('A45 %s, %s the work is done: contacts are replaced once', async (method, when) => {
      const { ticketId, participantId } = await world.approved()
      const accounts = fragile(method, when)
      const command = await world.command(ticketId)
      await expect(world.deliverer(accounts).deliver(command)).rejects.toThrow('cut off')
      expect((await world.base.row(ticketId)).state).toBe('applying')
      // Another process takes the row up.
      expect(await world.deliverer(accounts).deliver(command)).toBe('done')
      await afterTwoTries(ticketId, participantId)
    })

    it('A45 after the reply and before the row is marked: the repetition changes nothing and is accepted again', async () => {
      const { ticketId, participantId } = await world.approved()
      const command = await world.command(ticketId)
      const unmarked = { ...world.base.store, markDelivered: () => Promise.reject(new Error('cut off')) }
      await expect(world.deliverer(undefined, unmarked).deliver(command)).rejects.toThrow('cut off')
      const before = await world.account(participantId)
      expect(await world.deliverer().deliver(command)).toBe('done')
      expect(world.answers).toEqual([{ outcome: 'accepted' }, { outcome: 'accepted' }])
      expect(await world.account(participantId)).toEqual(before)
      await afterTwoTries(ticketId, participantId)
    })

    it('A45 what was done before is not refused for what happened since', async () => {
      const { ticketId, participantId } = await world.approved()
      const command = await world.command(ticketId)
      await expect(world.deliverer(fragile('replaceContacts', 'after')).deliver(command)).rejects.toThrow()
      await world.withdrawProof(ticketId, 'email')
      await world.base.sql(`UPDATE dir_accounts SET state = 'disabled' WHERE participant_id = $1`, [participantId])
      expect(await world.deliverer().deliver(command)).toBe('done')
      expect((await world.base.row(ticketId)).state).toBe('contactUpdated')
    })

    it.each([
      ['has replaced and not told the ticket', true],
      ['is all done', false],
    ] as const)(
      'A45 another process carries it out while this one looks, and %s: nobody refuses it',
      async (_, cut) => {
        const { ticketId, participantId } = await world.approved()
        const command = await world.command(ticketId)
        const { accounts } = world.parts
        let looks = 0
        const late: AccountService = {
          ...accounts,
          replacementUnder: async (key) => {
            const seen = await accounts.replacementUnder(key)
            if (looks++ > 0) return seen
            const other = world.deliverer(cut ? fragile('revokeSessions', 'before') : accounts).deliver(command)
            await (cut ? expect(other).rejects.toThrow('cut off') : other)
            return seen
          },
        }
        expect(await world.deliverer(late).deliver(command)).toBe('done')
        expect(looks).toBe(2)
        expect(world.answers.every((it) => it.outcome === 'accepted')).toBe(true)
        expect(world.parts.alarms).toEqual([])
        await afterTwoTries(ticketId, participantId)
      },
    )

    it('A45 two processes at the same time replace once', async () => {
      const { ticketId, participantId } = await world.approved()
      const command = await world.command(ticketId)
      const done = await Promise.all([world.deliverer().deliver(command), world.deliverer().deliver(command)])
      expect(done).toEqual(['done', 'done'])
      await afterTwoTries(ticketId, participantId)
    })
  })
}
