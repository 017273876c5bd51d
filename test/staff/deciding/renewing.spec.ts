import { afterAll, beforeAll, expect, it } from 'vitest'
import { PulihError } from '../../../src/engine/errors.js'
import { MONDAY_9, pluck } from '../../api/harness.js'
import { DecidingWorld, HOUR, ITEMS, matched, MINUTE } from './world.js'

let world: DecidingWorld
beforeAll(async () => {
  world = await DecidingWorld.open()
}, 60_000)
afterAll(() => world.close())

const matchOf = (ticketId: string) => world.api.store.intake.people.findMatch(ticketId)
/** Who was found has another number in the directory now, or none. */
async function forgotten(ticketId: string, participantId: string): Promise<void> {
  const match = (await matchOf(ticketId))!
  expect(match.participantId).toBe(participantId)
  const { identityVersion, findings, matchedAt } = match
  const lost = { outcome: 'found', participantId: 'p-of-earlier', findings, matchedAt } as const
  await world.api.store.intake.people.saveMatch({ ticketId, identityVersion, ...lost })
}
async function approve(ticketId: string): Promise<void> {
  await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
  await world.sent(ticketId, 'approval.propose')
  await world.sent(ticketId, 'approval.confirm', {}, 'checker')
  world.api.clock.advance(25 * HOUR)
  for (const timer of await world.api.store.timersOf(ticketId))
    if (timer.state === 'pending' && timer.dueAt <= world.api.clock.now()) await world.api.engine.deliverTimer(timer)
  await world.deliver(ticketId)
}
const look = async (ticketId: string) => {
  const answer = await world.api.get(`/v1/tickets/${ticketId}/comparison`, 'agent')
  expect(answer.status, answer.text).toBe(200)
  await world.tasks.runDue()
}
const refusals = async (ticketId: string) =>
  (await world.api.store.readLog(ticketId, 0, 100))
    .filter((it) => it.fact === 'ApplyRefused')
    .map((it) => it.event['code'])

it('D32 whoever the directory forgot after the match is decided on once: officers are told, and have them found again', async () => {
  const { ticketId, participant } = await world.underVerification()
  await forgotten(ticketId, participant.id)
  await approve(ticketId)
  expect([await world.stateOf(ticketId), await refusals(ticketId)]).toEqual(['underVerification', ['NOT_MATCHED']])
  // It is work again, and says so; nothing tries it by itself.
  const outbox = await world.api.store.outboxOf(ticketId)
  expect(outbox.map((it) => it.body['template'])).toContain('apply.refused')
  await world.after(HOUR)
  expect(await refusals(ticketId)).toHaveLength(1)

  await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
  const again = await world.refused(ticketId, 'approval.propose')
  expect([again.status, again.code, pluck(again.body['reasons'], 'code')]).toEqual([
    ...[409, 'EVENT_NOT_ALLOWED', ['NOT_MATCHED']],
  ])
  await look(ticketId)
  expect(await matchOf(ticketId)).toMatchObject({ outcome: 'found', participantId: participant.id })
  world.api.clock.advance(MINUTE)
  await approve(ticketId)
  expect([await world.stateOf(ticketId), await refusals(ticketId)]).toEqual(['contactUpdated', ['NOT_MATCHED']])
})

it('D32 where nobody is found again either, nothing is proposed any more, and the match says so', async () => {
  world.api.clock.moveTo(MONDAY_9 + 7 * 24 * HOUR)
  const { ticketId, participant } = await world.underVerification()
  await forgotten(ticketId, participant.id)
  await approve(ticketId)
  const { directory } = world.api.deps.services
  const find = directory.findByNik.bind(directory)
  directory.findByNik = () => Promise.resolve(null)
  await look(ticketId)
  directory.findByNik = find
  expect(await matchOf(ticketId)).toMatchObject({ outcome: 'notFound', participantId: null })
  // Told as a risk as well.
  await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK', 'RISIKO_DITINJAU'))
  expect(pluck((await world.refused(ticketId, 'approval.propose')).body['reasons'], 'code')).toEqual(['NOT_MATCHED'])
})

it('D32 what was given up while the directory was down is looked for at a later look, and its dead letter is closed', async () => {
  world.api.clock.moveTo(MONDAY_9 + 14 * 24 * HOUR)
  const { ticketId, participant } = await world.underVerification()
  await forgotten(ticketId, participant.id)
  await approve(ticketId)
  const letters = async () =>
    (await world.api.store.listDeadLetters(20))
      .filter((it) => it.job['ticketId'] === ticketId)
      .map((it) => it.replayedAt)
  const { directory } = world.api.deps.services
  const find = directory.findByNik.bind(directory)
  let asked = 0
  // It answers the officer and nobody after that.
  directory.findByNik = (nik) =>
    asked++ === 0 ? find(nik) : Promise.reject(new PulihError('UPSTREAM_UNAVAILABLE', 'down'))
  try {
    await look(ticketId)
    for (let tries = 1; tries < 12; tries++) {
      expect(await letters()).toEqual([])
      await world.after(20 * MINUTE)
    }
  } finally {
    directory.findByNik = find
  }
  expect(await letters()).toEqual([null])
  // Not at every look.
  await look(ticketId)
  expect([(await matchOf(ticketId))?.participantId, await letters()]).toEqual(['p-of-earlier', [null]])
  world.api.clock.advance(MINUTE)
  await look(ticketId)
  expect([(await matchOf(ticketId))?.participantId, await letters()]).toEqual([participant.id, [world.api.clock.now()]])
})

it('D32 nobody is looked for again once two have confirmed whom they mean, whatever was asked before', async () => {
  world.api.clock.moveTo(MONDAY_9 + 21 * 24 * HOUR)
  const { ticketId, participant } = await world.underVerification()
  const first = (await matchOf(ticketId))!
  await forgotten(ticketId, participant.id)
  await approve(ticketId)
  await look(ticketId)
  world.api.clock.advance(MINUTE)
  await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
  await world.sent(ticketId, 'approval.propose')
  await world.sent(ticketId, 'approval.confirm', {}, 'checker')
  // As lost as they were before the refusal.
  const { store, deps } = world.api
  await store.intake.people.saveMatch(first)
  await deps.services.tasks.ask('renew_match', ticketId, 'asked before')
  await world.tasks.runDue()
  expect((await store.intake.tasks.taskAsked('renew_match', ticketId, 'asked before'))?.state).toBe('done')
  expect(await matchOf(ticketId)).toMatchObject({ participantId: participant.id, matchedAt: first.matchedAt })
})
