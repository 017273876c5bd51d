import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/machines/ticketType.js'
import { tokenAuthority } from '../../src/recovery/index.js'
import { agent, checker, codeOf, DAY, HOUR, portal, refusalOf, supervisor } from '../support/world.js'
import { NEW, RecoveryWorld } from './world.js'

const HASH = 'a'.repeat(64)

/** Four eyes as promises, whatever database is under them. */
export function fourEyesContract(): void {
  let world: RecoveryWorld
  beforeEach(async () => {
    world = await RecoveryWorld.open(false)
  })
  afterEach(() => world.close())

  const insertDocument = (ticketId: string, id: string, uploader = 'ps_abcdef', sha256 = HASH) =>
    world.base.sql(
      `INSERT INTO documents (id, ticket_id, kind, state, media, bytes, sha256, content_index, pages, uploader_id, received_at, decided_at)
       VALUES ($1, $2, 'KTP', 'accepted', 'image/jpeg', 10, $3, $1, 1, $4, 1, 1)`,
      [id, ticketId, sha256, uploader],
    )
  const confirm = (ticketId: string, by: Actor = checker) => world.base.send(ticketId, by, 'approval.confirm')
  const untouched = async (participantId: string) => expect((await world.account(participantId))!.version).toBe(1)
  const accepted = async (ticketId: string) => {
    await world.deliverer().deliver(await world.command(ticketId))
    return world.answers.at(-1)
  }
  const holdEnds = async (ticketId: string) => {
    const hold = (await world.base.pending(ticketId)).find((it) => it.family === 'hold')!
    world.base.clock.at = hold.dueAt
    await world.base.ring(ticketId)
  }

  describe('A23 the second pair of eyes', () => {
    it.each([
      ['the maker', { ...agent, role: 'checker' as const }],
      ['a supervisor who proposed, by whatever assignment (R-4E-4)', supervisor],
    ])('A23 %s does not confirm their own proposal', async (_, actor) => {
      const { ticketId } = await world.ticketIn('underVerification')
      await world.base.send(ticketId, actor.role === 'supervisor' ? supervisor : agent, 'approval.propose')
      expect(await codeOf(confirm(ticketId, actor))).toBe('OWN_CASE')
      expect((await world.base.row(ticketId)).state).toBe('approvalProposed')
    })

    it('A23 maker and checker are two in the database too, by raw update', async () => {
      const { ticketId } = await world.ticketIn('approvalProposed')
      await expect(
        world.base.sql(`UPDATE tickets SET checker_id = maker_id, revision = revision + 1 WHERE id = $1`, [ticketId]),
      ).rejects.toThrow(/tickets_four_eyes/)
    })

    it.each(['filed', 'typed', 'uploaded', 'edited'] as const)(
      'A23 whoever %s on behalf is refused by the database, whichever way they come',
      async (hand) => {
        const { ticketId } = await world.ticketIn('approvalProposed')
        const { approvals } = world.base.store.intake
        await approvals.noteHand(ticketId, checker.id, hand, 1)
        const refusal = await refusalOf(confirm(ticketId))
        expect(refusal).toMatchObject({
          code: 'OWN_CASE',
          status: 403,
          extra: { constraint: 'tickets_checker_independent' },
        })
        await expect(
          world.base.sql('UPDATE tickets SET checker_id = $1, revision = revision + 1 WHERE id = $2', [
            checker.id,
            ticketId,
          ]),
        ).rejects.toThrow(/tickets_checker_independent/)
        await expect(world.base.sql('DELETE FROM hands WHERE ticket_id = $1', [ticketId])).rejects.toThrow(
          /hands_append_only/,
        )
        expect((await world.base.row(ticketId)).state).toBe('approvalProposed')
      },
    )

    it('A23 an uploader of evidence is refused by the database: before the confirmation, and as its checker after it', async () => {
      const first = await world.ticketIn('approvalProposed')
      await insertDocument(first.ticketId, 'doc-1', checker.id)
      // The evidence is another now as well; either alone would do.
      expect(['APPROVAL_VOID', 'OWN_CASE']).toContain(await codeOf(confirm(first.ticketId)))
      await expect(
        world.base.sql('UPDATE tickets SET checker_id = $1, revision = revision + 1 WHERE id = $2', [
          checker.id,
          first.ticketId,
        ]),
      ).rejects.toThrow(/tickets_checker_independent/)
      const second = await world.ticketIn('onHold')
      await expect(insertDocument(second.ticketId, 'doc-2', checker.id)).rejects.toThrow(/tickets_checker_independent/)
      await expect(
        world.base.sql(`INSERT INTO hands (ticket_id, actor_id, hand, at) VALUES ($1, $2, 'edited', 1)`, [
          second.ticketId,
          checker.id,
        ]),
      ).rejects.toThrow(/tickets_checker_independent/)
    })

    it('A23 the agent who filed is refused by raw update: the log says who it was', async () => {
      const { ticketId } = await world.base.file({}, { actor: agent })
      await expect(
        world.base.sql('UPDATE tickets SET checker_id = $1, revision = revision + 1 WHERE id = $2', [
          agent.id,
          ticketId,
        ]),
      ).rejects.toThrow(/tickets_checker_independent/)
    })
  })

  describe('A24 what was proposed is what is confirmed and applied (D32)', () => {
    it('A24 a document that slips in by raw SQL after the proposal voids it at the confirmation', async () => {
      const { ticketId, participantId } = await world.ticketIn('approvalProposed')
      await insertDocument(ticketId, 'doc-1')
      expect(await refusalOf(confirm(ticketId))).toMatchObject({
        code: 'APPROVAL_VOID',
        extra: { reason: 'APPROVAL_CHANGED' },
      })
      expect(await world.base.row(ticketId)).toMatchObject({ state: 'underVerification', makerId: null })
      expect(await world.base.facts(ticketId)).toContain('ApprovalVoided')
      expect(world.parts.alarms).toEqual(['approval.changed'])
      // Proposed anew on what stands there now, it stands.
      await world.base.send(ticketId, agent, 'approval.propose')
      await confirm(ticketId)
      await holdEnds(ticketId)
      expect(await accepted(ticketId)).toEqual({ outcome: 'accepted' })
      expect((await world.account(participantId))!.version).toBe(2)
      expect(await world.base.verify()).toEqual([])
    })

    it.each([
      ['a document slips in', (id: string) => insertDocument(id, 'doc-2')],
      [
        'a document goes',
        (id: string) =>
          world.base.sql(`UPDATE documents SET state = 'refused', code = 'INFECTED' WHERE ticket_id = $1`, [id]),
      ],
      [
        'the MAC itself is another',
        (id: string) =>
          world.base.sql(
            `INSERT INTO approvals (ticket_id, content_version, maker_id, maker_role, office_id, mac, bound_at)
             VALUES ($1, 9999, $2, 'agent', 'pusat', 'forged', 1)`,
            [id, agent.id],
          ),
      ],
      ['a contact loses its proof', (id: string) => world.withdrawProof(id, 'email')],
    ] as const)(
      'A24 %s by raw SQL during the hold: apply refuses, and the ticket is verified again',
      async (_, swap) => {
        const { ticketId, participantId } = await world.ticketIn('underVerification')
        await insertDocument(ticketId, 'doc-1')
        await world.base.send(ticketId, agent, 'approval.propose')
        await confirm(ticketId)
        await swap(ticketId)
        await holdEnds(ticketId)
        expect((await accepted(ticketId))?.outcome).toBe('refused')
        expect(await world.base.row(ticketId)).toMatchObject({
          state: 'underVerification',
          makerId: null,
          checkerId: null,
        })
        await untouched(participantId)
      },
    )

    it('A24 a confirmed binding cannot be rewritten, and none can be taken away', async () => {
      const { ticketId } = await world.ticketIn('onHold')
      for (const set of [`mac = 'x'`, `checker_id = 'x'`, `maker_role = 'x'`, 'confirmed_at = 1'])
        await expect(world.base.sql(`UPDATE approvals SET ${set} WHERE ticket_id = $1`, [ticketId])).rejects.toThrow(
          /approvals_fixed/,
        )
      await expect(world.base.sql('DELETE FROM approvals WHERE ticket_id = $1', [ticketId])).rejects.toThrow(
        /approvals_kept/,
      )
    })

    it('A24 an approval that nobody bound is not carried out', async () => {
      const { ticketId, participantId } = await world.ticketIn('approvalProposed')
      await world.base.sql(`UPDATE approvals SET ended_at = 1, void_code = 'APPROVAL_UNBOUND' WHERE ticket_id = $1`, [
        ticketId,
      ])
      expect(await refusalOf(confirm(ticketId))).toMatchObject({ extra: { reason: 'APPROVAL_UNBOUND' } })
      expect((await world.base.row(ticketId)).state).toBe('underVerification')
      await untouched(participantId)
    })

    it('A24 the account was changed by somebody else meanwhile: other old contacts, no approval', async () => {
      const { ticketId, participantId } = await world.approved()
      await world.parts.accounts.replaceContacts({
        ...{ participantId, email: 'lain@example.org', phone: '+6284099998888', key: 'someone-else' },
      })
      expect(await accepted(ticketId)).toEqual({ outcome: 'refused', code: 'APPROVAL_CHANGED' })
      expect((await world.base.row(ticketId)).state).toBe('underVerification')
      expect(await world.parts.accounts.contactsOf(participantId)).toMatchObject({ email: 'lain@example.org' })
    })
  })

  describe('A25 two at once', () => {
    it('A25 two checkers confirm at once: one wins, contacts change once', async () => {
      const { ticketId, participantId } = await world.ticketIn('approvalProposed')
      const version = (await world.base.row(ticketId)).contentVersion
      const other = { id: 'checker-2', role: 'checker' } as const
      const both = await Promise.allSettled(
        [checker, other].map((by) =>
          world.base.send(ticketId, by, 'approval.confirm', {}, { expectedContentVersion: version }),
        ),
      )
      expect(both.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
      const lost = both.find((it) => it.status === 'rejected')
      expect(['VERSION_STALE', 'EVENT_NOT_ALLOWED']).toContain((lost?.reason as { code: string }).code)
      await holdEnds(ticketId)
      await Promise.all([accepted(ticketId), accepted(ticketId)])
      expect((await world.account(participantId))!.version).toBe(2)
    })

    it('A25 confirming and rejecting at once: one of them happens', async () => {
      const { ticketId } = await world.ticketIn('approvalProposed')
      const expectedContentVersion = (await world.base.row(ticketId)).contentVersion
      const outcomes = await Promise.allSettled([
        world.base.send(ticketId, checker, 'approval.confirm', {}, { expectedContentVersion }),
        world.base.send(ticketId, supervisor, 'reject', { code: 'BUKAN_PEMILIK' }, { expectedContentVersion }),
      ])
      expect(outcomes.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('A25 a double click under one key gets the first answer', async () => {
      const { ticketId } = await world.ticketIn('approvalProposed')
      const expectedContentVersion = (await world.base.row(ticketId)).contentVersion
      const click = () =>
        world.base.send(
          ticketId,
          checker,
          'approval.confirm',
          {},
          {
            ...{ expectedContentVersion, key: 'click', fingerprint: 'f' },
          },
        )
      const [one, two] = await Promise.all([click(), click()])
      const later = await click()
      expect([two, later]).toMatchObject([{ revision: one.revision }, { revision: one.revision, replayed: true }])
      expect((await world.base.facts(ticketId)).filter((it) => it === 'TicketApproved')).toHaveLength(1)
    })
  })

  describe('A26 authority is looked at again when it counts', () => {
    it.each([
      ['checker', checker.id],
      ['maker', agent.id],
    ])(
      'A26 the %s lost it during the hold: apply refuses, the ticket is verified again, supervisors hear',
      async (_, id) => {
        const { ticketId, participantId } = await world.ticketIn('onHold')
        world.parts.revoked.add(id)
        await holdEnds(ticketId)
        expect(await accepted(ticketId)).toEqual({ outcome: 'refused', code: 'AUTHORITY_REVOKED' })
        expect(await world.base.row(ticketId)).toMatchObject({ state: 'underVerification', makerId: null })
        expect(world.parts.alarms).toEqual(['approval.revoked'])
        const told = (await world.base.store.outboxOf(ticketId)).map((it) => it.body)
        expect(told).toContainEqual(expect.objectContaining({ template: 'apply.refused', audience: 'staff' }))
        await untouched(participantId)
      },
    )

    it.each([
      ['no tokens at all, as a worker apart may be', []],
      ['tokens of others', [{ actorId: 'somebody-else', role: 'agent' }]],
      ['their tokens, with other roles', [{ actorId: agent.id, role: 'portal' }]],
    ] as const)(
      'A26 a process that was given %s carries nothing out: it puts the ticket back, and says so',
      async (_, tokens) => {
        const { ticketId, participantId } = await world.ticketIn('onHold')
        world.parts.authority.holds = (...asked) => tokenAuthority(tokens).holds(...asked)
        await holdEnds(ticketId)
        expect(await accepted(ticketId)).toEqual({ outcome: 'refused', code: 'AUTHORITY_REVOKED' })
        expect((await world.base.row(ticketId)).state).toBe('underVerification')
        expect(world.parts.alarms).toEqual(['approval.revoked'])
        await untouched(participantId)
      },
    )

    it('A26 a process that was given the tokens of both carries it out', async () => {
      const { ticketId, participantId } = await world.ticketIn('onHold')
      const both = [agent, checker].map(({ id, role }) => ({ actorId: id, role: role as 'agent' | 'checker' }))
      world.parts.authority.holds = (...asked) => tokenAuthority(both).holds(...asked)
      await holdEnds(ticketId)
      expect(await accepted(ticketId)).toEqual({ outcome: 'accepted' })
      expect((await world.account(participantId))!.version).toBe(2)
    })

    it('A26 given back later, the voided approval stays void', async () => {
      const { ticketId, participantId } = await world.ticketIn('onHold')
      world.parts.revoked.add(checker.id)
      await holdEnds(ticketId)
      const command = await world.outgoing(ticketId)
      await world.apply(command)
      world.parts.revoked.clear()
      expect((await world.apply(command)).outcome).toBe('refused')
      await untouched(participantId)
    })
  })

  describe('R-4E-5 looked at once more', () => {
    it('an applied approval is drawn by a keyed hash, reviewed once, and by neither of the two', async () => {
      const { ticketId } = await world.approved()
      await accepted(ticketId)
      const { reviews } = world.recovery
      expect(await reviews.open(null, 10)).toMatchObject([{ ticketId, makerId: agent.id, checkerId: checker.id }])
      // Each office's own, however many wait elsewhere.
      expect(await reviews.open(['pusat'], 10)).toHaveLength(1)
      expect(await reviews.open(['cabang-makassar'], 10)).toEqual([])
      expect(await codeOf(reviews.close(ticketId, checker, 'sound', 'SESUAI'))).toBe('CONFLICT')
      await expect(
        world.base.sql('UPDATE approval_reviews SET reviewer_id = maker_id, verdict = $1, reviewed_at = 1', ['sound']),
      ).rejects.toThrow(/approval_reviews_independent/)
      expect(await reviews.close(ticketId, supervisor, 'sound', 'SESUAI')).toMatchObject({ verdict: 'sound' })
      expect(await codeOf(reviews.close(ticketId, supervisor, 'doubtful', 'RAGU'))).toBe('CONFLICT')
      expect(await reviews.open(null, 10)).toEqual([])
    })

    it('a pair that approves together too often on one day is told of; the next day counts anew', async () => {
      for (let n = 0; n < 2; n++) await world.ticketIn('onHold')
      expect(world.parts.alarms).toEqual([])
      await world.ticketIn('onHold')
      expect(world.parts.alarms).toEqual(['approval.pairFrequent'])
      const { reviews } = world.recovery
      const today = world.base.clock.now()
      expect(await reviews.pairs(today, 10)).toEqual([{ makerId: agent.id, checkerId: checker.id, approvals: 3 }])
      world.base.clock.advance(DAY)
      expect(await reviews.pairs(world.base.clock.now(), 10)).toEqual([])
    })
  })

  describe('A34 no step is skipped', () => {
    it('A34 nothing is decided on a draft, applied before the hold has ended, or reopened after erasure', async () => {
      const { ticketId } = await world.ticketIn('submitted')
      expect(await codeOf(confirm(ticketId))).toBe('EVENT_NOT_ALLOWED')
      const held = await world.ticketIn('onHold')
      world.base.clock.advance(DAY - HOUR)
      await world.base.ring(held.ticketId)
      expect((await world.base.row(held.ticketId)).state).toBe('onHold')
      expect(await codeOf(world.base.system(held.ticketId, 'contacts.applied'))).toBe('EVENT_NOT_ALLOWED')
      await world.base.send(held.ticketId, portal, 'withdraw', { reason: 'DITARIK_PESERTA' })
      await world.base.system(held.ticketId, 'erasure.record')
      expect(await codeOf(world.base.send(held.ticketId, portal, 'reopen'))).toBe('EVENT_NOT_ALLOWED')
      expect(await codeOf(world.base.send(held.ticketId, supervisor, 'contacts.applied'))).toBe('EVENT_UNKNOWN')
      expect(await codeOf(world.base.send(held.ticketId, supervisor, 'no.such'))).toBe('EVENT_UNKNOWN')
      await untouched(held.participantId)
    })
  })

  describe('A45 clocks and repetitions', () => {
    it.each([-HOUR, HOUR])('A45 the clock jumps by %i ms in the hold: contacts change once', async (jump) => {
      const { ticketId, participantId } = await world.ticketIn('onHold')
      world.base.clock.advance(12 * HOUR)
      world.base.clock.advance(jump)
      await world.base.ring(ticketId)
      expect((await world.base.row(ticketId)).state).toBe('onHold')
      await holdEnds(ticketId)
      for (let n = 0; n < 3; n++) {
        await accepted(ticketId)
        world.base.clock.advance(jump)
      }
      expect((await world.account(participantId))!.version).toBe(2)
      expect(await world.parts.accounts.contactsOf(participantId)).toMatchObject(NEW)
      expect((await world.base.facts(ticketId)).filter((it) => it === 'ContactUpdated')).toHaveLength(1)
      expect(await world.base.verify()).toEqual([])
    })
  })
}
