import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../db/index.js'
import { httpSink } from '../../src/ports/sink.js'
import { MORNING, Receiver, TestWorld } from './world.js'

const SOON = { timeout: 45_000, interval: 20 }
const QUIET = { relayPollMs: 3_600_000, sweepMs: 3_600_000 }

/** The real store, whose next call of one method is cut off before it reaches the database: what a crash there leaves behind. */
class Fragile {
  #broken: keyof Store | null = null
  breaks = 0
  readonly wrap = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => {
          if (name !== this.#broken) return method.apply(target, args) as unknown
          this.#broken = null
          this.breaks++
          return Promise.reject(new Error('cut off'))
        }
      },
    })
  breakNext(method: keyof Store): void {
    this.#broken = method
  }
}

/** Each must end in exactly one effect (R-Q-3, A45). */
describe('a crash', () => {
  let world: TestWorld
  let receiver: Receiver
  let fragile: Fragile
  beforeEach(async () => {
    fragile = new Fragile()
    receiver = await Receiver.open()
    world = await TestWorld.open(MORNING, fragile.wrap)
  })
  afterEach(async () => {
    await world.close()
    await receiver.close()
  })
  const allDelivered = () =>
    expect.poll(async () => (await world.store.undeliveredOutbox(Infinity, 1)).length, SOON).toBe(0)
  const eachOnce = async (ticketId: string) => {
    const rows = (await world.store.outboxOf(ticketId)).map(
      (row) => `"${ticketId}-${row.seq}-${row.createdAt.toString(36)}"`,
    )
    expect(receiver.got.map((it) => it.key).sort()).toEqual(rows.sort())
  }

  it('after the commit and before the relay: the next start relays it', async () => {
    const ticketId = await world.file()
    expect(await world.store.unrelayedOutbox(10)).not.toEqual([])
    await world.start({ ...QUIET, sink: httpSink({ url: receiver.url }) })
    await allDelivered()
    await eachOnce(ticketId)
    expect(await world.store.unrelayedOutbox(10)).toEqual([])
  })

  it('after adding to the queue and before marking: added again, delivered once', async () => {
    const workers = await world.start({ ...QUIET, sink: httpSink({ url: receiver.url }) })
    fragile.breakNext('markRelayed')
    const ticketId = await world.file()
    await allDelivered()
    await expect.poll(() => fragile.breaks, SOON).toBe(1)
    expect((await workers.health()).failing).toEqual([{ loop: 'relay', reason: 'Error' }])
    expect(await workers.relayOnce()).toBeGreaterThan(0)
    await expect.poll(() => world.queues.counts('notifications'), SOON).toEqual({ waiting: 0, active: 0, delayed: 0 })
    await eachOnce(ticketId)
    expect(await world.store.unrelayedOutbox(10)).toEqual([])
  })

  it('in the worker between the effect and its record: repeated under the same key, recorded once', async () => {
    fragile.breakNext('markDelivered')
    const ticketId = await world.file()
    await world.start({ ...QUIET, sink: httpSink({ url: receiver.url }), backoffMs: 20 })
    await allDelivered()
    expect(fragile.breaks).toBe(1)
    const keys = receiver.got.map((it) => it.key)
    expect(keys).toHaveLength((await world.store.outboxOf(ticketId)).length + 1)
    expect(new Set(keys).size).toBe(keys.length - 1)
  })

  it('in the worker before an embedded delivery is written: written once', async () => {
    fragile.breakNext('markDelivered')
    const ticketId = await world.file()
    await world.start({ ...QUIET, backoffMs: 20 })
    await allDelivered()
    expect(fragile.breaks).toBe(1)
    const { rows, received } = await world.deliveries(ticketId)
    expect(received).toBe(rows)
  })

  it('in the worker before a timer is committed: rung again, fired once', async () => {
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds - 400)
    await world.start(QUIET)
    fragile.breakNext('commit')
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
    expect(fragile.breaks).toBe(1)
    const facts = (await world.store.readLog(ticketId, 0, 100)).map((it) => it.fact)
    expect(facts.filter((fact) => fact === 'HoldEnded')).toHaveLength(1)
    expect(facts.filter((fact) => fact === 'ContactUpdated')).toHaveLength(1)
  })

  it('between the answer of an outside system and its record: the ticket takes the answer once', async () => {
    const { ticketId, holdEnds } = await world.approve()
    world.clock.set(holdEnds - 60_000)
    await world.start({ ...QUIET, sink: httpSink({ url: receiver.url }), backoffMs: 20 })
    await allDelivered()
    const before = receiver.got.length
    receiver.answer = ({ kind }) => {
      if (kind === 'port' && fragile.breaks === 0) fragile.breakNext('markDelivered')
      return { status: 200 }
    }
    world.clock.set(holdEnds)
    const hold = (await world.store.timersOf(ticketId)).find((it) => it.family === 'hold')!
    await world.engine.deliverTimer(hold)
    await expect.poll(() => world.state(ticketId), SOON).toBe('contactUpdated')
    await allDelivered()
    expect(fragile.breaks).toBe(1)
    expect(receiver.got.length).toBeGreaterThan(before)
    const calls = receiver.got.filter((it) => it.kind === 'port' && it.body['port'] === 'account')
    expect(calls).toHaveLength(2)
    expect(new Set(calls.map((it) => it.key)).size).toBe(1)
    const facts = (await world.store.readLog(ticketId, 0, 100)).map((it) => it.fact)
    expect(facts.filter((fact) => fact === 'ContactUpdated')).toHaveLength(1)
  })
})
