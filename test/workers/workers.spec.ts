import { afterEach, describe, expect, it } from 'vitest'
import { PulihError } from '../../src/engine/errors.js'
import { httpSink } from '../../src/ports/sink.js'
import { createDeliverer } from '../../src/workers/deliver.js'
import { sweep } from '../../src/workers/sweeper.js'
import { logger, MORNING, Receiver, SATURDAY, TestWorld } from './world.js'

const SOON = { timeout: 45_000, interval: 20 }
/** Loops that stay out of the way, so that a test sees one thing at work. */
const QUIET = { relayPollMs: 3_600_000, sweepMs: 3_600_000 }

let world: TestWorld
let receiver: Receiver | null = null
afterEach(async () => {
  await world.close()
  await receiver?.close()
  receiver = null
})

const openWorld = async (start = MORNING) => (world = await TestWorld.open(start))
const openReceiver = async () => (receiver = await Receiver.open())

describe('timers', () => {
  it('ring when they fall due, and what they cause is delivered', async () => {
    await openWorld()
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds - 4_000)
    await world.start({ ...QUIET })
    expect(await world.state(ticketId)).toBe('onHold')
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
    const hold = (await world.store.timersOf(ticketId)).find((it) => it.family === 'hold')!
    expect(hold.state).toBe('fired')
    expect(hold.closedAt! - hold.dueAt).toBeLessThan(4_000)
    const { rows } = await world.deliveries(ticketId)
    await expect.poll(() => world.deliveries(ticketId), SOON).toEqual({ rows, marked: rows, received: rows })
    const [command] = await world.store.listDeliveries('account', ticketId, 10)
    expect(command!.body).toMatchObject({ port: 'account', operation: 'replaceContacts' })
  })

  it('of the gate go to a queue of their own, the rest waits in its queue or in SQL', async () => {
    await openWorld(SATURDAY)
    await world.start({ ...QUIET, windowMs: 47 * 3_600_000 })
    const ticketId = await world.file()
    await world.send(ticketId, { id: 'portal', role: 'portal' }, 'contact.prove', { channel: 'email' })
    await world.send(ticketId, { id: 'portal', role: 'portal' }, 'contact.prove', { channel: 'phone' })
    const pending = (await world.store.timersOf(ticketId)).filter((it) => it.state === 'pending')
    const release = pending.find((it) => it.family === 'release')!
    await expect.poll(() => world.queues.counts('verification'), SOON).toMatchObject({ delayed: 1 })
    const near = pending.filter((it) => it.family !== 'release' && it.dueAt <= world.clock.now() + 47 * 3_600_000)
    expect(near.length).toBeLessThan(pending.length - 1)
    expect((await world.queues.counts('sla-timers')).delayed).toBe(near.length)
    expect((await world.store.findTicket(ticketId))!.releasedAt).toBeNull()
    expect(release.dueAt).toBeGreaterThan(world.clock.now())
  })

  it('open the gate at the next opening', async () => {
    await openWorld(SATURDAY)
    const ticketId = await world.file()
    for (const channel of ['email', 'phone'])
      await world.send(ticketId, { id: 'portal', role: 'portal' }, 'contact.prove', { channel })
    const release = (await world.store.timersOf(ticketId)).find((it) => it.family === 'release')!
    world.clock.set(release.dueAt - 500)
    await world.start(QUIET)
    await expect.poll(async () => (await world.store.findTicket(ticketId))!.releasedAt, SOON).toBe(release.dueAt)
  })

  it('that ring early by the engine’s clock are set again for what is left', async () => {
    await openWorld()
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds - 300)
    await world.start(QUIET)
    world.clock.set(holdEnds - 1_200)
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
    const hold = (await world.store.timersOf(ticketId)).find((it) => it.family === 'hold')!
    expect(hold.closedAt! - hold.dueAt).toBeLessThan(4_000)
  })
})

