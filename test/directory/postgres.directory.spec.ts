import { describeOnPostgres } from '../support/postgresSuite.js'
import { directoryContract } from './directory.features.js'

describeOnPostgres('on PostgreSQL', () => {
  directoryContract()
})
