import { beforeAll, describe } from 'vitest'
import { keepStoresOn } from './places.js'
import { hasPostgres, type Databases } from './postgres.js'
import { sharedPostgres } from './sharedPostgres.js'

/** A suite whose stores all lie on PostgreSQL, in databases of their own; skipped, loudly, where there is none. */
export function describeOnPostgres(name: string, suite: (server: () => Databases) => void): void {
  describe.skipIf(!hasPostgres)(name, () => {
    let server: Databases
    beforeAll(async () => {
      server = await sharedPostgres()
      keepStoresOn(() => server)
    })
    suite(() => server)
  })
}
