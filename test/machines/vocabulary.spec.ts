import { createMachine, getNextTransitions, raise, type AnyTransitionDefinition } from 'xstate'
import { describe, expect, test } from 'vitest'
import { effectHandlers, plan } from '../../src/engine/plan.js'
import { emptySchedule } from '../../src/engine/schedule.js'
import { EFFECT_TYPES, type Effect } from '../../src/machines/effects.js'
import { pengaduanMachine } from '../../src/machines/pengaduan/machine.js'
import { CLOCK_EVENTS } from '../../src/machines/slaRegion.js'
import { begin, MachineError, step } from '../../src/machines/snapshots.js'
import { ROLES, type TicketType } from '../../src/machines/ticketType.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import { policies } from '../../db/seeds/policies.js'
import { guardText, leavesOf, namedActions, ownBranches, regionsOf } from '../../src/machines/chart.js'
import { EVENTS, NOW, portal, STARTS } from './events.js'
import { explore, reference } from './explore.js'

const root = pengaduanMachine.root
const declaredGuards = Object.keys(pengaduanMachine.implementations.guards)

describe('effects', () => {
  test('the vocabulary, the handlers and the actions of the machine are the same', () => {
    const vocabulary = [...EFFECT_TYPES].sort()
    expect(Object.keys(effectHandlers).sort()).toEqual(vocabulary)
    expect(Object.keys(pengaduanMachine.implementations.actions).sort()).toEqual(vocabulary)
    for (const { type } of namedActions(root)) expect([...vocabulary, 'xstate.raise']).toContain(type)
  })

  const acting = (actions: unknown): TicketType => ({
    ...ticketType,
    machine: createMachine({ initial: 'a', states: { a: { on: { submit: { actions: actions as never } } } } }),
  })
  const run = (type: TicketType) => step(type, begin(type, undefined).snapshot, EVENTS['submit']!)

  test('an effect nobody knows is an error', () => {
    expect(() => run(acting([{ type: 'mail.send', params: {} }]))).toThrow(MachineError)
  })
  test('a delayed raise is an error: time belongs to the schedule', () => {
    expect(() => run(acting([raise({ type: 'later' }, { delay: 1000 })]))).toThrow(MachineError)
    expect(run(acting([raise({ type: 'now' })])).effects).toEqual([])
  })
  test('planning refuses an effect without a handler', () => {
    const world = { at: NOW, policy: policies[0]!, reference, officeCalendar: () => reference.calendar('pusat') }
    const effect = { type: 'mail.send', params: {} } as unknown as Effect
    expect(() => plan(emptySchedule(), [effect], world)).toThrow(/no handler for the effect mail.send/)
  })
})

describe('events', () => {
  const outside = Object.keys(ticketType.publicEvents)
  const inside = Object.keys(ticketType.internalEvents)

  test('what people send, what timers send and what regions raise are three separate things', () => {
    const all = [...outside, ...inside, ...CLOCK_EVENTS]
    expect(new Set(all).size).toBe(all.length)
  })
  test('the machine hears nothing that is not declared', () => {
    const heard = new Set(allNodes().flatMap((node) => ownBranches(node).map((it) => it.event)))
    expect([...heard].sort()).toEqual([...outside, ...inside, ...CLOCK_EVENTS].sort())
  })
  test('every event has known roles, never the system, and a fact with a name of its own', () => {
    for (const [name, event] of Object.entries(ticketType.publicEvents)) {
      expect(event.roles.length, name).toBeGreaterThan(0)
      expect(ROLES, name).toEqual(expect.arrayContaining([...event.roles]))
      expect(event.roles, name).not.toContain('system')
      expect(event.fact, name).toMatch(/^[A-Z][A-Za-z]+$/)
    }
  })
  test('staff decide on a version; what a participant may send needs none', () => {
    for (const [name, { roles, needsVersion }] of Object.entries(ticketType.publicEvents))
      expect(needsVersion, name).toBe(!roles.includes('portal'))
  })
  test('every timer of every deadline is an internal event, and every payload is strict', () => {
    for (const event of Object.values(ticketType.deadlines).flatMap((it) => Object.values(it)))
      expect(inside).toContain(event)
    for (const [name, { payload }] of Object.entries({ ...ticketType.publicEvents, ...ticketType.internalEvents }))
      expect(payload.safeParse({ unexpected: true }).success, name).toBe(false)
  })
  test('the events of the exploration are events people can send', () => {
    for (const [name, { type, at, actor, ...payload }] of Object.entries(EVENTS)) {
      const declared = { ...ticketType.internalEvents, ...ticketType.publicEvents }[type]
      expect(declared?.payload.safeParse(payload).error, name).toBeUndefined()
      expect(at).toBeGreaterThan(0)
      const roles = ticketType.publicEvents[type]?.roles ?? ['system']
      expect(roles, name).toContain(actor.role)
    }
  })
})

describe('words', () => {
  test('every state, target and guard has its label', () => {
    const [handling] = regionsOf(root)
    expect(
      leavesOf(handling!)
        .map((it) => it.key)
        .sort(),
    ).toEqual(Object.keys(ticketType.states).sort())
    expect(regionsOf(root).map((it) => it.key)).toEqual(['handling', ...Object.keys(ticketType.targets)])
    const used = allNodes().flatMap((node) =>
      [...node.transitions.values()].flat().flatMap((it) => guardNames(it.guard)),
    )
    const named = used.filter((it) => declaredGuards.includes(it.replace(/^not:/, '')))
    expect(Object.keys(ticketType.refusals)).toEqual(expect.arrayContaining([...new Set(named)]))
  })
  test('a policy sets only targets and deadlines that the machine declares', () => {
    for (const policy of policies) {
      for (const { targets } of Object.values(policy.routes))
        expect(Object.keys(ticketType.targets)).toEqual(expect.arrayContaining(Object.keys(targets)))
      expect(Object.keys(policy.deadlines).sort()).toEqual(Object.keys(ticketType.deadlines).sort())
    }
  })
})

test('asking what is possible never throws, also without a payload', () => {
  const { nodes } = explore(STARTS[0]!, () => undefined, { without: (name) => /sla|by c|promise|SLIP|risk/.test(name) })
  const thrown: string[] = []
  for (const { snapshot, leaf } of nodes)
    for (const { eventType } of getNextTransitions(snapshot) as readonly AnyTransitionDefinition[])
      try {
        snapshot.can({ type: eventType, at: NOW, actor: portal })
      } catch (error) {
        thrown.push(`${leaf}, ${eventType}: ${String(error)}`)
      }
  expect(nodes.length).toBeGreaterThan(1_000)
  expect(thrown).toEqual([])
})

function allNodes() {
  const inner = (node: typeof root): (typeof root)[] => [
    node,
    ...Object.values(node.states as Record<string, typeof root>).flatMap(inner),
  ]
  return inner(root)
}
/** `a and not b` as the keys of refusals: `a`, `not:b`. */
const guardNames = (guard: unknown): string[] =>
  guardText(guard)
    .split(/ and | or /)
    .filter((it) => it !== '')
    .map((it) => it.replace(/^not /, 'not:'))
