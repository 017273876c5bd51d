import { describeOnPostgres } from '../support/postgresSuite.js'
import { guardContract } from './guard.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  guardContract('a PostgreSQL server', () => server().database())
})
