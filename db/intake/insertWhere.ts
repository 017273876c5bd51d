import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../sql.js'

/** One row, if the condition holds when the statement runs; `values` by column, what is left out is null. */
export function insertWhere<T extends PgTable>(
  db: Db,
  table: T,
  values: Readonly<Record<string, unknown>>,
  where: SQL,
) {
  // The casts tell PostgreSQL what the parameters are; SQLite takes them as they are.
  const cells = Object.entries(getTableColumns(table)).map(([name, { dataType }]) => {
    const value = values[name] ?? null
    return dataType === 'number' ? sql`cast(${value} as bigint)` : sql`cast(${value} as text)`
  })
  return db.insert(table).select(sql`select ${sql.join(cells, sql`, `)} where ${where}`)
}
