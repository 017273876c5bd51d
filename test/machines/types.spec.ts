import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createMachine } from 'xstate'
import { describe, expect, test } from 'vitest'
import { ticketType as example } from '../../examples/koreksi-data.js'
import { policies } from '../../db/seeds/policies.js'
import { loadTicketTypes } from '../../src/engine/index.js'
import { checkTicketType, sampleOf } from '../../src/machines/author.js'
import { publicEvents } from '../../src/machines/pengaduan/events.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import type { Config } from './broken.js'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const types = await loadTicketTypes(
  undefined,
  readdirSync(examples).map((name) => `${examples}${name}`),
)

describe('what holds of every ticket type', () => {
  // The pengaduan has configurations without number here (proofs.spec.ts walks all of them with an eye of its own): a part of them will do.
  test.each([...types.values()].map((type) => [type.type, type] as const))('%s', (_name, type) => {
    const policy = type.policies?.[0] ?? policies.find((it) => it.ticketType === type.type)
    const checked = checkTicketType(type, { limit: 1_600, ...(policy && { policy }) })
    expect(checked).toMatchObject({ faults: [], unsampled: [] })
    // The finding of several accounts is as small as it looks.
    expect(checked.configurations).toBeGreaterThan(type.type === 'akun_ganda' ? 30 : 1_000)
    expect(checked.complete).toBe(type.type !== 'pengaduan')
  })
  test('there is one of them in examples', () =>
    expect([...types.keys()].toSorted()).toEqual(['akun_ganda', 'koreksi_data', 'pengaduan']))
})

/** The example with an edited statechart. */
function withChart(edit: (handling: Config, root: Config) => void): TicketType {
  const root = copy(example.machine.config) as Config
  edit(root.states['handling']!, root)
  return { ...example, machine: createMachine(root as never).provide(example.machine.implementations as never) }
}
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, copy(it)]))
}
const state = (handling: Config, name: string) => handling.states[name]!
const [policy] = example.policies!
const withPolicy = (patch: object): TicketType => ({ ...example, policies: [{ ...policy!, ...patch }] })
const wrongTarget = { layanan_digital: { targets: { other: policy!.routes['layanan_digital']!.targets['decision']! } } }

describe('a type at odds with itself is found out', () => {
  const broken: readonly (readonly [string, TicketType, string])[] = [
    [
      'no tag',
      withChart((it) => (state(it, 'applying')['tags'] = ['open'])),
      'the state applying needs exactly one of',
    ],
    [
      'a wrong tag',
      withChart((it) => (state(it, 'applying')['tags'] = ['open', 'busy'])),
      'the tag busy, which nobody',
    ],
    [
      'closed and open at once',
      withChart((it) => (state(it, 'corrected')['tags'] = ['terminal', 'open'])),
      'the tag open, or terminal, and not both',
    ],
    [
      'an event nobody declared',
      withChart((it) => (state(it, 'applying').on['nudge'] = 'corrected')),
      'the machine hears nudge, which is not declared',
    ],
    [
      'an effect nobody knows',
      withChart((it) => (state(it, 'applying').entry = [{ type: 'mail.send' }])),
      'nobody knows the effect mail.send',
    ],
    [
      'a target without a region',
      { ...example, targets: { ...example.targets, other: { id: 'x', en: 'x' } } },
      'target other has no region',
    ],
    ['a policy for another type', withPolicy({ ticketType: 'other' }), 'is for the ticket type other'],
    [
      'a policy with a foreign target',
      withPolicy({ routes: wrongTarget }),
      'sets the target other, which koreksi_data',
    ],
    ['a policy that is none', withPolicy({ version: 0 }), 'its policy is not one (version)'],
    ['a state that nobody named', { ...example, states: {} }, 'the state underReview has no label'],
    ['a guard without words', { ...example, refusals: {} }, 'the guard notFiler has no refusal in words'],
    [
      'a state that is never reached',
      withChart((it) => (it.states['lost'] = { tags: ['open', 'waitingOnUs'] } as never)),
      'the state lost is never reached',
    ],
    [
      'a state without a way out',
      withChart((it) => (state(it, 'applying').on = {})),
      'no way leads from here to an end',
    ],
    [
      'a wait without a deadline',
      withChart((it) => (state(it, 'documentsRequested').entry = [])),
      'the state documentsRequested waits for the participant without a deadline',
    ],
    [
      'a stale timer that is heard',
      withChart((it) => (state(it, 'documentsRequested').on['noReply.expire'] = 'expired')),
      'noReply.expire of an old generation is taken in the state documentsRequested',
    ],
    [
      'an end that leaves clocks running',
      withChart((it) => (state(it, 'withdrawn').entry = [])),
      'the closed state withdrawn leaves a timer or a pause behind',
    ],
    [
      'a policy without a deadline the machine arms',
      withPolicy({ deadlines: {} }),
      'the policy has no deadline noReply standard',
    ],
    [
      'a sample that does not fit',
      { ...example, samples: { reject: [{ code: 'NO' }] } },
      'a sample of reject does not fit',
    ],
    ['nothing at all', {} as TicketType, 'its machine is no statechart'],
  ]
  test.each(broken)('%s', (_name, type, sentence) => {
    expect(checkTicketType(type).faults.join('\n')).toContain(sentence)
  })
})

test('samples fit the schemas they were made for', () => {
  const dice = (() => {
    let state = 7
    return (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below
  })()
  for (const [name, { payload }] of Object.entries({ ...publicEvents, ...example.publicEvents }))
    expect(payload.safeParse(sampleOf(payload, dice)).success, name).toBe(true)
  for (const { filing } of types.values()) expect(filing.safeParse(sampleOf(filing, dice)).success).toBe(true)
})
