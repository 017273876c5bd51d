import { describeOnPostgres } from '../../support/postgresSuite.js'
import { listingFeatures } from './listing.features.js'

describeOnPostgres('PostgreSQL', () => {
  listingFeatures('PostgreSQL')
})