describe('the sweeper', () => {
  it('delivers an outage’s backlog before the workers start, in due order', async () => {
    await openWorld()
    const { ticketId, holdEnds } = await world.approve()
    const other = await world.file()
    const order: number[] = []
    const deliverTimer = world.engine.deliverTimer.bind(world.engine)
    world.engine.deliverTimer = async (key) => {
      const timer = (await world.store.timersOf(key.ticketId)).find(
        (it) => it.family === key.family && it.threshold === key.threshold && it.generation === key.generation,
      )!
      order.push(timer.dueAt)
      return deliverTimer(key)
    }
    world.clock.set(holdEnds + 20 * 86_400_000)
    await world.start(QUIET)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(await world.state(other)).toBe('expired')
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
    expect(await world.store.nextPendingTimer()).toBeNull()
  })

  it('stands in for a queue that lost everything, and doubles nothing', async () => {
    await openWorld()
    receiver = await openReceiver()
    const sink = httpSink({ url: receiver.url })
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds - 3_600_000)
    const workers = await world.start({ ...QUIET, sink })
    await expect.poll(async () => (await world.deliveries(ticketId)).marked, SOON).toBeGreaterThan(0)
    await expect.poll(() => world.queues.counts('sla-timers'), SOON).toMatchObject({ delayed: 1 })
    await world.queues.obliterate()
    world.clock.set(holdEnds + 60_000)
    expect(await workers.sweepOnce()).toMatchObject({ failed: 0 })
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
    await expect.poll(async () => (await world.store.undeliveredOutbox(Infinity, 1)).length, SOON).toBe(0)
    const keys = receiver.got.map((it) => it.key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toHaveLength((await world.store.outboxOf(ticketId)).length)
  })

  it('fills a flushed queue again, schedules and timers', async () => {
    await openWorld()
    const { holdEnds } = await world.approve()
    world.clock.set(holdEnds - 3_600_000)
    await world.start({ ...QUIET, sweepMs: 100 })
    expect((await world.queues.counts('sla-timers')).delayed).toBe(1)
    await world.queues.obliterate()
    await expect.poll(() => world.queues.counts('sla-timers'), SOON).toMatchObject({ delayed: 1 })
    await expect.poll(async () => (await world.queues.counts('maintenance')).delayed, SOON).toBeGreaterThan(0)
  })

  it('looks past rows that wait for their next try', async () => {
    await openWorld()
    receiver = await openReceiver()
    const sink = httpSink({ url: receiver.url })
    const deliverer = createDeliverer(world.parts, sink, 12)
    const signal = new AbortController().signal
    const sweepNow = (backoffMs: number) =>
      sweep({ world: world.parts, deliverer, logger, signal }, { timerGraceMs: 0, outboxGraceMs: 0, backoffMs })
    const waiting = 450
    await Promise.all(Array.from({ length: waiting }, () => world.file()))
    receiver.answer = () => ({ status: 503 })
    expect(await sweepNow(3_600_000)).toEqual({ fired: 0, delivered: 0, failed: waiting })
    receiver.answer = () => ({ status: 200 })
    const late = await world.file()
    expect(await sweepNow(3_600_000)).toEqual({ fired: 0, delivered: 1, failed: 0 })
    expect((await world.deliveries(late)).marked).toBe(1)
    expect(receiver.got).toHaveLength(waiting + 1)
    expect(await sweepNow(0)).toEqual({ fired: 0, delivered: waiting, failed: 0 })
  })
})

describe('commands to outside systems', () => {
  it('take their answer back to the ticket: a refusal too', async () => {
    await openWorld()
    receiver = await openReceiver()
    receiver.answer = ({ kind }) =>
      kind === 'port' ? { status: 422, body: { code: 'ACCOUNT_LOCKED' } } : { status: 204 }
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds + 1)
    await world.start({ ...QUIET, sink: httpSink({ url: receiver.url }) })
    await expect
      .poll(async () => (await world.store.readLog(ticketId, 0, 100)).map((it) => it.fact), SOON)
      .toContain('ApplyRefused')
    await expect.poll(async () => (await world.store.undeliveredOutbox(Infinity, 1)).length, SOON).toBe(0)
    expect(await world.store.listDeadLetters(10)).toEqual([])
    expect(receiver.got.filter((it) => it.kind === 'port')).toHaveLength(1)
  })
})

