import { expect, onTestFinished, test } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import type { Policy } from '../../src/machines/policy.js'
import { HOUR, World } from '../support/world.js'
import { applyCalendar, previewOf, specOf, version, withDay } from './redate.story.js'
import { local, shown } from './story.js'
import { callbackPolicy, callbackType } from './toys/callback.js'

/** Patience in business time, which the shipped types do not have: a sigh after 600 open minutes, the end after a business day. */
const policy: Policy = {
  ...callbackPolicy,
  deadlines: {
    ...callbackPolicy.deadlines,
    patience: {
      standard: {
        sigh: { unit: 'businessMinutes', amount: 600 },
        end: { unit: 'businessDays', amount: 1, minimumOpenMinutes: 60 },
      },
    },
  },
}
const closedTuesday = version(withDay(specOf(exampleCalendars, 'pusat'), '2026-07-07'), 2)

async function open(): Promise<World> {
  const types = new Map([['callback', callbackType()]])
  const world = await World.open({ types, policies: [policy], start: local('2026-07-06 09:00') })
  onTestFinished(() => world.close())
  return world
}
const patience = async (world: World, id: string): Promise<readonly string[]> =>
  (await world.pending(id))
    .filter((it) => it.family === 'patience')
    .map((it) => `${it.threshold} @ ${shown(it.dueAt) ?? ''}`)
    .sort()

test('a ticket type that knows nothing of it follows a change of the calendar, with its deadlines in business time', async () => {
  const world = await open()
  const { ticketId } = await world.file({}, { type: 'callback' })
  expect(await patience(world, ticketId)).toEqual(['end @ 2026-07-07 17:00', 'sigh @ 2026-07-07 11:00'])
  world.clock.advance(2 * HOUR)
  const foreseen = await previewOf(world, world.store, closedTuesday)
  const { progress } = await applyCalendar(world, world.store, closedTuesday)
  expect(progress).toMatchObject({ concerned: 1, later: 1, failed: 0 })
  expect(await patience(world, ticketId)).toEqual(['end @ 2026-07-08 17:00', 'sigh @ 2026-07-08 11:00'])
  const entry = (await world.log(ticketId)).at(-1)
  expect(entry?.moves).toEqual(foreseen[0]?.moves)
  expect(entry?.moves?.map((it) => it.target)).toEqual(['patience'])
  // It says nothing of messages, so none is sent.
  expect(entry?.event['message']).toBeNull()
  expect(await world.verify()).toEqual([])

  // Armed again under the new version, it is measured by that and not moved a second time.
  await world.send(ticketId, { id: 'agus', role: 'agent' }, 'call.try')
  const armed = await patience(world, ticketId)
  expect((await applyCalendar(world, world.store, closedTuesday)).progress).toEqual(progress)
  expect(await patience(world, ticketId)).toEqual(armed)
  expect(await world.verify()).toEqual([])
})

test('what is in force when the process starts again is the version that was applied', async () => {
  const world = await open()
  const { ticketId } = await world.file({}, { type: 'callback' })
  await applyCalendar(world, world.store, closedTuesday)
  await world.restart()
  await world.send(ticketId, { id: 'agus', role: 'agent' }, 'call.try')
  expect(await patience(world, ticketId)).toEqual(['end @ 2026-07-08 17:00', 'sigh @ 2026-07-08 11:00'])
  expect(await world.verify()).toEqual([])
})
