import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { explainOpening } from './errors.sqlite.js'
import { refuseLost } from './folder.js'
import { pendingMigrations } from './migrate.js'
import { problemsOf } from './open.sqlite.js'

/** What a look at the embedded database file shows, without taking its lock or writing a byte. */
export interface FileFacts {
  readonly bytes: number
  /** Write-ahead log beside it; grows while a long reader or a backup runs. */
  readonly walBytes: number
  readonly journalMode: string
  /** Migrations still to do. */
  readonly pending: number
  /** Null: the file is larger than `checkUpTo`, and reading all of it would take too long. */
  readonly problems: readonly string[] | null
  /** The newest instant that this database was told, epoch ms; null when it never was. */
  readonly newestAt: number | null
}

/** Null when there is no database under `dataDir` yet. Throws CONFIGURATION_INVALID: unreadable, damaged, gone, or newer than this program. */
export function inspectSqlite(dataDir: string, checkUpTo: number): FileFacts | null {
  const path = join(dataDir, 'pulih.db')
  let db: Database.Database | undefined
  try {
    refuseLost(dataDir)
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (bytes === 0) return null
    db = new Database(path, { readonly: true, timeout: 1_000 })
    const pending = pendingMigrations(db)
    return {
      bytes,
      walBytes: statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
      journalMode: String(db.pragma('journal_mode', { simple: true })),
      pending,
      problems: bytes > checkUpTo ? null : problemsOf(db, pending === 0),
      newestAt: newestInstant(db),
    }
  } catch (error) {
    throw explainOpening(error)
  } finally {
    db?.close()
  }
}

/** Rows are appended, so the last few hold the newest entry; the heartbeat stands in where there are none. */
function newestInstant(db: Database.Database): number | null {
  const tables = db
    .prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('ticket_log', 'heartbeat')")
    .pluck()
    .get()
  if (tables !== 2) return null
  const last = 'SELECT recorded_at AS at FROM ticket_log ORDER BY rowid DESC LIMIT 100'
  return db
    .prepare(`SELECT max(at) FROM (SELECT * FROM (${last}) UNION ALL SELECT at FROM heartbeat)`)
    .pluck()
    .get() as number | null
}
