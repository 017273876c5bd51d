import { describeOnPostgres } from '../../support/postgresSuite.js'
import { ledgerFeatures } from './ledger.features.js'

describeOnPostgres('PostgreSQL', () => {
  ledgerFeatures('PostgreSQL')
})
