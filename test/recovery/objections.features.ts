import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine, createIds } from '../../src/engine/index.js'
import { codeOf, DAY, HOUR, keyOf, MINUTE, agent, checker, portal, supervisor } from '../support/world.js'
import { RecoveryWorld } from './world.js'

/** "Bukan saya" as promises, whatever database is under them. */
export function objectionsContract(): void {
  let world: RecoveryWorld
  beforeEach(async () => {
    world = await RecoveryWorld.open(false)
  })
  afterEach(() => world.close())

  const link = async (ticketId: string, to: 'newEmail' | 'oldEmail' | 'oldPhone' = 'oldEmail') =>
    (await world.recovery.objections.linkFor(await world.base.row(ticketId), to))!
  const state = async (ticketId: string) => (await world.base.row(ticketId)).state
  const object = (token: string) => world.recovery.objections.objectWith(token)
  const because = { reason: 'SUDAH_DIPERIKSA' }

  describe('A27 an objection during the hold', () => {
    it('A27 freezes at once: the alarm that was set rings for nothing, an apply that was queued does nothing', async () => {
      const { ticketId, participantId } = await world.ticketIn('onHold')
      const hold = (await world.base.pending(ticketId)).find((it) => it.family === 'hold')!
      await object((await link(ticketId)).token)
      expect(await state(ticketId)).toBe('frozen')
      expect(world.parts.alarms).toEqual(['objection.raised'])
      world.base.clock.at = hold.dueAt + HOUR
      expect(await world.base.engine.deliverTimer(hold)).toBe('dropped')
      const cycle = (await world.base.row(ticketId)).snapshot.context['cycle']
      const body = { port: 'account', operation: 'replaceContacts', data: { cycle } }
      expect(await world.apply({ id: `${ticketId}-queued`, ticketId, kind: 'port', body })).toEqual({
        outcome: 'refused',
        code: 'NOT_APPLYING',
      })
      expect(await state(ticketId)).toBe('frozen')
      expect((await world.account(participantId))!.version).toBe(1)
      expect(await world.base.verify()).toEqual([])
    })

    it('A27 says nothing but that it was received, and keeps nothing of who objected', async () => {
      const { ticketId, participantId } = await world.ticketIn('onHold')
      const { token, code } = await link(ticketId)
      await object(token)
      const said = JSON.stringify([await world.base.log(ticketId), await world.base.store.outboxOf(ticketId)])
      for (const secret of [token, code, participantId]) expect(said).not.toContain(secret)
    })

    it('A27 neither maker nor checker resolves it, either way; another supervisor does (R-HOLD-3)', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      await object((await link(ticketId)).token)
      for (const by of [agent, checker])
        for (const type of ['objection.dismiss', 'objection.uphold'])
          expect(await codeOf(world.base.send(ticketId, { ...by, role: 'supervisor' }, type, because))).toBe('OWN_CASE')
      await world.base.send(ticketId, supervisor, 'objection.uphold', because)
      // A cycle of its own: the verdict of the first stands (D21).
      expect(await world.base.row(ticketId)).toMatchObject({ state: 'underVerification', makerId: null })
      expect((await world.base.row(ticketId)).snapshot.context['cycle']).toBe(2)
    })

    it('D27 an objection at the very end of the hold is in time; one after it is not', async () => {
      const first = await world.ticketIn('onHold')
      const { token } = await link(first.ticketId)
      world.base.clock.at = (await world.base.pending(first.ticketId)).find((it) => it.family === 'hold')!.dueAt
      await object(token)
      expect(await state(first.ticketId)).toBe('frozen')
    })

    it.each([0, 1])(
      'A45 objection and end of the hold at once, from two processes, %i ms after its end: one of them happens',
      async (late) => {
        const { ticketId, participantId } = await world.ticketIn('onHold')
        const { token } = await link(ticketId)
        const hold = (await world.base.pending(ticketId)).find((it) => it.family === 'hold')!
        world.base.clock.at = hold.dueAt + late
        const { store, types, clock } = world.base
        // As another process has it: the same rows, a memory of its own.
        const other = await createEngine({
          store,
          types,
          clock,
          ids: createIds(clock, (bytes) => crypto.getRandomValues(bytes)),
        })
        const ringing = Array.from({ length: 4 }, () => other.deliverTimer(keyOf(hold)))
        const [objected] = await Promise.allSettled([object(token), ...ringing])
        const frozen = objected.status === 'fulfilled'
        expect(await state(ticketId)).toBe(frozen ? 'frozen' : 'applying')
        if (late > 0) expect(frozen).toBe(false)
        // What was queued changes contacts only where nobody was heard, and once.
        const commands = (await world.base.store.outboxOf(ticketId)).filter((it) => it.body['port'] === 'account')
        expect(commands).toHaveLength(frozen ? 0 : 1)
        for (const command of commands) await Promise.all([1, 2].map(() => world.deliverer().deliver(command)))
        expect((await world.account(participantId))!.version).toBe(frozen ? 1 : 2)
        expect(await world.base.verify()).toEqual([])
        await other.stop()
      },
    )

    it('D27 an objection after the end of the hold finds it ended, whether or not its alarm has rung', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { token } = await link(ticketId)
      world.base.clock.at = (await world.base.pending(ticketId)).find((it) => it.family === 'hold')!.dueAt + 1
      expect(await codeOf(object(token))).toBe('NOT_FOUND')
      expect(await state(ticketId)).toBe('applying')
    })

    it.each([
      ['layanan_digital', false, DAY],
      ['layanan_digital', true, 3 * DAY],
      ['aplikasi', false, DAY],
    ] as const)(
      'D27 the hold on the route %s, elevated %s, lasts %i ms of wall time',
      async (route, elevated, lasts) => {
        const { ticketId } = await world.ticketIn('approvalProposed', 'plain', {}, { route })
        if (elevated) await world.base.send(ticketId, supervisor, 'risk.elevate', because)
        const at = world.base.clock.now()
        await world.base.send(ticketId, checker, 'approval.confirm')
        const hold = (await world.base.pending(ticketId)).find((it) => it.family === 'hold')!
        expect(hold.dueAt).toBe(at + lasts)
      },
    )
  })

  describe('A28 links', () => {
    it('A28 each told contact has another token and another code, the same however often a notice is sent', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const all = [await link(ticketId, 'newEmail'), await link(ticketId, 'oldEmail'), await link(ticketId, 'oldPhone')]
      expect(new Set(all.flatMap((it) => [it.token, it.code])).size).toBe(6)
      expect(Buffer.from(all[0]!.token, 'base64url')).toHaveLength(32)
      expect(await link(ticketId, 'newEmail')).toEqual(all[0])
    })

    it('A28 only the hash of a token is in the database', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { token, code } = await link(ticketId)
      const texts: string[] = []
      await world.base.store.eachText((...said) => void texts.push(JSON.stringify(said)))
      expect(texts.length).toBeGreaterThan(10)
      expect(texts.filter((it) => it.includes(token) || it.includes(code))).toEqual([])
    })

    it('A28 forged, foreign and damaged tokens are all the same: not found, and nothing happens', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { token } = await link(ticketId)
      const forged = [
        token.slice(1),
        `${token}A`,
        token.replace(/^./, (it) => (it === 'A' ? 'B' : 'A')),
        '',
        'x'.repeat(43),
      ]
      for (const it of forged) expect(await codeOf(object(it))).toBe('NOT_FOUND')
      expect(await state(ticketId)).toBe('onHold')
    })

    it('A28 a link of an earlier cycle opens nothing, and one that was used and judged opens nothing again', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const first = await link(ticketId)
      await object(first.token)
      await object(first.token)
      await world.base.send(ticketId, supervisor, 'objection.dismiss', because)
      expect(await state(ticketId)).toBe('onHold')
      expect(await codeOf(object(first.token))).toBe('NOT_FOUND')
      const second = await link(ticketId)
      expect(second.token).not.toBe(first.token)
      await object(second.token)
      await world.base.send(ticketId, supervisor, 'objection.uphold', because)
      const third = await link(ticketId, 'oldEmail').catch(() => null)
      expect(third).toBeNull()
      await world.base.send(ticketId, agent, 'identity.verify', {
        verdict: 'matched',
        checklist: [{ item: 'KTP_COCOK', matched: true }],
      })
      await world.base.send(ticketId, agent, 'approval.propose')
      await world.base.send(ticketId, checker, 'approval.confirm')
      expect(await state(ticketId)).toBe('onHold')
      for (const { token } of [first, second]) expect(await codeOf(object(token))).toBe('NOT_FOUND')
      expect(await state(ticketId)).toBe('onHold')
    })

    it('A28 a hold that risk begins anew keeps the links that were sent before', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { token } = await link(ticketId)
      await world.base.send(ticketId, supervisor, 'risk.elevate', because)
      world.base.clock.advance(2 * DAY)
      await object(token)
      expect(await state(ticketId)).toBe('frozen')
    })

    it('A28 after the contacts were changed, or the case withdrawn, there is nothing to freeze', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { token } = await link(ticketId)
      await world.base.send(ticketId, portal, 'withdraw', { reason: 'DITARIK_PESERTA' })
      expect(await codeOf(object(token))).toBe('NOT_FOUND')
    })

    it('the number and the code of a notice do the same, as people type them', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { code } = await link(ticketId, 'oldPhone')
      const { ticketNumber } = await world.base.row(ticketId)
      const { objections } = world.recovery
      const wrong = code.replace(/^./, (it) => (it === 'Z' ? 'Y' : 'Z'))
      expect(await codeOf(objections.objectByCode(ticketNumber, wrong))).toBe('NOT_FOUND')
      expect(await codeOf(objections.objectByCode('PGD-0000-0000', code))).toBe('NOT_FOUND')
      await objections.objectByCode(
        ` ${ticketNumber.toLowerCase()} `,
        `${code.slice(0, 4)} ${code.slice(4).toLowerCase()}`,
      )
      expect(await state(ticketId)).toBe('frozen')
      world.base.clock.advance(MINUTE)
      await objections.objectByCode(ticketNumber, code)
      expect(await state(ticketId)).toBe('frozen')
    })

    it('two told contacts object at once: frozen once, both are answered the same', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const both = [await link(ticketId, 'oldEmail'), await link(ticketId, 'oldPhone')]
      await Promise.allSettled(both.map((it) => object(it.token)))
      for (const { token } of both) await object(token)
      expect((await world.base.facts(ticketId)).filter((it) => it === 'ObjectionRaised')).toHaveLength(1)
    })

    it('A47 erasure takes the links along', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      const { token } = await link(ticketId)
      await world.base.send(ticketId, portal, 'withdraw', { reason: 'DITARIK_PESERTA' })
      const owed = { id: 'task-1', kind: 'erasure_record', ticketId, ref: 'x', dueAt: 1, createdAt: 1 }
      await world.base.store.intake.erasure.erasePerson({ ticketId, reason: 'TEST', erasedAt: 1 }, owed)
      expect(await world.base.store.intake.approvals.linksOf(ticketId)).toEqual([])
      expect(await codeOf(object(token))).toBe('NOT_FOUND')
    })
  })

  describe('what others are told', () => {
    it('a changed contact leaves as an event of its own, with ids only', async () => {
      const { ticketId } = await world.approved()
      await world.deliverer().deliver(await world.command(ticketId))
      const rows = await world.base.store.outboxOf(ticketId)
      const event = rows.find((it) => it.body['port'] === 'events')!
      expect(event.body).toEqual({
        ...{ port: 'events', operation: 'contactChanged', at: world.base.clock.now() },
        data: { cycle: 1, participantRef: 'ps_abcdef' },
      })
      expect(
        rows.some((it) => it.body['template'] === 'contact.updated' && it.body['audience'] === 'allChannels'),
      ).toBe(true)
    })
  })
}
