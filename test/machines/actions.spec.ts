import { assign, createMachine, enqueueActions, raise, type AnyStateMachine } from 'xstate'
import { expect, test } from 'vitest'
import { assigning, enqueueing } from '../../src/machines/actions.js'
import { begin, persist, step, tagsOf } from '../../src/machines/snapshots.js'
import type { TicketEvent, TicketType } from '../../src/machines/ticketType.js'

interface Args {
  context: { count: number; seen: readonly string[] }
  event: { type: string }
  enqueue: ((effect: object) => void) & { assign(patch: object): void; raise(event: { type: string }): void }
}
const counted = ({ context, event }: Args) => ({ count: context.count + 1, seen: [...context.seen, event.type] })
const several = ({ context, enqueue }: Args) => {
  if (context.count > 5) return
  enqueue.assign({ count: context.count + 10 })
  enqueue({ type: 'message.send', params: { template: `count${context.count}`, audience: 'staff' } })
  enqueue.raise({ type: 'heard' })
  enqueue.assign({ seen: [...context.seen, 'several'] })
}

/** One machine, built with xstate's own actions or with ours: entry, exit, transition, and a region that hears what is raised. */
function machineWith(change: (patch: never) => unknown, act: (body: never) => unknown): AnyStateMachine {
  const count = change(counted as never) as never
  const more = act(several as never) as never
  return createMachine({
    type: 'parallel',
    context: { count: 0, seen: [] },
    states: {
      main: {
        initial: 'one',
        states: {
          one: {
            tags: ['open'],
            entry: [count, more],
            exit: [count],
            on: { go: { target: 'two', actions: [more, count] } },
          },
          two: { tags: ['terminal'], entry: [more, count], on: { go: { actions: [more] }, back: 'one' } },
        },
      },
      beside: {
        initial: 'quiet',
        states: {
          quiet: { on: { heard: { target: 'loud', actions: [count, raise({ type: 'louder' })] } } },
          loud: { on: { louder: { actions: count } } },
        },
      },
    },
  } as never) as AnyStateMachine
}

test('our two actions do what those of xstate do: state, context, tags and effects in order', () => {
  const walk = (machine: AnyStateMachine) => {
    const type = { type: 'toy', machine } as unknown as TicketType
    let decision = begin(type, undefined)
    const steps = [{ ...persist(decision.snapshot), tags: tagsOf(decision.snapshot), effects: decision.effects }]
    for (const name of ['go', 'go', 'back', 'nobody', 'go']) {
      decision = step(type, decision.snapshot, { type: name } as unknown as TicketEvent)
      steps.push({ ...persist(decision.snapshot), tags: tagsOf(decision.snapshot), effects: decision.effects })
    }
    return steps
  }
  const ours = walk(machineWith(assigning, enqueueing))
  expect(ours).toEqual(walk(machineWith(assign as never, enqueueActions as never)))
  expect(ours.at(-1)?.effects).not.toEqual(ours[0]?.effects)
  expect(ours.map((it) => JSON.stringify(it.value))).toContain('{"main":"two","beside":"loud"}')
})
