import { describeOnPostgres } from '../support/postgresSuite.js'
import { proofRaceFeatures } from './proofRace.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  proofRaceFeatures('PostgreSQL', () => server().database())
})
