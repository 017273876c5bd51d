import { afterEach, describe, expect, it } from 'vitest'
import { createEngine, createIds, loadTicketTypes } from '../../src/engine/index.js'
import type { TimerRow } from '../../src/engine/types.js'
import { AHEAD_MS, alarmAgain, alarmsFor, BUCKET_MS, bucketOf, timerJob, timerJobId } from '../../src/workers/alarms.js'
import { startFeeding, startWorkers } from '../../src/workers/index.js'
import { TimerWindow } from '../../src/workers/timers.js'
import { logger, MORNING, portal, TestWorld } from './world.js'

const SOON = { timeout: 45_000, interval: 20 }
const QUIET = { relayPollMs: 3_600_000, sweepMs: 3_600_000 }
const DAY = 86_400_000
const BACKOFF_MS = 2_000

const timerAt = (dueAt: number, family = 'noReply'): TimerRow => ({
  ticketId: 't',
  family,
  threshold: 'remind1',
  generation: 1,
  dueAt,
  state: 'pending',
  closedAt: null,
})

describe('alarms', () => {
  const now = MORNING
  const specs = (timers: readonly TimerRow[]) =>
    Object.fromEntries([...alarmsFor(timers, now, BACKOFF_MS)].map(([queue, jobs]) => [queue, jobs]))

  it('are one for each stretch of time and queue, whatever it holds, and ring ahead of it', () => {
    const start = bucketOf(now + 3_600_000)
    const crowd = Array.from({ length: 1_000 }, (_, n) => timerAt(start + (n % BUCKET_MS)))
    const alarms = specs([...crowd, timerAt(start + BUCKET_MS), timerAt(start, 'release')])
    expect(alarms['sla-timers']!.map((it) => it.data)).toEqual([{ start }, { start: start + BUCKET_MS }])
    expect(alarms['verification']!.map((it) => it.data)).toEqual([{ start }])
    expect(alarms['sla-timers']![0]).toMatchObject({ jobId: `alarm-${start}`, delayMs: start - now - AHEAD_MS })
  })

  it('of a stretch that is over have an id of their own, so that none that looked its last stands in the way', () => {
    const start = bucketOf(now) - BUCKET_MS
    const [late] = specs([timerAt(start + 3)])['sla-timers']!
    expect(late).toMatchObject({ jobId: `alarm-${start}-${now}`, data: { start } })
    const [current] = specs([timerAt(bucketOf(now))])['sla-timers']!
    expect(current!.jobId).toBe(`alarm-${bucketOf(now)}`)
  })

  it('that are rung again get another id each time', () => {
    const start = bucketOf(now)
    const again = alarmAgain({ start }, now, BACKOFF_MS)
    expect(again.jobId).toBe(`alarm-${start}-again1`)
    expect(alarmAgain(again.data, now, BACKOFF_MS).jobId).toBe(`alarm-${start}-again2`)
  })
})

describe('a timer’s own job', () => {
  it('has an id that BullMQ takes', () => {
    expect(timerJobId({ ticketId: 't', family: 'sla:resolution', threshold: 'warn:80', generation: 3 })).toBe(
      'timer-t-sla.resolution-warn.80-3',
    )
  })

  it('goes on where the alarm failed: four more tries, each wait twice the one before', () => {
    const job = timerJob(timerAt(MORNING), MORNING + 5, BACKOFF_MS, 1)
    expect(job).toMatchObject({ delayMs: BACKOFF_MS, attempts: 4, backoffMs: 2 * BACKOFF_MS, data: { tried: 1 } })
  })

  it('waits for what is left when it rang early', () => {
    expect(timerJob(timerAt(MORNING), MORNING - 700, BACKOFF_MS, 0)).toMatchObject({ delayMs: 700, attempts: 5 })
    expect(timerJob(timerAt(MORNING), MORNING - 700, BACKOFF_MS, 0, 2).jobId).toMatch(/-again2$/)
  })
})

