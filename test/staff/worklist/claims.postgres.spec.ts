import { describeOnPostgres } from '../../support/postgresSuite.js'
import { claimFeatures } from './claims.features.js'

describeOnPostgres('PostgreSQL', () => {
  claimFeatures('PostgreSQL')
})
