import { afterAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { correctionFeatures } from './corrections.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer | null = null
  correctionFeatures('PostgreSQL', async () => {
    server = await startPostgres()
    return server.database()
  })
  afterAll(() => server?.stop())
})
