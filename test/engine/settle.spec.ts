import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PulihError } from '../../src/engine/errors.js'
import { CLOCK_EVENTS } from '../../src/machines/slaRegion.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import type { Story } from './story.js'
import {
  agent,
  checker,
  HOUR,
  local,
  MINUTE,
  openStories,
  portal,
  shown,
  supervisor,
  system,
  type Tell,
} from './story.js'

let tell: Tell
let close: () => Promise<void>
beforeAll(async () => {
  const stories = await openStories()
  tell = stories.tell
  close = stories.close
})
afterAll(() => close())

const inReview = async () => {
  const story = await (await tell('2026-07-06 08:00')).proven()
  return story.at('2026-07-06 09:00').started()
}
const DUE = local('2026-07-09 17:00')

describe('an event exactly at a due instant is in time', () => {
  test('a decision at closing meets the promise', async () => {
    const story = await (await inReview()).at(DUE).rejected()
    expect(await story.outcome()).toBe('met')
    expect(await story.facts()).not.toContain('SlaBreached')
  })
  test('a millisecond later it is late, and the breach is written first, at its own instant', async () => {
    const story = await (await inReview()).at(DUE + 1).rejected()
    expect(await story.outcome()).toBe('metLate')
    const [breach, rejection] = (await story.log()).slice(-2)
    expect([breach!.fact, breach!.at, breach!.recordedAt]).toEqual(['SlaBreached', DUE, DUE + 1])
    expect([rejection!.fact, rejection!.at, rejection!.revision]).toEqual(['TicketRejected', DUE + 1, breach!.revision])
  })
  test('a reply at the instant of expiry is in time', async () => {
    const expiry = local('2026-07-20 08:00')
    const inTime = await (await tell('2026-07-06 08:00')).at(expiry).proven()
    expect(await inTime.state()).toBe('submitted')
    const late = (await tell('2026-07-06 08:00')).at(expiry + 1)
    expect(await late.refusal(portal, 'contact.prove', { channel: 'email' })).toBe('EVENT_NOT_ALLOWED')
    expect(await late.state()).toBe('expired')
  })
})

test('a refused event still settles what was due before it, in one commit', async () => {
  const story = (await inReview()).at(DUE + HOUR)
  const { revision } = await story.row()
  expect(await story.refusal(agent, 'reopen')).toBe('ROLE_NOT_ALLOWED')
  expect((await story.row()).revision).toBe(revision)
  expect(await story.refusal(portal, 'reopen')).toBe('EVENT_NOT_ALLOWED')
  expect([await story.outcome(), (await story.row()).revision]).toEqual(['breached', revision + 1])
})

test('warnings and breaches do not move what people decide on', async () => {
  const story = await inReview()
  const { contentVersion } = await story.row()
  await story.live(DUE + 5 * HOUR)
  expect(await story.facts()).toContain('SlaBreached')
  expect((await story.row()).contentVersion).toBe(contentVersion)
})

/** A life with waits, a breach, a referral, an objection and a hold: each step at its instant. */
const LIFE: readonly [at: string, step: (story: Story) => Promise<unknown>][] = [
  ['2026-07-11 09:30', (it) => it.proven()],
  ['2026-07-13 08:00:01', (it) => it.started()],
  ['2026-07-13 11:00', (it) => it.asksFor('KTP', 'SLIP_GAJI')],
  ['2026-07-17 14:00', (it) => it.uploads('KTP')],
  ['2026-07-22 10:00', (it) => it.uploads('SLIP_GAJI')],
  ['2026-07-23 08:30', (it) => it.started()],
  ['2026-07-27 16:00', (it) => it.send(portal, 'objection.raise')],
  ['2026-07-28 17:00', (it) => it.send(supervisor, 'objection.dismiss', { reason: 'TIDAK_TERBUKTI' })],
  ['2026-07-29 09:00', (it) => it.refusal(agent, 'promise.extend', { flag: 'perbedaan_identitas' })],
  ['2026-07-30 09:00', (it) => it.refers('cabang-jayapura')],
  ['2026-08-03 07:30', (it) => it.arrives()],
  ['2026-08-05 09:00', (it) => it.identified()],
  ['2026-08-05 09:05', (it) => it.send(agent, 'risk.elevate', { reason: 'SIM_BARU' })],
  ['2026-08-05 09:10', (it) => it.send(agent, 'approval.propose')],
  ['2026-08-05 10:00', (it) => it.send(checker, 'approval.confirm')],
  ['2026-08-06 10:00:01', (it) => it.send(system, 'contacts.refused', { code: 'AKUN_TERKUNCI' })],
  ['2026-08-11 10:00', (it) => it.rejected()],
  ['2026-08-20 21:00', (it) => it.send(portal, 'reopen')],
  ['2026-09-30 10:00', (it) => it.refusal(portal, 'contact.prove', { channel: 'email' })],
]
const told = async (story: Story) => ({
  log: (await story.log()).map((it) => `${shown(it.at) ?? ''} ${it.fact} ${it.state} ${JSON.stringify(it.moves)}`),
  clocks: (await story.row()).schedule.clocks,
  state: await story.state(),
  pending: await story.pending(),
})
/** Before each step: the worker gets around to some of what is due, in any order, as late as it likes. */
async function live(worker: (story: Story, until: number) => Promise<void>) {
  const story = await tell('2026-07-10 16:30')
  for (const [at, step] of LIFE) {
    await worker(story, local(at))
    await step(story.at(at))
  }
  return told(story)
}
const punctual = (story: Story, until: number) => story.live(until - 1).then(() => undefined)

