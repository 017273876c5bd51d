import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock } from '../src/engine/clock.js'
import { explainTarget, flushFolderOf, FORMAT, manifestPath, refused, sha256Of, type BackupManifest } from './backup.js'
import { explainOpening } from './errors.sqlite.js'
import { refuseLost } from './folder.js'
import { migrationsFolder, pendingMigrations } from './migrate.js'
import { problemsOf } from './open.sqlite.js'

export interface BackupOptions {
  readonly dataDir: string
  /** The file to make; what stands there already is never overwritten. */
  readonly file: string
  readonly clock: Clock
  /** Called after each piece, with the share that is copied, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/** Pages copied before the process may do something else: 4 MB. */
const PAGES_A_PIECE = 1_000

/**
 * Copies the database under `dataDir` as it stands at one instant, next to a service that goes on writing; proves the copy
 * sound before it gets its name, and writes its manifest beside it. Throws CONFIGURATION_INVALID: no database, a damaged one,
 * a target that exists or takes no more. Then nothing is left behind.
 */
export async function backupSqlite({ dataDir, file, clock, onProgress }: BackupOptions): Promise<BackupManifest> {
  const partial = `${file}.partial`
  const source = openSource(dataDir)
  try {
    reserve(file, partial)
    try {
      const madeAt = new Date(clock.now()).toISOString()
      await copy(source, partial, onProgress)
      const manifest = { format: FORMAT, madeAt, ...(await proven(partial)) } as const
      publish(file, partial, manifest)
      return manifest
    } catch (error) {
      for (const suffix of ['', '-journal', '-wal', '-shm', '.json']) rmSync(partial + suffix, { force: true })
      throw explainTarget(error)
    }
  } finally {
    source.close()
  }
}

function openSource(dataDir: string): Database.Database {
  const path = join(dataDir, 'pulih.db')
  refuseLost(dataDir)
  if (!existsSync(path)) throw refused('There is no database in this data folder yet: nothing to back up.')
  let source: Database.Database | undefined
  try {
    source = new Database(path, { readonly: true, timeout: 5_000 })
    pendingMigrations(source)
    return source
  } catch (error) {
    source?.close()
    throw explainOpening(error)
  }
}

/** Made empty and for its owner only before the first byte is copied; two backups to one file cannot run at once. */
function reserve(file: string, partial: string): void {
  refuseExisting(file)
  try {
    closeSync(openSync(partial, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainTarget(error)
    throw refused(
      'A backup to this file is running, or one was cut off: if none runs, delete the file <backup>.partial and try again.',
    )
  }
}

function refuseExisting(file: string): void {
  for (const path of [file, manifestPath(file)])
    if (existsSync(path)) throw refused('The target exists already and is never overwritten: choose another name.')
}

async function copy(
  source: Database.Database,
  partial: string,
  onProgress: ((share: number) => void) | undefined,
): Promise<void> {
  // One read transaction from the first page to the last: without it every commit of the service would start the copy anew.
  source.exec('BEGIN')
  source.prepare('SELECT count(*) FROM sqlite_schema').get()
  try {
    await source.backup(partial, {
      progress({ totalPages, remainingPages }) {
        if (totalPages > 0) onProgress?.(1 - remainingPages / totalPages)
        return PAGES_A_PIECE
      },
    })
  } finally {
    source.exec('COMMIT')
  }
}

/** One file that needs no other, found sound. Throws CONFIGURATION_INVALID when the original is damaged and so is the copy. */
async function proven(partial: string): Promise<Omit<BackupManifest, 'format' | 'madeAt'>> {
  const db = new Database(partial)
  let told: Pick<BackupManifest, 'schema' | 'counts' | 'newestEntryAt'>
  try {
    db.pragma('journal_mode = DELETE')
    const problems = problemsOf(db, pendingMigrations(db) === 0)
    if (problems[0] !== undefined)
      throw refused(
        `The database does not stand its own checks (${problems.length} found, first: ${problems[0]}), so this would be no backup: see \`pulih verify\`, restore an earlier one.`,
      )
    told = tell(db)
  } finally {
    db.close()
  }
  return { ...told, bytes: statSync(partial).size, sha256: await sha256Of(partial) }
}

function tell(db: Database.Database): Pick<BackupManifest, 'schema' | 'counts' | 'newestEntryAt'> {
  const number = (sql: string): number | null => db.prepare(sql).pluck().get() as number | null
  const count = (from: string): number => number(`SELECT count(*) FROM ${from}`) ?? 0
  const newest = number('SELECT max(recorded_at) FROM ticket_log')
  return {
    schema: schemaOf(number('SELECT max(created_at) FROM __drizzle_migrations')),
    counts: {
      tickets: count('tickets'),
      logEntries: count('ticket_log'),
      pendingTimers: count("timers WHERE state = 'pending'"),
      undeliveredOutbox: count('outbox WHERE delivered_at IS NULL'),
      deadLetters: count('dead_letters WHERE replayed_at IS NULL'),
    },
    newestEntryAt: newest === null ? null : new Date(newest).toISOString(),
  }
}

/** The name of the last migration, as its file is called. */
function schemaOf(lastStep: number | null): string {
  const journal = readFileSync(join(migrationsFolder('sqlite'), 'meta', '_journal.json'), 'utf8')
  const { entries } = JSON.parse(journal) as { entries: readonly { when: number; tag: string }[] }
  return entries.find((it) => it.when === lastStep)?.tag ?? 'none'
}

/** The manifest last: where it stands, the backup is whole and on disk. */
function publish(file: string, partial: string, manifest: BackupManifest): void {
  const descriptor = openSync(`${partial}.json`, 'w', 0o600)
  try {
    writeSync(descriptor, `${JSON.stringify(manifest, null, 2)}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  const copied = openSync(partial, 'r+')
  try {
    fsyncSync(copied)
  } finally {
    closeSync(copied)
  }
  refuseExisting(file)
  renameSync(partial, file)
  renameSync(`${partial}.json`, manifestPath(file))
  flushFolderOf(file)
}
