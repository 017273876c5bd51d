import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../db/index.js'
import { createEngine, createIds, type TicketEngine } from '../../src/engine/index.js'
import { RecentTickets } from '../../src/engine/recent.js'
import type { Accepted } from '../../src/engine/types.js'
import type { Actor } from '../../src/machines/ticketType.js'
import { agent, checker, codeOf, portal, World } from '../support/world.js'

const checklist = [{ item: 'KTP_COCOK', matched: true }]
const upload = { documents: [{ kind: 'KTP', ref: 'doc_abcdef', sha256: 'a'.repeat(64) }] }

/** How often rows were read. */
let reads: number
let world: World
/** A second process on the same database, as far as the engine can tell. */
let other: TicketEngine

const counting = (store: Store): Store => ({
  ...store,
  findTicket: (id) => {
    reads += 1
    return store.findTicket(id)
  },
})

beforeEach(async () => {
  reads = 0
  world = await World.open({ wrap: counting })
  other = await createEngine({
    store: world.store,
    types: world.types,
    clock: world.clock,
    ids: createIds(world.clock, (bytes) => crypto.getRandomValues(bytes)),
  })
})
afterEach(async () => {
  await other.stop()
  await world.close()
})

const send = (
  engine: TicketEngine,
  ticketId: string,
  actor: Actor,
  type: string,
  expectedContentVersion: number,
  payload: Record<string, unknown> = {},
): Promise<Accepted> =>
  engine.handle({ ticketId, actor, event: { type, ...payload }, key: null, fingerprint: null, expectedContentVersion })
const versionOf = async (id: string) => (await world.row(id)).contentVersion

describe('a ticket that this engine wrote last', () => {
  test('is not read again, and its rows are those that a replay of the log gives', async () => {
    await world.ticketIn('approvalProposed')
    expect(reads).toBe(0)
    expect(await world.verify()).toEqual([])
  })

  test('is read before a refusal is told', async () => {
    const id = await world.ticketIn('submitted')
    const propose = async () => codeOf(send(world.engine, id, agent, 'approval.propose', await versionOf(id)))
    // The gate opens before it, and the commit of that proves that the row was the newest.
    expect(await propose()).toBe('EVENT_NOT_ALLOWED')
    expect(await world.facts(id)).toContain('TicketReleased')
    expect(reads).toBe(0)
    expect(await propose()).toBe('EVENT_NOT_ALLOWED')
    expect(reads).toBe(1)
  })
})

describe('a ticket that another process moved on meanwhile', () => {
  test('an event that only its new state takes is not refused on the old one', async () => {
    const id = await world.ticketIn('submitted')
    const { contentVersion } = await send(other, id, agent, 'verification.start', await versionOf(id))
    const verdict = { verdict: 'matched', checklist }
    const accepted = await send(world.engine, id, agent, 'identity.verify', contentVersion, verdict)
    expect(accepted.facts).toContain('IdentityChecked')
    expect(await world.verify()).toEqual([])
  })

  test('its new version is not called stale', async () => {
    const id = await world.ticketIn('submitted')
    const { contentVersion } = await send(other, id, portal, 'documents.upload', await versionOf(id), upload)
    expect((await send(world.engine, id, portal, 'documents.upload', contentVersion, upload)).contentVersion).toBe(
      contentVersion + 1,
    )
  })

  test('its old version is stale, although nothing but the commit could tell', async () => {
    const id = await world.ticketIn('submitted')
    const version = await versionOf(id)
    await send(other, id, portal, 'documents.upload', version, upload)
    expect(await codeOf(send(world.engine, id, portal, 'documents.upload', version, upload))).toBe('VERSION_STALE')
  })

  test('an event that its new state refuses is refused', async () => {
    const id = await world.ticketIn('submitted')
    const { contentVersion } = await send(other, id, portal, 'withdraw', await versionOf(id), { reason: 'BATAL_SAJA' })
    expect(await codeOf(send(world.engine, id, portal, 'documents.upload', contentVersion, upload))).toBe(
      'EVENT_NOT_ALLOWED',
    )
    expect((await world.row(id)).state).toBe('withdrawn')
  })

  test('a timer that it armed rings, and is not closed as unknown', async () => {
    const id = await world.ticketIn('approvalProposed')
    await send(other, id, checker, 'approval.confirm', await versionOf(id))
    const hold = (await world.pending(id)).find((it) => it.family === 'hold')!
    world.clock.at = hold.dueAt
    expect(await world.engine.deliverTimer(hold)).toBe('fired')
    expect((await world.row(id)).state).toBe('applying')
    expect(await world.verify()).toEqual([])
  })
})

