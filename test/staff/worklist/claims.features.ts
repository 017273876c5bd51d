import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorklist } from '../../../src/staff/worklist/index.js'
import { codeOf, HOUR, MINUTE, refusalOf } from '../../support/world.js'
import { ani, budi, citra, MONDAY_9, openDesk, sari, worker, type WorkDesk } from './desk.js'

/** What claiming promises on every database. */
export function claimFeatures(name: string): void {
  describe(`claims on ${name}`, () => {
    let desk: WorkDesk
    beforeEach(async () => {
      desk = await openDesk()
    })
    afterEach(() => desk.close())

    const next = async (who = ani) => {
      const { assignment } = await desk.worklist.claimNext(who, desk.key())
      return assignment?.ticketId ?? null
    }

    it('gives the earliest deadline first, then the oldest, each to one person', async () => {
      const first = await desk.waiting()
      const second = await desk.waiting()
      const branch = await desk.waiting({ route: 'kantor_cabang' })
      expect(branch.nextDueAt! < first.nextDueAt!).toBe(true)
      const everywhere = worker('ani', 'agent', null)
      expect([await next(everywhere), await next(budi), await next(everywhere), await next(budi)]).toEqual([
        branch.id,
        first.id,
        second.id,
        null,
      ])
    })

    it('A25 gives every ticket to exactly one of 50 agents that claim at once, from two processes', async () => {
      const tickets = []
      for (let n = 0; n < 40; n++) tickets.push((await desk.waiting()).id)
      const processes = [desk.worklist, desk.another()]
      const claims = await Promise.all(
        Array.from({ length: 50 }, (_, n) => processes[n % 2]!.claimNext(worker(`agent-${n}`), `race-${n}`)),
      )
      const taken = claims.flatMap((it) => it.assignment?.ticketId ?? [])
      expect(taken.toSorted()).toEqual(tickets.toSorted())
      expect(claims.filter((it) => it.assignment === null)).toHaveLength(10)
    })

    it('A25 lets a doubled click with one key take one ticket, and two keys two', async () => {
      await desk.waiting()
      await desk.waiting()
      await desk.waiting()
      const twice = await Promise.all([desk.worklist.claimNext(ani, 'same'), desk.another().claimNext(ani, 'same')])
      expect(new Set(twice.map((it) => it.assignment?.claimId)).size).toBe(1)
      expect(await next()).not.toBe(twice[0].assignment?.ticketId)
    })

    it.each([1, 2, 3])(
      'A25 a doubled click whose twin was served in between: the same ticket, of %i that wait',
      async (waiting) => {
        for (let n = 0; n < waiting; n++) await desk.waiting()
        const first = await desk.worklist.claimNext(ani, 'same')
        // It looked for an answer to its key before there was one.
        const { assignments } = desk.parts.store.work
        let looks = 0
        const blind: typeof assignments = {
          ...assignments,
          findClaim: (id) => (++looks === 1 ? Promise.resolve(null) : assignments.findClaim(id)),
        }
        const { store } = desk.parts
        const late = createWorklist({ ...desk.parts, store: { ...store, work: { ...store.work, assignments: blind } } })
        expect(await late.claimNext(ani, 'same')).toMatchObject({ replayed: true, assignment: first.assignment })
        expect(looks).toBeGreaterThan(1)
      },
    )

    it('A45 answers a claim whose answer was lost with the same claim, also after a restart', async () => {
      const ticket = await desk.waiting()
      await desk.waiting()
      await desk.worklist.claimNext(ani, 'lost')
      const again = await desk.another().claimNext(ani, 'lost')
      expect(again).toMatchObject({ replayed: true, assignment: { ticketId: ticket.id } })
      expect(await codeOf(desk.worklist.claim(ani, ticket.id, 'URGENT', 'lost'))).toBe('IDEMPOTENCY_KEY_REUSED')
    })

    it('A42 stops at the limit of work in progress, however many requests come at once', async () => {
      for (let n = 0; n < 8; n++) await desk.waiting()
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) => [desk.worklist, desk.another()][n % 2]!.claimNext(ani, `k${n}`)),
      )
      expect(outcomes.filter((it) => it.status === 'fulfilled')).toHaveLength(5)
      expect((await desk.world.store.work.assignments.heldBy('ani', MONDAY_9)).length).toBe(5)
      const refusals = outcomes.flatMap((it) =>
        it.status === 'rejected' ? [(it.reason as { code: string }).code] : [],
      )
      expect(new Set(refusals)).toEqual(new Set(['WIP_LIMIT']))
      expect(desk.audited.filter((it) => it.action === 'assignment.claim')).toHaveLength(5)
    })

    it('lets an old ticket without a deadline rise above newer ones with one', async () => {
      const undated = await desk.waiting({ route: 'aplikasi' })
      expect(undated.nextDueAt).toBeNull()
      const early = await desk.waiting()
      expect(await next()).toBe(early.id)
      // Wednesday: what is filed now is promised for Thursday's closing, three days after the undated one was filed come before that.
      desk.world.clock.at = MONDAY_9 + 49 * HOUR
      const newer = await desk.waiting()
      expect(newer.nextDueAt! > undated.filedAt + 72 * HOUR).toBe(true)
      expect([await next(), await next(), await next()]).toEqual([early.id, undated.id, newer.id])
    })

    it('gives nothing out while the office is closed, unless a supervisor opens a window, which is recorded', async () => {
      const ticket = await desk.waiting()
      desk.world.clock.at = MONDAY_9 + 12 * HOUR
      const closed = await desk.worklist.claimNext(ani, desk.key())
      expect(closed).toMatchObject({ assignment: null, why: 'OFFICE_CLOSED' })
      expect(await codeOf(desk.worklist.desk.openWindow(ani, 'pusat', 60, 'LONJAKAN'))).toBe('ROLE_NOT_ALLOWED')
      expect(await codeOf(desk.worklist.desk.openWindow(sari, 'pusat', 10_000, 'LONJAKAN'))).toBe('VALIDATION_FAILED')
      const window = await desk.worklist.desk.openWindow(sari, 'pusat', 60, 'LONJAKAN')
      const { assignment } = await desk.worklist.claimNext(ani, desk.key())
      expect(assignment).toMatchObject({ ticketId: ticket.id, leaseUntil: desk.world.clock.at + 30 * MINUTE })
      expect(desk.audited.some((it) => it.action === 'worklist.window' && it.actorId === 'sari')).toBe(true)
      desk.world.clock.at = window.untilAt
      expect((await desk.worklist.claimNext(budi, desk.key())).assignment).toBeNull()
    })

    it('counts a lease in business minutes from the last heartbeat and lets it lapse by itself', async () => {
      const ticket = await desk.waiting()
      await next()
      const lease = async () => (await desk.world.store.work.assignments.findAssignment(ticket.id))!.leaseUntil
      expect(await lease()).toBe(desk.world.clock.at + 30 * MINUTE)
      desk.world.clock.at += 29 * MINUTE
      expect((await desk.worklist.heartbeat(ani, ticket.id)).leaseUntil).toBe(desk.world.clock.at + 30 * MINUTE)
      desk.world.clock.at = await lease()
      // Nobody swept: the fact alone frees it.
      expect(await codeOf(desk.worklist.heartbeat(ani, ticket.id))).toBe('LEASE_LOST')
      expect(await next(budi)).toBe(ticket.id)
      const log = await desk.world.store.work.assignments.assignmentLogOf(ticket.id)
      expect(log.map((it) => `${it.agentId} ${it.fact} ${it.how}`).toSorted()).toEqual([
        'ani claimed next',
        'ani ended expired',
        'budi claimed next',
      ])
      expect(log.find((it) => it.fact === 'ended')!.at).toBe(desk.world.clock.at)
      expect(desk.audited.map((it) => it.action)).toContain('assignment.expire')
    })

    it('returns a lease at closing unless a note is being written (D26)', async () => {
      const ticket = await desk.waiting()
      await desk.vault.newKey(ticket.id)
      const { closing, opening } = { closing: MONDAY_9 + 8 * HOUR, opening: MONDAY_9 + 23 * HOUR }
      desk.world.clock.at = closing - 10 * MINUTE
      const { assignment } = await desk.worklist.claimNext(ani, desk.key())
      expect(assignment!.leaseUntil).toBe(closing)
      await desk.worklist.drafts.save(ani, ticket.id, 'Menunggu KTP asli.', 0)
      const kept = await desk.world.store.work.assignments.findAssignment(ticket.id)
      expect(kept).toMatchObject({ draft: true, leaseUntil: opening + 20 * MINUTE })
      desk.world.clock.at = opening + MINUTE
      expect(await next(budi)).toBeNull()
      await desk.worklist.drafts.save(ani, ticket.id, '', 1)
      expect((await desk.world.store.work.assignments.findAssignment(ticket.id))!.draft).toBe(false)
    })

    it('a note being saved or removed never shortens what a supervisor assigned, in opening hours or outside (D26)', async () => {
      const ticket = await desk.waiting()
      await desk.vault.newKey(ticket.id)
      const order = { ticketId: ticket.id, agentId: 'budi', reason: 'BEBAN_KERJA', key: 'long' }
      const { assignment } = await desk.worklist.assign(sari, order)
      const until = async () => (await desk.world.store.work.assignments.findAssignment(ticket.id))!.leaseUntil
      expect(assignment.leaseUntil).toBe(desk.world.clock.at + 5 * HOUR)
      const first = await desk.worklist.drafts.save(budi, ticket.id, 'Menunggu jawaban.', 0)
      expect(await until()).toBe(assignment.leaseUntil)
      await desk.worklist.drafts.save(budi, ticket.id, '', first.version)
      expect(await until()).toBe(assignment.leaseUntil)
      // Given in the evening for the next morning: writing at home does not give it back.
      desk.world.clock.at = MONDAY_9 + 12 * HOUR
      const evening = await desk.worklist.assign(sari, { ...order, agentId: 'ani', key: 'evening' })
      const note = await desk.worklist.drafts.save(ani, ticket.id, 'Besok pagi.', 0)
      await desk.worklist.drafts.save(ani, ticket.id, '', note.version)
      expect(await until()).toBe(evening.assignment.leaseUntil)
    })

    it('A23 never gives a ticket to check to its maker, and says why in the list', async () => {
      const both = { id: 'ani', grants: [...ani.grants, { role: 'checker' as const, officeId: 'pusat' }] }
      const id = await desk.world.ticketIn('underVerification')
      const agent = { id: 'ani', role: 'agent' as const }
      const checklist = [{ item: 'KTP_COCOK', matched: true }]
      await desk.world.send(id, agent, 'identity.verify', { verdict: 'matched', checklist })
      await desk.world.send(id, agent, 'approval.propose')
      await desk.world.ring(id)
      expect(await next(both)).toBeNull()
      expect(await next(ani)).toBeNull()
      const refused = await refusalOf(desk.worklist.claim(both, id, 'MENDESAK', desk.key()))
      expect([refused.status, refused.code]).toEqual([403, 'OWN_CASE'])
      expect(JSON.stringify(refused.extra)).toContain('Pemeriksa harus orang lain')
      const { items } = await desk.worklist.listing.page(both, {}, 20, null)
      expect(items[0]!.blocked).toMatchObject({ code: 'INDEPENDENCE' })
      expect(await next(citra)).toBe(id)
    })

    it('takes skills and offices from the profile', async () => {
      const plain = await desk.waiting()
      const special = await desk.waiting({ cause: 'PERUBAHAN_STATUS' })
      const profile = { agentId: 'ani', skills: ['perubahan_status'], offices: null, wipLimit: 1 }
      await desk.worklist.desk.saveProfile(worker('root', 'admin', null), profile)
      await desk.worklist.desk.saveProfile(worker('root', 'admin', null), { ...profile, agentId: 'budi', skills: [] })
      expect(await codeOf(desk.worklist.desk.saveProfile(ani, profile))).toBe('ROLE_NOT_ALLOWED')
      expect(await next(budi)).toBe(plain.id)
      expect(await codeOf(next(budi))).toBe('WIP_LIMIT')
      await desk.worklist.release(budi, plain.id, null)
      const refused = await refusalOf(desk.worklist.claim(budi, special.id, 'MENDESAK', desk.key()))
      expect(JSON.stringify(refused.extra)).toContain('SKILL')
      expect(await next(ani)).toBe(plain.id)
    })

    it('A19 knows nothing of a ticket of another office', async () => {
      const ticket = await desk.waiting()
      const elsewhere = worker('eko', 'agent', 'cabang-makassar')
      expect((await desk.worklist.claimNext(elsewhere, desk.key())).assignment).toBeNull()
      const refused = await Promise.all(
        [
          desk.worklist.claim(elsewhere, ticket.id, 'MENDESAK', desk.key()),
          desk.worklist.heartbeat(elsewhere, ticket.id),
          desk.worklist.release(elsewhere, ticket.id, null),
          desk.worklist.drafts.read(elsewhere, ticket.id),
        ].map(codeOf),
      )
      expect(new Set(refused)).toEqual(new Set(['TICKET_NOT_FOUND']))
      expect((await desk.worklist.listing.page(elsewhere, {}, 20, null)).items).toEqual([])
      expect(await desk.worklist.listing.rows(elsewhere, [ticket.id])).toEqual([])
    })

    it('keeps others away from a held ticket, but not its supervisor', async () => {
      const ticket = await desk.waiting()
      await next(ani)
      const refused = await refusalOf(desk.worklist.mayAct(budi, ticket.id))
      expect(refused).toMatchObject({ code: 'TICKET_HELD', extra: { holder: 'ani' } })
      await desk.worklist.mayAct(ani, ticket.id)
      await desk.worklist.mayAct(sari, ticket.id)
      expect(await codeOf(desk.worklist.release(budi, ticket.id, null))).toBe('TICKET_HELD')
      expect(await codeOf(desk.worklist.claim(budi, ticket.id, 'MENDESAK', desk.key()))).toBe('TICKET_HELD')
      const log = await desk.world.store.work.assignments.assignmentLogOf(ticket.id)
      const again = await desk.worklist.claim(ani, ticket.id, 'MENDESAK', desk.key())
      expect(again).toMatchObject({ replayed: true, assignment: { ticketId: ticket.id, agentId: 'ani', how: 'next' } })
      expect(await desk.world.store.work.assignments.assignmentLogOf(ticket.id)).toEqual(log)
      await desk.worklist.release(sari, ticket.id, 'AGEN_SAKIT')
      await desk.worklist.mayAct(budi, ticket.id)
    })

    it('assigns and transfers inside the office, in one step, once per key', async () => {
      const ticket = await desk.waiting()
      await next(ani)
      const given = { ticketId: ticket.id, agentId: 'budi', reason: 'BEBAN_KERJA', key: 'assign-1' }
      expect(await codeOf(desk.worklist.assign(ani, given))).toBe('ROLE_NOT_ALLOWED')
      const first = await desk.worklist.assign(sari, given)
      expect(first).toMatchObject({ replayed: false, assignment: { agentId: 'budi', how: 'assigned', byId: 'sari' } })
      expect(await desk.worklist.assign(sari, given)).toMatchObject({ replayed: true })
      expect(await codeOf(desk.worklist.heartbeat(ani, ticket.id))).toBe('LEASE_LOST')
      expect(await codeOf(desk.worklist.transfer(ani, { ...given, key: 'x' }))).toBe('LEASE_LOST')
      desk.staff.set('eko', worker('eko', 'agent', 'cabang-makassar'))
      const away = desk.worklist.transfer(budi, { ...given, agentId: 'eko', key: 'y' })
      expect(await codeOf(away)).toBe('NOT_CLAIMABLE')
      await desk.worklist.transfer(budi, { ...given, agentId: 'ani', key: 'z' })
      expect((await desk.world.store.work.assignments.findAssignment(ticket.id))!.agentId).toBe('ani')
    })

    it('A23 A24 R-4E-4 no supervisor assigns to themselves what they made', async () => {
      desk.staff.set('sari', { id: 'sari', grants: [...sari.grants, { role: 'checker', officeId: 'pusat' }] })
      const id = await desk.world.ticketIn('underVerification')
      const maker = { id: 'sari', role: 'supervisor' as const }
      const checklist = [{ item: 'KTP_COCOK', matched: true }]
      await desk.world.send(id, maker, 'identity.verify', { verdict: 'matched', checklist })
      await desk.world.send(id, maker, 'approval.propose')
      const own = { ticketId: id, agentId: 'sari', reason: 'BEBAN_KERJA', key: 'own' }
      const refused = await refusalOf(desk.worklist.assign(sari, own))
      expect([refused.status, refused.code]).toEqual([403, 'OWN_CASE'])
      expect(JSON.stringify(refused.extra)).toContain('INDEPENDENCE')
      await desk.worklist.assign(sari, { ...own, agentId: 'citra', key: 'other' })
    })

    it('frees a ticket when its step is done, and when it goes to the participant', async () => {
      const ticket = await desk.waiting()
      await next(ani)
      const agent = { id: 'ani', role: 'agent' as const }
      const moved = () => desk.worklist.moved(ani, ticket.id)
      await desk.world.send(ticket.id, agent, 'verification.start')
      await moved()
      expect(await desk.world.store.work.assignments.findAssignment(ticket.id)).not.toBeNull()
      await desk.world.send(ticket.id, agent, 'documents.request', { documents: [{ kind: 'KTP', reason: 'BURAM' }] })
      await moved()
      expect(await desk.world.store.work.assignments.findAssignment(ticket.id)).toBeNull()
    })

    it('tidies what ran out, and what the participant or a timer moved on, and tells the audit', async () => {
      const lapsed = await desk.waiting()
      const moved = await desk.waiting()
      await next(ani)
      await next(budi)
      await desk.world.send(moved.id, { id: 'portal', role: 'portal' }, 'withdraw', { reason: 'SELESAI_SENDIRI' })
      expect(await desk.worklist.tidy()).toBe(1)
      desk.world.clock.at += HOUR
      expect(await desk.worklist.tidy()).toBe(1)
      expect(await desk.worklist.tidy()).toBe(0)
      const log = [lapsed, moved].map(async (it) => {
        const entries = await desk.world.store.work.assignments.assignmentLogOf(it.id)
        return entries.find((entry) => entry.fact === 'ended')?.how
      })
      expect(await Promise.all(log)).toEqual(['expired', 'moved'])
      expect(await desk.world.verify()).toEqual([])
    })
  })
}
