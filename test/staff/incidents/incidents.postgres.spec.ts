import { describeOnPostgres } from '../../support/postgresSuite.js'
import { databaseOfTest } from '../../support/sharedPostgres.js'
import { incidentFeatures } from './incidents.features.js'

describeOnPostgres('PostgreSQL', () => {
  incidentFeatures('PostgreSQL', databaseOfTest)
})
