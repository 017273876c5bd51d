import { describeOnPostgres } from '../support/postgresSuite.js'
import { strangerFeatures } from './strangers.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  strangerFeatures('PostgreSQL', () => server().database())
})
