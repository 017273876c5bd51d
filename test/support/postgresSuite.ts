import { afterAll, beforeAll, describe } from 'vitest'
import { keepStoresOn } from './places.js'
import { hasPostgres, startPostgres, type PostgresServer } from './postgres.js'

/** A suite whose stores all lie on a PostgreSQL of its own; skipped, loudly, where there is none. */
export function describeOnPostgres(name: string, suite: (server: () => PostgresServer) => void): void {
  describe.skipIf(!hasPostgres)(name, () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
      keepStoresOn(() => server)
    })
    afterAll(() => server.stop())
    suite(() => server)
  })
}