describe('a late worker changes no verdict', () => {
  test('never ringing at all gives the life that a punctual worker gives', async () => {
    const life = await live(punctual)
    expect(await live(() => Promise.resolve())).toEqual(life)
    expect(life.log.filter((it) => it.includes('SlaBreached'))).toHaveLength(2)
    expect([life.state, life.pending]).toEqual(['expired', []])
    const outcomes = life.clocks.map((it) => `${it.target}#${it.cycle} ${it.outcome ?? 'open'}`)
    expect(outcomes).toEqual([
      'firstReview#1 met',
      'resolution#1 metLate',
      'objectionReview#1 met',
      'resolution#2 metLate',
      'resolution#3 void',
    ])
  })

  test('timers rung late, twice, in any order and with strays: the same life', async () => {
    const expected = await live(punctual)
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(9)), async (stream) => {
        const dice = () => stream.next().value as number
        const careless = async (story: Story, until: number) => {
          // Rings whatever row it finds, due or not, closed or not, at a few instants on the way.
          for (let turn = dice() % 4; turn > 0; turn--) {
            const now = story.clock.now()
            story.at(now + Math.floor(((until - 1 - now) * dice()) / 10))
            const timers = await story.timers()
            for (let rings = dice() % 4; rings > 0 && timers.length > 0; rings--) {
              const timer = timers[(dice() * 10 + dice()) % timers.length]!
              const verdict = await story.ring(timer)
              if (timer.dueAt > story.clock.now()) expect(verdict).not.toBe('fired')
            }
          }
        }
        expect(await live(careless)).toEqual(expected)
      }),
      { numRuns: 12, seed: 20_260_706 },
    )
  })

  test('a timer that is not due yet is early and stays; one that is over is dropped', async () => {
    const story = await inReview()
    const due = (await story.timers()).find((it) => it.threshold === 'due' && it.state === 'pending')!
    expect(await story.ring(due)).toBe('early')
    expect(await story.pending('sla:resolution')).toContain('sla:resolution.due @ 2026-07-09 17:00')
    await story.asksFor('KTP')
    expect(await story.at(DUE + MINUTE).ring(due)).toBe('dropped')
    expect([await story.state(), await story.outcome()]).toEqual(['documentsRequested', null])
  })
  test('the same ring twice fires once', async () => {
    const story = (await inReview()).at(DUE + MINUTE)
    const due = (await story.timers()).find((it) => it.threshold === 'due' && it.state === 'pending')!
    const verdicts = await Promise.all([story.ring(due), story.ring(due), story.ring(due)])
    expect(verdicts.filter((it) => it === 'fired')).toHaveLength(1)
    expect((await story.facts()).filter((it) => it === 'SlaBreached')).toHaveLength(1)
  })
})

describe('from outside only the public union', () => {
  const outsiders = [
    ...Object.keys(ticketType.internalEvents),
    ...CLOCK_EVENTS,
    'xstate.init',
    'constructor',
    '__proto__',
    '',
  ]
  test.each(outsiders)('%s is unknown, whatever the machine would say', async (type) => {
    const story = await inReview()
    const before = await story.row()
    const payload = { generation: 1, target: 'resolution', threshold: 'due' }
    const command = { ticketId: story.id, key: null, fingerprint: null, event: { type, ...payload } }
    const answer = story.engine.handle({ ...command, actor: supervisor, expectedContentVersion: before.contentVersion })
    await expect(answer).rejects.toMatchObject({ code: 'EVENT_UNKNOWN' })
    expect(await story.row()).toEqual(before)
  })
  test('system events do not take the public ones, and raised clock events not at all', async () => {
    const story = await inReview()
    for (const type of ['withdraw', 'clocks.decided']) {
      const command = { ticketId: story.id, actor: system, event: { type }, key: null, fingerprint: null }
      await expect(story.engine.system(command)).rejects.toBeInstanceOf(PulihError)
    }
    expect(await story.state()).toBe('underVerification')
  })
})

test('instants of one ticket never run backwards, also when a clock does', async () => {
  const story = await inReview()
  const command = { ticketId: story.id, actor: system, key: null, fingerprint: null }
  await story.engine.system({
    ...command,
    event: { type: 'merge.record', into: 'other' },
    at: local('2026-07-01 08:00'),
  })
  expect(shown((await story.log()).at(-1)!.at)).toBe('2026-07-06 09:00')
})
