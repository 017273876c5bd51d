import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../../../src/staff/ledger/index.js'
import { AFTER, applyCalendar, BEFORE, specOf } from '../../engine/redate.story.js'
import { choose } from '../../engine/walk.js'
import { agent, DAY, HOUR, keyOf, MINUTE, portal, seededRandom, World } from '../../support/world.js'

const quiet = { error: () => undefined }
const ledgerOf = ({ store, engine, clock }: World): Ledger => createLedger({ store, engine, clock, logger: quiet })
/** Without what differs between two worlds that lived the same life. */
const anonymous = (fold: unknown) =>
  JSON.parse(JSON.stringify(fold, (key, value: unknown) => (key === 'ticketId' ? undefined : value))) as unknown
const codes = (error: unknown) => (error as { code?: string }).code ?? String(error)

interface Sent {
  readonly ticket: number
  readonly at: number
  readonly version: number
  readonly step: ReturnType<typeof choose>
}
const TICKETS = 12

/** Lives of several tickets, timers rung at their instants; what was sent comes back, so that it can be sent again elsewhere. */
async function live(world: World, seed: number, between: (round: number) => Promise<unknown>) {
  const random = seededRandom(seed)
  const nat = (max: number) => Math.floor(random() * max)
  const routes = ['layanan_digital', 'layanan_digital', 'kantor_cabang'] as const
  const filed = Array.from({ length: TICKETS }, () => routes[nat(3)]!)
  const ids: string[] = []
  for (const route of filed) ids.push((await world.file({ route })).ticketId)
  const sent: Sent[] = []
  for (let round = 0; round < 14; round++) {
    await ringUntil(world, world.clock.at + [5 * MINUTE, 50 * MINUTE, 4 * HOUR, 19 * HOUR, 3 * DAY][nat(5)]!)
    for (const [ticket, id] of ids.entries()) {
      if (nat(4) === 0) continue
      world.clock.advance(1_000)
      await ringUntil(world, world.clock.at)
      const row = await world.row(id)
      const step = choose(world, row, nat(10_000), nat(3) === 0 ? 'anywhere' : 'ahead')
      const it = { ticket, at: world.clock.at, version: row.contentVersion, step }
      sent.push(it)
      await send(world, id, it)
    }
    await between(round)
  }
  return { ids, filed, sent }
}
const send = (world: World, id: string, { version, step: { actor, type, payload } }: Sent) =>
  (actor.role === 'system'
    ? world.system(id, type, payload)
    : world.send(id, actor, type, payload, { expectedContentVersion: version })
  ).catch(codes)

/** Every timer at its own instant, as workers that are never late would. */
async function ringUntil(world: World, until: number) {
  for (;;) {
    const [next] = await world.store.pendingTimers(until, 1, null)
    if (next === undefined) break
    world.clock.at = Math.max(world.clock.at, next.dueAt)
    await world.engine.deliverTimer(keyOf(next))
  }
  world.clock.at = until
}

