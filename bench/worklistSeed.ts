import { createHash, randomFillSync } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import pg from 'pg'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock } from '../src/engine/index.js'
import { startPostgres, type PostgresServer } from '../test/support/postgres.js'
import { FILING, fileTicket, portal, send } from './lives.js'

/** Of 100 templates so many wait for us; the rest are over. */
export const OPEN = 20
export const TEMPLATES = 100
/** Monday 23 November 2026, 09.00 in Jakarta: an open morning. */
export const MORNING = Date.UTC(2026, 10, 23, 2)
/** Another word whenever what is filled in changes. */
const RECIPE = 'offices'
const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DURABLE = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on', 'shared_buffers=256MB']

export interface Place {
  readonly dataDir: string
  readonly databaseUrl: string | null
}
/** A connection beside the store, for filling and for the floor. */
export interface Bare {
  run(sql: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}
export interface Seeded {
  readonly place: Place
  /** Null: it was there from an earlier run. */
  readonly fillSeconds: number | null
  readonly stop: () => Promise<void>
}

/** A database of so many tickets, filled once per schema and kept under `.cache/bench`; others of earlier schemas go. */
export async function seeded(kind: 'sqlite' | 'postgres', tickets: number): Promise<Seeded> {
  const folder = folderOf(kind, tickets)
  const done = join(folder, 'filled')
  const isThere = existsSync(done)
  if (!isThere) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const started = performance.now()
  if (!isThere) {
    // Nothing of this is worth a disk's time before it is whole.
    const filling = await openPlace(kind, folder, ['max_wal_size=8GB', 'maintenance_work_mem=512MB'])
    try {
      await fillPlace(filling.place, tickets)
    } finally {
      await filling.stop()
    }
    writeFileSync(done, '')
  }
  const fillSeconds = isThere ? null : Math.round((performance.now() - started) / 1_000)
  return { ...(await openPlace(kind, folder, DURABLE)), fillSeconds }
}

function folderOf(kind: string, tickets: number): string {
  const hash = createHash('sha256').update(RECIPE)
  const migrations = join(ROOT, 'db/migrations', kind)
  for (const name of readdirSync(migrations).filter((it) => it.endsWith('.sql')))
    hash.update(readFileSync(join(migrations, name)))
  const cache = join(ROOT, '.cache/bench')
  mkdirSync(cache, { recursive: true })
  const family = `worklist-${kind}-${tickets}-`
  const name = `${family}${hash.digest('hex').slice(0, 12)}`
  for (const other of readdirSync(cache).filter((it) => it.startsWith(family) && it !== name))
    rmSync(join(cache, other), { recursive: true, force: true })
  return join(cache, name)
}

async function openPlace(kind: string, folder: string, settings: readonly string[]) {
  if (kind === 'sqlite') return { place: { dataDir: folder, databaseUrl: null }, stop: () => Promise.resolve() }
  const server: PostgresServer = await startPostgres(settings, folder)
  const databaseUrl = server.url.replace(/\/postgres$/, '/bench')
  const bare = await openBare({ dataDir: folder, databaseUrl: server.url })
  const known = await bare.run("SELECT 1 FROM pg_database WHERE datname = 'bench'")
  if (known.length === 0) await bare.run('CREATE DATABASE bench')
  await bare.close()
  return { place: { dataDir: folder, databaseUrl }, stop: () => server.stop() }
}

async function fillPlace(place: Place, tickets: number): Promise<void> {
  const clock = new VirtualClock(MORNING)
  const store = await openStore({ ...place, clock })
  await seedReference(store, clock.now())
  await templates(store, clock)
  await store.close()
  const bare = await openBare(place)
  try {
    await multiply(bare, place.databaseUrl !== null, Math.floor(tickets / TEMPLATES) - 1)
  } finally {
    await bare.close()
  }
}

/** A hundred tickets that an engine wrote, some waiting for us, one of them of its own cause. */
async function templates(store: Store, clock: VirtualClock): Promise<void> {
  const ids = createIds(clock, (bytes) => randomFillSync(bytes))
  const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
  for (let n = 0; n < TEMPLATES; n++) {
    const filing = n === 0 ? { ...FILING, cause: 'PERUBAHAN_STATUS' } : FILING
    const id = await fileTicket(engine, undefined, filing)
    for (const channel of ['email', 'phone'])
      await send({ engine, store }, id, portal, { type: 'contact.prove', channel })
    for (const timer of await store.timersOf(id)) if (timer.family === 'release') await engine.deliverTimer(timer)
    if (n >= OPEN) await send({ engine, store }, id, portal, { type: 'withdraw', reason: 'DONE_ELSEWHERE' })
    clock.advance(1_000)
  }
}

/**
 * Each template again and again, under new ids and numbers, each block due a minute after the one before, every other one in a branch.
 * Indexes are made afterwards: sorted once instead of searched a million times.
 */
async function multiply(bare: Bare, isPg: boolean, blocks: number): Promise<void> {
  const columns = await bare.run(
    isPg
      ? "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'tickets' ORDER BY ordinal_position"
      : "SELECT name FROM pragma_table_info('tickets')",
  )
  const indexes = await bare.run(
    isPg
      ? "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE tablename = 'tickets' AND indexname <> 'tickets_pk'"
      : "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'tickets' AND sql IS NOT NULL",
  )
  const hex = isPg ? "lpad(to_hex(n), 8, '0')" : "printf('%08x', n)"
  const branches = ['cabang-jakarta', 'cabang-makassar', 'cabang-jayapura'].map(
    (it, n) => `WHEN ${n * 2 + 1} THEN '${it}'`,
  )
  const value: Readonly<Record<string, string>> = {
    id: `substr(t.id, 1, 28) || ${hex}`,
    ticket_number: `substr(t.ticket_number, 1, 14) || '-' || n`,
    next_due_at: 't.next_due_at + (n % 1000) * 60000',
    filed_at: 't.filed_at + n',
    office_id: `CASE n % 6 ${branches.join(' ')} ELSE 'pusat' END`,
  }
  const names = columns.map((it) => String(it['name']))
  const series = isPg
    ? `generate_series(1, ${blocks}) AS s(n)`
    : `(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${blocks}) SELECT n FROM s)`
  if (!isPg)
    for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -524288', 'foreign_keys = OFF'])
      await bare.run(`PRAGMA ${setting}`)
  await bare.run('CREATE TEMPORARY TABLE templates AS SELECT * FROM tickets')
  for (const { name } of indexes) await bare.run(`DROP INDEX ${String(name)}`)
  await bare.run(
    `INSERT INTO tickets (${names.join(', ')}) SELECT ${names.map((it) => value[it] ?? `t.${it}`).join(', ')}
     FROM ${series} CROSS JOIN templates t`,
  )
  for (const { sql } of indexes) await bare.run(String(sql))
  await bare.run(isPg ? 'VACUUM ANALYZE tickets' : 'PRAGMA journal_mode = WAL')
}

export async function openBare({ dataDir, databaseUrl }: Place): Promise<Bare> {
  if (databaseUrl !== null) {
    const client = new pg.Client(databaseUrl)
    await client.connect()
    return {
      run: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
      close: () => client.end(),
    }
  }
  const db = new Database(join(dataDir, 'pulih.db'), { timeout: 5_000 })
  db.pragma('synchronous = FULL')
  return {
    run(sql) {
      const statement = db.prepare<unknown[], Record<string, unknown>>(sql)
      if (statement.reader) return Promise.resolve(statement.all())
      statement.run()
      return Promise.resolve([])
    },
    close() {
      db.close()
      return Promise.resolve()
    },
  }
}
