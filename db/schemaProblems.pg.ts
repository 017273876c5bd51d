import { readMigrationFiles } from 'drizzle-orm/migrator'
import pg from 'pg'
import { migrationsFolder } from './migrate.js'

/** Something that the migrations make: its kind and name, the table it belongs to, and its definition without the schema's name. */
interface SchemaObject {
  readonly what: string
  readonly table: string
  readonly definition: string
}

const SHADOW = 'pulih_shadow'

/**
 * What the migrations make and the database lacks or has otherwise (a guard that is dropped or disabled no longer guards), and rows that
 * point to nothing. The migrations run again in a schema of their own, inside a transaction that is never committed: no table of the store
 * is locked. What the database has beyond them is not judged.
 */
export async function pgProblems(client: pg.Client): Promise<readonly string[]> {
  await client.query('BEGIN READ WRITE')
  try {
    await client.query('SET LOCAL statement_timeout = 0')
    const { rows } = await client.query<{ schema: string }>('SELECT current_schema() AS schema')
    const found = await objectsIn(client, rows[0]?.schema ?? 'public')
    return [...(await orphans(client)), ...compared(await expectedObjects(client), found)]
  } catch (error) {
    // A standby, or a user who may only read.
    if (error instanceof pg.DatabaseError && (error.code === '42501' || error.code === '25006'))
      return [
        'the schema could not be compared: this needs a user who may create a schema, on a server that takes writes',
      ]
    throw error
  } finally {
    await client.query('ROLLBACK')
  }
}

function compared(expected: readonly SchemaObject[], found: readonly SchemaObject[]): string[] {
  const definitions = new Map(found.map((it) => [it.what, it.definition]))
  const tables = new Set(found.map((it) => it.table))
  return expected.flatMap(({ what, table, definition }) => {
    const is = definitions.get(what)
    if (!tables.has(table) && what !== `table ${table}`) return []
    if (is === undefined) return [`${what} is missing`]
    return is === definition ? [] : [`${what} differs from what the migrations make`]
  })
}

async function expectedObjects(client: pg.Client): Promise<readonly SchemaObject[]> {
  await client.query(`CREATE SCHEMA ${SHADOW}; SET LOCAL search_path = ${SHADOW}`)
  for (const { sql } of readMigrationFiles({ migrationsFolder: migrationsFolder('postgres') }))
    for (const statement of sql) await client.query(statement.replaceAll('"public".', `"${SHADOW}".`))
  return objectsIn(client, SHADOW)
}

/** A trigger that does not fire in ordinary sessions, a constraint that was never checked and an index that is not used count as changed. */
const OBJECTS = `
WITH t AS (SELECT oid, relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r')
SELECT 'table ' || relname AS what, relname AS "table", '' AS definition FROM t
UNION ALL SELECT 'column ' || relname || '.' || attname, relname,
  concat_ws(' ', format_type(atttypid, atttypmod), collname, CASE WHEN attnotnull THEN 'NOT NULL' END, pg_get_expr(adbin, adrelid))
  FROM t JOIN pg_attribute ON attrelid = t.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = t.oid AND adnum = attnum LEFT JOIN pg_collation c ON c.oid = attcollation
UNION ALL SELECT 'constraint ' || conname, relname, pg_get_constraintdef(c.oid) ||
  coalesce((SELECT ' disabled' FROM pg_trigger WHERE tgconstraint = c.oid AND tgenabled NOT IN ('O', 'A') LIMIT 1), '')
  FROM t JOIN pg_constraint c ON conrelid = t.oid
UNION ALL SELECT 'index ' || i.relname, t.relname, pg_get_indexdef(i.oid) || CASE WHEN indisvalid THEN '' ELSE ' invalid' END
  FROM t JOIN pg_index ON indrelid = t.oid JOIN pg_class i ON i.oid = indexrelid
UNION ALL SELECT 'trigger ' || tgname, relname, pg_get_triggerdef(g.oid) || CASE WHEN tgenabled IN ('O', 'A') THEN '' ELSE ' disabled' END
  FROM t JOIN pg_trigger g ON tgrelid = t.oid AND NOT tgisinternal
UNION ALL SELECT 'function ' || proname, '', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::regnamespace
ORDER BY what`

async function objectsIn(client: pg.Client, schema: string): Promise<readonly SchemaObject[]> {
  const { rows } = await client.query<SchemaObject>(OBJECTS, [schema])
  const bare = (sql: string) => sql.replaceAll(`${schema}.`, '').replaceAll(/\s+/g, ' ')
  return rows.map((it) => ({ ...it, definition: bare(it.definition) }))
}

/** Keys are checked as rows are written, unless somebody switched that off for a while. */
async function orphans(client: pg.Client): Promise<readonly string[]> {
  const { rows: keys } = await client.query<{ child: string; parent: string; matches: string }>(`
    SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
      (SELECT string_agg(format('p.%I = c.%I', p.attname, c.attname), ' AND ') FROM unnest(conkey, confkey) AS k (c, p)
        JOIN pg_attribute c ON c.attrelid = conrelid AND c.attnum = k.c
        JOIN pg_attribute p ON p.attrelid = confrelid AND p.attnum = k.p) AS matches
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname`)
  const problems: string[] = []
  for (const { child, parent, matches } of keys) {
    const { rowCount } = await client.query(
      `SELECT FROM ${child} c WHERE NOT EXISTS (SELECT FROM ${parent} p WHERE ${matches}) LIMIT 1`,
    )
    if (rowCount !== 0) problems.push(`a row of ${child} points to a missing row of ${parent}`)
  }
  return problems
}
