import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { loadTicketTypes, type TicketTypes } from '../../src/engine/index.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import { agent, codeOf, DAY, HOUR, keyOf, MINUTE, portal, refusalOf, World } from '../support/world.js'
import { callbackPolicy, callbackType, type Quirks } from './toys/callback.js'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})
const only = (type: TicketType): TicketTypes => new Map([[type.type, type]])
const open = async (types = only(callbackType())) => (world = await World.open({ types, policies: [callbackPolicy] }))
const ask = async (world: World) => (await world.file({}, { type: 'callback' })).ticketId

describe('adding a ticket type is adding a file', () => {
  test('one file in a folder, one policy in the store: filing, events, timers, verdicts and verify', async () => {
    const folder = fileURLToPath(new URL('./toys/', import.meta.url))
    const world = await open(await loadTicketTypes([folder]))
    const id = await ask(world)
    expect((await world.pending(id)).map((it) => `${it.family} ${it.threshold}`)).toEqual([
      'sla:answer warn50',
      'sla:answer due',
      'patience sigh',
      'patience end',
    ])
    world.clock.advance(31 * MINUTE)
    await world.send(id, agent, 'call.try')
    world.clock.advance(HOUR)
    await world.send(id, agent, 'call.reach')
    expect(await world.facts(id)).toEqual([
      'TicketFiled',
      'CallbackAsked',
      'SlaWarned',
      'CallTried',
      'SlaBreached',
      'CallReached',
    ])
    const row = await world.row(id)
    expect(row).toMatchObject({ type: 'callback', state: 'reached', standing: 'terminal', nextTimerAt: null })
    expect(row.schedule.clocks[0]).toMatchObject({ target: 'answer', outcome: 'metLate' })
    expect(await world.pending(id)).toEqual([])
    expect(await world.verify()).toEqual([])
  })

  test('both types live side by side', async () => {
    const world = await open(new Map([...(await loadTicketTypes()), ...only(callbackType())]))
    const [a, b] = await Promise.all([ask(world), world.ticketIn('approvalProposed')])
    expect([(await world.row(a)).type, (await world.row(b)).type]).toEqual(['callback', 'pengaduan'])
    expect(await codeOf(world.send(a, agent, 'approval.retract'))).toBe('EVENT_UNKNOWN')
    expect(await world.verify()).toEqual([])
  })

  test('a guard that cannot answer without its payload hides no event and breaks no refusal', async () => {
    const world = await open()
    const id = await ask(world)
    expect(world.engine.allowed(await world.row(id), agent).map((it) => it.type)).toContain('topics.note')
    const refusal = await refusalOf(world.send(id, agent, 'ask'))
    expect(refusal.code).toBe('EVENT_NOT_ALLOWED')
    const topics = (...all: string[]) => world.send(id, agent, 'topics.note', { topics: all })
    expect((await topics('a')).state).toBe('asked')
    expect(await codeOf(topics('a', 'b', 'c'))).toBe('EVENT_NOT_ALLOWED')
  })

  test.each([
    ['a file without a type', 'a.js', 'export const other = 1', 'a.js'],
    ['a filing event nobody declared', 'b.js', variant({ filingEvent: 'nonsense' }), 'nonsense'],
    ['one event both public and internal', 'c.js', variant({ internalEvents: { ask: {} } }), 'ask'],
    ['a deadline whose event nobody declared', 'd.js', variant({ deadlines: { x: { y: 'x.ring' } } }), 'x.ring'],
    ['a version without the way to it', 'e.js', variant({ version: 3, upcasts: {} }), 'version 1'],
  ])('%s is refused at the start, by name', async (_name, file, source, named) => {
    const folder = mkdtempSync(join(tmpdir(), 'pulih-types-'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, file), source)
    const refusal = await refusalOf(loadTicketTypes([folder]))
    expect(refusal.code).toBe('CONFIGURATION_INVALID')
    expect(refusal.message).toContain(named)
  })

  test('two types of one name, and a folder that is not there', async () => {
    const folder = fileURLToPath(new URL('./toys/', import.meta.url))
    expect(await codeOf(loadTicketTypes([folder, folder]))).toBe('CONFIGURATION_INVALID')
    expect(await codeOf(loadTicketTypes([join(folder, 'nowhere')]))).toBe('CONFIGURATION_INVALID')
  })

  test.each([
    [
      'a target the machine does not declare',
      { routes: { phone: { targets: { other: callbackPolicy.routes['phone']!.targets['answer']! } } } },
    ],
    [
      'a deadline the machine does not declare',
      { deadlines: { other: { standard: { end: 'nextOpening' as const } } } },
    ],
    [
      'a threshold the machine does not declare',
      { deadlines: { patience: { standard: { burst: 'nextOpening' as const } } } },
    ],
  ])('a policy with %s is refused at the start', async (_name, wrong) => {
    const policies = [{ ...callbackPolicy, ...wrong }]
    expect(await codeOf(World.open({ types: only(callbackType()), policies }))).toBe('CONFIGURATION_INVALID')
  })
})

