import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { systemClock, type Clock } from '../src/engine/clock.js'
import { inTurn } from './inTurn.js'
import { explainPg, explainPgOpening } from './errors.pg.js'
import { applyPgMigrations, assertPgMigrated } from './migrate.pg.js'
import { pgLookups } from './reads.pg.js'
import * as tables from './schema.pg.js'
import { pgProblems } from './schemaProblems.pg.js'
import type { Backend } from './sql.js'
import { createStore } from './store.js'
import type { Store } from './types.js'
import { eachTextPg } from './texts.pg.js'
import { pgBatchWriter, pgGroupWriter, transact, type Chance } from './writer.pg.js'

export interface PgOptions {
  readonly databaseUrl: string
  /** Never migrates, refuses to write. */
  readonly readOnly?: boolean | undefined
  readonly clock?: Clock | undefined
  /** Connections at most (default 16): half for commits and reads by key, half for lists. */
  readonly connections?: number | undefined
  readonly chance?: Chance | undefined
}

const CONNECTIONS = 16
/** While one commit waits for the disk, the next is made. */
const LANES = 2
/**
 * Commits and reads by key never wait behind lists. They are planned once per connection: planned while a table is small they would walk
 * through the grown one, also in the checks of foreign keys.
 */
const BY_KEY = ['-c enable_seqscan=off']
/** Lists are planned anew each time, on the table as it is. */
const LISTS = ['-c plan_cache_mode=force_custom_plan']
/** A commit is a matter of milliseconds; what takes this long has met a lock or a server in trouble. */
const STATEMENT_MS = 15_000
const LOCK_MS = 5_000
const CONNECT_MS = 5_000
const IDLE_MS = 30_000
/** The server gives up first and says so; this is for a server that says nothing any more. */
const ANSWER_MS = 20_000

/** Pulih's own among the advisory locks of a database. */
const LOCK_SPACE = 0x70756c69

const CHANCE: Chance = { random: () => randomInt(2 ** 20) / 2 ** 20, wait: (ms) => wait(ms) }

/**
 * Opens the store in the PostgreSQL database at `databaseUrl`, making and migrating it; any number of processes may. Throws STORE_BUSY when the
 * server does not answer, CONFIGURATION_INVALID when it refuses or has a schema of another version.
 */
export async function openPgStore(options: PgOptions): Promise<Store> {
  const { clock = systemClock, readOnly = false } = options
  await withClient(options, readOnly ? assertPgMigrated : applyPgMigrations)
  return createStore(pgBackend(options), clock)
}

function poolOf(options: PgOptions, max: number, settings: readonly string[] = []): pg.Pool {
  const pool = new pg.Pool({ ...connectionOf(options, settings), max })
  // Connections break when the server restarts; whoever uses one hears of it, and the next one is new.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Migrates the database and leaves. Throws as opening does. */
export async function migratePg(databaseUrl: string): Promise<void> {
  await withClient({ databaseUrl }, applyPgMigrations)
}

/** A connection of its own, for work that may take its time. */
async function withClient<T>(options: PgOptions, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connectionOf(options), query_timeout: 0 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    throw explainPgOpening(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function connectionOf({ databaseUrl, readOnly = false }: PgOptions, settings: readonly string[] = []): pg.ClientConfig {
  const url = new URL(databaseUrl)
  // Ours come last, so that neither the URL nor a role's or database's own setting makes the server forget acknowledged commits.
  const options = [url.searchParams.get('options') ?? '', '-c synchronous_commit=on', '-c timezone=UTC', ...settings]
  url.searchParams.delete('options')
  if (readOnly) options.push('-c default_transaction_read_only=on')
  return {
    connectionString: url.href,
    application_name: 'pulih',
    options: options.join(' ').trim(),
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  }
}

function pgBackend(options: PgOptions): Backend {
  const { connections = CONNECTIONS } = options
  const some = Math.ceil(connections / 2)
  const keyed = poolOf(options, some, BY_KEY)
  const lists = poolOf(options, Math.max(1, connections - some), LISTS)
  const lookups = pgLookups(keyed)
  let closing: Promise<void> | null = null
  const closeAll = async () => {
    await lookups.answered()
    await Promise.all([keyed.end(), lists.end()])
  }
  return {
    sql: {
      t: tables,
      write: drizzle(keyed),
      read: drizzle(lists),
      byKey: lookups.byKey,
      shared: true,
      atomically: (build) =>
        transact(keyed, async (client) => {
          const results: (readonly unknown[])[] = []
          for (const query of build(drizzle(client))) results.push(await query.execute())
          return results
        }),
      // In turn within the process first: otherwise everybody who waits would hold a connection.
      serially: inTurn((lock, work) =>
        transact(keyed, async (client) => {
          await client.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, lock])
          return work(drizzle(client))
        }),
      ),
    },
    lanes: LANES,
    commit: pgBatchWriter(keyed, options.chance ?? CHANCE),
    commitTogether: pgGroupWriter(keyed, options.chance ?? CHANCE),
    integrityProblems: () => withClient(options, pgProblems),
    eachText: (visit) => withClient(options, (client) => eachTextPg(client, visit)),
    explain: (error) => explainPg(error, options.readOnly),
    close: () => (closing ??= closeAll()),
  }
}
