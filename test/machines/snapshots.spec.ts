import { createMachine, type AnyStateMachine } from 'xstate'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { begin, leafOf, MachineError, persist, restore, step, upcast } from '../../src/machines/snapshots.js'
import type { PersistedSnapshot, TicketType } from '../../src/machines/ticketType.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import { withConfig } from './broken.js'
import { agentA, EVENTS, NOW, portal, STARTS } from './events.js'
import { reference } from './explore.js'
import { frozenEvents, frozenTickets } from './frozen.js'

describe.each([1])('tickets frozen at version %i', (version) => {
  const tickets = frozenTickets(version)
  const events = frozenEvents(version)

  test('there is one of every state of that version', () => {
    if (version === ticketType.version)
      expect(tickets.map((it) => it.state).sort()).toEqual(Object.keys(ticketType.states).sort())
    expect(tickets.length).toBeGreaterThanOrEqual(18)
  })
  test.each(tickets)('$state restores and answers as it did', (frozen) => {
    const snapshot = restore(ticketType, frozen.snapshot, frozen.machineVersion)
    const accepts = Object.keys(events).filter((name) => snapshot.can(events[name]!))
    expect(accepts).toEqual(frozen.accepts)
    expect(frozen.timers.filter((it) => snapshot.can(it.event) !== it.accepted)).toEqual([])
    if (version === ticketType.version) expect(persist(snapshot)).toEqual(frozen.snapshot)
  })
  test.each(tickets)('$state: a step says of an event what `can` says', (frozen) => {
    const snapshot = restore(ticketType, frozen.snapshot, frozen.machineVersion)
    for (const event of [...Object.values(events), ...frozen.timers.map((it) => it.event)]) {
      const { taken, snapshot: after, effects } = step(ticketType, snapshot, event)
      expect([event.type, taken]).toEqual([event.type, snapshot.can(event)])
      if (!taken) expect([after === snapshot, effects]).toEqual([true, []])
    }
  })
  test('the answers are not trivial', () => {
    const accepted = new Set(tickets.flatMap((it) => it.accepts))
    expect(accepted.size).toBeGreaterThan(30)
    expect(tickets.some((it) => it.timers.some((timer) => timer.accepted))).toBe(true)
    expect(tickets.flatMap((it) => it.timers).filter((it) => it.accepted && it.name.endsWith('(stale)'))).toEqual([])
  })
})

describe('what cannot be restored says so', () => {
  const [frozen] = frozenTickets(1)
  test('an unknown state', () => {
    const value = { ...(frozen!.snapshot.value as object), handling: { active: 'mysterious' } }
    expect(() => restore(ticketType, { ...frozen!.snapshot, value }, 1)).toThrow(MachineError)
  })
  test('an unknown region', () => {
    const value = { ...(frozen!.snapshot.value as object), mystery: 'idle' }
    expect(() => restore(ticketType, { ...frozen!.snapshot, value }, 1)).toThrow(MachineError)
  })
})

test('a transition that throws is an error and nothing else', () => {
  const type = withConfig((handling) => {
    handling.states['draft']!.on['submit'] = {
      actions: [
        () => {
          throw new Error('boom')
        },
      ],
    }
  })
  const policy = reference.policyFor('pengaduan')
  const input = type.input({ filing: STARTS[0]!.filing, policy, actor: portal, at: NOW })
  expect(() => step(type, begin(type, input).snapshot, EVENTS['submit']!)).toThrow()
})

// ── a toy ticket type that grows: version 2 renames a state, version 3 adds a promise ──
const toyEvents = { go: z.strictObject({}) }
const region = {
  initial: 'idle',
  states: { idle: { on: { 'clocks.start': 'running' } }, running: {}, voided: {} },
} as const
const states = (waiting: string) => ({
  initial: waiting,
  states: { [waiting]: { on: { go: 'done' } }, done: { tags: ['terminal'] } },
})
const machineOf = (regions: object): AnyStateMachine =>
  createMachine({ id: 'toy', type: 'parallel', context: {}, states: regions as never })

const second = machineOf({ handling: states('inReview') })
const third = machineOf({ handling: states('inReview'), resolution: { ...region, initial: 'running' } })
const renamed = (persisted: PersistedSnapshot): PersistedSnapshot => {
  const { handling } = persisted.value as { handling: string }
  return { ...persisted, value: { handling: handling === 'underVerification' ? 'inReview' : handling } }
}
/** A ticket that was open or closed before the promise existed never gets one by being restored. */
const withoutPromise = (persisted: PersistedSnapshot): PersistedSnapshot => ({
  ...persisted,
  value: { ...(persisted.value as object), resolution: 'voided' },
})
const toy = (version: number, machine: AnyStateMachine, upcasts: TicketType['upcasts']): TicketType => ({
  ...ticketType,
  type: 'toy',
  version,
  machine,
  upcasts,
  publicEvents: { go: { ...ticketType.publicEvents['submit']!, payload: toyEvents.go } },
  internalEvents: {},
})
const stored: PersistedSnapshot = { value: { handling: 'underVerification' }, context: {} }
const go = { type: 'go', at: NOW, actor: agentA }

describe('an older ticket is lifted version by version', () => {
  test('a renamed state', () => {
    const type = toy(2, second, { 1: renamed })
    const snapshot = restore(type, stored, 1)
    expect([leafOf(snapshot, 'handling'), snapshot.can(go)]).toEqual(['inReview', true])
    expect(leafOf(step(type, snapshot, go).snapshot, 'handling')).toBe('done')
  })
  test('without its upcast it is refused, not guessed', () => {
    expect(() => restore(toy(2, second, {}), stored, 1)).toThrow(/toy has no upcast from version 1/)
    expect(() => upcast(toy(3, third, { 1: renamed }), stored, 1)).toThrow(/no upcast from version 2/)
    expect(() => restore(toy(2, second, { 1: (it) => it }), stored, 1)).toThrow(MachineError)
  })
  test('a promise added later does not start to run on a ticket that never had it', () => {
    const closed: PersistedSnapshot = { value: { handling: 'done' }, context: {} }
    // What goes wrong without care: xstate enters the missing region's first state.
    const careless = restore(toy(3, third, { 2: (it) => it }), closed, 2)
    expect(leafOf(careless, 'resolution')).toBe('running')
    const careful = restore(toy(3, third, { 1: renamed, 2: withoutPromise }), closed, 1)
    expect([leafOf(careful, 'handling'), leafOf(careful, 'resolution')]).toEqual(['done', 'voided'])
  })
  test('a ticket of the version in force is left alone', () => {
    const snapshot = frozenTickets(1)[0]!.snapshot
    expect(upcast(ticketType, snapshot, ticketType.version)).toBe(snapshot)
  })
})
