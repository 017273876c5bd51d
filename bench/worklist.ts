import { randomBytes, randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock } from '../src/engine/index.js'
import { createVault, localKeyring, openKeyFile } from '../src/privacy/index.js'
import { createWorklist, type Worker, type Worklist } from '../src/staff/worklist/index.js'
import { startPostgres } from '../test/support/postgres.js'
import { FILING, fileTicket, portal, send } from './lives.js'
import { median } from './median.js'
import type { Target } from './targets.js'

/** Monday 23 November 2026, 09.00 in Jakarta: an open morning. */
const MORNING = Date.UTC(2026, 10, 23, 2)
const AGENTS = 50
const PAGE = 25
/** Of 100 templates so many wait for us; the rest are over. */
const OPEN = 20
const TEMPLATES = 100
const DURABLE = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on', 'shared_buffers=256MB']

interface Figures {
  readonly p50: number
  readonly p95: number
  /** Of this process's own time, which a busy machine does not stretch. On SQLite that is all there is, but for the disk. */
  readonly cpu: number
}
interface OneBench {
  readonly fillSeconds: number
  /** The bare query of one page, and one claim's row written and committed: what the database alone takes. Milliseconds throughout. */
  readonly floorPage: Figures
  readonly floorClaim: Figures
  readonly firstPage: Figures
  readonly deepPage: Figures
  readonly filteredPage: Figures
  readonly claimNext: Figures
  readonly pageToFloor: number
  readonly claimToFloor: number
}
export interface WorklistBench {
  readonly tickets: number
  readonly open: number
  readonly sqlite: OneBench
  readonly postgres: OneBench
  readonly targets: readonly Target[]
}

/** Pages and claims among very many tickets, on both databases. */
export async function benchWorklist({ tickets = 1_000_000, rounds = 200 } = {}): Promise<WorklistBench> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-worklist-'))
  try {
    const sqlite = await bench({ dataDir: dir, databaseUrl: null }, tickets, rounds)
    const server = await startPostgres(DURABLE)
    try {
      const postgres = await bench({ dataDir: dir, databaseUrl: await server.database() }, tickets, rounds)
      const targets = Object.entries({ sqlite, postgres }).flatMap(([name, it]): Target[] => [
        { what: `${name}: first page p95 ms`, reached: it.firstPage.p95, below: 20 },
        { what: `${name}: claim-next p95 ms`, reached: it.claimNext.p95, below: 20 },
      ])
      return { tickets, open: (tickets / TEMPLATES) * OPEN, sqlite, postgres, targets }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Place {
  readonly dataDir: string
  readonly databaseUrl: string | null
}
/** A connection beside the store, for filling and for the floor. */
interface Bare {
  run(sql: string): Promise<unknown>
  close(): Promise<void>
}

async function bench(place: Place, tickets: number, rounds: number): Promise<OneBench> {
  const clock = new VirtualClock(MORNING)
  const store = await openStore({ ...place, clock })
  const bare = await openBare(place)
  try {
    await seedReference(store, clock.now())
    const worklist = await templates(store, clock, place.dataDir)
    const started = performance.now()
    await fill(bare, place.databaseUrl !== null, Math.floor(tickets / TEMPLATES) - 1)
    const fillSeconds = Math.round((performance.now() - started) / 1_000)
    const agents = Array.from({ length: AGENTS }, (_, n): Worker => ({
      id: `agent-${n}`,
      grants: [{ role: 'agent', officeId: 'pusat' }],
    }))
    const agent = agents[0]!
    const middle = await middleOf(worklist, agent)
    const page = (query: object, after: typeof middle | null) => () => worklist.listing.page(agent, query, PAGE, after)
    const floorPage = await times(rounds, () => bare.run(FLOOR_PAGE))
    const firstPage = await times(rounds, page({}, null))
    const deepPage = await times(rounds, page({}, middle))
    const filteredPage = await times(rounds, page({ cause: 'PERUBAHAN_STATUS' }, null))
    const floorClaim = await times(rounds, (n) => bare.run(floorClaimOf(n, place.databaseUrl === null ? '0' : 'false')))
    await bare.run("DELETE FROM assignments WHERE agent_id = 'floor'")
    const claimNext = await times(Math.min(rounds, AGENTS * 5), (n) =>
      worklist.claimNext(agents[n % AGENTS]!, `bench-${n}`).then((it) => {
        if (it.assignment === null) throw new Error('nothing to claim')
      }),
    )
    return {
      ...{ fillSeconds, floorPage, floorClaim, firstPage, deepPage, filteredPage, claimNext },
      pageToFloor: Number((firstPage.p50 / floorPage.p50).toFixed(1)),
      claimToFloor: Number((claimNext.p50 / floorClaim.p50).toFixed(1)),
    }
  } finally {
    await bare.close()
    await store.close()
  }
}

const FLOOR_PAGE = `SELECT id, ticket_number, state, office_id, next_due_at, filed_at FROM tickets
  WHERE office_id = 'pusat' AND standing = 'waitingOnUs' AND next_due_at IS NOT NULL ORDER BY next_due_at, id LIMIT ${PAGE}`
const floorClaimOf = (n: number, no: string): string =>
  `INSERT INTO assignments SELECT id, 'floor-${n}', 'floor', office_id, ${n}, 'next', NULL, 'floor', 1, 1, 2, ${no}
   FROM tickets WHERE standing = 'waitingOnUs' AND next_due_at > 0 ORDER BY next_due_at DESC LIMIT 1 OFFSET ${n}`

/** A hundred tickets that an engine wrote, some waiting for us, one of them of its own cause. */
async function templates(store: Store, clock: VirtualClock, dataDir: string): Promise<Worklist> {
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
  const keyring = localKeyring(openKeyFile(dataDir, randomBytes), randomBytes)
  const vault = createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })
  return createWorklist({
    ...{ store, engine, vault, clock, ids },
    audit: { record: () => Promise.resolve() },
    authority: { holds: () => Promise.resolve(true) },
  })
}

