import pg from 'pg'
import { pendingPgMigrations } from '../../db/migrate.pg.js'
import { PulihError } from '../engine/errors.js'
import { aheadOf } from './findings.js'
import type { Probes, PostgresFacts, PostgresLook } from './types.js'

const CONNECT_MS = 3_000
const ANSWER_MS = 3_000

const QUESTION = `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS "versionText",
  current_setting('synchronous_commit') AS "synchronousCommit", current_setting('fsync') AS fsync,
  current_setting('max_connections')::int AS "maxConnections", current_setting('superuser_reserved_connections')::int AS reserved,
  pg_is_in_recovery() AS recovering, current_setting('transaction_read_only') = 'on' AS "readOnly",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreate",
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`

/** Asks a PostgreSQL server about itself; never throws, and its answer repeats nothing of the URL. `store`: Pulih's tables should be there. */
export async function lookAtPostgres(url: string, store: boolean, { clock }: Probes): Promise<PostgresLook> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    application_name: 'pulih doctor',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const askedAt = clock.now()
    const { rows } = await client.query<Omit<PostgresFacts, 'aheadMs' | 'pending' | 'newestAt'> & { now: number }>(
      QUESTION,
    )
    const [row] = rows
    if (row === undefined) return { fault: 'it gave no answer' }
    const answeredAt = clock.now()
    const pending = store ? await pendingPgMigrations(client) : null
    return {
      facts: {
        ...row,
        aheadMs: aheadOf(askedAt, answeredAt, row.now),
        pending,
        newestAt: pending === 0 ? await newest(client) : null,
      },
    }
  } catch (error) {
    return { fault: faultOf(error) }
  } finally {
    // Whoever does not answer is not waited for.
    await Promise.race([client.end(), new Promise((resolve) => setTimeout(resolve, 200).unref())]).catch(
      () => undefined,
    )
  }
}

/** The last write that went through: the whole log has no index by instant. */
async function newest(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ at: string | null }>('SELECT max(at)::text AS at FROM heartbeat')
  const at = rows[0]?.at ?? null
  return at === null ? null : Number(at)
}

/** Messages of the driver may hold host and user; codes do not. */
function faultOf(error: unknown): string {
  if (error instanceof PulihError) return error.message
  const codes = error instanceof AggregateError ? error.errors : [error]
  const code = codes.map((it) => (it as NodeJS.ErrnoException).code ?? '').find((it) => it !== '')
  if (code !== undefined) return MEANING[code] ?? `it refuses with ${code}`
  return 'it does not answer in time'
}
const MEANING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ETIMEDOUT: 'it does not answer in time',
  ECONNRESET: 'it breaks the connection off',
  '28P01': 'user or password is wrong',
  '28000': 'it does not let this user in',
  '3D000': 'there is no such database on that server',
  '53300': 'it has no connection left',
  '57P03': 'it is starting or stopping',
  '42501': 'this user may not read Pulih’s tables',
}
