import { chmodSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { migrate, openStore } from '../../db/index.js'
import { PulihError } from '../../src/engine/errors.js'
import { dataFolder } from './folder.js'
import { filing } from './rows.js'

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )
const says = (part: string) => ({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining(part) as string })

async function filled(): Promise<string> {
  const dataDir = dataFolder()
  const store = await openStore({ dataDir })
  await store.commit(Array.from({ length: 200 }, (_, n) => filing(n + 1)))
  await store.close()
  return dataDir
}

/** Permissions do not bind root: for the length of the test this process acts as nobody. */
function asNobody(): void {
  if (process.getuid?.() !== 0) return
  process.seteuid?.(65_534)
  onTestFinished(() => process.seteuid?.(0))
}

describe('a damaged database answers in one sentence', () => {
  const damages: [what: string, damage: (file: string) => void][] = [
    ['garbage', (file) => writeFileSync(file, 'this is no database. '.repeat(500))],
    ['cut in half', (file) => truncateSync(file, readFileSync(file).length / 2)],
    ['cut within its first page', (file) => truncateSync(file, 700)],
    ['its head overwritten', (file) => writeFileSync(file, readFileSync(file).fill(0x41, 0, 50))],
    [
      'its first page overwritten behind the head',
      (file) => writeFileSync(file, readFileSync(file).fill(7, 100, 4096)),
    ],
  ]
  it.each(damages)('%s', async (_what, damage) => {
    const dataDir = await filled()
    damage(join(dataDir, 'pulih.db'))
    for (const readOnly of [true, false]) {
      const error = await errorOf(openStore({ dataDir, readOnly }))
      expect(error).toBeInstanceOf(PulihError)
      expect(error).toMatchObject(says('damaged or no Pulih database: restore it from a backup, or choose another'))
    }
    await expect(migrate({ dataDir })).rejects.toMatchObject(says('damaged'))
  })

  it('half overwritten: at the opening, or as soon as it is looked at', async () => {
    const dataDir = await filled()
    const file = join(dataDir, 'pulih.db')
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0xff, bytes.length / 2))
    const looked = openStore({ dataDir, readOnly: true }).then(async (store) => {
      onTestFinished(() => store.close())
      await store.listTickets({}, 'due', 1_000, null)
      return await store.integrityProblems()
    })
    await expect(looked).rejects.toMatchObject(says('damaged'))
  })

  it('a damaged lock file, which may simply go', async () => {
    const dataDir = await filled()
    writeFileSync(join(dataDir, 'lock.db'), 'garbage '.repeat(500))
    await expect(openStore({ dataDir })).rejects.toMatchObject(says('lock.db in the data folder is damaged'))
    writeFileSync(join(dataDir, 'lock.db'), '')
    await (await openStore({ dataDir })).close()
  })
})

describe('a data folder that cannot be used answers in one sentence', () => {
  it.each([true, false])('a file, or a path below one (readOnly: %s)', async (readOnly) => {
    const file = join(dataFolder(), 'file')
    writeFileSync(file, 'x')
    for (const dataDir of [file, join(file, 'below')])
      await expect(openStore({ dataDir, readOnly })).rejects.toMatchObject(says('(the path names a file)'))
  })

  it.each([true, false])('a folder in place of the database (readOnly: %s)', async (readOnly) => {
    const dataDir = dataFolder()
    mkdirSync(join(dataDir, 'pulih.db'))
    await expect(openStore({ dataDir, readOnly })).rejects.toMatchObject(says('cannot be opened'))
  })

  it('one that may not be entered', async () => {
    const dataDir = await filled()
    chmodSync(dataDir, 0o000)
    asNobody()
    for (const readOnly of [true, false])
      await expect(openStore({ dataDir, readOnly })).rejects.toMatchObject(says('The data folder cannot be opened'))
    await expect(openStore({ dataDir: join(dataDir, 'below') })).rejects.toMatchObject(says('no permission'))
  })

  it('one that may be read but not written', async () => {
    const dataDir = await filled()
    for (const name of ['pulih.db', 'lock.db']) chmodSync(join(dataDir, name), 0o444)
    chmodSync(dataDir, 0o555)
    asNobody()
    await expect(openStore({ dataDir })).rejects.toMatchObject(says('The data folder cannot be opened'))
    const error = await errorOf(openStore({ dataDir, readOnly: true }).then((store) => store.close()))
    expect(error).toMatchObject(says('The data folder cannot be opened'))
  })

  // SQLite opens such a file without a word, and a lock on it would hold nobody off.
  it.each(['pulih.db', 'lock.db'])('one whose %s may be read but not written', async (readable) => {
    const dataDir = await filled()
    chmodSync(dataDir, 0o777)
    for (const name of ['pulih.db', 'lock.db']) chmodSync(join(dataDir, name), name === readable ? 0o444 : 0o666)
    asNobody()
    await expect(openStore({ dataDir })).rejects.toMatchObject(says('The data folder cannot be opened'))
  })
})

describe('integrity includes the schema', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = dataFolder()
    await migrate({ dataDir })
  })
  async function problemsAfter(...statements: string[]): Promise<readonly string[]> {
    const db = new Database(join(dataDir, 'pulih.db'))
    for (const sql of statements) db.exec(sql)
    db.close()
    const store = await openStore({ dataDir, readOnly: true })
    onTestFinished(() => store.close())
    return store.integrityProblems()
  }
  const names = (type: string) => {
    const db = new Database(join(dataDir, 'pulih.db'))
    const of = `SELECT name, sql FROM sqlite_master WHERE type = '${type}' AND sql IS NOT NULL ORDER BY name`
    const rows = db.prepare(of).all() as { name: string; sql: string }[]
    db.close()
    return rows
  }

  it('finds every dropped trigger and index', async () => {
    const gone = (['trigger', 'index'] as const).flatMap((type) => names(type).map(({ name }) => ({ type, name })))
    expect(gone.filter((it) => it.type === 'trigger').length).toBeGreaterThan(8)
    const found = await problemsAfter(...gone.map(({ type, name }) => `DROP ${type} "${name}"`))
    expect(found.toSorted()).toEqual(gone.map(({ type, name }) => `${type} ${name} is missing`).toSorted())
  })

  it('finds a trigger that no longer does anything, and a missing table', async () => {
    const { name, sql } = names('trigger')[0]!
    const hollow = sql.replace(/BEGIN[\s\S]*END/i, 'BEGIN SELECT 1; END')
    expect(hollow).not.toBe(sql)
    expect(await problemsAfter(`DROP TRIGGER ${name}`, hollow, 'DROP TABLE heartbeat')).toEqual([
      'table heartbeat is missing',
      `trigger ${name} differs from what the migrations make`,
    ])
  })

  it('does not mind other spaces, except within quotes', async () => {
    const { name, sql } = names('trigger').find((it) => it.sql.includes("'pending'"))!
    const drop = `DROP TRIGGER ${name}`
    expect(await problemsAfter(drop, sql.replaceAll(/\s+/g, ' \n '))).toEqual([])
    expect(await problemsAfter(drop, sql.replaceAll("'pending'", "'pending '"))).toEqual([
      `trigger ${name} differs from what the migrations make`,
    ])
  })
})
