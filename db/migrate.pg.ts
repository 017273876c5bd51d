import { drizzle } from 'drizzle-orm/node-postgres'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator'
import type { Client } from 'pg'
import { PulihError } from '../src/engine/errors.js'
import { migrationsFolder } from './migrate.js'

/** Any number that nobody else locks in this database. */
const LOCK = 7_853_001_446n
const RECORDS = 'drizzle.__drizzle_migrations'

/**
 * Brings the schema up to this program's version, all steps in one transaction; processes that start together wait for one another.
 * `client` is a connection of its own. Throws CONFIGURATION_INVALID for a database that is newer.
 */
export async function applyPgMigrations(client: Client): Promise<void> {
  const folder = migrationsFolder('postgres')
  if ((await pendingPgMigrations(client)) === 0) return
  // Waiting for another process, and a long step, are no faults.
  await client.query('SET statement_timeout = 0; SET lock_timeout = 0')
  await client.query('SELECT pg_advisory_lock($1)', [LOCK])
  try {
    if ((await pendingPgMigrations(client)) === 0) return
    await runMigrations(drizzle(client), { migrationsFolder: folder })
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK])
  }
  if ((await pendingPgMigrations(client)) > 0)
    throw new PulihError('INTERNAL', 'A migration is dated before an earlier one.')
}

/** For readers, which never migrate. Throws CONFIGURATION_INVALID unless the schema is exactly this program's. */
export async function assertPgMigrated(client: Client): Promise<void> {
  if ((await pendingPgMigrations(client)) > 0)
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'The database is older than this program, or empty: run `pulih migrate` first.',
    )
}

/** How many steps are still to do. Throws CONFIGURATION_INVALID for a database that is newer than this program. */
export async function pendingPgMigrations(client: Client): Promise<number> {
  const known = readMigrationFiles({ migrationsFolder: migrationsFolder('postgres') }).map((it) => it.folderMillis)
  const { rows: there } = await client.query<{ it: string | null }>('SELECT to_regclass($1)::text AS it', [RECORDS])
  const applied =
    there[0]?.it == null
      ? []
      : (await client.query<{ at: string }>(`SELECT created_at AS at FROM ${RECORDS}`)).rows.map(({ at }) => Number(at))
  if (applied.some((at) => !known.includes(at)))
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'The database was migrated by a newer version of this program: run that version, or restore a backup.',
    )
  return known.length - applied.length
}
