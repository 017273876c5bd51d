import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrationsFolder } from '../../db/migrate.js'
import { batchWriter } from '../../db/writer.sqlite.js'
import { filing, step } from './rows.js'

// Writes test/fixtures/db/<tag>.sql: a database as it stood at one migration, with rows in it. Run once per migration, while its schema is
// the current one, and never again: `node --import tsx test/db/makeFixture.ts 0000_tables`.
const tag = process.argv[2]!
const folder = migrationsFolder('sqlite')
const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
  entries: { tag: string }[]
}
const steps = readMigrationFiles({ migrationsFolder: folder }).slice(
  0,
  journal.entries.findIndex((e) => e.tag === tag) + 1,
)
const db = new Database(':memory:')
db.exec('CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)')
for (const { sql, hash, folderMillis } of steps) {
  for (const statement of sql) db.exec(statement)
  db.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run(hash, folderMillis)
}
const { commit: write } = batchWriter(db)
const [one, two] = [filing(1), filing(2)]
const done = { ...one.timersAdded[0]!, state: 'fired' as const, closedAt: one.ticket.updatedAt }
write([one, two, step(one.ticket, { timersClosed: [done] })])

const objects = db
  .prepare('SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rootpage')
  .all() as {
  name: string
  type: string
  sql: string
}[]
const rowsOf = (table: string) => {
  const columns = db.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table) as string[]
  const quoted = columns.map((name) => `quote("${name}")`).join(` || ', ' || `)
  return db
    .prepare(`SELECT 'INSERT INTO "${table}" VALUES (' || ${quoted} || ');' FROM "${table}"`)
    .pluck()
    .all() as string[]
}
const tables = objects.filter((object) => object.type === 'table')
const rest = objects.filter((object) => object.type !== 'table')
const dump = [
  'PRAGMA foreign_keys = OFF;',
  ...tables.map((o) => `${o.sql};`),
  ...tables.flatMap((o) => rowsOf(o.name)),
  ...rest.map((o) => `${o.sql};`),
]
writeFileSync(join(import.meta.dirname, '..', 'fixtures', 'db', `${tag}.sql`), dump.join('\n') + '\n')
