import { describeOnPostgres } from '../support/postgresSuite.js'
import { killedContract } from './killed.features.js'

describeOnPostgres('on PostgreSQL', () => {
  killedContract({ apply: ['after commit'], merge: ['before commitTogether on'] })
})
