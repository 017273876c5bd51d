import { getTableColumns, getTableName } from 'drizzle-orm'
import type { Pool } from 'pg'
import { isBrokenConnection } from './errors.pg.js'
import type { ByKey } from './byKey.js'
import { sharedLookups, type SharedLookups } from './sharedLookups.js'

type Row = Record<string, unknown>
export interface PgLookups {
  readonly byKey: ByKey
  /** Resolves when nobody waits for an answer any more: before the pool is closed. */
  readonly answered: () => Promise<void>
}

/** Rows by key: what is asked for in one turn of the event loop, or while others are read, is read by one statement. */
export function pgLookups(pool: Pool): PgLookups {
  const all: SharedLookups<Row>[] = []
  const byKey: ByKey = (table, by, only) => {
    const fields = getTableColumns(table)
    const columns = Object.entries(fields).filter(
      ([key]) => only === undefined || (only as readonly string[]).includes(key),
    )
    // The driver leaves an int8 as text, for it may be longer than a number; instants are not.
    const instants = columns.filter(([, column]) => column.getSQLType() === 'bigint').map(([key]) => key)
    const name = `by_key_${all.length}_${getTableName(table)}`
    const text =
      `SELECT ${columns.map(([key, column]) => `${column.name} AS "${key}"`).join(', ')} ` +
      `FROM ${getTableName(table)} WHERE ${fields[by]?.name ?? by} = ANY ($1::text[])`
    const query = (keys: readonly string[]) => pool.query<Row>({ name, text, values: [keys] })
    const lookups = sharedLookups(async (keys) => {
      // A question may be asked again; a connection that broke says nothing about the next.
      const { rows } = await query(keys).catch((error: unknown) => {
        if (isBrokenConnection(error)) return query(keys)
        throw error
      })
      for (const row of rows) for (const key of instants) if (row[key] !== null) row[key] = Number(row[key])
      return new Map(rows.map((row) => [row[by] as string, row]))
    })
    all.push(lookups)
    // PostgreSQL keeps no NUL, so there is no such row, and it would refuse everybody's question with this one.
    return (key) => (key.includes('\0') ? Promise.resolve(null) : lookups.ask(key)) as never
  }
  return {
    byKey,
    async answered() {
      await Promise.all(all.map((it) => it.answered()))
    },
  }
}
