import Database from 'better-sqlite3'
import { applyMigrations } from './migrate.js'

interface SchemaObject {
  readonly type: string
  readonly name: string
  readonly sql: string
}

/**
 * Tables, indexes and triggers that the migrations make and `db` lacks or has otherwise: a dropped guard no longer guards.
 * What `db` has beyond them is not judged.
 */
export function schemaProblems(db: Database.Database): string[] {
  const found = new Map(objectsOf(db).map((it) => [keyOf(it), it.sql]))
  return expectedObjects().flatMap((it) => {
    const sql = found.get(keyOf(it))
    if (sql === undefined) return [`${it.type} ${it.name} is missing`]
    return sql === it.sql ? [] : [`${it.type} ${it.name} differs from what the migrations make`]
  })
}

const keyOf = ({ type, name }: SchemaObject) => `${type} ${name}`

function expectedObjects(): readonly SchemaObject[] {
  const fresh = new Database(':memory:')
  try {
    applyMigrations(fresh)
    return objectsOf(fresh)
  } finally {
    fresh.close()
  }
}

/** Drizzle's record of migrations and SQLite's own objects (which have no SQL) are left out. */
function objectsOf(db: Database.Database): readonly SchemaObject[] {
  const rows = db
    .prepare(
      String.raw`SELECT type, name, sql FROM sqlite_master
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name <> '__drizzle_migrations' ORDER BY type, name`,
    )
    .all() as SchemaObject[]
  return rows.map((it) => ({ ...it, sql: bare(it.sql) }))
}

/** Without spaces and comments, except where they stand in quotes: there they mean something. */
function bare(sql: string): string {
  return sql.replace(
    /('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`)|--[^\n]*|\/\*[\s\S]*?\*\/|\s+/g,
    (_all, quoted: string | undefined) => quoted ?? '',
  )
}