/** A type as a file that may import nothing. */
function variant(wrong: object): string {
  const type = {
    type: 'variant',
    version: 1,
    filingEvent: 'ask',
    publicEvents: { ask: {} },
    internalEvents: {},
    deadlines: {},
    upcasts: {},
    ...wrong,
  }
  return `export const ticketType = ${JSON.stringify(type)}`
}

describe('a new version of a machine', () => {
  const v1 = callbackType()
  const v2 = callbackType({ version: 2, earlier: v1 })

  test('lifts an old ticket at its next event: a fact of its own, and verify replays across it', async () => {
    const world = await open(only(v1))
    const [used, unused] = [await ask(world), await ask(world)]
    await world.send(used, agent, 'call.try')
    await world.restart(only(v2))
    expect(world.engine.allowed(await world.row(used), agent).map((it) => it.type)).toContain('call.reach')
    world.clock.advance(10 * MINUTE)
    const answer = await world.send(used, agent, 'call.try')
    expect(answer).toMatchObject({ state: 'waiting', facts: ['MachineUpgraded', 'CallTried'] })
    const log = await world.log(used)
    expect(log.map((it) => [it.fact, it.machineVersion, it.state])).toEqual([
      ['TicketFiled', 1, 'new'],
      ['CallbackAsked', 1, 'asked'],
      ['CallTried', 1, 'asked'],
      ['MachineUpgraded', 2, 'waiting'],
      ['CallTried', 2, 'waiting'],
    ])
    expect(await world.row(unused)).toMatchObject({ machineVersion: 1, state: 'asked' })
    world.clock.advance(10 * DAY)
    for (const id of [used, unused]) await world.engine.deliverTimer((await world.pending(id))[0]!)
    expect((await world.row(unused)).state).toBe('lapsed')
    expect(await world.verify()).toEqual([])
  })

  test('lifts also where the command is refused, and by a timer that is not due yet', async () => {
    const world = await open(only(v1))
    const [refused, early] = [await ask(world), await ask(world)]
    await world.restart(only(v2))
    expect(await codeOf(world.send(refused, agent, 'ask'))).toBe('EVENT_NOT_ALLOWED')
    expect(await world.engine.deliverTimer((await world.pending(early))[0]!)).toBe('early')
    for (const id of [refused, early]) {
      expect((await world.facts(id)).filter((it) => it === 'MachineUpgraded')).toHaveLength(1)
      expect(await world.row(id)).toMatchObject({ machineVersion: 2, state: 'waiting', contentVersion: 2 })
    }
    expect(await world.verify()).toEqual([])
  })

  test('verify says plainly when the version that wrote a log has left the tree', async () => {
    const world = await open(only(v1))
    const id = await ask(world)
    await world.restart(only(callbackType({ version: 2 })))
    await world.send(id, agent, 'call.try')
    const said = ['the log cannot be replayed: version 1 of callback is no longer in the tree']
    expect(await world.verify()).toEqual(said)
  })

  test('an older program refuses a newer ticket instead of misreading it', async () => {
    const world = await open(only(v2))
    const id = await ask(world)
    await world.restart(only(v1))
    const refusal = await refusalOf(world.send(id, agent, 'call.try'))
    expect(refusal.code).toBe('CONFIGURATION_INVALID')
    expect(refusal.message).toContain('version 2 of callback')
    expect(await world.verify()).toEqual(['the log cannot be replayed: version 2 of callback is no longer in the tree'])
    await world.restart(only(v2))
    expect(await world.verify()).toEqual([])
  })
})

