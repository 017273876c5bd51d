import type { PgOptions } from './open.pg.js'
import type { SqliteOptions } from './open.sqlite.js'
import type { Store } from './types.js'

export type * from './types.js'

// Of the two databases a process loads the one that it opens: a schema is made of hundreds of objects, a driver of dozens of files.

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
export async function openStore(options: OpenOptions): Promise<Store> {
  const { databaseUrl } = options
  if (databaseUrl != null) return (await import('./open.pg.js')).openPgStore({ ...options, databaseUrl })
  return (await import('./open.sqlite.js')).openSqliteStore(options)
}

/** Brings the database to this program's schema. Throws as `openStore` does. */
export async function migrate({ dataDir, databaseUrl }: Place): Promise<void> {
  if (databaseUrl != null) await (await import('./open.pg.js')).migratePg(databaseUrl)
  else (await import('./open.sqlite.js')).migrateSqlite(dataDir)
}
