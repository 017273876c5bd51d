import { afterAll, beforeAll, describe } from 'vitest'
import { openStore } from '../../db/index.js'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { storeContract } from './store.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  storeContract('a PostgreSQL server', async () => {
    const databaseUrl = await server.database()
    const store = await openStore({ dataDir: '', databaseUrl })
    return {
      store,
      async dispose() {
        await store.close()
        await server.giveBack(databaseUrl)
      },
    }
  })
})
