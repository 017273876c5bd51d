import { describeOnPostgres } from '../support/postgresSuite.js'
import { fourEyesContract } from './fourEyes.features.js'

describeOnPostgres('on PostgreSQL', () => {
  fourEyesContract()
})
