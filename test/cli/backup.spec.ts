import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Command } from 'commander'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backupSqlite } from '../../db/backup.sqlite.js'
import { readManifest, sha256Of } from '../../db/backup.js'
import { openStore } from '../../db/index.js'
import { quoted, registerBackup, withoutPassword } from '../../src/cli/backup.js'
import { registerDoctor } from '../../src/cli/doctor.js'
import { registerRestore } from '../../src/cli/restore.js'
import { registerVerify } from '../../src/cli/verify.js'
import { PulihError, systemClock } from '../../src/engine/index.js'
import { agent, World } from '../support/world.js'

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-backup-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const result = { out: '', err: '', code: 0 }
  const io = {
    out: (line: string) => void (result.out += `${line}\n`),
    err: (line: string) => void (result.err += `${line}\n`),
    setExitCode: (code: number) => void (result.code = code),
  }
  const program = new Command().exitOverride()
  registerBackup(program, io)
  registerRestore(program, io)
  registerVerify(program, io)
  registerDoctor(program, io)
  await program.parseAsync(args, { from: 'user' })
  return result
}

async function world(): Promise<World> {
  const it = await World.open()
  onTestFinished(() => it.close())
  return it
}

/** The database behind the engine's back, as an intruder or another program would write it. */
function sqlOf(w: World, work: (db: Database.Database) => void): void {
  const db = new Database(join(w.place.dataDir, 'pulih.db'))
  try {
    work(db)
  } finally {
    db.close()
  }
}

/** A backup of two tickets, made. */
async function someBackup(): Promise<{ file: string; dir: string; tickets: string[] }> {
  const w = await world()
  const tickets = [await w.ticketIn('submitted'), await w.ticketIn('onHold')]
  const dir = folder()
  const file = join(dir, 'copy.db')
  await backupSqlite({ dataDir: w.place.dataDir, file, clock: w.clock })
  return { file, dir, tickets }
}