/** What the ledger promises on every database. */
export function ledgerFeatures(name: string): void {
  describe(`the ledger on ${name}`, () => {
    let world: World
    beforeEach(async () => {
      world = await World.open()
    })
    afterEach(() => world.close())
    const folds = (of: World, ids: readonly string[]) => Promise.all(ids.map((id) => of.store.ledger.foldOf(id)))

    it('is the same caught up in any order, by whichever process, and folded again from nothing', async () => {
      const random = seededRandom(7)
      const processes = [ledgerOf(world), ledgerOf(world)]
      const { ids } = await live(world, 11, (round) =>
        round % 3 === 0 ? processes[round % 2]!.catchUp(1 + Math.floor(random() * 5)) : Promise.resolve(),
      )
      const ledger = processes[0]!
      while (!(await ledger.catchUp(3)));
      const caughtUp = await folds(world, ids)
      expect(caughtUp.every((it) => it !== null && it.facts.length > 0)).toBe(true)
      const said = caughtUp.flatMap((it) => it!.facts.map((fact) => fact.verdict))
      for (const verdict of ['met', 'late', 'void']) expect(said).toContain(verdict)
      expect(caughtUp.flatMap((it) => it!.pauses).length).toBeGreaterThan(0)
      expect(await ledger.rebuild()).toBe(TICKETS)
      expect(await folds(world, ids)).toEqual(caughtUp)
      await world.store.ledger.clear()
      await ledger.fold([...ids].sort(() => random() - 0.5))
      expect(await folds(world, ids)).toEqual(caughtUp)
      await ledger.catchUp()
      expect(await folds(world, ids)).toEqual(caughtUp)
    }, 120_000)

    it('does not ask when a worker woke up: the same life with workers that sleep gives the same rows', async () => {
      const { ids, filed, sent } = await live(world, 23, () => Promise.resolve())
      const end = world.clock.at
      await ledgerOf(world).catchUp()
      const sleepy = await World.open()
      try {
        const others: string[] = []
        for (const route of filed) others.push((await sleepy.file({ route })).ticketId)
        for (const it of sent) {
          sleepy.clock.at = it.at
          await send(sleepy, others[it.ticket]!, it)
        }
        await ringUntil(sleepy, end)
        await ledgerOf(sleepy).catchUp()
        expect(anonymous(await folds(sleepy, others))).toEqual(anonymous(await folds(world, ids)))
      } finally {
        await sleepy.close()
      }
    }, 120_000)

    it('counts a promise as broken at its due instant, before and after its timer has rung', async () => {
      const id = await world.ticketIn('underVerification')
      const ledger = ledgerOf(world)
      await ledger.catchUp()
      const [open] = (await ledger.promisesOf(id)).filter((it) => it.target === 'resolution')
      expect(open).toMatchObject({ verdict: 'late', verdictAt: open!.dueAt, settledAt: null, ended: null })
      await ringUntil(world, open!.dueAt + 3 * DAY)
      await ledger.catchUp()
      expect((await ledger.promisesOf(id)).filter((it) => it.target === 'resolution')).toEqual([open])
      await world.send(id, agent, 'reject', { code: 'BUKAN_PEMILIK' })
      await ledger.catchUp()
      expect((await ledger.promisesOf(id)).filter((it) => it.target === 'resolution')).toEqual([
        { ...open, settledAt: world.clock.at, ended: 'metLate' },
      ])
      const fold = await world.store.ledger.foldOf(id)
      expect(fold!.stays).toMatchObject([{ began: 'filed', ended: 'closed', outcome: 'rejected' }])
      expect(fold!.acts.map((it) => it.fact)).toEqual(['VerificationStarted', 'IdentityChecked', 'TicketRejected'])
    })

    it('notes what a promise waited for, in its own time, and whose it was', async () => {
      const id = await world.ticketIn('underVerification')
      const documents = [{ kind: 'KTP', reason: 'KURANG_JELAS' }]
      await world.send(id, agent, 'documents.request', { documents })
      const from = world.clock.at
      world.clock.advance(2 * HOUR)
      const file = { kind: 'KTP', ref: 'doc_scan-ktp', sha256: 'a'.repeat(64) }
      await world.send(id, portal, 'documents.upload', { documents: [file] })
      await ledgerOf(world).catchUp()
      const { pauses, facts } = (await world.store.ledger.foldOf(id))!
      expect(pauses.filter((it) => it.cause === 'documentsRequested')).toMatchObject([
        { target: 'resolution', fromAt: from, untilAt: world.clock.at, minutes: 120, officeId: 'pusat' },
      ])
      expect(facts).toMatchObject([
        { target: 'firstReview', verdict: 'met', calendar: expect.stringMatching(/@1$/) as string },
        { target: 'resolution', pausedMinutes: 120, policy: 'pengaduan@1', route: 'layanan_digital' },
      ])
    })

    it('leaves out a log that cannot be told again, and goes on', async () => {
      const bad = await world.ticketIn('submitted')
      const good = await world.ticketIn('submitted')
      const told: unknown[] = []
      const { store, engine, clock } = world
      const retell: typeof engine.retell = (log, head, seen) => {
        if (head.id === bad) throw new Error('no such event')
        engine.retell(log, head, seen)
      }
      const logger = { error: (facts: unknown) => void told.push(facts) }
      await createLedger({ store, engine: { reference: engine.reference, retell }, clock, logger }).catchUp()
      expect(await store.ledger.foldOf(bad)).toBeNull()
      expect(await store.ledger.foldOf(good)).not.toBeNull()
      expect(told).toMatchObject([{ ticketId: bad }])
    })
  })

  describe(`the ledger on ${name}, when the calendar changes`, () => {
    it('A46 files a second before Friday’s closing, in WIB and in WIT, and on a holiday: due by the calendar, moved with it, and counted on the day it fell due', async () => {
      const friday = Date.parse('2025-08-15T09:59:59Z')
      // A second before 17.00 in Jayapura it is 14.59.59 in Jakarta.
      const world = await World.open({ start: friday - 2 * HOUR })
      try {
        for (const spec of BEFORE) await world.store.publishCalendar({ ...spec, version: 2 }, friday - 2 * HOUR)
        await world.engine.refreshReference()
        const filed = async (filing: Record<string, unknown> = {}) => {
          const { ticketId } = await world.file(filing)
          for (const channel of ['email', 'phone']) await world.send(ticketId, portal, 'contact.prove', { channel })
          return ticketId
        }
        const dueOf = async (id: string, target: string) => {
          await world.engine.refreshReference()
          const clock = (await world.row(id)).schedule.clocks.find((it) => it.target === target)
          return new Date(clock!.dueAt).toISOString()
        }
        // Too late for Friday's own closing (D24), so until Monday's, by the clock of the officers who do it.
        const walkIn = await filed({ route: 'kantor_cabang', officeId: 'cabang-jayapura' })
        expect(await dueOf(walkIn, 'resolution')).toBe('2025-08-18T08:00:00.000Z')
        world.clock.at = friday
        const ticketId = await filed()
        const ledger = ledgerOf(world)
        await ledger.catchUp()
        const review = async () => (await ledger.promisesOf(ticketId)).find((it) => it.target === 'firstReview')
        const before = await review()
        const pusat = world.engine.reference.office('pusat').calendarId
        await applyCalendar(world, world.store, { ...specOf(AFTER, pusat), version: 3 })
        await ledger.catchUp()
        const after = await review()
        expect([before!.verdictDay, after!.verdictDay]).toEqual(['2025-08-18', '2025-08-19'])
        expect([before!.calendar, after!.calendar]).toEqual([`${pusat}@2`, `${pusat}@3`])
        const moved = (await world.log(ticketId)).filter((it) => it.fact === 'CalendarChanged')
        expect(moved).toMatchObject([{ actorId: 'sari', calendar: `${pusat}@3` }])
        await ledger.rebuild()
        expect(await review()).toEqual(after)
        // The branch in the east has a calendar of its own: it moves when that one does, and not before.
        expect(await dueOf(walkIn, 'resolution')).toBe('2025-08-18T08:00:00.000Z')
        const jayapura = world.engine.reference.office('cabang-jayapura').calendarId
        await applyCalendar(world, world.store, { ...specOf(AFTER, jayapura), version: 3 })
        expect(await dueOf(walkIn, 'resolution')).toBe('2025-08-19T08:00:00.000Z')
        expect((await world.facts(walkIn)).filter((it) => it === 'CalendarChanged')).toHaveLength(1)
        // On the day that became one off: counted as the next morning's.
        world.clock.at = Date.parse('2025-08-18T05:00:00Z')
        expect(await dueOf(await filed(), 'firstReview')).toBe('2025-08-20T10:00:00.000Z')
      } finally {
        await world.close()
      }
    })
  })
}
