import { describeOnPostgres } from '../support/postgresSuite.js'
import { correctionFeatures } from './corrections.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  correctionFeatures('PostgreSQL', () => server().database())
})
