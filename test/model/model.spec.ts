import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasPostgres } from '../support/postgres.js'
import { sharedPostgres } from '../support/sharedPostgres.js'
import { live, script } from './script.js'
import { postgresBed, sqliteBed, type Bed } from './subject.js'

/** The same runs again: `PULIH_SEED=… npx vitest run test/model`; longer: `PULIH_RUNS=2000`. */
const SEED = Number(process.env['PULIH_SEED'] ?? 20_260_320)
const RUNS = Number(process.env['PULIH_RUNS'] ?? 40)
const HOUR = 3_600_000

async function explore(bedOf: () => Promise<Bed>, runs: number): Promise<void> {
  const seen = { fired: 0, accepted: 0 }
  const lives = fc.asyncProperty(script, async (it) => {
    const bed = await bedOf()
    try {
      const { fired, accepted } = await live(it, bed)
      seen.fired += fired
      seen.accepted += accepted
    } finally {
      await bed.close()
    }
  })
  await fc.assert(lives, { seed: SEED, numRuns: runs })
  // Scripts in which nothing happens agree with any model.
  expect(seen.fired).toBeGreaterThan(runs)
  expect(seen.accepted).toBeGreaterThan(3 * runs)
}

const timeout = 2 * HOUR

test('on SQLite the engine does what the model says, whatever happens', { timeout }, () => explore(sqliteBed, RUNS))

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  test('as well', { timeout }, async () => {
    const server = await sharedPostgres()
    await explore(() => postgresBed(server), Math.ceil(RUNS / 3))
  })
})
