import { openStore } from '../../db/index.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { storeContract } from './store.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  storeContract('a PostgreSQL server', async () => {
    const databaseUrl = await server().database()
    const store = await openStore({ dataDir: '', databaseUrl })
    return {
      store,
      async dispose() {
        await store.close()
        await server().giveBack(databaseUrl)
      },
    }
  })
})
