import type { Database } from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { IdempotencyRecord, TicketRow } from '../src/engine/types.js'
import { columnsOf } from './columnsOf.js'
import type { HotReads } from './hotReads.js'
import * as tables from './schema.sqlite.js'
import type { TicketHead } from './types.js'

/** The hot reads on raw prepared statements: through drizzle they were an eighth of a command, most of it mapping rows. */
export function hotReads(db: Database): HotReads {
  const ticket = reader(db, tables.tickets, 'id')
  const head = reader(db, tables.tickets, 'id', ['id', 'type', 'participantRef', 'officeId'])
  const idempotency = reader(db, tables.idempotency, 'key')
  // Async, so that what the driver throws is a rejection.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    findTicket: async (id) => ticket(id) as TicketRow | null,
    findTicketHead: async (id) => head(id) as TicketHead | null,
    findIdempotency: async (key) => idempotency(key) as IdempotencyRecord | null,
  }
  /* eslint-enable @typescript-eslint/require-await */
}

/** Reads one row by the column `by`; columns leave SQLite under their JavaScript names, so that only JSON is left to do. */
function reader(db: Database, table: PgTable, by: string, only?: readonly string[]): (value: string) => unknown {
  const columns = columnsOf(table).filter(({ key }) => only?.includes(key) !== false)
  const statement = db.prepare<[string], Record<string, unknown>>(
    `SELECT ${columns.map(({ key, name }) => `${name} AS "${key}"`).join(', ')} FROM ${getTableName(table)} WHERE ${by} = ?`,
  )
  const json = columns.filter((it) => it.json).map((it) => it.key)
  return (value) => {
    const row = statement.get(value)
    if (row === undefined) return null
    for (const key of json) if (row[key] !== null) row[key] = JSON.parse(row[key] as string) as unknown
    return row
  }
}