/** Each template again and again, under new ids and numbers, each block due a minute after the one before. */
async function fill(bare: Bare, isPg: boolean, blocks: number): Promise<void> {
  const columns = (await bare.run(
    isPg
      ? "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'tickets' ORDER BY ordinal_position"
      : "SELECT name FROM pragma_table_info('tickets')",
  )) as readonly { name: string }[]
  const hex = isPg ? "lpad(to_hex(n), 8, '0')" : "printf('%08x', n)"
  const value: Readonly<Record<string, string>> = {
    id: `substr(t.id, 1, 28) || ${hex}`,
    ticket_number: `substr(t.ticket_number, 1, 14) || '-' || n`,
    next_due_at: 't.next_due_at + (n % 1000) * 60000',
    filed_at: 't.filed_at + n',
  }
  const names = columns.map((it) => it.name)
  const series = isPg
    ? (from: number, to: number) => `generate_series(${from}, ${to}) AS s(n)`
    : (from: number, to: number) =>
        `(WITH RECURSIVE s(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM s WHERE n < ${to}) SELECT n FROM s)`
  await bare.run('CREATE TEMPORARY TABLE templates AS SELECT * FROM tickets')
  for (let from = 1; from <= blocks; from += 200) {
    const to = Math.min(blocks, from + 199)
    await bare.run(
      `INSERT INTO tickets (${names.join(', ')}) SELECT ${names.map((it) => value[it] ?? `t.${it}`).join(', ')}
       FROM ${series(from, to)} CROSS JOIN templates t`,
    )
  }
  await bare.run(isPg ? 'VACUUM ANALYZE tickets' : 'PRAGMA wal_checkpoint(TRUNCATE)')
}

async function openBare({ dataDir, databaseUrl }: Place): Promise<Bare> {
  if (databaseUrl !== null) {
    const client = new pg.Client(databaseUrl)
    await client.connect()
    return { run: async (sql): Promise<unknown> => (await client.query(sql)).rows, close: () => client.end() }
  }
  const db = new Database(join(dataDir, 'pulih.db'), { timeout: 5_000 })
  db.pragma('synchronous = FULL')
  return {
    run(sql) {
      const statement = db.prepare(sql)
      return Promise.resolve(statement.reader ? statement.all() : statement.run())
    },
    close() {
      db.close()
      return Promise.resolve()
    },
  }
}

async function middleOf({ listing }: Worklist, agent: Worker) {
  let after: Awaited<ReturnType<typeof listing.page>>['next'] = null
  for (let n = 0; n < 40; n++) after = (await listing.page(agent, {}, 100, after)).next
  return after
}

async function times(rounds: number, work: (n: number) => Promise<unknown>): Promise<Figures> {
  const took: number[] = []
  const before = process.cpuUsage()
  for (let n = 0; n < rounds; n++) {
    const started = performance.now()
    await work(n)
    took.push(performance.now() - started)
  }
  const { user, system } = process.cpuUsage(before)
  const sorted = took.toSorted((a, b) => a - b)
  const rounded = (value: number) => Number(value.toFixed(2))
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  return { p50: rounded(median(took)), p95: rounded(p95), cpu: rounded((user + system) / 1_000 / rounds) }
}
