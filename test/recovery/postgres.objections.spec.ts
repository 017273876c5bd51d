import { describeOnPostgres } from '../support/postgresSuite.js'
import { objectionsContract } from './objections.features.js'

describeOnPostgres('on PostgreSQL', () => {
  objectionsContract()
})
