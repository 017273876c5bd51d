import { expect, it } from 'vitest'
import { cleanUp, runDrill } from '../drills/drill.js'

/** The drill itself in small; `npm run drill` goes on as long as one likes. */
it('a loaded server killed three times loses nothing and doubles nothing', { timeout: 180_000 }, async () => {
  const report = await runDrill({ kills: 3, queue: 'embedded', seed: 11, clients: 4, flush: false }, () => undefined)
  const { lost, doubled, faults, exit, verify } = report
  expect({ lost, doubled, faults, exit, verify }).toEqual({
    lost: [],
    doubled: [],
    faults: [],
    exit: '0',
    verify: { code: 0, problems: [] },
  })
  expect(report.kills).toBe(3)
  expect(report.acknowledged).toBeGreaterThan(0)
  expect(report.foreseenDue).toBeGreaterThan(0)
  await cleanUp(report)
})
