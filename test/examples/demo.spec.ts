import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ticketType } from '../../examples/koreksi-data.js'
import { isAnySound, runAny } from '../../src/demo/any/report.js'
import { anyText } from '../../src/demo/any/text.js'
import { codeOf } from '../support/world.js'

const files = [resolve('examples/koreksi-data.ts')]
const options = { type: 'koreksi_data', files, tickets: 48, seed: 7 }

test('any type can be demonstrated: its stories end as told, and what wanders breaks no rule', async () => {
  const report = await runAny(options)
  expect(report).toMatchObject({ surprises: [], verified: { tickets: 48, problems: [] }, timers: { pending: 0 } })
  expect(report.rules.filter((it) => it.violations > 0 || it.looked === 0)).toEqual([])
  expect(report.stories.map((it) => it.name)).toEqual([...ticketType.stories!.map((it) => it.name.id), 'Jalan acak'])
  expect(report.stories.every((it) => it.asTold === it.tickets)).toBe(true)
  expect(report.promises['decision']).toMatchObject({
    met: expect.any(Number) as number,
    metLate: expect.any(Number) as number,
  })
  expect(report.longestPause?.ms).toBeGreaterThan(0)
  expect(report.commands['membership correctData']).toBe(report.messages['data.corrected'])
  expect(isAnySound(report)).toBe(true)
  expect(await runAny(options)).toEqual(report)
  expect(anyText(report).join('\n')).toContain('Koreksi data kepesertaan (koreksi_data)')
})

test('a type without stories walks at random', async () => {
  const report = await runAny({ type: 'pengaduan', files: [], tickets: 40, seed: 3 })
  expect(report.stories).toEqual([{ name: 'Jalan acak', tickets: 40, asTold: 40 }])
  expect([isAnySound(report), report.timers.fired > 100]).toEqual([true, true])
})

test('a story that goes otherwise is told', async () => {
  const { liveAny } = await import('../../src/demo/any/lives.js')
  const { openWorld } = await import('../../src/demo/world.js')
  const world = await openWorld(1, undefined, files)
  const [story] = ticketType.stories!
  const wrong = { ...ticketType, stories: [{ ...story!, steps: [[story!.steps[0]![0], 'agent', 'reopen'] as const] }] }
  const { surprises } = await liveAny(world, wrong, { tickets: 3, seed: 1 })
  await world.close()
  expect(surprises.map((it) => it.code)).toEqual(['ROLE_NOT_ALLOWED', 'ROLE_NOT_ALLOWED', 'ROLE_NOT_ALLOWED'])
})

test('a type that is not loaded is named with those that are', async () => {
  expect(await codeOf(runAny({ ...options, files: [] }))).toBe('NOT_FOUND')
})