describe('reference data that move on', () => {
  test('an office that gets another calendar: what was promised before replays as it was', async () => {
    const world = await open()
    const id = await ask(world)
    const pusat = (await world.store.offices()).find((it) => it.id === 'pusat')!
    await world.store.saveOffice({ ...pusat, calendarId: 'wit' })
    await world.restart()
    expect(await world.verify()).toEqual([])
    await world.send(id, agent, 'call.try')
    expect((await world.log(id)).map((it) => it.calendar?.split('@')[0])).toEqual([undefined, 'pusat', 'wit'])
    expect(await world.verify()).toEqual([])
  })

  test('a new policy and a new calendar version: old tickets keep theirs, new ones take the new', async () => {
    const world = await open()
    const old = await ask(world)
    await world.store.publishPolicy({ ...callbackPolicy, version: 2 }, world.clock.now())
    const calendar = (await world.store.calendars()).findLast((it) => it.id === 'pusat')!
    await world.store.publishCalendar({ ...calendar, version: calendar.version + 1 }, world.clock.now())
    await world.restart()
    const young = await ask(world)
    await world.send(old, agent, 'call.try')
    expect([(await world.row(old)).policyVersion, (await world.row(young)).policyVersion]).toEqual([1, 2])
    expect((await world.row(young)).schedule.clocks[0]!.calendar).toBe(`pusat@${calendar.version + 1}`)
    expect((await world.row(old)).schedule.clocks[0]!.calendar).toBe(`pusat@${calendar.version}`)
    expect(await world.verify()).toEqual([])
  })
})

describe('timers', () => {
  test('early before its instant, fired at it, dropped ever after; one fact', async () => {
    const world = await open()
    const id = await ask(world)
    const end = (await world.pending(id)).find((it) => it.threshold === 'end')!
    world.clock.at = end.dueAt - 1
    expect(await world.engine.deliverTimer(keyOf(end))).toBe('early')
    world.clock.at = end.dueAt
    const verdicts = await Promise.all([0, 1, 2].map(() => world.engine.deliverTimer(keyOf(end))))
    expect(verdicts).toEqual(['fired', 'dropped', 'dropped'])
    expect((await world.facts(id)).filter((it) => it === 'PatienceEnded')).toHaveLength(1)
  })

  test('of an older generation is dropped and does nothing', async () => {
    const world = await open()
    const id = await ask(world)
    const old = (await world.pending(id)).find((it) => it.threshold === 'end')!
    world.clock.advance(MINUTE)
    await world.send(id, portal, 'call.try')
    world.clock.at = old.dueAt
    expect(await world.engine.deliverTimer(keyOf(old))).toBe('dropped')
    expect((await world.row(id)).state).toBe('asked')
    expect((await world.store.timersOf(id)).find((it) => it.generation === old.generation)!.state).toBe('superseded')
  })

  test('whose event the machine refuses closes its row, and the log says so', async () => {
    const world = await open()
    const id = await ask(world)
    const sigh = (await world.pending(id)).find((it) => it.threshold === 'sigh')!
    world.clock.at = sigh.dueAt + 5
    expect(await world.engine.deliverTimer(keyOf(sigh))).toBe('dropped')
    const closed = (await world.store.timersOf(id)).find((it) => it.threshold === 'sigh')
    expect(closed).toMatchObject({ state: 'superseded', closedAt: sigh.dueAt })
    expect((await world.log(id)).at(-1)).toMatchObject({ fact: 'TimerDropped', at: sigh.dueAt })
    // A clock set back: what happens next does not happen before the dropped timer.
    world.clock.at = sigh.dueAt - HOUR
    await world.send(id, portal, 'call.try')
    expect((await world.log(id)).at(-1)!.at).toBe(sigh.dueAt)
    expect(await world.verify()).toEqual([])
  })

  test('a row that the ticket does not know is closed, so that no sweep meets it again', async () => {
    const world = await open()
    const id = await ask(world)
    const stray = { ticketId: id, family: 'patience', threshold: 'end', generation: 99 }
    const insert = `INSERT INTO timers VALUES ($1, 'patience', 'end', 99, $2, 'pending', NULL)`
    await world.sql(insert, [id, world.clock.now()])
    expect(await world.engine.deliverTimer(stray)).toBe('dropped')
    expect((await world.pending(id)).some((it) => it.generation === 99)).toBe(false)
    expect((await world.row(id)).state).toBe('asked')
  })

  const broken: readonly [name: string, quirks: Quirks, says: string][] = [
    ['that arms itself again for the same instant without end', { endless: true }, 'never come to an end'],
    ['measured by another calendar than its event', { twoOffices: true }, 'two calendars'],
    ['moved under its old generation', { sameGeneration: true }, 'old generation'],
  ]
  test.each(broken)(
    'a machine with a deadline %s is told so; nothing is written, others go on',
    async (_name, quirks, says) => {
      const world = await open(new Map([...(await loadTicketTypes()), ...only(callbackType(quirks))]))
      const life = async () => {
        const id = await ask(world)
        world.clock.advance(MINUTE)
        await world.send(id, agent, 'call.try')
      }
      const [refusal, other] = await Promise.all([refusalOf(life()), world.file()])
      expect(refusal.code).toBe('INTERNAL')
      expect(refusal.message).toContain(says)
      expect(other.state).toBe('contactUnproven')
    },
  )
})
