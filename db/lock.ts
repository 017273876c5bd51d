import { lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock } from '../src/engine/clock.js'
import { PulihError } from '../src/engine/errors.js'
import { explainLocking } from './errors.sqlite.js'

export interface Lock {
  release(): void
}
interface Holder {
  readonly pid: number
  readonly since: string
}

/**
 * Makes this process the only writer on `dataDir`: an exclusive transaction held on `lock.db`, which the system frees even after `kill -9`.
 * Throws STORE_LOCKED naming the holder, CONFIGURATION_INVALID when the folder cannot be written. Nothing else may open `lock.db`: closing any other descriptor of it in this process drops the lock.
 */
export function takeLock(dataDir: string, clock: Clock): Lock {
  const notePath = join(dataDir, 'lock.json')
  let db: Database.Database | undefined
  try {
    db = new Database(join(dataDir, 'lock.db'), { timeout: 0 })
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    // On a file that may only be read BEGIN succeeds and locks nothing; a write, never committed, tells.
    db.pragma('user_version = 0')
    const holder: Holder = { pid: process.pid, since: new Date(clock.now()).toISOString() }
    writeFileSync(notePath, JSON.stringify(holder), { mode: 0o600 })
    return lockOn(db, notePath)
  } catch (error) {
    db?.close()
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw explainLocking(error)
    throw lockedBy(readHolder(notePath), error)
  }
}

function lockOn(db: Database.Database, notePath: string): Lock {
  return {
    release() {
      if (!db.open) return
      rmSync(notePath, { force: true })
      db.close()
    },
  }
}

function lockedBy(holder: Holder | null, cause: Error): PulihError {
  const who = holder === null ? 'another process' : `process ${holder.pid} (since ${holder.since})`
  return new PulihError(
    'STORE_LOCKED',
    `This data folder is in use by ${who}. SQLite has one writer: use the API of the running process, or stop it first.`,
    holder === null ? {} : { pid: holder.pid, since: holder.since },
    { cause },
  )
}

/** The note is written a moment after the lock is taken, so it may be missing or left by a process that was killed. */
function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder
    return isAlive(holder.pid) ? holder : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Why the lock can never be taken, as far as its file tells; null when it can. The file stays empty, because nothing is ever committed to it, and
 * an empty one is not opened: closing it would drop the lock of a service in this very process.
 */
export function lockFault(dataDir: string): string | null {
  const path = join(dataDir, 'lock.db')
  let db: Database.Database | undefined
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined || statSync(path).size === 0) return null
    db = new Database(path, { readonly: true, timeout: 0 })
    db.pragma('schema_version')
    return null
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code.startsWith('SQLITE_BUSY') || code === 'ENOTDIR') return null
    return /^SQLITE_(NOTADB|CORRUPT)/.test(code) ? 'is damaged' : 'cannot be opened'
  } finally {
    db?.close()
  }
}

/** What the note beside the lock says, for people to read; the lock itself is the system's and is not touched. */
export function lockNote(
  dataDir: string,
): { readonly pid: number; readonly since: string; readonly alive: boolean } | null {
  try {
    const { pid, since } = JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')) as Holder
    return Number.isInteger(pid) && typeof since === 'string' ? { pid, since, alive: isAlive(pid) } : null
  } catch {
    return null
  }
}
