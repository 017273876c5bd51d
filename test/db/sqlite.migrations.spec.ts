import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrate, openStore } from '../../db/index.js'
import { migrationsFolder } from '../../db/migrate.js'
import { dataFolder } from './folder.js'
import { filing, idOf, step } from './rows.js'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'db')

function raw<T>(dataDir: string, work: (db: Database.Database) => T): T {
  const db = new Database(join(dataDir, 'pulih.db'))
  try {
    return work(db)
  } finally {
    db.close()
  }
}
const applied = (dataDir: string) => raw(dataDir, (db) => db.prepare('SELECT * FROM __drizzle_migrations').all())

describe('migrations', () => {
  it('run twice change nothing the second time', async () => {
    const dataDir = dataFolder()
    await migrate({ dataDir })
    const first = applied(dataDir)
    await migrate({ dataDir })
    expect(applied(dataDir)).toEqual(first)
    expect(first).toHaveLength(readdirSync(migrationsFolder('sqlite')).filter((name) => name.endsWith('.sql')).length)
  })

  it('are dated in order: drizzle would pass over one that is not', () => {
    const dates = readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') }).map((step) => step.folderMillis)
    expect(dates).toEqual([...new Set(dates)].sort((a, b) => a - b))
  })

  it('refuse a database that is newer than the program, and let go of the folder', async () => {
    const dataDir = dataFolder()
    await migrate({ dataDir })
    const future = `INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)`
    raw(dataDir, (db) => db.exec(future))
    const newer = { code: 'CONFIGURATION_INVALID', message: expect.stringContaining('newer version') as string }
    await expect(openStore({ dataDir })).rejects.toMatchObject(newer)
    await expect(openStore({ dataDir, readOnly: true })).rejects.toMatchObject(newer)
    raw(dataDir, (db) => db.exec(`DELETE FROM __drizzle_migrations WHERE hash = 'x'`))
    await (await openStore({ dataDir })).close()
  })

  it.each(readdirSync(FIXTURES))('bring %s up to date with all its rows', async (fixture) => {
    const dataDir = dataFolder()
    raw(dataDir, (db) => db.exec(readFileSync(join(FIXTURES, fixture), 'utf8')))
    await expect(openStore({ dataDir, readOnly: true })).rejects.toThrow('older than this program')
    const store = await openStore({ dataDir })
    onTestFinished(() => store.close())
    const one = (await store.findTicket(idOf(1)))!
    expect(one).toMatchObject({ ticketNumber: 'PGD-2026-0000001', revision: 2, state: 'submitted', logSeq: 2 })
    expect(one.schedule.clocks[0]).toMatchObject({ target: 'resolution', calendar: 'pusat@3' })
    expect((await store.readLog(idOf(1), 0, 9)).map((entry) => entry.fact)).toEqual([
      'TicketSubmitted',
      'DocumentsUploaded',
    ])
    expect((await store.timersOf(idOf(1)))[0]?.state).toBe('fired')
    expect((await store.nextPendingTimer())?.ticketId).toBe(idOf(2))
    expect(await store.unrelayedOutbox(9)).toHaveLength(2)
    expect(await store.findIdempotency('portal-1:file-2')).toMatchObject({ ticketId: idOf(2) })
    expect(await store.commit([step(one), filing(3)])).toEqual([{ ok: true }, { ok: true }])
    expect(await store.integrityProblems()).toEqual([])
  })

  it('say what schema.ts says: drizzle-kit has nothing to add', () => {
    const root = join(migrationsFolder('sqlite'), '..', '..', '..')
    // drizzle-kit takes a path below the project only.
    const copy = mkdtempSync(join(root, 'dist', 'migrations-'))
    onTestFinished(() => rmSync(copy, { recursive: true }))
    cpSync(migrationsFolder('sqlite'), copy, { recursive: true })
    const kit = join(root, 'node_modules', 'drizzle-kit', 'bin.cjs')
    const args = [
      kit,
      'generate',
      '--dialect',
      'sqlite',
      '--schema',
      './db/schema.sqlite.ts',
      '--out',
      copy.slice(root.length + 1),
    ]
    const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(stdout).toContain('No schema changes')
    expect(readdirSync(copy)).toEqual(readdirSync(migrationsFolder('sqlite')))
  })
})
