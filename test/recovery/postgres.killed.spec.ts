import { afterAll, beforeAll, describe } from 'vitest'
import { keepStoresOn } from '../support/places.js'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { killedContract } from './killed.features.js'

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
    keepStoresOn(() => server)
  })
  afterAll(() => server.stop())
  killedContract({ apply: ['after commit'], merge: ['before commitTogether on'] })
})
