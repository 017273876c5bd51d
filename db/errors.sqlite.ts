import Database from 'better-sqlite3'
import { PulihError } from '../src/engine/errors.js'
import { DUPLICATES, rootOf, type Refusal } from './errors.js'
import { explainFolder, folderUnusable } from './folder.js'

/** A rule that SQL cannot hold at the moment of the statement; refuses the change as a constraint would. */
export class BrokenRule extends Error {}

/** What a constraint error says about a change; null for every other error. */
export function refusalOf(error: unknown): Refusal | null {
  const constraint = constraintOf(error)
  if (constraint === null) return null
  return { ok: false, reason: DUPLICATES.has(constraint) ? 'duplicate' : 'refused', constraint }
}

/** The constraint's name as schema.ts and the migrations spell it: SQLite itself names the columns of a key, not the key. */
function constraintOf(error: unknown): string | null {
  if (error instanceof BrokenRule) return error.message
  if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_CONSTRAINT')) return null
  const named = error.message.split('constraint failed: ').at(-1) ?? error.message
  const [table = '', column = ''] = (named.split(',')[0] ?? '').split('.')
  switch (error.code) {
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
    case 'SQLITE_CONSTRAINT_ROWID':
      return `${table}_pk`
    case 'SQLITE_CONSTRAINT_UNIQUE':
      return `${table}_${column}_unique`
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return `${table}_${column}_not_null`
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return 'foreign_key'
    default:
      return named
  }
}

const UNABLE: readonly [prefix: string, why: string][] = [
  ['SQLITE_BUSY', 'another connection is writing'],
  ['SQLITE_LOCKED', 'another connection is writing'],
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_IOERR', 'the disk reports an error'],
  ['SQLITE_NOMEM', 'memory is exhausted'],
]

/** Bytes that are no database, or no longer one. */
const DAMAGED = ['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_FORMAT']

/** STORE_BUSY when the database cannot take a write now, SHUTTING_DOWN when it is closed, CONFIGURATION_INVALID when it is damaged; drizzle's wrapper, which prints parameters, is taken off. */
export function explainSqlite(error: unknown): unknown {
  const cause = rootOf(error)
  if (cause instanceof TypeError && cause.message === 'The database connection is not open')
    return new PulihError('SHUTTING_DOWN', 'The store is closed.')
  if (!(cause instanceof Database.SqliteError)) return cause
  const { code } = cause
  const why = UNABLE.find(([prefix]) => code.startsWith(prefix))?.[1]
  if (why !== undefined)
    return new PulihError('STORE_BUSY', `The database cannot take this now: ${why}.`, { sqlite: code }, { cause })
  if (DAMAGED.some((prefix) => code.startsWith(prefix))) return damaged('pulih.db', 'restore it from a backup', cause)
  if (code.startsWith('SQLITE_READONLY'))
    return new PulihError('CONFIGURATION_INVALID', 'This store was opened for reading only.', {}, { cause })
  return cause
}

/** Did another connection hold the lock? */
export const isBusy = (explained: unknown): boolean =>
  explained instanceof PulihError && String(explained.extra['sqlite']).startsWith('SQLITE_BUSY')

/** As `explainSqlite`, for the moment of opening: then a file that cannot be opened or written is the folder's fault. */
export function explainOpening(error: unknown): unknown {
  const cause = rootOf(error)
  if (!(cause instanceof Database.SqliteError)) return explainFolder(explainSqlite(cause))
  if (cause.code.startsWith('SQLITE_CANTOPEN')) return folderUnusable('a database file in it cannot be opened', cause)
  if (cause.code.startsWith('SQLITE_READONLY')) return folderUnusable('a database file in it cannot be written', cause)
  return explainSqlite(cause)
}

/** The same for `lock.db`, which holds nothing and may simply go. */
export function explainLocking(error: unknown): unknown {
  if (error instanceof Database.SqliteError && DAMAGED.some((prefix) => error.code.startsWith(prefix)))
    return damaged('lock.db', 'delete it', error)
  return explainOpening(error)
}

function damaged(file: string, remedy: string, cause: { readonly code: string }): PulihError {
  return new PulihError(
    'CONFIGURATION_INVALID',
    `The file ${file} in the data folder is damaged or no Pulih database: ${remedy}, or choose another folder.`,
    { sqlite: cause.code },
    { cause },
  )
}
