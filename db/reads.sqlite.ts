import type { Database } from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import { columnsOf } from './columnsOf.js'
import type { ByKey } from './byKey.js'

/** Rows by key through raw prepared statements: through drizzle such reads were an eighth of a command, most of it mapping rows. */
export function sqliteByKey(db: Database): ByKey {
  return (table, by, only) => {
    const all = columnsOf(table)
    const columns = all.filter(({ key }) => only === undefined || (only as readonly string[]).includes(key))
    const name = all.find(({ key }) => key === by)?.name ?? by
    // Under their JavaScript names, so that only what SQLite has no type for is left to do.
    const statement = db.prepare<[string], Record<string, unknown>>(
      `SELECT ${columns.map((it) => `${it.name} AS "${it.key}"`).join(', ')} FROM ${getTableName(table)} WHERE ${name} = ?`,
    )
    const json = columns.filter((it) => it.json).map((it) => it.key)
    const flags = columns.filter((it) => it.flag).map((it) => it.key)
    // Async, so that what the driver throws is a rejection.
    // eslint-disable-next-line @typescript-eslint/require-await
    return async (value) => {
      const row = statement.get(value)
      if (row === undefined) return null
      for (const key of json) if (row[key] !== null) row[key] = JSON.parse(row[key] as string) as unknown
      for (const key of flags) if (row[key] !== null) row[key] = row[key] === 1
      return row as never
    }
  }
}
