import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrate, openStore } from '../../db/index.js'
import { migrationsFolder } from '../../db/migrate.js'
import { onPostgres } from '../support/postgres.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { filing } from './rows.js'

const folder = migrationsFolder('postgres')
const steps = readMigrationFiles({ migrationsFolder: folder })

describe('PostgreSQL migrations', () => {
  it('are dated in order: drizzle would pass over one that is not', () => {
    const dates = steps.map((step) => step.folderMillis)
    expect(dates).toEqual([...new Set(dates)].sort((a, b) => a - b))
  })

  it('say what schema.ts says: drizzle-kit has nothing to add', () => {
    const root = join(folder, '..', '..', '..')
    // drizzle-kit takes a path below the project only.
    const copy = mkdtempSync(join(root, 'dist', 'migrations-'))
    onTestFinished(() => rmSync(copy, { recursive: true }))
    cpSync(folder, copy, { recursive: true })
    const kit = join(root, 'node_modules', 'drizzle-kit', 'bin.cjs')
    const to = ['--schema', './db/schema.pg.ts', '--out', copy.slice(root.length + 1)]
    const args = [kit, 'generate', '--dialect', 'postgresql', ...to]
    const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(stdout).toContain('No schema changes')
    expect(readdirSync(copy)).toEqual(readdirSync(folder))
  })
})

describeOnPostgres('PostgreSQL migrations on a server', (server) => {
  const migrateAt = (databaseUrl: string) => migrate({ dataDir: '', databaseUrl })
  const applied = async (url: string): Promise<readonly unknown[]> =>
    (await onPostgres(url, (db) => db.query<{ id: number }>('SELECT * FROM drizzle.__drizzle_migrations'))).rows

  it('run twice, and ten at once, change nothing after the first time', async () => {
    const url = await server().emptyDatabase()
    await Promise.all(Array.from({ length: 10 }, () => migrateAt(url)))
    const first = await applied(url)
    await migrateAt(url)
    expect(await applied(url)).toEqual(first)
    expect(first).toHaveLength(steps.length)
  })

  it('refuse a database that is newer than the program', async () => {
    const url = await server().database()
    const future = `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)`
    await onPostgres(url, (db) => db.query(future))
    const newer = { code: 'CONFIGURATION_INVALID', message: expect.stringContaining('newer version') as string }
    for (const readOnly of [true, false])
      await expect(openStore({ dataDir: '', databaseUrl: url, readOnly })).rejects.toMatchObject(newer)
  })

  it.each(steps.slice(0, -1).map((_, n) => n + 1))('go on after step %i, which readers refuse', async (done) => {
    const url = await server().emptyDatabase()
    await onPostgres(url, async (db) => {
      await db.query('CREATE SCHEMA drizzle')
      await db.query('CREATE TABLE drizzle.__drizzle_migrations (id serial, hash text NOT NULL, created_at bigint)')
      for (const { sql, hash, folderMillis } of steps.slice(0, done)) {
        for (const statement of sql) await db.query(statement)
        await db.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
          hash,
          folderMillis,
        ])
      }
    })
    const place = { dataDir: '', databaseUrl: url }
    await expect(openStore({ ...place, readOnly: true })).rejects.toThrow('older than this program')
    const store = await openStore(place)
    onTestFinished(() => store.close())
    expect(await store.commit([filing(1)])).toEqual([{ ok: true }])
    expect(await store.integrityProblems()).toEqual([])
  })

  it('leave nothing of a step that fails', async () => {
    const url = await server().emptyDatabase()
    await onPostgres(url, (db) => db.query('CREATE TABLE timers (mine int)'))
    const error: unknown = await migrateAt(url).catch((caught: unknown) => caught)
    expect(String(error)).toContain('PostgreSQL refused a statement: 42P07')
    const { rows } = await onPostgres(url, (db) => db.query(`SELECT to_regclass('tickets') AS it`))
    expect(rows).toEqual([{ it: null }])
  })
})
