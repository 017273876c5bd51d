import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../db/index.js'
import { onPostgres } from '../support/postgres.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { filing } from './rows.js'

describeOnPostgres('PostgreSQL: integrity includes the schema', (server) => {
  let databaseUrl: string
  beforeEach(async () => {
    databaseUrl = await server().database()
  })
  const run = (sql: string) => onPostgres(databaseUrl, (db) => db.query<{ name: string; on: string }>(sql))

  async function problemsAfter(...statements: string[]): Promise<readonly string[]> {
    for (const sql of statements) await run(sql)
    const store = await openStore({ dataDir: '', databaseUrl, readOnly: true })
    onTestFinished(() => store.close())
    return store.integrityProblems()
  }

  it('is sound as migrated, with rows in it, and with what others keep beside it', async () => {
    const store = await openStore({ dataDir: '', databaseUrl })
    onTestFinished(() => store.close())
    await store.commit([filing(1), filing(2)])
    expect(await problemsAfter('CREATE TABLE other (id int)', 'CREATE INDEX more ON tickets (state)')).toEqual([])
    const { rows } = await run(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'pulih%'`)
    expect(rows).toEqual([])
  })

  it('finds every dropped trigger, index and check', async () => {
    const { rows: triggers } = await run(
      'SELECT tgname AS name, tgrelid::regclass::text AS on FROM pg_trigger WHERE NOT tgisinternal',
    )
    const { rows: indexes } = await run(`SELECT indexrelid::regclass::text AS name FROM pg_index
      WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`)
    const { rows: checks } = await run(
      `SELECT conname AS name, conrelid::regclass::text AS on FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0`,
    )
    expect(Math.min(triggers.length, indexes.length, checks.length)).toBeGreaterThan(7)
    const found = await problemsAfter(
      ...triggers.map((it) => `DROP TRIGGER ${it.name} ON ${it.on}`),
      ...indexes.map((it) => `DROP INDEX ${it.name}`),
      ...checks.map((it) => `ALTER TABLE ${it.on} DROP CONSTRAINT ${it.name}`),
    )
    const expected = [
      ...triggers.map((it) => `trigger ${it.name} is missing`),
      ...indexes.map((it) => `index ${it.name} is missing`),
      ...checks.map((it) => `constraint ${it.name} is missing`),
    ]
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  const differs = (what: string) => [`${what} differs from what the migrations make`]
  const damages: [what: string, sql: string, says: readonly string[]][] = [
    ['a missing table', 'DROP TABLE heartbeat', ['table heartbeat is missing']],
    ['a column of another type', 'ALTER TABLE offices ALTER name TYPE varchar(9)', differs('column offices.name')],
    [
      'a column in the order of a locale',
      'ALTER TABLE units ALTER id TYPE text',
      ['column units.id differs from what the migrations make'],
    ],
    ['a column that may be empty', 'ALTER TABLE outbox ALTER kind DROP NOT NULL', differs('column outbox.kind')],
    [
      'a disabled guard',
      'ALTER TABLE ticket_log DISABLE TRIGGER ticket_log_append_only',
      differs('trigger ticket_log_append_only'),
    ],
    ['a disabled key', 'ALTER TABLE deliveries DISABLE TRIGGER ALL', differs('constraint deliveries_outbox_fk')],
    [
      'a guard that no longer does anything',
      `CREATE OR REPLACE FUNCTION refuse(rule text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END'`,
      differs('function refuse'),
    ],
    [
      'a row that points to nothing',
      `SET session_replication_role = replica; INSERT INTO outbox VALUES ('nobody', 1, 'message', '{}', 1, 1, 1, 1)`,
      ['a row of outbox points to a missing row of tickets'],
    ],
  ]
  it.each(damages)('finds %s', async (_what, sql, says) => {
    expect(await problemsAfter(sql)).toEqual(says)
  })

  it('says so when this user may not look', async () => {
    await run(`CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
      GRANT USAGE ON SCHEMA drizzle TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA drizzle TO reader`)
    databaseUrl = databaseUrl.replace('pulih@', 'reader@')
    const store = await openStore({ dataDir: '', databaseUrl, readOnly: true })
    onTestFinished(() => store.close())
    expect(await store.countTickets({})).toBe(0)
    expect(await store.integrityProblems()).toEqual([expect.stringContaining('could not be compared')])
  })
})
