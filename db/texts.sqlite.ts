import type Database from 'better-sqlite3'
import type { EachText } from './texts.js'

/** Every text of every table, whoever made it: the catalogue of the database is asked, and not what we believe is in it. */
export function eachTextSqlite(db: Database.Database, visit: EachText): number {
  const tables = db
    .prepare(
      String.raw`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
    )
    .pluck()
    .all() as string[]
  let seen = 0
  for (const table of tables) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
    const rows = db
      .prepare(`SELECT * FROM ${quoted(table)}`)
      .raw()
      .iterate() as IterableIterator<unknown[]>
    for (const row of rows)
      for (const [n, value] of row.entries()) {
        const text = Buffer.isBuffer(value) ? value.toString('latin1') : value
        if (typeof text !== 'string' || text === '') continue
        seen += 1
        visit(table, columns[n] ?? '', text)
      }
  }
  return seen
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
