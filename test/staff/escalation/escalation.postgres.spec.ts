import { describeOnPostgres } from '../../support/postgresSuite.js'
import { escalationFeatures } from './escalation.features.js'

describeOnPostgres('PostgreSQL', () => {
  escalationFeatures('PostgreSQL')
})
