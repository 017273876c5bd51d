import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, HOUR, MINUTE } from '../../support/world.js'
import { ani, budi, MONDAY_9, openDesk, sari, worker, type WorkDesk } from './desk.js'

/** What the list promises on every database. */
export function listingFeatures(name: string): void {
  describe(`the worklist on ${name}`, () => {
    let desk: WorkDesk
    beforeEach(async () => {
      desk = await openDesk()
    })
    afterEach(() => desk.close())
    const page = async (query = {}, who = ani, limit = 50) => desk.worklist.listing.page(who, query, limit, null)
    const ids = (items: readonly { row: { id: string } }[]) => items.map((it) => it.row.id)

    it('groups by what is left in business time, and says it in words', async () => {
      const monday = await desk.waiting()
      desk.world.clock.at = MONDAY_9 + 24 * HOUR
      const tuesday = await desk.waiting()
      const undated = await desk.waiting({ route: 'aplikasi' })
      // Tuesday 14.30. Monday's is due at the end of Tuesday; the seconds until its contacts were proven move that into Wednesday.
      desk.world.clock.at = MONDAY_9 + 29.5 * HOUR
      const before = await page()
      expect(ids(before.items)).toEqual([monday.id, tuesday.id, undated.id])
      expect(before.items.map((it) => [it.group, it.due.text])).toEqual([
        ['soon', 'Sisa 2 jam 30 menit kerja · jatuh tempo Rabu 08.00 WIB'],
        ['notYet', 'Sisa 10 jam 30 menit kerja · jatuh tempo Kamis 08.00 WIB'],
        ['notYet', 'Tanpa tenggat'],
      ])
      expect(before.groups!.map((it) => [it.group, it.count, it.more])).toEqual([
        ['veryLate', 0, false],
        ['late', 0, false],
        ['soon', 1, false],
        ['notYet', 2, false],
      ])
      // Wednesday 10.00: two open hours late; Thursday 10.00: ten, which is very late.
      desk.world.clock.at = MONDAY_9 + 49 * HOUR
      const [late] = (await page({ group: 'late' })).items
      expect([late!.row.id, late!.due.text]).toEqual([
        monday.id,
        'Terlambat 1 jam 59 menit kerja · jatuh tempo Rabu 08.00 WIB',
      ])
      desk.world.clock.at = MONDAY_9 + 73 * HOUR
      expect(ids((await page({ group: 'veryLate' })).items)).toEqual([monday.id])
      expect((await page()).groups!.map((it) => it.count)).toEqual([1, 1, 0, 1])
    })

    it('pages stably while tickets come in between, and filters', async () => {
      const all = []
      for (let n = 0; n < 7; n++) {
        desk.world.clock.at += MINUTE
        all.push(await desk.waiting(n % 2 === 0 ? {} : { cause: 'DATA_LAMA' }))
      }
      const seen: string[] = []
      let after = null
      do {
        const { items, next } = await desk.worklist.listing.page(ani, {}, 3, after)
        seen.push(...ids(items))
        if (seen.length === 3) await desk.waiting({ route: 'aplikasi' })
        after = next
      } while (after !== null)
      expect(seen.slice(0, 7)).toEqual(all.map((it) => it.id))
      expect((await page({ cause: 'DATA_LAMA' })).items).toHaveLength(3)
      expect((await page({ state: 'underVerification' })).items).toEqual([])
      await desk.world.store.intake.people.raiseFlag({
        ...{ ticketId: all[2]!.id, code: 'shared_device', detail: {}, raisedAt: MONDAY_9 },
      })
      const flagged = (await page({ risk: 'any' })).items
      expect([ids(flagged), flagged[0]!.flags]).toEqual([[all[2]!.id], ['shared_device']])
      await desk.worklist.claimNext(ani, 'mine')
      expect(ids((await page({ mine: true })).items)).toEqual([all[0]!.id])
      expect(ids((await page({ unassigned: true })).items)).not.toContain(all[0]!.id)
      const theirs = (await page({}, budi)).items[0]!
      expect(theirs).toMatchObject({ holder: { agentId: 'ani' }, blocked: { code: 'HELD' } })
      expect((await page({}, ani)).items[0]!.blocked).toBeNull()
    })

    it('A19 shows a branch its own tickets alone, and those who work everywhere all of them', async () => {
      const here = await desk.waiting()
      const there = await desk.waiting({ route: 'kantor_cabang', officeId: 'cabang-makassar' })
      expect(ids((await page()).items)).toEqual([here.id])
      expect(ids((await page({}, worker('m', 'agent', 'cabang-makassar'))).items)).toEqual([there.id])
      expect(ids((await page({}, worker('all', 'supervisor', null))).items)).toEqual([there.id, here.id])
      expect(ids((await page({ office: 'cabang-makassar' }, sari)).items)).toEqual([])
    })

    it('A42 counts searches per person and records them without what was searched for', async () => {
      const ticket = await desk.waiting()
      const { worklist, vault, world } = desk
      const nik = '3204114609970001'
      const index = vault.index('nik', nik)
      await vault.newKey(ticket.id)
      await world.store.intake.people.addIndexes([{ ticketId: ticket.id, kind: 'nik', ...index, createdAt: MONDAY_9 }])
      const found = await worklist.search.find(ani, { by: 'nik', value: nik })
      expect(ids(found)).toEqual([ticket.id])
      expect(await worklist.search.find(worker('far', 'agent', 'cabang-makassar'), { by: 'nik', value: nik })).toEqual(
        [],
      )
      expect(ids(await worklist.search.find(ani, { by: 'ticketNumber', value: ticket.ticketNumber }))).toEqual([
        ticket.id,
      ])
      for (let n = 1; n < 60; n++) await worklist.search.find(ani, { by: 'phone', value: `+62${n}` })
      expect(await codeOf(worklist.search.find(ani, { by: 'nik', value: nik }))).toBe('TOO_MANY_REQUESTS')
      expect(desk.audited.filter((it) => it.action === 'worklist.search' && it.actorId === 'ani')).toHaveLength(60)
      expect(JSON.stringify(desk.audited)).not.toContain(nik)
    })

    it('keeps notes sealed, each version once, and loses them with the person', async () => {
      const ticket = await desk.waiting()
      expect(await codeOf(desk.worklist.drafts.save(ani, ticket.id, 'Catatan', 0))).toBe('NOT_FOUND')
      await desk.vault.newKey(ticket.id)
      const secret = 'Penelepon menyebut NIK 3204114609970001'
      expect(await desk.worklist.drafts.save(ani, ticket.id, secret, 0)).toEqual({ version: 1 })
      expect(await codeOf(desk.worklist.drafts.save(ani, ticket.id, 'lain', 0))).toBe('CONFLICT')
      expect(await desk.worklist.drafts.save(ani, ticket.id, `${secret}!`, 1)).toEqual({ version: 2 })
      expect(await desk.worklist.drafts.read(ani, ticket.id)).toMatchObject({ text: `${secret}!`, version: 2 })
      expect(await desk.worklist.drafts.read(budi, ticket.id)).toBeNull()
      const texts: string[] = []
      await desk.world.store.eachText((_table, _column, text) => void texts.push(text))
      expect(texts.some((it) => it.includes('3204114609970001'))).toBe(false)
      const [cell] = await desk.world.store.intake.sealed.sealedCells('workDrafts', null, 10)
      expect(cell).toMatchObject({ table: 'work_drafts', row: `${ticket.id}:ani:2`, ticketId: ticket.id })
      const owed = { id: 'owed', kind: 'erasure', ticketId: ticket.id, ref: 'x', dueAt: 0, createdAt: 0 }
      await desk.world.store.intake.erasure.erasePerson({ ticketId: ticket.id, reason: 'REQUEST', erasedAt: 1 }, owed)
      expect(await desk.worklist.drafts.read(ani, ticket.id)).toBeNull()
    })

    it('takes its numbers from the newest policy', async () => {
      await desk.waiting()
      const { version, policy } = await desk.worklist.desk.policy()
      expect(version).toBe(0)
      const admin = worker('root', 'admin', null)
      expect(await desk.worklist.desk.publish(admin, { ...policy, leaseMinutes: 5 })).toBe(1)
      const { assignment } = await desk.worklist.claimNext(ani, 'short')
      expect(assignment!.leaseUntil).toBe(desk.world.clock.at + 5 * MINUTE)
      await expect(desk.world.sql('UPDATE work_policies SET published_at = 1')).rejects.toThrow(
        'work_policies_immutable',
      )
      await expect(desk.world.sql("UPDATE assignments SET agent_id = 'x'")).rejects.toThrow('assignments_holder_fixed')
      await expect(desk.world.sql('DELETE FROM assignment_log')).rejects.toThrow('assignment_log_append_only')
    })
  })
}
