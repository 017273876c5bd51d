import { afterAll, beforeAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { guardContract } from './guard.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  guardContract('a PostgreSQL server', () => server.database())
})
