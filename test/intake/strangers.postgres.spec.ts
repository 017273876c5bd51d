import { afterAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { strangerFeatures } from './strangers.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer | null = null
  strangerFeatures('PostgreSQL', async () => {
    server = await startPostgres()
    return server.database()
  })
  afterAll(() => server?.stop())
})
