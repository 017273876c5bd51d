import { describeOnPostgres } from '../../support/postgresSuite.js'
import { bulkFeatures } from './bulk.features.js'

describeOnPostgres('PostgreSQL', () => {
  bulkFeatures('PostgreSQL')
})
