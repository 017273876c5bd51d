import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embeddedSink } from '../../../src/ports/sink.js'
import { createNotices, shownAt, type Notices } from '../../../src/staff/escalation/index.js'
import type { Grant, Principal } from '../../../src/staff/principal.js'
import { createDeliverer } from '../../../src/workers/deliver.js'
import { agent, codeOf, DAY, keyOf, MINUTE, World } from '../../support/world.js'

/** Monday 23 November 2026, 09.00 WIB: two ordinary weeks follow. */
const MONDAY_9 = Date.parse('2026-11-23T02:00:00Z')
const person = (id: string, ...grants: readonly Grant[]): Principal => ({
  ...{ id, via: 'session', grants, scopes: null, sessionId: null, steppedUpAt: null },
})
const ani = person('ani', { role: 'agent', officeId: 'pusat' })
const budi = person('budi', { role: 'agent', officeId: 'pusat' })
const sari = person('sari', { role: 'supervisor', officeId: 'pusat' })
const makassar = person('tuti', { role: 'supervisor', officeId: 'cabang-makassar' })
const auditor = person('dewi', { role: 'auditor', officeId: null })

/** What the ladder promises on every database. */
export function escalationFeatures(name: string): void {
  describe(`warnings and breaches on ${name}`, () => {
    let world: World
    let notices: Notices
    beforeEach(async () => {
      world = await World.open({ start: MONDAY_9 })
      notices = createNotices(world)
    })
    afterEach(() => world.close())

    /** Every timer until then at its own instant, and everything that goes out, twice. */
    async function pass(id: string, until: number) {
      const deliverer = createDeliverer(world, notices.sink(embeddedSink), 3)
      const sink = notices.sink(embeddedSink)
      for (;;) {
        const [next] = await world.store.pendingTimers(until, 1, null)
        world.clock.at = next === undefined ? until : Math.max(world.clock.at, next.dueAt)
        if (next !== undefined) await world.engine.deliverTimer(keyOf(next))
        for (const row of await world.store.outboxOf(id)) {
          if (row.deliveredAt !== null) continue
          // A crash between the effect and its mark: the same message comes again.
          const { ticketId, kind, body } = row
          await sink.deliver({ id: `${ticketId}-${row.seq}-${row.createdAt.toString(36)}`, ticketId, kind, body })
          await deliverer.deliver(row)
        }
        if (next === undefined) return
      }
    }
    const seen = async (who: Principal, unread = false) => {
      const rows = await notices.list(who, unread, 50, null)
      return rows.map((it) => (it.about === 'access' ? it.kind : `${it.target} ${it.threshold} ${it.role}`)).reverse()
    }

    it('climb from whoever works on it to supervisor and head of unit, once for each threshold', async () => {
      const id = await world.ticketIn('underVerification')
      await pass(id, world.clock.at + 8 * DAY)
      expect(await seen(ani)).toEqual(['resolution warn50 agent', 'resolution warn80 agent', 'resolution due agent'])
      expect(await seen(sari)).toEqual(['resolution ladder1 supervisor', 'resolution ladder2 unitHead'])
      expect([await seen(makassar), await seen(auditor)]).toEqual([[], []])
      // Nothing of it went where mail and outside systems are.
      const sent = await world.store.listDeliveries(null, id, 50)
      expect(sent.filter((it) => String(it.body['template']).startsWith('sla.'))).toEqual([])
      const [breached] = (await notices.list(sari, false, 1, null)).map((it) => it)
      expect(breached).toMatchObject({ kind: 'escalated', ticketNumber: (await world.row(id)).ticketNumber })
    })

    it('begin anew in a new cycle', async () => {
      const id = await world.ticketIn('underVerification')
      await pass(id, world.clock.at + 2 * DAY)
      await world.send(id, agent, 'reject', { code: 'BUKAN_PEMILIK' })
      await world.send(id, { id: 'portal', role: 'portal' }, 'reopen')
      for (const channel of ['email', 'phone'])
        await world.send(id, { id: 'portal', role: 'portal' }, 'contact.prove', { channel })
      await pass(id, world.clock.at + 9 * DAY)
      expect((await seen(ani)).filter((it) => it.startsWith('resolution warn50'))).toHaveLength(2)
    })

    it('reach an agent only while they hold the ticket, or while nobody does', async () => {
      const id = await world.ticketIn('underVerification')
      const at = world.clock.at
      let claims = 0
      const given = async (to: string) => {
        const end = { how: 'reassigned', byId: 'sari', reason: null, at: world.clock.at }
        await world.store.work.assignments.endAssignment(id, null, end)
        const claimId = `00000000-0000-7000-8000-00000000000${++claims}`
        await world.sql(
          `insert into assignments (ticket_id, claim_id, agent_id, office_id, slot, how, by_id, claimed_at, heartbeat_at, lease_until, draft)
           values ($1, $2, $3, 'pusat', 0, 'next', $3, $4, $4, $5, ${name === 'SQLite' ? '0' : 'false'})`,
          [id, claimId, to, at, at + 30 * DAY],
        )
      }
      await given('budi')
      await pass(id, at + 2 * DAY)
      expect([await seen(ani), await seen(budi)]).toEqual([[], ['resolution warn50 agent']])
      // Taken from budi and given to ani, then to a supervisor: it goes along, and nobody else hears of it any more.
      const noticeId = (await notices.list(budi, false, 1, null))[0]!.id
      await given('ani')
      expect([await seen(ani), await seen(budi), await seen(sari)]).toEqual([['resolution warn50 agent'], [], []])
      expect(await codeOf(notices.read(budi, noticeId))).toBe('NOT_FOUND')
      await given('sari')
      expect([await seen(ani), await seen(budi), await seen(sari)]).toEqual([[], [], ['resolution warn50 agent']])
      // Nobody works on it any more: whoever may take it is told.
      world.clock.at += 40 * DAY
      expect([await seen(ani), await seen(budi), await seen(sari)]).toEqual([
        ...[['resolution warn50 agent'], ['resolution warn50 agent']],
        [],
      ])
    })

    it('come once however often the ticket is handed on, waits for documents and goes on', async () => {
      const id = await world.ticketIn('underVerification')
      const warned = async () => (await seen(ani)).concat(await seen(sari)).toSorted()
      await pass(id, world.clock.at + 2 * DAY)
      for (const kind of ['KTP', 'KARTU_KELUARGA']) {
        await world.send(id, agent, 'documents.request', { documents: [{ kind, reason: 'BURAM' }] })
        await pass(id, world.clock.at + DAY)
        const document = { kind, ref: 'doc_abcdef', sha256: 'a'.repeat(64) }
        await world.send(id, { id: 'portal', role: 'portal' }, 'documents.upload', { documents: [document] })
        await pass(id, world.clock.at + MINUTE)
      }
      await pass(id, world.clock.at + 14 * DAY)
      expect(await warned()).toEqual(
        ['warn50 agent', 'warn80 agent', 'due agent', 'ladder1 supervisor', 'ladder2 unitHead']
          .map((it) => `resolution ${it}`)
          .toSorted(),
      )
    })

    it('wait for the next opening of their office', async () => {
      const id = await world.ticketIn('underVerification')
      const [warning] = (await world.pending(id)).filter((it) => it.threshold === 'warn50')
      // Rung late, on Saturday evening: a worker that slept must not wake anybody.
      world.clock.at = Date.parse('2026-11-28T13:00:00Z')
      await world.engine.deliverTimer(keyOf(warning!))
      const [row] = (await world.store.outboxOf(id)).filter((it) => it.body['template'] === 'sla.warning')
      await createDeliverer(world, notices.sink(embeddedSink), 3).deliver(row!)
      expect(await seen(ani)).toEqual([])
      world.clock.at += 14 * DAY
      const [shown] = await notices.list(ani, false, 1, null)
      expect(shown!.at).toBe(warning!.dueAt)
      // Monday, when the office opens in Jakarta.
      expect(new Date(shownAt(shown!)).toISOString()).toBe('2026-11-30T01:00:00.000Z')
    })

    it('D35 are shown at once where the office has closed for good', async () => {
      const id = await world.ticketIn('underVerification')
      const [warning] = (await world.pending(id)).filter((it) => it.threshold === 'warn50')
      const { calendarId } = world.engine.reference.office('pusat')
      const spec = (await world.store.calendars()).findLast((it) => it.id === calendarId)!
      const closed = { ...spec, version: spec.version + 1, weekly: {}, seasons: [] }
      await world.store.publishCalendar(closed, world.clock.at)
      await world.engine.refreshReference()
      world.clock.at = warning!.dueAt
      await world.engine.deliverTimer(keyOf(warning!))
      const [row] = (await world.store.outboxOf(id)).filter((it) => it.body['template'] === 'sla.warning')
      await createDeliverer(world, notices.sink(embeddedSink), 3).deliver(row!)
      expect(await seen(ani)).toEqual(['resolution warn50 agent'])
    })

    it('A19 are gone with the ticket when another office takes it', async () => {
      const id = await world.ticketIn('underVerification')
      await pass(id, world.clock.at + 2 * DAY)
      expect(await notices.unread(ani)).toBe(1)
      const noticeId = (await notices.list(ani, false, 1, null))[0]!.id
      const transfer = { officeId: 'cabang-makassar', reason: 'SALAH_KANTOR' }
      await world.send(id, { id: 'supervisor-1', role: 'supervisor' }, 'office.transfer', transfer)
      expect([await seen(ani), await notices.unread(ani)]).toEqual([[], 0])
      expect(await codeOf(notices.read(ani, noticeId))).toBe('NOT_FOUND')
    })

    it('are read by each person for themselves, and page by page', async () => {
      const id = await world.ticketIn('underVerification')
      await pass(id, world.clock.at + 8 * DAY)
      const first = await notices.list(ani, true, 2, null)
      const last = first.at(-1)!
      const rest = await notices.list(ani, true, 2, { key: shownAt(last), id: last.id })
      expect([first.length, rest.length, await notices.unread(ani)]).toEqual([2, 1, 3])
      await notices.read(ani, first[0]!.id)
      const readAt = world.clock.at
      world.clock.advance(MINUTE)
      await notices.read(ani, first[0]!.id)
      expect([await notices.unread(ani), await notices.unread(budi)]).toEqual([2, 3])
      expect((await notices.list(ani, false, 1, null))[0]!.readAt).toBe(readAt)
      expect(await codeOf(notices.read(sari, first[0]!.id))).toBe('NOT_FOUND')
    })
  })
}
