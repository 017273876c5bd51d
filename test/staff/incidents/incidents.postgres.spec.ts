import { afterAll, beforeAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.js'
import { incidentFeatures } from './incidents.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => server.stop())
  incidentFeatures('PostgreSQL', () => server.database())
})
