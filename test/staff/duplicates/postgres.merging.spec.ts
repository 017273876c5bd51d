import { describeOnPostgres } from '../../support/postgresSuite.js'
import { mergingContract } from './merging.features.js'

describeOnPostgres('on PostgreSQL', () => {
  mergingContract()
})
