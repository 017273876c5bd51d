import { describeOnPostgres } from '../support/postgresSuite.js'
import { applyContract } from './apply.features.js'

describeOnPostgres('on PostgreSQL', () => {
  applyContract()
})