describe('a ticket that was foreseen', () => {
  const remindedAt = async (id: string) => {
    const timer = (await world.pending(id)).find((it) => it.threshold === 'remind1')!
    world.clock.at = timer.dueAt
    return timer
  }

  test('is read then, and not again when its timer rings', async () => {
    const { ticketId } = await world.file()
    const timer = await remindedAt(ticketId)
    const ids = createIds(world.clock, (bytes) => crypto.getRandomValues(bytes))
    const { types, clock } = world
    const worker = await createEngine({ store: counting(world.store), types, clock, ids })
    reads = 0
    await worker.foresee([ticketId])
    await worker.foresee([ticketId, 'nobody'])
    expect(reads).toBe(2)
    expect(await worker.deliverTimer(timer)).toBe('fired')
    expect(reads).toBe(2)
    await worker.stop()
    expect(await world.verify()).toEqual([])
  })

  describe('is decided on then', () => {
    const NEVER = { ticketId: '' }
    /** The stories of two tickets, one foreseen and one not, told alike. */
    const storyOf = async (id: string) => {
      const { snapshot, schedule, revision, contentVersion, nextTimerAt, updatedAt } = await world.row(id)
      const log = (await world.store.readLog(id, 0, 100)).map((it) => ({ ...it, ...NEVER }))
      const timers = (await world.store.timersOf(id)).map((it) => ({ ...it, ...NEVER }))
      return { snapshot, schedule, revision, contentVersion, nextTimerAt, updatedAt, log, timers }
    }
    /** Two tickets filed at once; the first is foreseen by an engine that knows neither. */
    const twins = async () => {
      const [foreseen, plain] = [(await world.file()).ticketId, (await world.file()).ticketId]
      const { dueAt } = (await world.pending(foreseen)).find((it) => it.threshold === 'remind1')!
      world.clock.at = dueAt - 2_000
      await other.foresee([foreseen])
      return { foreseen, plain, dueAt }
    }
    const ringBoth = async ({ foreseen, plain }: { foreseen: string; plain: string }, threshold = 'remind1') => {
      for (const id of [foreseen, plain]) {
        const timer = (await world.pending(id)).find((it) => it.threshold === threshold)!
        expect(await other.deliverTimer(timer)).toBe('fired')
      }
      expect(await storyOf(foreseen)).toEqual(await storyOf(plain))
      expect(await world.verify()).toEqual([])
    }

    test('and written when it rings: at its own instant, recorded at that of the writing', async () => {
      const both = await twins()
      world.clock.at = both.dueAt + 250
      await ringBoth(both)
      const reminded = (await storyOf(both.foreseen)).log.at(-1)!
      expect(reminded).toMatchObject({ fact: 'ParticipantReminded', at: both.dueAt, recordedAt: both.dueAt + 250 })
      const [told] = (await world.store.outboxOf(both.foreseen)).slice(-1)
      expect(told).toMatchObject({ createdAt: both.dueAt + 250 })
    })

    test('and again where more has fallen due by the time it rings', async () => {
      const both = await twins()
      world.clock.at = (await world.pending(both.foreseen)).find((it) => it.threshold === 'remind2')!.dueAt + 1
      await ringBoth(both)
      expect((await world.facts(both.foreseen)).filter((it) => it === 'ParticipantReminded')).toHaveLength(2)
    })

    test('and not fired before its time', async () => {
      const { foreseen } = await twins()
      const timer = (await world.pending(foreseen)).find((it) => it.threshold === 'remind1')!
      world.clock.at = timer.dueAt - 1
      expect(await other.deliverTimer(timer)).toBe('early')
      expect((await world.row(foreseen)).revision).toBe(1)
      world.clock.at = timer.dueAt
      expect(await other.deliverTimer(timer)).toBe('fired')
      expect(await world.verify()).toEqual([])
    })

    test('and by an event that comes first as if it had not been', async () => {
      const both = await twins()
      for (const id of [both.foreseen, both.plain])
        await send(other, id, portal, 'contact.prove', await versionOf(id), { channel: 'email' })
      world.clock.at = both.dueAt
      await ringBoth(both)
    })

    test('once, and by the reference data of that moment', async () => {
      const row = await world.row((await world.file()).ticketId)
      const recent = new RecentTickets(2)
      const working = {} as never
      recent.foresee(row, {} as never, { working, edition: 1 })
      expect(recent.takeAhead({ ...row }, 1)).toBeUndefined()
      expect(recent.takeAhead(row, 1)).toBe(working)
      expect(recent.takeAhead(row, 1)).toBeUndefined()
      recent.drop(row.id)
      recent.foresee(row, {} as never, { working, edition: 1 })
      expect(recent.takeAhead(row, 2)).toBeUndefined()
    })
  })

  test('and changed by another process meanwhile is decided on as it is', async () => {
    const { ticketId } = await world.file()
    const timer = await remindedAt(ticketId)
    await other.foresee([ticketId])
    expect(await world.engine.deliverTimer(timer)).toBe('fired')
    expect(await other.deliverTimer(timer)).toBe('dropped')
    expect((await world.facts(ticketId)).filter((it) => it === 'ParticipantReminded')).toHaveLength(1)
    expect(await world.verify()).toEqual([])
  })

  test('takes the place of nothing that is known better', async () => {
    const row = await world.row((await world.file()).ticketId)
    const recent = new RecentTickets(2)
    recent.foresee(row, {} as never)
    expect(recent.row(row.id)).toBe(row)
    const newer = { ...row, revision: row.revision + 1 }
    recent.put(newer, {} as never)
    recent.foresee(row, {} as never)
    expect(recent.row(row.id)).toBe(newer)
    recent.drop(row.id)
    expect(recent.row(row.id)).toBeNull()
  })
})

