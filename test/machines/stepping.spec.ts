import {
  assign,
  createEmptyActor,
  createMachine,
  raise,
  transition,
  type AnyMachineSnapshot,
  type AnyStateMachine,
} from 'xstate'
import { expect, test } from 'vitest'
import { isEffectType } from '../../src/machines/effects.js'
import { begin, persist, step, tagsOf } from '../../src/machines/snapshots.js'
import { Stepper } from '../../src/machines/stepping.js'
import type { TicketEvent, TicketType } from '../../src/machines/ticketType.js'
import { STARTS } from './events.js'
import { explore } from './explore.js'

const said = (snapshot: AnyMachineSnapshot, effects: readonly { type: string; params?: unknown }[]) => ({
  ...persist(snapshot),
  ...{ status: snapshot.status, tags: tagsOf(snapshot) },
  nodes: (snapshot as AnyMachineSnapshot & { _nodes: { id: string }[] })._nodes.map(({ id }) => id),
  effects: effects.filter(({ type }) => isEffectType(type)).map(({ type, params }) => ({ type, params })),
})
/** By xstate alone. */
const plainly = (machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: TicketEvent) => {
  const [next, actions] = transition(machine, snapshot as never, event as never)
  return said(next, actions)
}

test.each(STARTS)('every step of a ticket is as xstate takes it: $name', (start) => {
  class Enough extends Error {}
  let steps = 0
  const walk = () =>
    explore(start, ({ from, event, snapshot, effects }, { nodes }) => {
      // Early on each kind of step is met for the first time, later all of them are known.
      if (++steps < 500 || steps % 11 === 0)
        expect(said(snapshot, effects)).toEqual(plainly(snapshot.machine as AnyStateMachine, from.snapshot, event))
      if (nodes.length > 4_000) throw new Enough()
    })
  try {
    walk()
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  expect(steps).toBeGreaterThan(1_000)
})

const count = assign(({ context }: { context: { n: number } }) => ({ n: context.n + 1 }))
const say = (template: string) => ({
  type: 'message.send',
  params: ({ context }: { context: { n: number } }) => ({ template, n: context.n }),
})

/** Nested regions, steps that enter again, steps within, several at once, raised events. */
const toy = (more: object = {}) =>
  createMachine({
    type: 'parallel',
    context: { n: 0 },
    on: { all: { actions: [count, say('all')] }, reset: { target: ['.left.a', '.right.x'] } },
    states: {
      left: {
        initial: 'a',
        on: { in: '.b', out: { target: '.b', reenter: true } },
        states: {
          a: {
            entry: [count, say('a in')],
            exit: say('a out'),
            on: { both: 'b', self: 'a', again: { target: 'a', reenter: true } },
          },
          b: {
            initial: 'one',
            entry: [say('b in'), raise({ type: 'heard' })],
            exit: [say('b out')],
            on: { back: 'a', deep: '.two' },
            states: {
              one: { entry: say('one in'), on: { both: 'two' } },
              two: { tags: ['open'], exit: count, on: { both: { actions: say('two') } } },
            },
          },
        },
      },
      right: {
        initial: 'x',
        states: {
          x: { on: { both: { target: 'y', actions: say('x to y') }, heard: 'z' } },
          y: {
            entry: count,
            on: {
              both: 'x',
              heard: { guard: ({ context }: { context: { n: number } }) => context.n % 2 === 0, target: 'z' },
            },
          },
          z: { entry: raise({ type: 'both' }), on: { both: 'x' } },
        },
      },
      ...more,
    },
  } as never) as AnyStateMachine
const EVENTS = ['both', 'self', 'again', 'in', 'out', 'back', 'deep', 'all', 'reset', 'heard', 'nobody']

function walked(machine: AnyStateMachine, steps: number): void {
  const type = { type: 'toy', machine } as unknown as TicketType
  let { snapshot } = begin(type, undefined)
  let seed = 7
  for (let n = 0; n < steps; n++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    const event = { type: EVENTS[(seed >> 8) % EVENTS.length]! } as unknown as TicketEvent
    const expected = plainly(machine, snapshot, event)
    const decision = step(type, snapshot, event)
    expect(said(decision.snapshot, decision.effects)).toEqual(expected)
    expect(decision.taken).toBe(snapshot.can(event as never))
    snapshot = decision.snapshot
  }
}

test('so is every step of a chart with nested, entered again and raised steps', () => {
  walked(toy(), 2_000)
})

test('a step that is known is looked up: it leads to the very same states', () => {
  const type = { type: 'toy', machine: toy() } as unknown as TicketType
  const go = () => step(type, begin(type, undefined).snapshot, { type: 'both' } as unknown as TicketEvent).snapshot
  go()
  const known = go()
  expect(go().value).toBe(known.value)
  expect(Object.isFrozen(known.value)).toBe(true)
})

test('what charts of tickets have none of is left to xstate', () => {
  const always = {
    initial: 'p',
    states: {
      p: { always: { guard: ({ context }: { context: { n: number } }) => context.n > 3, target: 'q' } },
      q: {},
    },
  }
  walked(toy({ beside: always }), 300)
  const scope = { self: createEmptyActor() } as never
  const known = toy()
  const first = begin({ type: 'toy', machine: known } as unknown as TicketType, undefined).snapshot
  expect(new Stepper(known, scope).step(first, { type: 'both' })).toBeNull()
  expect(new Stepper(known, scope).step(first, { type: 'nobody' })).toMatchObject({ snapshot: first, taken: [] })
})
