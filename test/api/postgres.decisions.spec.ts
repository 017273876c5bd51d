import { afterAll, beforeAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { decisionsContract } from './decisions.features.js'

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  decisionsContract(async () => ({ databaseUrl: await server.database() }))
})
