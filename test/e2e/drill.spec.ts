import { describe, expect, it } from 'vitest'
import { hasPostgres } from '../support/postgres.js'
import { hasRedis } from '../support/servers.js'
import { isClean, type DrillOptions } from '../drills/scenario.js'
import { scenarios } from '../drills/scenarios/index.js'
import { cleanUp } from '../drills/stage.js'

const DEFAULTS: DrillOptions = {
  store: 'sqlite',
  queue: null,
  processes: 'serve',
  seed: 11,
  clients: 2,
  rounds: 1,
  flush: false,
  share: 0.15,
}

/** Most of the time a drill waits, so three run at once. */
const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve(), Promise.resolve()]
let drills = 0

/** The drills in small; `npm run drill` goes on as long as one likes. */
function drill(name: string, asked: Partial<DrillOptions> = {}): Promise<void> {
  const lane = drills++ % lanes.length
  const mine = lanes[lane]!.then(() => perform(name, asked))
  lanes[lane] = mine.catch(() => undefined)
  return mine
}

async function perform(name: string, asked: Partial<DrillOptions>): Promise<void> {
  const scenario = scenarios.find((it) => it.name === name)!
  const options = { ...DEFAULTS, ...asked }
  expect(scenario.cannot?.(options) ?? null).toBeNull()
  const report = await scenario.run(options, () => undefined)
  const { lost, doubled, verify, acknowledged } = report.count
  expect({ lost, doubled, verify, faults: report.faults }).toEqual({
    lost: [],
    doubled: [],
    verify: { code: 0, problems: [] },
    faults: [],
  })
  expect(acknowledged).toBeGreaterThan(0)
  expect(isClean(report)).toBe(true)
  await cleanUp(report.count)
}

/** What the embedded queue spends per job is not what these are about; those of kills and of a full disk have it. */
const lean = { queue: hasRedis ? 'redis' : null }
const itRedis = it.skipIf(!hasRedis)
const itPostgres = it.skipIf(!hasPostgres)
const store = 'postgres'

/** The time includes waiting for a lane. */
describe.concurrent('a loaded server loses nothing and doubles nothing', { timeout: 600_000 }, () => {
  it('killed three times', () => drill('kills', { rounds: 3 }))
  // Twenty seconds of load, whatever it is: one client notices as much as three.
  itRedis('frozen out of Redis, and then before its closed port', () => drill('redis-unreachable', { clients: 1 }))
  it('gone for three days over a weekend', () => drill('outage-three-days', lean))
  itRedis('when its worker dies at five points between commit and effect', () => drill('worker-killed'))
  itRedis('when Redis is flushed while it works', () => drill('redis-flush', { rounds: 2 }))
  it('whose clock jumps an hour forward and back', () => drill('clock-hour', lean))
  itRedis('when Redis is killed and started again empty', () => drill('redis-restart-empty'))
  it('whose database is held by another', () => drill('database-busy', lean))
  itPostgres('killed twice, on PostgreSQL', () => drill('kills', { store, rounds: 2 }))
  it.skipIf(process.getuid?.() !== 0)('whose disk is full', () => drill('disk-full'))
  itPostgres('when PostgreSQL is restarted and killed under it', () =>
    drill('postgres-restart', { store, clients: 3, rounds: 2 }),
  )
})
