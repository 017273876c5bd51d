import { describeOnPostgres } from '../support/postgresSuite.js'
import { decisionsContract } from './decisions.features.js'

describeOnPostgres('on PostgreSQL', (server) => {
  decisionsContract(async () => ({ databaseUrl: await server().database() }))
})
