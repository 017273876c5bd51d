import { migrateSqlite, openSqliteStore, type OpenOptions } from './open.sqlite.js'
import type { Store } from './types.js'

export type { OpenOptions } from './open.sqlite.js'
export type * from './types.js'

/**
 * Opens the store under `dataDir`; a new folder gets its schema, an older one is migrated. `readOnly` opens next to a running writer.
 * Throws STORE_LOCKED (another process writes there) or CONFIGURATION_INVALID (no database to read, or of another version).
 */
export function openStore(options: OpenOptions): Promise<Store> {
  return promised(() => openSqliteStore(options))
}

/** Brings the database under `dataDir` to this program's schema. Throws as `openStore` does. */
export function migrate(dataDir: string): Promise<void> {
  return promised(() => {
    migrateSqlite(dataDir)
  })
}

/** This driver answers at once, the contract does not. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}
