import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine, createIds, loadTicketTypes } from '../../src/engine/index.js'
import type { TimerRow } from '../../src/engine/types.js'
import { AHEAD_MS, BUCKET_MS, bucketOf } from '../../src/workers/alarms.js'
import { Bell, type Left } from '../../src/workers/bell.js'
import { logger, MORNING, SATURDAY, TestWorld } from './world.js'

const TICKETS = 300

/** One alarm rings for all that fall due within its stretch of time. */
describe('the bell', () => {
  let world: TestWorld
  let bell: Bell
  let stopping: AbortController
  let left: Left[]
  let rung: TimerRow[]

  const open = async (start: number) => {
    world = await TestWorld.open(start)
    stopping = new AbortController()
    left = []
    rung = []
    bell = new Bell(world.parts, stopping.signal, logger, (more) => {
      left.push(...more)
      return Promise.resolve()
    })
    const deliverTimer = world.engine.deliverTimer.bind(world.engine)
    world.engine.deliverTimer = (key, alarm) => {
      rung.push(key as TimerRow)
      return deliverTimer(key, alarm)
    }
  }
  /** Reminders of as many tickets, all filed at once or a while apart. */
  const reminders = async (tickets = TICKETS, apart: readonly number[] = []) => {
    const ids = new Set<string>()
    if (apart.length === 0)
      for (const id of await Promise.all(Array.from({ length: tickets }, () => world.file()))) ids.add(id)
    for (const [n, at] of apart.entries()) {
      const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ref_abcdef1', declaration: true }
      const actor = { id: 'portal', role: 'portal' } as const
      const command = { type: 'pengaduan', filing, actor, key: `portal:apart-${n}`, fingerprint: '', at }
      ids.add((await world.engine.file(command)).ticketId)
    }
    const pending = await world.store.pendingTimers(Infinity, 10_000, null)
    return pending.filter((it) => it.threshold === 'remind1' && ids.has(it.ticketId))
  }
  /** All of them, as alarms that ring together. */
  const ringFor = (timers: readonly TimerRow[]) => {
    const starts = new Set(timers.map((it) => bucketOf(it.dueAt)))
    return Promise.all([...starts].map((start) => bell.ring('sla-timers', start)))
  }
  const reminded = async (timers: readonly TimerRow[]) =>
    (await Promise.all(timers.map((it) => world.store.readLog(it.ticketId, 0, 100)))).map(
      (log) => log.filter((entry) => entry.event.type === 'noReply.remind').length,
    )
  const once = (timers: readonly TimerRow[]) => timers.map(() => 1)

  afterEach(() => world.close())

  describe('after an alarm', () => {
    let timers: readonly TimerRow[]
    beforeEach(async () => {
      await open(MORNING)
      timers = await reminders()
      world.clock.set(timers.at(-1)!.dueAt + BUCKET_MS)
    })

    it('delivers all that is due in its time in due order, each once, and nothing else', async () => {
      const [first] = timers
      expect(await bell.ring('sla-timers', bucketOf(first!.dueAt) - BUCKET_MS)).toBe('done')
      expect(rung).toEqual([])
      const outcomes = await ringFor(timers)
      expect(new Set(outcomes)).toEqual(new Set(['done']))
      expect(rung).toHaveLength(TICKETS)
      expect(rung.map((it) => it.dueAt)).toEqual(rung.map((it) => it.dueAt).toSorted((a, b) => a - b))
      expect(await reminded(timers)).toEqual(once(timers))
      expect(bell.busy).toBe(false)
    })

    it('rings once for alarms that come twice, at the same time and later', async () => {
      await Promise.all([ringFor(timers), ringFor(timers)])
      await ringFor(timers)
      expect(rung).toHaveLength(TICKETS)
      expect(await reminded(timers)).toEqual(once(timers))
    })

    it('leaves one that fails to a job of its own, and delivers the others', async () => {
      const broken = timers[3]!
      const deliverTimer = world.engine.deliverTimer.bind(world.engine)
      world.engine.deliverTimer = (key, alarm) =>
        key.ticketId === broken.ticketId ? Promise.reject(new Error('broken')) : deliverTimer(key, alarm)
      expect(new Set(await ringFor(timers))).toEqual(new Set(['done']))
      expect(left).toEqual([{ timer: broken, failed: true }])
      expect(await reminded(timers)).toEqual(timers.map((it) => (it === broken ? 0 : 1)))
    })

    it('leaves one that the engine calls early to a job of its own', async () => {
      const early = timers[3]!
      const deliverTimer = world.engine.deliverTimer.bind(world.engine)
      world.engine.deliverTimer = (key, alarm) =>
        key.ticketId === early.ticketId ? Promise.resolve('early') : deliverTimer(key, alarm)
      await ringFor(timers)
      expect(left).toEqual([{ timer: early, failed: false }])
    })

    it('says so when SQL cannot be read, and another alarm goes on', async () => {
      const start = bucketOf(timers[0]!.dueAt)
      const pendingTimers = world.store.pendingTimers.bind(world.store)
      world.store.pendingTimers = () => Promise.reject(new Error('gone'))
      await expect(bell.ring('sla-timers', start)).rejects.toThrow('gone')
      world.store.pendingTimers = pendingTimers
      expect(await bell.ring('sla-timers', start)).toBe('done')
      expect(rung.length).toBeGreaterThan(0)
    })

    it('ends after what it is doing when it is told to stop, and asks to be rung again', async () => {
      const ringing = ringFor(timers)
      stopping.abort()
      expect(await ringing).toContain('again')
      expect(await bell.ring('sla-timers', 0)).toBe('again')
      expect(rung.length).toBeLessThan(TICKETS)
    })

    it('is busy as long as a burst lasts, and quiet waits for it', async () => {
      const busy: boolean[] = []
      let afterwards: Promise<number> | undefined
      const deliverTimer = world.engine.deliverTimer.bind(world.engine)
      world.engine.deliverTimer = (key, alarm) => {
        busy.push(bell.busy)
        afterwards ??= bell.quiet(10_000).then(() => rung.length)
        return deliverTimer(key, alarm)
      }
      await ringFor(timers)
      expect(new Set(busy)).toEqual(new Set([true]))
      expect(await afterwards).toBe(TICKETS)
    })
  })

  it('rings ahead, reads the tickets, and delivers each at its instant', async () => {
    await open(MORNING)
    const timers = await reminders(
      0,
      [0, 30, 60, 90, 350].map((ms) => MORNING + ms - 500),
    )
    // An engine that has never heard of them.
    const ids = createIds(world.clock, (bytes) => crypto.getRandomValues(bytes))
    const engine = await createEngine({ store: world.store, clock: world.clock, types: await loadTicketTypes(), ids })
    bell = new Bell({ ...world.parts, engine }, stopping.signal, logger, () => Promise.resolve())
    const readAt: number[] = []
    const findTicket = world.store.findTicket.bind(world.store)
    world.store.findTicket = (id) => {
      readAt.push(world.clock.now())
      return findTicket(id)
    }
    const late: number[] = []
    const commit = world.store.commit.bind(world.store)
    world.store.commit = (changes) => {
      for (const { timersClosed } of changes)
        for (const { closedAt } of timersClosed) late.push(world.clock.now() - closedAt)
      return commit(changes)
    }
    world.clock.set(timers[0]!.dueAt - 400)
    await ringFor(timers)
    expect(readAt).toHaveLength(timers.length)
    expect(Math.max(...readAt)).toBeLessThan(timers[0]!.dueAt)
    expect(late).toHaveLength(timers.length)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...late)).toBeLessThan(4_000)
    expect(await reminded(timers)).toEqual(once(timers))
    await engine.stop()
  })

  it('finds a timer that is planned while its stretch of time lasts', async () => {
    await open(MORNING)
    const start = bucketOf(MORNING + 3 * 86_400_000) + 5 * BUCKET_MS
    world.clock.set(start - 200)
    const ringing = bell.ring('sla-timers', start)
    // The reminder comes three days after the filing.
    const [timer] = await reminders(0, [start + 90 - 3 * 86_400_000])
    expect(bucketOf(timer!.dueAt)).toBe(start)
    expect(await ringing).toBe('done')
    expect(rung.map((it) => it.ticketId)).toEqual([timer!.ticketId])
  })

  it('delivers only what rings in its queue', async () => {
    await open(SATURDAY)
    const ticketId = await world.file()
    for (const channel of ['email', 'phone'])
      await world.send(ticketId, { id: 'portal', role: 'portal' }, 'contact.prove', { channel })
    const release = (await world.store.timersOf(ticketId)).find((it) => it.family === 'release')!
    world.clock.set(release.dueAt + BUCKET_MS)
    expect(await bell.ring('sla-timers', bucketOf(release.dueAt))).toBe('done')
    expect(rung).toEqual([])
    expect(await bell.ring('verification', bucketOf(release.dueAt))).toBe('done')
    expect(rung.map((it) => it.family)).toEqual(['release'])
  })

  it('asks to be rung again when the clock was set back while it waited', async () => {
    await open(MORNING)
    const ringing = bell.ring('sla-timers', bucketOf(MORNING) + 10 * BUCKET_MS)
    world.clock.set(MORNING - 2 * AHEAD_MS)
    expect(await ringing).toBe('again')
  })
})
