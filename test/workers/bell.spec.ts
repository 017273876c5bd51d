import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TimerRow } from '../../src/engine/types.js'
import { Bell } from '../../src/workers/bell.js'
import { MORNING, TestWorld } from './world.js'

const TICKETS = 300

/** One alarm rings for all that are due. */
describe('the bell', () => {
  let world: TestWorld
  let bell: Bell
  let stopping: AbortController
  let reminders: readonly TimerRow[]
  let rung: TimerRow[]
  beforeEach(async () => {
    world = await TestWorld.open(MORNING)
    stopping = new AbortController()
    bell = new Bell(world.parts, stopping.signal)
    await Promise.all(Array.from({ length: TICKETS }, () => world.file()))
    const pending = await world.store.pendingTimers(Infinity, 10_000, null)
    reminders = pending.filter((it) => it.threshold === 'remind1')
    rung = []
    const deliverTimer = world.engine.deliverTimer.bind(world.engine)
    world.engine.deliverTimer = (key, alarm) => {
      rung.push(key as TimerRow)
      return deliverTimer(key, alarm)
    }
    world.clock.set(reminders.at(-1)!.dueAt + 1)
  })
  afterEach(() => world.close())

  const reminded = async () =>
    (await Promise.all(reminders.map((it) => world.store.readLog(it.ticketId, 0, 100)))).map(
      (log) => log.filter((entry) => entry.event.type === 'noReply.remind').length,
    )

  it('delivers all that is due in due order, each once, and the other alarms find their work done', async () => {
    expect(await bell.ring(reminders[7]!)).toBe('fired')
    await bell.quiet(10_000)
    expect(rung).toHaveLength(TICKETS)
    expect(rung.map((it) => it.dueAt)).toEqual(rung.map((it) => it.dueAt).sort((a, b) => a - b))
    const verdicts = await Promise.all(reminders.filter((_, n) => n !== 7).map((it) => bell.ring(it)))
    expect(new Set(verdicts)).toEqual(new Set(['fired']))
    expect(rung).toHaveLength(TICKETS)
    expect(await reminded()).toEqual(reminders.map(() => 1))
  })

  it('fires each once also when all alarms ring at the same time, some of them twice', async () => {
    const alarms = [...reminders, ...reminders.slice(0, 50)]
    const verdicts = await Promise.all(alarms.map((it) => bell.ring(it)))
    expect(verdicts.filter((it) => it === 'early')).toEqual([])
    expect(await reminded()).toEqual(reminders.map(() => 1))
    expect(bell.busy).toBe(false)
  })

  it('says what is not due yet, and what is no more', async () => {
    const later = (await world.store.timersOf(reminders[0]!.ticketId)).find((it) => it.threshold === 'remind2')!
    expect(await bell.ring(later)).toBe('early')
    expect(await bell.ring({ ...later, generation: 99 })).toBe('dropped')
  })

  it('leaves one that fails to its own alarm, and delivers the others', async () => {
    const [broken, other] = [reminders[3]!, reminders[4]!]
    const deliverTimer = world.engine.deliverTimer.bind(world.engine)
    world.engine.deliverTimer = (key, alarm) =>
      key.ticketId === broken.ticketId ? Promise.reject(new Error('broken')) : deliverTimer(key, alarm)
    expect(await bell.ring(other)).toBe('fired')
    await bell.quiet(10_000)
    await expect(bell.ring(broken)).rejects.toThrow('broken')
    world.engine.deliverTimer = deliverTimer
    expect(await bell.ring(broken)).toBe('fired')
    expect(await reminded()).toEqual(reminders.map(() => 1))
  })

  it('ends after what it is doing when it is told to stop', async () => {
    stopping.abort()
    await bell.ring(reminders[0]!)
    await bell.quiet(10_000)
    expect(rung.length).toBeLessThan(TICKETS)
  })
})
