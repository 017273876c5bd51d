import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

/** A table's columns as hand-written statements need them: the name in JavaScript, the name in SQL, and whether JSON text is kept, or a yes or no. */
export function columnsOf(table: PgTable): readonly { key: string; name: string; json: boolean; flag: boolean }[] {
  return Object.entries(getTableColumns(table)).map(([key, column]) => ({
    key,
    name: column.name,
    json: column.dataType === 'json',
    flag: column.dataType === 'boolean',
  }))
}
