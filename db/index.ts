import { migratePg, openPgStore, type PgOptions } from './open.pg.js'
import { migrateSqlite, openSqliteStore, type SqliteOptions } from './open.sqlite.js'
import type { Store } from './types.js'

export type * from './types.js'

/** Where the store is: `databaseUrl` (`postgres://`) if there is one, else SQLite under `dataDir`. */
export interface Place {
  readonly dataDir: string
  readonly databaseUrl?: string | null | undefined
}
export type OpenOptions = Place & SqliteOptions & Omit<PgOptions, 'databaseUrl'>

/**
 * Opens the store; a new one gets its schema, an older one is migrated. `readOnly` opens next to a running writer.
 * Throws STORE_LOCKED (another process writes to the SQLite file), STORE_BUSY (PostgreSQL does not answer) or CONFIGURATION_INVALID (nothing to
 * read, another version's schema, a server that refuses).
 */
export function openStore(options: OpenOptions): Promise<Store> {
  const { databaseUrl } = options
  if (databaseUrl == null) return promised(() => openSqliteStore(options))
  return openPgStore({ ...options, databaseUrl })
}

/** Brings the database to this program's schema. Throws as `openStore` does. */
export function migrate({ dataDir, databaseUrl }: Place): Promise<void> {
  if (databaseUrl != null) return migratePg(databaseUrl)
  return promised(() => {
    migrateSqlite(dataDir)
  })
}

/** That driver answers at once, the contract does not. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}
