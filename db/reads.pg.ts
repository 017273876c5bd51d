import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Pool } from 'pg'
import type { IdempotencyRecord, TicketRow } from '../src/engine/types.js'
import type { HotReads } from './hotReads.js'
import * as tables from './schema.pg.js'
import type { TicketHead } from './types.js'

/** The hot reads: what is asked for in one turn of the event loop is read by one statement, for a batch of commands asks all at once. */
export function pgHotReads(pool: Pool): HotReads {
  const ticket = reader(pool, tables.tickets, 'id')
  const head = reader(pool, tables.tickets, 'id', ['id', 'type', 'participantRef', 'officeId'])
  const idempotency = reader(pool, tables.idempotency, 'key')
  return {
    findTicket: (id) => ticket(id) as Promise<TicketRow | null>,
    findTicketHead: (id) => head(id) as Promise<TicketHead | null>,
    findIdempotency: (key) => idempotency(key) as Promise<IdempotencyRecord | null>,
  }
}

type Row = Record<string, unknown>
interface Asked {
  readonly resolve: (row: Row | null) => void
  readonly reject: (error: unknown) => void
}

/** Reads rows by the column `by`, under their JavaScript names. */
function reader(pool: Pool, table: PgTable, by: string, only?: readonly string[]) {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => only?.includes(key) !== false)
  // The driver leaves an int8 as text, for it may be longer than a number; instants are not.
  const instants = columns.filter(([, column]) => column.getSQLType() === 'bigint').map(([key]) => key)
  const name = `hot_${getTableName(table)}_${only?.length ?? 'all'}`
  const text =
    `SELECT ${columns.map(([key, column]) => `${column.name} AS "${key}"`).join(', ')} ` +
    `FROM ${getTableName(table)} WHERE ${by} = ANY ($1::text[])`
  let waiting = new Map<string, Asked[]>()

  const flush = async (): Promise<void> => {
    const asked = waiting
    waiting = new Map()
    try {
      const { rows } = await pool.query<Row>({ name, text, values: [[...asked.keys()]] })
      const found = new Map(rows.map((row) => [row[by] as string, row]))
      for (const row of rows) for (const key of instants) if (row[key] !== null) row[key] = Number(row[key])
      for (const [value, all] of asked) for (const it of all) it.resolve(found.get(value) ?? null)
    } catch (error) {
      for (const all of asked.values()) for (const it of all) it.reject(error)
    }
  }
  return (value: string): Promise<Row | null> =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) queueMicrotask(() => void flush())
      const others = waiting.get(value)
      if (others === undefined) waiting.set(value, [{ resolve, reject }])
      else others.push({ resolve, reject })
    })
}
