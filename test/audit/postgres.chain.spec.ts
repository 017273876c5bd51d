import pg from 'pg'
import { expect, it } from 'vitest'
import { openStore } from '../../db/index.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { auditContract } from './chain.features.js'

describeOnPostgres('PostgreSQL', (server) => {
  async function run(url: string, ...statements: readonly string[]): Promise<string> {
    const client = new pg.Client(url)
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
      return 'done'
    } catch (error) {
      return (error as Error).message
    } finally {
      await client.end()
    }
  }

  it('A43 TRUNCATE is refused too', async () => {
    const url = await server().database()
    expect(await run(url, 'TRUNCATE audit_entries')).toContain('append_only')
    expect(await run(url, 'TRUNCATE audit_checkpoints')).toContain('append_only')
    await server().giveBack(url)
  })

  auditContract(
    'a PostgreSQL server',
    async () => {
      const databaseUrl = await server().database()
      const store = await openStore({ dataDir: '', databaseUrl })
      return {
        store,
        second: () => openStore({ dataDir: '', databaseUrl }),
        async tamper(...statements) {
          expect(await run(databaseUrl, `SET session_replication_role = replica`, ...statements)).toBe('done')
        },
        attempt: (statement) => run(databaseUrl, statement),
        async dispose() {
          await store.close()
          await server().giveBack(databaseUrl)
        },
      }
    },
    { shared: true },
  )
})
