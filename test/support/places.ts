import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { onPostgres, type Databases } from './postgres.js'

/** Where a test's store lies: give it to `openStore`. */
export interface TestPlace {
  readonly dataDir: string
  readonly databaseUrl: string | null
  /** Runs one statement behind the engine's back, as an intruder or another program would; parameters are $1, $2. */
  run(sql: string, parameters?: readonly unknown[]): Promise<void>
  /** Its store is closed by then. */
  dispose(): Promise<void>
}

/** Whose it is, because the next file of this process has its own; a hook that forgets it would be lost on a call within a hook. */
let server: { readonly of: string; readonly get: () => Databases } | null = null

/** From here on the places of this test file are databases of that server; without a call each is a SQLite file. */
export function keepStoresOn(postgres: () => Databases): void {
  const { testPath } = expect.getState()
  // Otherwise every place would be a SQLite file again, and nobody would notice.
  if (testPath === undefined) throw new Error('no test file is running that these places could belong to')
  server = { of: testPath, get: postgres }
}

export async function newPlace(name: string): Promise<TestPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), `pulih-${name}-`))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true })
  const on = server !== null && server.of === expect.getState().testPath ? server.get() : undefined
  if (on === undefined) return { dataDir, databaseUrl: null, run: onSqlite(dataDir), dispose: removeFolder }
  const databaseUrl = await on.database()
  return {
    dataDir,
    databaseUrl,
    run: (sql, parameters = []) =>
      onPostgres(databaseUrl, async (db) => {
        await db.query(sql, [...parameters])
      }),
    async dispose() {
      await on.giveBack(databaseUrl)
      await removeFolder()
    },
  }
}

const onSqlite =
  (dataDir: string): TestPlace['run'] =>
  (sql, parameters = []) =>
    new Promise((resolve) => {
      const db = new Database(join(dataDir, 'pulih.db'))
      try {
        // $1 is a name to this driver.
        const named = Object.fromEntries(parameters.map((value, n) => [n + 1, value]))
        resolve(void db.prepare(sql).run(...(parameters.length === 0 ? [] : [named])))
      } finally {
        db.close()
      }
    })
