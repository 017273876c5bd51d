import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openStore } from '../../db/index.js'
import { auditContract } from './chain.features.js'

auditContract(
  'SQLite',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pulih-chain-'))
    const store = await openStore({ databaseUrl: null, dataDir })
    const raw = () => new Database(join(dataDir, 'pulih.db'))
    return {
      store,
      second: null,
      tamper(...statements) {
        const db = raw()
        const guards = db
          .prepare(
            `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('audit_entries', 'audit_checkpoints', 'ticket_log', 'assignment_log')`,
          )
          .all() as { name: string; sql: string }[]
        db.pragma('foreign_keys = OFF')
        for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`)
        for (const statement of statements) db.exec(statement)
        for (const { sql } of guards) db.exec(sql)
        db.close()
        return Promise.resolve()
      },
      attempt(statement) {
        const db = raw()
        try {
          db.exec(statement)
          return Promise.resolve('done')
        } catch (error) {
          return Promise.resolve((error as Error).message)
        } finally {
          db.close()
        }
      },
      async dispose() {
        await store.close()
        await rm(dataDir, { recursive: true, force: true })
      },
    }
  },
  { shared: false },
)
