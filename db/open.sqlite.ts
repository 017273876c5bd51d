import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { systemClock, type Clock } from '../src/engine/clock.js'
import { PulihError } from '../src/engine/errors.js'
import { Checkpoints, OWN_CHECKPOINT_PAGES } from './checkpoints.sqlite.js'
import { explainOpening, explainSqlite, isBusy } from './errors.sqlite.js'
import { explainFolder, folderUnusable, refuseLost } from './folder.js'
import { takeLock, type Lock } from './lock.js'
import { applyMigrations, assertMigrated } from './migrate.js'
import * as tables from './schema.sqlite.js'
import { sqliteByKey } from './reads.sqlite.js'
import { inTurn } from './inTurn.js'
import { schemaProblems } from './schemaProblems.sqlite.js'
import type { Backend, Db } from './sql.js'
import { createStore } from './store.js'
import { together } from './together.sqlite.js'
import type { Store } from './types.js'
import { eachTextSqlite } from './texts.sqlite.js'
import { batchWriter } from './writer.sqlite.js'

export interface SqliteOptions {
  readonly dataDir: string
  /** Next to a running writer: takes no lock, never migrates, refuses to write. */
  readonly readOnly?: boolean | undefined
  readonly clock?: Clock | undefined
}

/** One private writer and one reader; a read-only store has the reader in both places. */
export interface Connections {
  readonly writer: Database.Database
  readonly reader: Database.Database
  readonly lock: Lock | null
}

const fileOf = (dataDir: string) => join(dataDir, 'pulih.db')
/** The driver is synchronous: while it waits for a lock the whole process stands still. Nobody else should write, so wait briefly. */
const BUSY_TIMEOUT_MS = 500

/** Opens the embedded database under `dataDir`, making and migrating it. Throws STORE_LOCKED, or CONFIGURATION_INVALID for a schema of another version, a damaged or lost file, a folder that cannot be used. */
export function openSqliteStore(options: SqliteOptions): Store {
  const clock = options.clock ?? systemClock
  const connections = options.readOnly === true ? openReadOnly(options.dataDir) : openWriting(options.dataDir, clock)
  return createStore(sqliteBackend(connections), clock)
}

/** Migrates the embedded database under `dataDir` and closes it. Throws as opening does. */
export function migrateSqlite(dataDir: string, clock: Clock = systemClock): void {
  closeAll(openWriting(dataDir, clock))
}

export function openWriting(dataDir: string, clock: Clock): Connections {
  makeFolder(dataDir)
  const lock = takeLock(dataDir, clock)
  let writer: Database.Database | undefined
  try {
    refuseLost(dataDir)
    keepToOwner(fileOf(dataDir))
    writer = new Database(fileOf(dataDir), { timeout: BUSY_TIMEOUT_MS })
    writer.pragma('journal_mode = WAL')
    // NORMAL would lose acknowledged commits on power loss.
    writer.pragma('synchronous = FULL')
    writer.pragma('foreign_keys = ON')
    // Without it REPLACE deletes rows behind the back of the delete triggers.
    writer.pragma('recursive_triggers = ON')
    writer.pragma('cache_size = -65536')
    // Savepoints keep their copies in memory, not in a temporary file.
    writer.pragma('temp_store = MEMORY')
    writer.pragma('journal_size_limit = 67108864')
    writer.pragma(`wal_autocheckpoint = ${OWN_CHECKPOINT_PAGES}`)
    applyMigrations(writer)
    // Touches no row, but a file that may only be read refuses it.
    writer.exec('DELETE FROM heartbeat WHERE id IS NULL')
    return { writer, reader: openReader(dataDir), lock }
  } catch (error) {
    writer?.close()
    lock.release()
    throw explainOpening(error)
  }
}

function openReadOnly(dataDir: string): Connections {
  assertThere(dataDir)
  let reader: Database.Database | undefined
  try {
    reader = openReader(dataDir)
    assertMigrated(reader)
    return { writer: reader, reader, lock: null }
  } catch (error) {
    reader?.close()
    throw explainOpening(error)
  }
}

function openReader(dataDir: string): Database.Database {
  const reader = new Database(fileOf(dataDir), { readonly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    reader.pragma('cache_size = -32768')
    return reader
  } catch (error) {
    reader.close()
    throw error
  }
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw explainFolder(error)
  }
}

/** Made here, because SQLite would let others read it; what stands beside it later takes its mode. */
function keepToOwner(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function assertThere(dataDir: string): void {
  refuseLost(dataDir)
  let isFile: boolean
  try {
    isFile = statSync(fileOf(dataDir)).isFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explainFolder(error)
    throw new PulihError('CONFIGURATION_INVALID', 'There is no database in this data folder yet.', {}, { cause: error })
  }
  if (!isFile) throw folderUnusable('a folder stands where its database belongs')
}

export function sqliteBackend(connections: Connections): Backend {
  const { writer, reader } = connections
  // The one cast between the dialects' query types: the builders are the same at run time, and SQLite's can be awaited too.
  const ormOf = (db: Database.Database) => drizzle(db) as unknown as Db
  const write = ormOf(writer)
  const { commit, commitTogether } = batchWriter(writer)
  const checkpoints = new Checkpoints(writer)
  let waits = true
  /** Once somebody holds the write lock, nobody waits for it again until a commit goes through: each wait stops the whole process. */
  const wait = (yes: boolean): void => {
    if (waits === yes || connections.lock === null) return
    waits = yes
    writer.pragma(`busy_timeout = ${yes ? BUSY_TIMEOUT_MS : 0}`)
  }
  const asked = together(writer)
  return {
    sql: {
      t: tables,
      write,
      read: ormOf(reader),
      byKey: sqliteByKey(writer),
      shared: false,
      atomically: (build) => asked.run(build(write) as unknown as readonly { all(): unknown[] }[]),
      // One process has the file, so its own turns are everybody's.
      serially: inTurn((_, work) => work(write)),
    },
    commit(changes) {
      const outcomes = commit(changes)
      wait(true)
      checkpoints.committed()
      return Promise.resolve(outcomes)
    },
    commitTogether(changes) {
      const outcomes = commitTogether(changes)
      wait(true)
      return Promise.resolve(outcomes)
    },
    lanes: 1,
    integrityProblems: () => Promise.resolve(problemsOf(reader)),
    eachText: (visit) => Promise.resolve(eachTextSqlite(reader, visit)),
    explain(error) {
      const explained = explainSqlite(error)
      if (isBusy(explained)) wait(false)
      return explained
    },
    async close() {
      asked.flush()
      await checkpoints.close()
      closeAll(connections)
    },
  }
}

/** What the file's own checks find wrong with it; without `withSchema` for a schema of an earlier version. */
export function problemsOf(db: Database.Database, withSchema = true): string[] {
  const checks = db.prepare('PRAGMA integrity_check').pluck().all() as string[]
  const orphans = db.pragma('foreign_key_check') as { table: string; parent: string }[]
  return [
    ...checks.filter((line) => line !== 'ok'),
    ...orphans.map(({ table, parent }) => `a row of ${table} points to a missing row of ${parent}`),
    ...(withSchema ? schemaProblems(db) : []),
  ]
}

function closeAll({ writer, reader, lock }: Connections): void {
  reader.close()
  writer.close()
  lock?.release()
}