describe('what is remembered', () => {
  test('is bounded, and what was written longest ago goes first', async () => {
    const rows = await Promise.all(Array.from({ length: 3 }, async () => world.row((await world.file()).ticketId)))
    const recent = new RecentTickets(2)
    for (const row of rows) recent.put(row, {} as never)
    expect(rows.map((row) => recent.row(row.id) !== null)).toEqual([false, true, true])
    recent.put(rows[1]!, {} as never)
    recent.put(rows[0]!, {} as never)
    expect(rows.map((row) => recent.row(row.id) !== null)).toEqual([true, true, false])
  })

  test('is nothing at size 0, and no ticket that came to its end', async () => {
    const row = await world.row((await world.file()).ticketId)
    const none = new RecentTickets(0)
    none.put(row, {} as never)
    expect(none.row(row.id)).toBeNull()
    const recent = new RecentTickets()
    recent.put(row, {} as never)
    recent.put({ ...row, standing: 'terminal' }, {} as never)
    expect(recent.row(row.id)).toBeNull()
  })

  test('a statechart belongs to exactly the row it was written with', async () => {
    const row = await world.row((await world.file()).ticketId)
    const recent = new RecentTickets()
    const snapshot = {} as never
    recent.put(row, snapshot)
    expect(recent.snapshotOf(row)).toBe(snapshot)
    expect(recent.snapshotOf({ ...row })).toBeUndefined()
  })
})
