import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { local } from '../../src/demo/period.js'
import { seedSampleTickets, type SeedParts } from '../../src/demo/seed.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock } from '../../src/engine/index.js'
import { verifyStore } from '../../src/engine/verify.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function start(at: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-seed-'))
  const clock = new VirtualClock(local(at))
  const store: Store = await openStore({ dataDir, clock })
  await seedReference(store, clock.now())
  const types = await loadTicketTypes()
  const engine = await createEngine({ store, types, clock, ids: createIds(clock, (bytes) => randomFillSync(bytes)) })
  open.push(async () => {
    await engine.stop()
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { clock, store, types, engine }
}

const STATES = [
  'underVerification',
  'contactUnproven',
  'submitted',
  'documentsRequested',
  'approvalProposed',
  'onHold',
  'referredToBranch',
  'underVerification',
  'applying',
]

describe('sample tickets', () => {
  it.each(['2026-02-04T10:30', '2026-02-04T03:00', '2026-02-04T12:30', '2026-02-04T08:00', '2026-02-04T23:59'])(
    'stand in many states at %s',
    async (at) => {
      const world = await start(at)
      const seeded = await seedSampleTickets(world)
      expect(seeded.map((it) => it.state)).toEqual(STATES)
      const late = await world.store.findTicket(seeded[7]!.ticketId)
      expect(late!.schedule.clocks.find((it) => it.target === 'resolution')!.outcome).toBe('breached')
      const report = await verifyStore({ ...world, reference: world.engine.reference })
      expect(report).toMatchObject({ tickets: STATES.length, problems: [] })
      const logs = await Promise.all(seeded.map((it) => world.store.readLog(it.ticketId, 0, 100)))
      expect(logs.flat().every((it) => it.at <= world.clock.now())).toBe(true)
    },
  )

  it.each(['2026-03-22T14:00', '2026-03-14T02:00', '2026-03-25T08:00', '2027-01-01T00:00'])(
    'can be filed on holidays and weekends too: %s',
    async (at) => {
      const world = await start(at)
      const seeded = await seedSampleTickets(world)
      expect(seeded).toHaveLength(STATES.length)
      const report = await verifyStore({ ...world, reference: world.engine.reference })
      expect(report.problems).toEqual([])
    },
  )

  it('are filed once: a later start finds them as people left them', async () => {
    const world = await start('2026-02-04T10:30')
    const first = await seedSampleTickets(world)
    world.clock.advance(60_000)
    const [{ ticketId }] = [first[0]!]
    const row = await world.store.findTicket(ticketId)
    await world.engine.handle({
      ticketId,
      event: { type: 'reject', code: 'DATA_TIDAK_LENGKAP' },
      actor: { id: 'somebody', role: 'agent' },
      key: null,
      fingerprint: null,
      expectedContentVersion: row!.contentVersion,
    })
    world.clock.advance(86_400_000)
    const again = await seedSampleTickets(world)
    expect(again.map((it) => it.ticketNumber)).toEqual(first.map((it) => it.ticketNumber))
    expect(again[0]!.state).toBe('rejected')
    expect(await world.store.countTickets({})).toBe(STATES.length)
  })

  it.each([1, 6, 11])('goes on where a start was cut off, at step %i', async (last) => {
    const world = await start('2026-02-04T10:30')
    let steps = 0
    const { engine } = world
    const dying: SeedParts['engine'] = {
      file: (command) => engine.file(command),
      deliverTimer: (timer) => engine.deliverTimer(timer),
      handle: (command) => (++steps > last ? Promise.reject(new Error('cut off')) : engine.handle(command)),
      reference: engine.reference,
    }
    await expect(seedSampleTickets({ ...world, engine: dying })).rejects.toThrow('cut off')
    world.clock.advance(60_000)
    expect((await seedSampleTickets(world)).map((it) => it.state)).toEqual(STATES)
    expect(await world.store.countTickets({})).toBe(STATES.length)
  })

  it('leaves a sample alone that was cut off and then worked on', async () => {
    const world = await start('2026-02-04T10:30')
    const { engine } = world
    const dying: SeedParts['engine'] = {
      file: (command) => engine.file(command),
      deliverTimer: (timer) => engine.deliverTimer(timer),
      handle: () => Promise.reject(new Error('cut off')),
      reference: engine.reference,
    }
    await expect(seedSampleTickets({ ...world, engine: dying })).rejects.toThrow('cut off')
    const [first] = (await world.store.listTickets({}, 'filed', 1, null)).items
    const withdraw = { ticketId: first!.id, event: { type: 'withdraw', reason: 'SUDAH_SELESAI' } }
    const actor = { id: 'portal', role: 'portal' as const }
    await engine.handle({
      ...withdraw,
      actor,
      key: null,
      fingerprint: null,
      expectedContentVersion: first!.contentVersion,
    })
    expect((await seedSampleTickets(world)).map((it) => it.state)).toEqual(['withdrawn', ...STATES.slice(1)])
  })
})
