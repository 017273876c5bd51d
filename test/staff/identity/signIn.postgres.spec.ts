import { afterAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.js'
import { matrixFeatures } from './matrix.features.js'
import { rolesFeatures } from './roles.features.js'
import { signInFeatures } from './signIn.features.js'

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer | null = null
  const database = async () => (server ??= await startPostgres()).database()
  signInFeatures('PostgreSQL', database)
  rolesFeatures('PostgreSQL', database)
  matrixFeatures('PostgreSQL', database)
  afterAll(() => server?.stop())
})
