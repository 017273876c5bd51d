import { describeOnPostgres } from '../support/postgresSuite.js'
import { documentStoreFeatures } from './store.features.js'

describeOnPostgres('on PostgreSQL', () => {
  documentStoreFeatures('PostgreSQL')
})
