import { afterAll, beforeAll, describe } from 'vitest'
import { keepStoresOn } from '../../support/places.js'
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.js'
import { bulkFeatures } from './bulk.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
    keepStoresOn(() => server)
  })
  afterAll(() => server.stop())
  bulkFeatures('PostgreSQL')
})
