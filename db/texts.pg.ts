import type pg from 'pg'
import type { EachText } from './texts.js'

const AT_ONCE = 2_000

/** As on SQLite, in one snapshot, some rows at a time. */
export async function eachTextPg(client: pg.Client, visit: EachText): Promise<number> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0')
    const { rows: tables } = await client.query<{ name: string; quoted: string }>(
      `SELECT relname AS name, oid::regclass::text AS quoted FROM pg_class
       WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname`,
    )
    let seen = 0
    for (const { name, quoted } of tables) seen += await textsOf(client, name, quoted, visit)
    return seen
  } finally {
    await client.query('ROLLBACK')
  }
}

async function textsOf(client: pg.Client, table: string, quoted: string, visit: EachText): Promise<number> {
  let seen = 0
  await client.query(`DECLARE texts NO SCROLL CURSOR FOR SELECT * FROM ${quoted}`)
  for (;;) {
    const { rows } = await client.query<Record<string, unknown>>(`FETCH ${AT_ONCE} FROM texts`)
    for (const row of rows)
      for (const [column, value] of Object.entries(row)) {
        const text = textOf(value)
        if (text === '') continue
        seen += 1
        visit(table, column, text)
      }
    if (rows.length < AT_ONCE) break
  }
  await client.query('CLOSE texts')
  return seen
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : ''
}
