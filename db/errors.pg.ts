import pg from 'pg'
import { PulihError } from '../src/engine/errors.js'
import { DUPLICATES, rootOf, type Refusal } from './errors.js'

/** What a constraint error says about a change; null for every other error. Names are those of schema.ts and the migrations, as on SQLite. */
export function refusalOf(error: unknown): Refusal | null {
  const constraint = constraintOf(error)
  if (constraint === null) return null
  return { ok: false, reason: DUPLICATES.has(constraint) ? 'duplicate' : 'refused', constraint }
}

function constraintOf(error: unknown): string | null {
  if (!(error instanceof pg.DatabaseError)) return null
  switch (error.code) {
    case '23503':
      return 'foreign_key'
    case '23502':
      return `${error.table ?? ''}_${error.column ?? ''}_not_null`
    case '22021':
    case '22P05':
      return 'text_without_nul'
    default:
      // 23505, 23514 and the triggers' own P0001.
      return error.code?.startsWith('23') === true || error.code === 'P0001' ? (error.constraint ?? error.code) : null
  }
}

/** May be tried again at once: nothing was written, and the next try need not meet the same rival. */
export function isLostRace(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01')
}

/** The connection was cut while it was asked; another one may answer. */
export function isBrokenConnection(error: unknown): boolean {
  const cause = rootOf(error)
  if (cause instanceof pg.DatabaseError) return cause.code === '57P01' || cause.code === '57P05'
  return cause instanceof Error && /^Connection terminated|^(read|write) E(CONNRESET|PIPE)/.test(cause.message)
}

/** SQLSTATE, or a class of them (its first two digits). */
const UNABLE: Readonly<Record<string, string>> = {
  '08': 'the connection broke',
  '40': 'other commits were in the way',
  '53': 'the server is out of resources',
  '53100': 'the disk is full',
  '53200': 'memory is exhausted',
  '53300': 'the server has no connection left',
  '55P03': 'another transaction holds a lock',
  '57014': 'the server took too long',
  '57P01': 'the server is shutting down',
  '57P02': 'the server is restarting after a crash',
  '57P03': 'the server is starting or stopping',
  '57P05': 'the connection broke',
  '25006': 'the server takes no writes',
  '25P03': 'the connection broke',
  '58030': 'the disk reports an error',
}
/** What node and the driver say of a connection: they have no code, or one of the system's. */
const NETWORK = /^(ECONN\w+|E(PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN|ADDRNOTAVAIL))$/
const BROKEN = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed',
  'The server does not support SSL',
]

/**
 * STORE_BUSY when the server cannot take this now (then nothing was written, or it is not known: the idempotency key makes a retry safe),
 * SHUTTING_DOWN when the store is closed. Details of the driver's errors hold values, so an error it does not know leaves bare.
 */
export function explainPg(error: unknown, readOnly = false): unknown {
  const cause = rootOf(error)
  if (!(cause instanceof Error) || cause instanceof PulihError) return cause
  if (cause.message.startsWith('Cannot use a pool after calling end'))
    return new PulihError('SHUTTING_DOWN', 'The store is closed.')
  if (!(cause instanceof pg.DatabaseError)) {
    const code = networkCode(cause)
    if (code === null && !BROKEN.some((text) => cause.message.startsWith(text))) return cause
    return busy('the server cannot be reached', code ?? 'connection')
  }
  const code = cause.code ?? ''
  if (code === '25006' && readOnly)
    return new PulihError('CONFIGURATION_INVALID', 'This store was opened for reading only.')
  if (code === '22021' || code === '22P05')
    return new PulihError('VALIDATION_FAILED', 'Text must not hold the character NUL.')
  const why = UNABLE[code] ?? UNABLE[code.slice(0, 2)]
  if (why !== undefined) return busy(why, code)
  return new Error(`PostgreSQL refused a statement: ${constraintOf(cause) ?? code}`)
}

const REFUSED_AT_THE_DOOR: Readonly<Record<string, string>> = {
  '28000': 'the server does not let this user in',
  '28P01': 'user or password is wrong',
  '3D000': 'there is no such database on that server (`createdb` makes one)',
  '42501': 'this user may not do there what it must (own the schema, or have it migrated by `pulih migrate`)',
}

/** As `explainPg`, for the moment of opening: then what the server refuses is the configuration's fault. Shows nothing of the URL. */
export function explainPgOpening(error: unknown): unknown {
  const cause = rootOf(error)
  if (cause instanceof PulihError) return cause
  const why = cause instanceof pg.DatabaseError ? REFUSED_AT_THE_DOOR[cause.code ?? ''] : undefined
  if (why !== undefined)
    return new PulihError('CONFIGURATION_INVALID', `The database at DATABASE_URL cannot be opened: ${why}.`)
  const explained = explainPg(cause)
  if (explained instanceof PulihError && explained.code === 'STORE_BUSY')
    return new PulihError('STORE_BUSY', `The database at DATABASE_URL does not answer: ${explained.message}`)
  return explained
}

function busy(why: string, sqlState: string): PulihError {
  return new PulihError('STORE_BUSY', `The database cannot take this now: ${why}.`, { sqlState })
}

/** Of a name with several addresses node reports all failures in one error. */
function networkCode(error: Error): string | null {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
  for (const each of errors) {
    const code = (each as NodeJS.ErrnoException).code ?? ''
    if (NETWORK.test(code)) return code
  }
  return null
}
