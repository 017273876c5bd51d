import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../../db/types.js'
import { agent, checker, codeOf, portal, refusalOf, supervisor } from '../../support/world.js'
import { RecoveryWorld } from '../../recovery/world.js'

/** Several cases of one person, as promises, whatever database is under them. */
export function mergingContract(): void {
  let world: RecoveryWorld
  beforeEach(async () => {
    world = await RecoveryWorld.open(false)
  })
  afterEach(() => world.close())

  const two = async (state = 'underVerification') => {
    const into = (await world.ticketIn('underVerification')).ticketId
    const from = (await world.ticketIn(state)).ticketId
    await world.base.store.intake.people.linkCompeting(into, from, 1)
    return { into, from }
  }
  let number = 0
  const order = async (into: string, from: string, key = `merge-${++number}`) => ({
    ...{ intoId: into, fromId: from, actor: supervisor, key, fingerprint: 'f' },
    intoVersion: (await world.base.row(into)).contentVersion,
    fromVersion: (await world.base.row(from)).contentVersion,
  })
  const states = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await world.base.row(id)).state))

  describe('D31 merging', () => {
    it('D31 both change in one commit: the child ends, the other goes on and says so', async () => {
      const { into, from } = await two()
      const { merging } = world.recovery
      expect(await merging.beside(into)).toMatchObject([
        { ticket: { id: into }, obstacle: 'NOT_COMPETING' },
        {
          ticket: { id: from },
          obstacle: null,
          contacts: [
            { proven: true, same: true },
            { proven: true, same: true },
          ],
        },
      ])
      const asked = await order(into, from)
      const merged = await merging.merge(asked)
      expect(merged).toMatchObject({ ticketId: into, state: 'underVerification', replayed: false })
      expect(await states(into, from)).toEqual(['underVerification', 'merged'])
      expect((await world.base.facts(into)).at(-1)).toBe('TicketAbsorbed')
      expect((await world.base.facts(from)).at(-1)).toBe('TicketMerged')
      expect((await world.base.log(into)).at(-1)).toMatchObject({ actorId: supervisor.id, event: { from } })
      expect(await merging.merge(asked)).toMatchObject({ revision: merged.revision, replayed: true })
      expect(await world.base.verify()).toEqual([])
    })

    it('D31 without a proven contact that is the same in both they stay competing, and one is rejected', async () => {
      const { into, from } = await two()
      for (const channel of ['email', 'phone'] as const) await world.withdrawProof(from, channel)
      expect(await refusalOf(world.recovery.merging.merge(await order(into, from)))).toMatchObject({
        code: 'MERGE_REFUSED',
        extra: { reason: 'NO_SHARED_PROVEN_CONTACT' },
      })
      await world.base.send(from, supervisor, 'reject', { code: 'BUKAN_PEMILIK' })
      expect(await states(into, from)).toEqual(['underVerification', 'rejected'])
    })

    it.each([
      ['approvalProposed', 'APPROVAL_STANDING'],
      ['onHold', 'APPROVAL_STANDING'],
    ])('D31 a case that is %s is not merged away: %s', async (state, reason) => {
      const { into, from } = await two(state)
      const refusal = await refusalOf(world.recovery.merging.merge(await order(into, from)))
      expect(refusal).toMatchObject({ code: 'MERGE_REFUSED', extra: { reason } })
    })

    it('D31 an objection that nobody judged keeps its case where it is (R-HOLD-3)', async () => {
      const { into, from } = await two()
      await world.base.send(from, portal, 'objection.raise')
      const refusal = await refusalOf(world.recovery.merging.merge(await order(into, from)))
      expect(refusal).toMatchObject({ code: 'MERGE_REFUSED', extra: { reason: 'OBJECTION_OPEN' } })
    })

    it('D31 strangers are not merged, nor what somebody else changed meanwhile', async () => {
      const { into, from } = await two()
      const stranger = (await world.ticketIn('underVerification')).ticketId
      const refusal = await refusalOf(world.recovery.merging.merge(await order(into, stranger)))
      expect(refusal).toMatchObject({ code: 'MERGE_REFUSED', extra: { reason: 'NOT_COMPETING' } })
      const asked = await order(into, from)
      await world.base.send(from, agent, 'risk.elevate', { reason: 'DIPERIKSA' })
      expect(await codeOf(world.recovery.merging.merge(asked))).toBe('VERSION_STALE')
      expect(await states(into, from)).toEqual(['underVerification', 'underVerification'])
      expect(await world.base.facts(into)).not.toContain('TicketAbsorbed')
    })

    it('D31 the same two merged into each other at once: one of it happens', async () => {
      const { into, from } = await two()
      const both = [await order(into, from), await order(from, into)]
      const done = await Promise.allSettled(both.map((it) => world.recovery.merging.merge(it)))
      expect(done.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
      expect((await states(into, from)).sort()).toEqual(['merged', 'underVerification'])
      expect(await world.base.verify()).toEqual([])
    })
  })

  it.each(['into', 'from'] as const)(
    'D31 merged while the other office proposes its approval (%s): one of them happens',
    async (which) => {
      const { into, from } = await two()
      const asked = await order(into, from)
      const proposed = which === 'into' ? into : from
      const { contentVersion } = await world.base.row(proposed)
      const [merged, approval] = await Promise.allSettled([
        world.recovery.merging.merge(asked),
        world.base.send(proposed, agent, 'approval.propose', {}, { expectedContentVersion: contentVersion }),
      ])
      expect([merged.status, approval.status].toSorted()).toEqual(['fulfilled', 'rejected'])
      expect((await world.base.row(from)).state === 'merged').toBe(merged.status === 'fulfilled')
      expect((await world.base.row(proposed)).makerId).toBe(merged.status === 'fulfilled' ? null : agent.id)
      expect(await world.base.verify()).toEqual([])
    },
  )

  describe('all or nothing in the store', () => {
    const changesFor = async (wreck: boolean) => {
      const { into, from } = await two()
      let asked: Parameters<Store['commitTogether']>[0] = []
      const { store } = world.base
      const original: unknown = Reflect.get(store, 'commitTogether')
      store.commitTogether = (changes) => {
        asked = changes
        return Promise.resolve(changes.map(() => ({ ok: true })))
      }
      await world.recovery.merging.merge(await order(into, from))
      Object.assign(store, { commitTogether: original })
      // The second of them is refused by a constraint: its outbox row is there already, or it has been decided on another revision.
      const [one, two_] = asked
      if (wreck) await world.base.sql('UPDATE tickets SET revision = revision + 1 WHERE id = $1', [from])
      return { into, from, changes: [one!, two_!] }
    }

    it('a change that is refused undoes the one before it', async () => {
      const { into, from, changes } = await changesFor(true)
      const before = await world.base.log(into)
      const outcomes = await world.base.store.commitTogether(changes)
      expect(outcomes.some((it) => !it.ok && it.reason === 'stale')).toBe(true)
      expect(await world.base.log(into)).toEqual(before)
      expect(await states(into, from)).toEqual(['underVerification', 'underVerification'])
    })

    it('a constraint that speaks at the second undoes the first', async () => {
      const { into, from, changes } = await changesFor(false)
      const [one, other] = changes
      const broken = { ...other!, log: [...other!.log, ...other!.log] }
      const outcomes = await world.base.store.commitTogether([one!, broken])
      expect(outcomes.some((it) => !it.ok)).toBe(true)
      expect(await states(into, from)).toEqual(['underVerification', 'underVerification'])
      expect(await world.base.facts(into)).not.toContain('TicketAbsorbed')
      expect(await world.base.verify()).toEqual([])
    })

    it('both are there afterwards', async () => {
      const { into, from, changes } = await changesFor(false)
      expect(await world.base.store.commitTogether(changes)).toEqual([{ ok: true }, { ok: true }])
      expect(await states(into, from)).toEqual(['underVerification', 'merged'])
      expect(await world.base.verify()).toEqual([])
    })
  })

  describe('D11 D33 several active accounts of one person', () => {
    const found = async () => {
      const { ticketId, participantId } = await world.approved()
      const person = (await world.parts.directory.findById(participantId))!
      const twice = { ...person, accounts: [person.accounts[0]!, { ...person.accounts[0]!, id: 'a-second' }] }
      world.parts.directory.findById = () => Promise.resolve(twice)
      expect(await world.apply(await world.outgoing(ticketId))).toMatchObject({ code: 'ACCOUNTS_SEVERAL' })
      const { items } = await world.base.store.listTickets({ type: 'akun_ganda' }, 'filed', 10, null)
      return { ticketId, items }
    }

    it('D33 the finding is a ticket of its own, once while it is open', async () => {
      const { ticketId, items } = await found()
      await world.apply(await world.outgoing(ticketId))
      expect(items).toMatchObject([{ state: 'found', standing: 'waitingOnUs' }])
      expect((await world.base.store.listTickets({ type: 'akun_ganda' }, 'filed', 10, null)).items).toHaveLength(1)
    })

    it('D11 a person decides which; for some days it can be taken back; then it closes by itself', async () => {
      const { id } = (await found()).items[0]!
      const { base } = world
      expect(await codeOf(base.send(id, checker, 'account.deactivate', { account: 'a-foreign' }))).toBe(
        'EVENT_NOT_ALLOWED',
      )
      await base.send(id, checker, 'account.deactivate', { account: 'a-second' })
      expect((await base.store.outboxOf(id)).at(-1)?.body).toMatchObject({
        ...{ port: 'account', operation: 'deactivate' },
        data: { account: 'a-second' },
      })
      await base.system(id, 'account.deactivated')
      await base.send(id, supervisor, 'revert', { reason: 'PERMINTAAN_PESERTA' })
      expect((await base.store.outboxOf(id)).at(-1)?.body).toMatchObject({ operation: 'reactivate' })
      await base.system(id, 'account.refused', { code: 'BELUM_BISA' })
      expect((await base.row(id)).state).toBe('reversible')
      const close = (await base.pending(id)).find((it) => it.family === 'reversal')!
      base.clock.at = close.dueAt
      await base.ring(id)
      expect((await base.row(id)).state).toBe('settled')
      // Found once more: another finding, though the institution's ids are the same as before.
      for (const again of [1, 2]) {
        const { ticketId } = await found()
        const { items } = await base.store.listTickets({ type: 'akun_ganda' }, 'filed', 10, null)
        expect([again, items.length, items.filter((it) => it.state === 'found').length, ticketId]).toEqual([
          ...[again, 2, 1, ticketId],
        ])
      }
      expect(await base.verify()).toEqual([])
    })

    it('D33 the embedded directory itself takes no second active account for one NIK', async () => {
      const { participantId } = await world.approved()
      const account = (await world.account(participantId))!
      await expect(
        world.base.sql(
          `INSERT INTO dir_accounts (id, participant_id, nik_index, state, version, sealed, updated_at)
           SELECT 'a-second', participant_id, nik_index, 'active', 1, sealed, 1 FROM dir_accounts WHERE id = $1`,
          [account.id],
        ),
      ).rejects.toThrow(/dir_accounts/)
    })
  })
}
