import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, HOUR, keyOf, MINUTE, MORNING, portal, agent, World } from '../support/world.js'
import { brokenPromises, choose, storyOf, take, type Mood } from './walk.js'

/**
 * Two tickets live the same life. One meets a careless world: timers late, twice, out of order, long closed ones again, the process killed
 * in between. The other's timers ring on the millisecond. Their stories must be one and the same.
 */
let careless: World
let punctual: World
beforeAll(async () => {
  careless = await World.open()
  punctual = await World.open()
})
afterAll(async () => {
  await careless.close()
  await punctual.close()
})

const RUNS = 60
const jump = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 1_000) },
  { weight: 4, arbitrary: fc.integer({ min: MINUTE, max: 8 * HOUR }) },
  { weight: 2, arbitrary: fc.integer({ min: HOUR, max: 5 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: 5 * DAY, max: 20 * DAY }) },
)
/** `edge`: go to the very due instant of the n-th pending timer, or one millisecond beside it. */
const move = fc.record({
  jump,
  edge: fc.option(fc.record({ timer: fc.nat(5), beside: fc.constantFrom(-1, 0, 1) }), { freq: 3 }),
  pick: fc.nat(10_000),
  mood: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Mood>('ahead') },
    { weight: 4, arbitrary: fc.constant<Mood>('anywhere') },
    { weight: 1, arbitrary: fc.constant<Mood>('wild') },
  ),
  mischief: fc.array(fc.nat(30), { maxLength: 4 }),
  late: fc.double({ min: 0, max: 1, noNaN: true }),
  crash: fc.integer({ min: 0, max: 19 }).map((it) => it === 19),
})
const start = fc.record({
  route: fc.constantFrom('layanan_digital', 'layanan_digital', 'kantor_cabang', 'aplikasi'),
  cause: fc.constantFrom('HP_GANTI', 'DATA_LAMA'),
  at: fc.integer({ min: 0, max: 30 * 24 }).map((hours) => MORNING + hours * HOUR),
  desk: fc.boolean(),
})

async function ringOnTime(world: World, ticketId: string, until: number): Promise<void> {
  for (;;) {
    const [next] = await world.pending(ticketId)
    if (next === undefined || next.dueAt >= until) return
    world.clock.at = Math.max(world.clock.at, next.dueAt)
    await world.engine.deliverTimer(next)
  }
}
/** Rings whatever comes to hand: pending, closed or not yet due, some of them twice. */
async function ringCarelessly(world: World, ticketId: string, hands: readonly number[]): Promise<void> {
  const timers = await world.store.timersOf(ticketId)
  await Promise.all(
    hands.flatMap((hand) => {
      const timer = timers[hand % timers.length]
      if (timer === undefined) return []
      const key = keyOf(timer)
      return hand % 3 === 0
        ? [world.engine.deliverTimer(key), world.engine.deliverTimer(key)]
        : [world.engine.deliverTimer(key)]
    }),
  )
}

test('a careless world and a punctual one tell the same story', async () => {
  const states = new Set<string>()
  const life = fc.tuple(start, fc.array(move, { minLength: 8, maxLength: 40, size: 'max' }))
  await fc.assert(
    fc.asyncProperty(life, async ([{ route, cause, at, desk }, moves]) => {
      let now = at
      for (const world of [careless, punctual]) world.clock.at = now
      const filer = desk ? agent : portal
      const a = (await careless.file({ route, cause }, { actor: filer })).ticketId
      const b = (await punctual.file({ route, cause }, { actor: filer })).ticketId
      let before = await careless.row(a)
      for (const { jump, edge, pick, mood, mischief, late, crash } of moves) {
        const timer = edge === null ? undefined : (await careless.pending(a))[edge.timer]
        const next = timer === undefined ? now + jump : Math.max(now, timer.dueAt + edge!.beside)
        if (crash) {
          await careless.restart()
          // It knows no ticket, so it decides ahead on what it reads: that must come to the same whenever it rings.
          await careless.engine.foresee([a])
        }
        if (next - now > 1) {
          careless.clock.at = now + Math.floor(late * (next - now - 1))
          await ringCarelessly(careless, a, mischief)
        }
        await ringOnTime(punctual, b, next)
        now = next
        for (const world of [careless, punctual]) world.clock.at = now

        const step = choose(careless, before, pick, mood)
        expect(await take(careless, a, step)).toBe(await take(punctual, b, step))
        const row = await careless.row(a)
        states.add(row.state)
        expect(brokenPromises(row, await careless.log(a), await careless.store.timersOf(a))).toEqual([])
        expect(row.revision).toBeGreaterThanOrEqual(before.revision)
        expect(row.contentVersion).toBeGreaterThanOrEqual(before.contentVersion)
        before = row
      }
      now += 60 * DAY
      await ringOnTime(punctual, b, now)
      careless.clock.at = now
      for (const timer of await careless.store.timersOf(a)) await careless.engine.deliverTimer(timer)
      await careless.ring(a)
      expect(await storyOf(careless, a)).toEqual(await storyOf(punctual, b))
    }),
    { numRuns: RUNS },
  )
  expect(await careless.verify()).toEqual([])
  expect(await punctual.verify()).toEqual([])
  // The walks must have gone somewhere, or they proved little.
  for (const state of ['approvalProposed', 'documentsRequested', 'onHold', 'applying', 'contactUpdated', 'expired'])
    expect([...states]).toContain(state)
}, 180_000)
