import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate as runMigrations } from 'drizzle-orm/better-sqlite3/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { PulihError } from '../src/engine/errors.js'

/** Found from the sources and from `dist` alike: up to the folder with package.json. */
export function migrationsFolder(dialect: 'sqlite' | 'postgres'): string {
  let at = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(at, 'package.json'))) {
    if (dirname(at) === at) throw new PulihError('CONFIGURATION_INVALID', 'The migrations folder is missing.')
    at = dirname(at)
  }
  return join(at, 'db', 'migrations', dialect)
}

/** Brings the schema up to this program's version, all steps in one transaction. Throws CONFIGURATION_INVALID for a database that is newer. */
export function applyMigrations(db: Database): void {
  const folder = migrationsFolder('sqlite')
  if (pendingMigrations(db, folder) === 0) return
  // A step that rebuilds a table would trip over the keys that point to it; checked as a whole afterwards instead.
  db.pragma('foreign_keys = OFF')
  runMigrations(drizzle(db), { migrationsFolder: folder })
  db.pragma('foreign_keys = ON')
  // Drizzle skips a step that is dated before the last one applied (a clock that stood wrong when it was generated).
  if (pendingMigrations(db, folder) > 0) throw new PulihError('INTERNAL', 'A migration is dated before an earlier one.')
  if ((db.pragma('foreign_key_check') as unknown[]).length > 0)
    throw new PulihError('INTERNAL', 'The migrated database has rows that point to nothing.')
}

/** For readers, which never migrate. Throws CONFIGURATION_INVALID unless the schema is exactly this program's. */
export function assertMigrated(db: Database): void {
  if (pendingMigrations(db, migrationsFolder('sqlite')) > 0)
    throw new PulihError('CONFIGURATION_INVALID', 'The database is older than this program: run `pulih migrate` first.')
}

/** How many steps are still to do. Throws CONFIGURATION_INVALID for a database that is newer than this program. */
export function pendingMigrations(db: Database, folder = migrationsFolder('sqlite')): number {
  const known = readMigrationFiles({ migrationsFolder: folder }).map((step) => step.folderMillis)
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get()
  const applied =
    table === undefined ? [] : (db.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all() as number[])
  if (applied.some((at) => !known.includes(at)))
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'The database was migrated by a newer version of this program: run that version, or restore a backup.',
    )
  return known.length - applied.length
}
