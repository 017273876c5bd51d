import { afterAll, beforeAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.js'
import { branchFeatures } from './branch.features.js'
import { draftFeatures } from './drafts.features.js'
import { resubmissionFeatures } from './resubmission.features.js'
import { DecidingWorld } from './world.js'

describe.skipIf(!hasPostgres)('deciding on PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => server.stop())
  const open = async () => DecidingWorld.open(await server.database())

  describe('a walk-in', () => branchFeatures(open))
  describe('drafts that officers type', () => draftFeatures(open))
  describe('a no and the way back', () => resubmissionFeatures(open))
})