describe('dead letters', () => {
  it('keep what failed for good, and replay does it once more', async () => {
    await openWorld()
    receiver = await openReceiver()
    receiver.answer = () => ({ status: 503 })
    const sink = httpSink({ url: receiver.url })
    const workers = await world.start({ ...QUIET, sink, deliveryAttempts: 3, backoffMs: 20 })
    const ticketId = await world.file()
    const rows = await world.store.outboxOf(ticketId)
    await expect.poll(async () => (await world.store.listDeadLetters(10)).length, SOON).toBe(rows.length)
    const [letter] = await world.store.listDeadLetters(10)
    expect(letter).toMatchObject({ queue: 'notifications', reason: 'SinkAnswered503', attempts: 3, replayedAt: null })
    expect(letter!.job).toMatchObject({ kind: 'outbox', ticketId })
    expect(receiver.got).toHaveLength(3 * rows.length)
    expect(await workers.sweepOnce({ outboxGraceMs: -3_600_000 })).toMatchObject({ delivered: 0, failed: 0 })
    expect(receiver.got).toHaveLength(3 * rows.length)

    await expect(workers.replay(letter!.id)).rejects.toThrow()
    receiver.answer = () => ({ status: 200 })
    expect(await workers.replay(letter!.id)).toBe(true)
    expect(await workers.replay(letter!.id)).toBe(false)
    await expect(workers.replay('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await world.deliveries(ticketId)).marked).toBe(1)
  })

  it('tell of a timer that keeps failing; its replay rings it', async () => {
    await openWorld()
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds - 200)
    const deliverTimer = world.engine.deliverTimer.bind(world.engine)
    world.engine.deliverTimer = () => Promise.reject(new PulihError('STORE_BUSY', 'The disk is full.'))
    const workers = await world.start({ ...QUIET, backoffMs: 10 })
    await expect
      .poll(() => world.store.listDeadLetters(10), SOON)
      .toMatchObject([
        { queue: 'sla-timers', reason: 'STORE_BUSY', attempts: 5, job: { kind: 'timer', ticketId, family: 'hold' } },
      ])
    world.engine.deliverTimer = deliverTimer
    const [letter] = await world.store.listDeadLetters(1)
    expect(await workers.replay(letter!.id)).toBe(true)
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
  })
})

describe('maintenance', () => {
  it('moves the window on, and forgets old answers at night', async () => {
    await openWorld()
    const { ticketId, holdEnds } = await world.approve()
    const hour = 3_600_000
    world.clock.set(holdEnds - 2 * hour)
    await world.start({ ...QUIET, windowMs: hour, windowMoveMs: 200, nightly: '* * * * * *', idempotencyMs: 60_000 })
    const key = 'portal:1'
    expect(await world.queues.counts('sla-timers')).toMatchObject({ delayed: 0 })
    world.clock.set(holdEnds - hour / 2)
    await expect.poll(() => world.queues.counts('sla-timers'), SOON).toMatchObject({ delayed: 1 })
    await expect.poll(() => world.store.findIdempotency(key), SOON).toBeNull()
    expect(await world.state(ticketId)).toBe('onHold')
  })
})

describe('starting and stopping', () => {
  it('stops within its limit and leaves the rest for the next start', async () => {
    await openWorld()
    const workers = await world.start(QUIET)
    expect(await workers.health()).toMatchObject({ ok: true, failing: [] })
    expect(await workers.stop()).toBe(true)
    const ticketId = await world.file()
    await world.start(QUIET)
    const { rows } = await world.deliveries(ticketId)
    await expect.poll(() => world.deliveries(ticketId), SOON).toEqual({ rows, marked: rows, received: rows })
  })
})
