import { describeOnPostgres } from '../../support/postgresSuite.js'
import { reportFeatures } from './reports.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  reportFeatures('PostgreSQL', () => server().database())
})