describe('backup', () => {
  it('is one sound file for its owner alone, with a manifest that tells what it holds', async () => {
    const w = await world()
    const id = await w.ticketIn('onHold')
    const dir = folder()
    const { code, out } = await run('backup', dir, '--data', w.place.dataDir, '--json')
    expect(code).toBe(0)
    const names = readdirSync(dir).toSorted()
    expect(names).toEqual([expect.stringMatching(/^pulih-\d{8}T\d{6}Z\.db$/), `${names[0]!}.json`])
    const file = join(dir, names[0]!)
    const manifest = readManifest(file)
    expect(JSON.parse(out)).toEqual({ file, ...manifest })
    const newest = (await w.log(id)).at(-1)!.recordedAt
    expect(manifest).toMatchObject({
      bytes: statSync(file).size,
      sha256: await sha256Of(file),
      newestEntryAt: new Date(newest).toISOString(),
      counts: {
        tickets: 1,
        logEntries: (await w.log(id)).length,
        pendingTimers: (await w.pending(id)).length,
        deadLetters: 0,
      },
    })
    for (const name of names) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
  })

  it('is one instant of a database that others write all the while', async () => {
    const w = await world()
    sqlOf(w, (db) => {
      db.exec('CREATE TABLE ballast (n INTEGER PRIMARY KEY, a BLOB, b INTEGER)')
      db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
        INSERT INTO ballast SELECT i, randomblob(4000), 0 FROM n`)
    })
    const file = join(folder(), 'copy.db')
    const writer = new Database(join(w.place.dataDir, 'pulih.db'))
    onTestFinished(() => void writer.close())
    let writes = 0
    const filed: Promise<unknown>[] = []
    await backupSqlite({
      dataDir: w.place.dataDir,
      file,
      clock: w.clock,
      onProgress() {
        writer.prepare('UPDATE ballast SET b = b + 1').run()
        writes += 1
        filed.push(w.file())
      },
    })
    await Promise.all(filed)
    // The copy came to its end although every piece of it was followed by a commit, and holds none of them.
    expect(writes).toBeGreaterThan(3)
    const copy = new Database(file, { readonly: true })
    onTestFinished(() => void copy.close())
    expect(copy.prepare('SELECT min(b), max(b) FROM ballast').raw().get()).toEqual([0, 0])
    expect(copy.prepare('SELECT count(*) FROM tickets').pluck().get()).toBe(0)
    expect(await w.store.countTickets({})).toBe(writes)
  })

  it('never overwrites, and says so of a file, of a manifest and of a backup under way', async () => {
    const { file, dir } = await someBackup()
    const w = await world()
    for (const [target, sentence] of [
      [file, 'exists already'],
      [join(dir, 'other.db'), 'exists already'],
      [join(dir, 'third.db'), 'is running, or one was cut off'],
    ] as const) {
      writeFileSync(join(dir, 'other.db.json'), 'mine')
      writeFileSync(join(dir, 'third.db.partial'), 'mine')
      const before = readdirSync(dir)
      const { code, err } = await run('backup', target, '--data', w.place.dataDir)
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(sentence) })
      expect(readdirSync(dir)).toEqual(before)
    }
    expect(readFileSync(join(dir, 'third.db.partial'), 'utf8')).toBe('mine')
  })

  it('refuses a target in the data folder, a folder that is not there and a data folder without a database', async () => {
    const w = await world()
    expect((await run('backup', join(w.place.dataDir, 'x.db'), '--data', w.place.dataDir)).err).toContain(
      'lies in the data folder',
    )
    expect((await run('backup', w.place.dataDir, '--data', w.place.dataDir)).err).toContain('lies in the data folder')
    const nowhere = join(folder(), 'no', 'such', 'x.db')
    expect((await run('backup', nowhere, '--data', w.place.dataDir)).err).toContain('the folder does not exist')
    expect((await run('backup', join(folder(), 'x'), '--data', folder())).err).toContain('nothing to back up')
  })

  it('of a damaged database is refused and leaves nothing', async () => {
    const w = await world()
    await w.ticketIn('onHold')
    sqlOf(w, (db) => db.exec('DROP TRIGGER ticket_log_append_only_update'))
    const dir = folder()
    const { code, err } = await run('backup', join(dir, 'x.db'), '--data', w.place.dataDir)
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/does not stand its own checks .*trigger ticket_log_append_only_update is missing/),
    })
    expect(readdirSync(dir)).toEqual([])
  })

  it('onto a disk that takes no more says so and leaves nothing', async () => {
    const w = await world()
    await w.ticketIn('onHold')
    const dir = folder()
    // The shell lets no file grow beyond 100 kB: what a full disk does, for real, to this one process.
    const script = `ulimit -f 100; exec "$0" bin/pulih.js backup "$1" --data "$2"`
    const child = spawn('bash', ['-c', script, process.execPath, join(dir, 'x.db'), w.place.dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Nothing was written to the target') })
    expect(readdirSync(dir)).toEqual([])
  })

  it('of PostgreSQL is left to PostgreSQL: the command without the password, exit code 2', async () => {
    process.env['DATABASE_URL'] = "postgres://clerk:s3cr'et@db.example:5432/pulih?sslmode=require"
    onTestFinished(() => {
      delete process.env['DATABASE_URL']
    })
    const backup = await run('backup', folder())
    expect(backup).toMatchObject({ code: 2, out: '' })
    expect(backup.err).toMatch(/pg_dump .*--dbname='postgres:\/\/clerk@db\.example:5432\/pulih\?sslmode=require'/)
    const restore = await run('restore', 'x')
    expect(restore).toMatchObject({ code: 2, out: '' })
    expect(restore.err).toContain('pg_restore --exit-on-error --single-transaction')
    expect(backup.err + restore.err).not.toContain('s3cr')
    expect(withoutPassword('postgres://u:p@h/d?password=q&sslmode=require')).toBe('postgres://u@h/d?sslmode=require')
    expect(quoted(`it's`)).toBe(`'it'\\''s'`)
  })
})

describe('restore', () => {
  it('puts the database in place, for its owner alone, and proves it', async () => {
    const { file, tickets } = await someBackup()
    const dataDir = join(folder(), 'new')
    const { code, out } = await run('restore', file, '--data', dataDir)
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/verified 2 tickets, \d+ log entries: 0 problems/),
    })
    expect(out).toContain('evidence files are in no backup of a database')
    expect(statSync(join(dataDir, 'pulih.db')).mode & 0o777).toBe(0o600)
    const store = await openStore({ dataDir })
    onTestFinished(() => store.close())
    expect((await store.ticketIds(null, 10)).toSorted()).toEqual(tickets.toSorted())
  })

  it('refuses a folder in use; with --replace moves all of it aside, the embedded queue too, and keeps the tokens', async () => {
    const { file } = await someBackup()
    const used = await World.open()
    onTestFinished(() => rmSync(used.place.dataDir, { recursive: true, force: true }))
    const kept = await used.ticketIn('submitted')
    await used.engine.stop()
    await used.store.close()
    const { dataDir } = used.place
    mkdirSync(join(dataDir, 'queue'))
    writeFileSync(join(dataDir, 'queue', 'page'), 'a job')
    writeFileSync(join(dataDir, 'dev-tokens.json'), '[]')
    expect(statSync(join(dataDir, 'pulih.db')).mode & 0o777).toBe(0o600)
    chmodSync(join(dataDir, 'pulih.db'), 0o644)
    const before = readdirSync(dataDir)
    const refused = await run('restore', file, '--data', dataDir)
    expect({ code: refused.code, err: refused.err }).toEqual({ code: 1, err: expect.stringContaining('--replace') })
    expect(readdirSync(dataDir)).toEqual(before)

    const { code, out } = await run('restore', file, '--data', dataDir, '--replace', '--json')
    expect(code).toBe(0)
    const { movedTo, verify } = JSON.parse(out) as { movedTo: string; verify: { tickets: number } }
    expect(verify.tickets).toBe(2)
    expect(readdirSync(dataDir).toSorted()).toEqual([
      expect.stringMatching(/^before-restore-/),
      'dev-tokens.json',
      'lock.db',
      'pulih.db',
    ])
    expect(readFileSync(join(movedTo, 'queue', 'page'), 'utf8')).toBe('a job')
    const modes = ['.', 'queue', 'queue/page', 'pulih.db'].map((it) => statSync(join(movedTo, it)).mode & 0o777)
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600])
    // As long as it is there every look at the data says that erasing somebody does not reach it.
    expect((await run('verify', '--data', dataDir)).out).toContain(`not looked at: ${movedTo}, moved aside`)
    expect((await run('doctor', '--data', dataDir)).out).toContain(`moved former data to ${movedTo}`)
    const again = await run('restore', file, '--data', dataDir, '--replace', '--no-verify')
    expect(again.out).toMatch(/moved aside \S+before-restore-\S+; erasing somebody does not reach it: remove it/)
    const former = await openStore({ dataDir: movedTo })
    onTestFinished(() => former.close())
    expect(await former.ticketIds(null, 10)).toEqual([kept])
  })

  it('does not mix the journal of a killed service into the restored database', async () => {
    const { file } = await someBackup()
    const dataDir = folder()
    const used = await openStore({ dataDir })
    await used.ping()
    // What a kill -9 leaves: the database with a journal that was never folded in.
    const left = { db: readFileSync(join(dataDir, 'pulih.db')), wal: readFileSync(join(dataDir, 'pulih.db-wal')) }
    await used.close()
    writeFileSync(join(dataDir, 'pulih.db'), left.db)
    writeFileSync(join(dataDir, 'pulih.db-wal'), left.wal)
    expect(left.wal.length).toBeGreaterThan(0)
    expect((await run('restore', file, '--data', dataDir, '--replace')).code).toBe(0)
    expect(await sha256Of(join(dataDir, 'pulih.db'))).toBe(readManifest(file).sha256)
  })

  it('keeps the journal of a database that is an empty file: it may be all that is left', async () => {
    const { file } = await someBackup()
    const w = await world()
    await w.ticketIn('submitted')
    const dataDir = folder()
    for (const name of ['pulih.db', 'pulih.db-wal']) copyFileSync(join(w.place.dataDir, name), join(dataDir, name))
    truncateSync(join(dataDir, 'pulih.db'), 0)
    const { size } = statSync(join(dataDir, 'pulih.db-wal'))
    expect(size).toBeGreaterThan(0)
    expect((await run('backup', `${file}2`, '--data', dataDir)).err).toContain('was in use (pulih.db-wal)')
    expect((await run('restore', file, '--data', dataDir, '--replace')).code).toBe(0)
    const [aside = ''] = readdirSync(dataDir).filter((name) => name.startsWith('before-restore-'))
    expect(statSync(join(dataDir, aside, 'pulih.db-wal')).size).toBe(size)
  })

  it('says that the backup is in place when what follows fails', async () => {
    const { file } = await someBackup()
    const dataDir = folder()
    writeFileSync(join(dataDir, 'keys.json'), '{bad')
    const { out, err, code } = await run('restore', file, '--data', dataDir)
    expect(out).toContain(`restored to ${dataDir}`)
    expect(err).toMatch(/^pulih: The backup is in place, but: keys\.json in the data folder is damaged/)
    expect(code).toBe(1)
  })

  it('replaces also a database that is damaged', async () => {
    const { file } = await someBackup()
    const dataDir = folder()
    writeFileSync(join(dataDir, 'pulih.db'), 'no database at all, but long enough to be looked at as one')
    const { code, out } = await run('restore', file, '--data', dataDir, '--replace')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(': 0 problems') })
  })

  it('refuses while a service runs on the folder, and touches nothing', async () => {
    const { file } = await someBackup()
    const w = await world()
    const id = await w.ticketIn('submitted')
    const { code, err } = await run('restore', file, '--data', w.place.dataDir, '--replace')
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('(STORE_LOCKED)') })
    await w.send(id, agent, 'verification.start')
    expect(readdirSync(w.place.dataDir).filter((name) => /restor/.test(name))).toEqual([])
  })

  it.each([
    ['a missing manifest', (file: string) => rmSync(`${file}.json`), 'no manifest beside this backup'],
    [
      'a manifest that is none',
      (file: string) => writeFileSync(`${file}.json`, '{"format":"pulih-backup-1"}'),
      'damaged or of another program',
    ],
    ['a missing file', (file: string) => rmSync(file), 'no such backup file'],
    ['a cut file', (file: string) => truncateSync(file, statSync(file).size - 4096), 'not what its manifest says'],
    [
      'one changed byte',
      (file: string) => {
        const bytes = readFileSync(file)
        bytes[bytes.length - 100]! ^= 1
        writeFileSync(file, bytes)
      },
      'not what its manifest says',
    ],
  ])('refuses a backup with %s', async (_name, spoil, sentence) => {
    const { file, dir } = await someBackup()
    spoil(file)
    const dataDir = join(dir, 'new')
    const { code, err } = await run('restore', file, '--data', dataDir)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(sentence) })
    expect(existsSync(join(dataDir, 'pulih.db'))).toBe(false)
  })

  /** A backup of a database whose list of migrations was changed first. */
  async function withMigrations(sql: string): Promise<{ file: string; dataDir: string }> {
    const { file, dir } = await someBackup()
    const db = new Database(file)
    db.exec(sql)
    db.close()
    const manifest = { ...readManifest(file), bytes: statSync(file).size, sha256: await sha256Of(file) }
    writeFileSync(`${file}.json`, JSON.stringify(manifest))
    return { file, dataDir: join(dir, 'new') }
  }

  it('refuses a backup of a newer version', async () => {
    const { file, dataDir } = await withMigrations(
      "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 9999999999999)",
    )
    const { code, err } = await run('restore', file, '--data', dataDir)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('newer version of this program') })
    expect(existsSync(dataDir)).toBe(false)
  })

  it('takes a backup of an older version, which the next start migrates', async () => {
    const last = 'SELECT max(created_at) FROM __drizzle_migrations'
    const { file, dataDir } = await withMigrations(`DELETE FROM __drizzle_migrations WHERE created_at = (${last})`)
    const { code, out } = await run('restore', file, '--data', dataDir)
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('the next start migrates it') })
  })

  it('makes a backup of an older database too, before the program that comes next migrates it', async () => {
    const w = await world()
    sqlOf(w, (db) =>
      db.exec('DELETE FROM __drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM __drizzle_migrations)'),
    )
    const file = join(folder(), 'x.db')
    await backupSqlite({ dataDir: w.place.dataDir, file, clock: systemClock })
    sqlOf(w, (db) => db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 9999999999999)"))
    const newer = backupSqlite({ dataDir: w.place.dataDir, file: `${file}2`, clock: systemClock })
    await expect(newer).rejects.toThrow(PulihError)
    expect(readManifest(file).counts.tickets).toBe(0)
  })
})