describe('the window of alarms', () => {
  let world: TestWorld
  afterEach(() => world.close())

  let keys = 0
  /** A ticket whose participant is reminded three days after `at`. */
  const fileAt = async (at: number) => {
    const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ref_abcdef1', declaration: true }
    const command = { type: 'pengaduan', filing, actor: portal, key: `portal:at-${++keys}`, fingerprint: '', at }
    return (await world.engine.file(command)).ticketId
  }
  const remindedAt = async (ticketId: string) =>
    (await world.store.timersOf(ticketId)).find((it) => it.threshold === 'remind1' && it.state === 'fired')?.closedAt

  it('holds one for a crowded instant, and reads one page of it', async () => {
    world = await TestWorld.open(MORNING)
    await Promise.all(Array.from({ length: 1_200 }, () => fileAt(MORNING)))
    const pendingTimers = world.store.pendingTimers.bind(world.store)
    let pages = 0
    world.store.pendingTimers = (...args) => {
      pages++
      return pendingTimers(...args)
    }
    const window = new TimerWindow(world.parts, world.queues, { windowMs: 30 * DAY, backoffMs: BACKOFF_MS }, logger)
    const instants = new Set((await pendingTimers(Infinity, 10_000, null)).map((it) => it.dueAt)).size
    expect(await window.move()).toBe(instants)
    expect(await world.queues.counts('sla-timers')).toMatchObject({ delayed: instants })
    expect(pages).toBe(instants + 1)
    await window.move(true)
    expect(await world.queues.counts('sla-timers')).toMatchObject({ delayed: instants })
  })

  it('misses no timer that another process plans while its alarm rings, or after it has rung', async () => {
    world = await TestWorld.open(MORNING)
    const ids = createIds(world.clock, (bytes) => crypto.getRandomValues(bytes))
    const { store, clock, queues } = world
    const worker = await createEngine({ store, clock, types: await loadTicketTypes(), ids })
    const workers = startWorkers({ engine: worker, store, clock, queues, logger, options: QUIET })
    await workers.settled()
    const feeding = startFeeding({ ...world.parts, queues, logger, options: QUIET })
    // After what rings at the start whether there is an alarm or not.
    const due = bucketOf(clock.now()) + 2 * AHEAD_MS + 6 * BUCKET_MS + 40
    const first = await fileAt(due - 3 * DAY)
    await expect.poll(async () => (await queues.counts('sla-timers')).active, SOON).toBe(1)
    const second = await fileAt(due + 20 - 3 * DAY)
    await expect.poll(() => remindedAt(second), SOON).toBe(due + 20)
    expect(await remindedAt(first)).toBe(due)
    const third = await fileAt(due - 3 * DAY)
    await expect.poll(() => remindedAt(third), SOON).toBe(due)
    const fourth = await fileAt(due + 1 - 3 * DAY)
    await expect.poll(() => remindedAt(fourth), SOON).toBe(due + 1)
    await expect.poll(() => queues.counts('sla-timers'), SOON).toMatchObject({ waiting: 0, active: 0 })
    await feeding.stop()
    await workers.stop()
    await worker.stop()
  })

  it('needs no queue for what falls due in a moment where the workers are', async () => {
    world = await TestWorld.open(MORNING)
    await world.start(QUIET)
    world.queues.addBulk = () => Promise.reject(new Error('gone'))
    for (const inMs of [AHEAD_MS - 100, 300, 0, -400]) {
      const due = world.clock.now() + inMs
      const ticketId = await fileAt(due - 3 * DAY)
      await expect.poll(() => remindedAt(ticketId), SOON).toBe(due)
    }
  })

  it('rings alarms that a process had taken when it died: their jobs are locked for a while yet', async () => {
    world = await TestWorld.open(MORNING)
    const due = world.clock.now() + 1_500
    // The other process takes the job and never comes back.
    const taken = new Promise<void>((resolve) => {
      world.queues.worker(
        'sla-timers',
        () => {
          resolve()
          return new Promise(() => undefined)
        },
        { concurrency: 1 },
      )
    })
    const start = bucketOf(due)
    await world.queues.add('sla-timers', 'alarm', { start }, { jobId: `alarm-${start}` })
    await taken
    const ticketId = await fileAt(due - 3 * DAY)
    await world.start(QUIET)
    await expect.poll(() => remindedAt(ticketId), SOON).toBe(due)
  })
})
