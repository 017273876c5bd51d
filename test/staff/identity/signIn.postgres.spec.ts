import { describeOnPostgres } from '../../support/postgresSuite.js'
import { matrixFeatures } from './matrix.features.js'
import { rolesFeatures } from './roles.features.js'
import { signInFeatures } from './signIn.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  const database = () => server().database()
  signInFeatures('PostgreSQL', database)
  rolesFeatures('PostgreSQL', database)
  matrixFeatures('PostgreSQL', database)
})
