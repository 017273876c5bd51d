import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { openStore } from '../db/index.js'
import { VirtualClock } from '../src/engine/index.js'
import { REPORTS } from '../src/staff/reports/index.js'
import { startPostgres } from '../test/support/postgres.js'
import { median } from './median.js'
import type { Target } from './targets.js'

/** Two years end here: 31 December 2026, 17.00 in Jakarta. */
const END = Date.UTC(2026, 11, 31, 10)
const DAYS = 730
const OFFICES = 12
const AGENTS = 300
/** Below what a page that loads feels like; of each report, over a whole year and every office. */
const LIMIT_MS = 2_000
const SPANS = {
  month: { from: '2026-12-01', until: '2026-12-31' },
  year: { from: '2026-01-01', until: '2026-12-31' },
} as const

type Figures = Readonly<Record<string, number>>
interface OneBench {
  readonly fillSeconds: number
  /** Milliseconds by report: the middle of all rounds. */
  readonly month: Figures
  readonly year: Figures
  /** The year as it stood half a year ago. */
  readonly past: Figures
}
export interface ReportsBench {
  readonly tickets: number
  readonly sqlite: OneBench
  readonly postgres: OneBench
  readonly targets: readonly Target[]
}

/** Every report over a ledger of very many tickets, on both databases. Its rows are written as they are: folding is timed elsewhere. */
export async function benchReports({ tickets = 1_000_000, rounds = 3 } = {}): Promise<ReportsBench> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-reports-'))
  try {
    const sqlite = await bench({ dataDir: dir, databaseUrl: null }, tickets, rounds)
    const server = await startPostgres(['shared_buffers=256MB'])
    try {
      const postgres = await bench({ dataDir: dir, databaseUrl: await server.database() }, tickets, rounds)
      const targets = Object.entries({ sqlite, postgres }).flatMap(([name, it]) =>
        (['month', 'year', 'past'] as const).map((span): Target => {
          const slowest = Math.max(...Object.values(it[span]))
          return { what: `${name}: slowest report of a ${span} ms`, reached: slowest, below: LIMIT_MS }
        }),
      )
      return { tickets, sqlite, postgres, targets }
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

async function bench(place: Place, tickets: number, rounds: number): Promise<OneBench> {
  const store = await openStore({ ...place, clock: new VirtualClock(END) })
  try {
    const started = performance.now()
    await run(place, fillStatements(tickets, place.databaseUrl !== null))
    const fillSeconds = Math.round((performance.now() - started) / 1_000)
    const times = async (span: { from: string; until: string }, asOf: number) => {
      const found: Record<string, number> = {}
      for (const report of REPORTS) {
        const took: number[] = []
        for (let n = 0; n < rounds; n++) {
          const at = performance.now()
          const rows = await report.rows(store.ledger, { ...span, asOf, offices: null })
          took.push(performance.now() - at)
          if (rows.length === 0) throw new Error(`${report.name} has nothing to say`)
        }
        found[report.name] = Math.round(median(took))
      }
      return found
    }
    const past = END - 183 * 86_400_000
    return {
      fillSeconds,
      month: await times(SPANS.month, END),
      year: await times(SPANS.year, END),
      past: await times({ from: '2025-07-01', until: '2026-06-30' }, past),
    }
  } finally {
    await store.close()
  }
}

/** Each ticket: two promises, one pause for every other, a stay, four acts; a fiftieth is still open, a twentieth late, a hundredth objected. */
function fillStatements(tickets: number, postgres: boolean): readonly string[] {
  const day = (at: string) =>
    postgres
      ? `to_char(to_timestamp((${at}) / 1000.0) at time zone 'UTC', 'YYYY-MM-DD')`
      : `strftime('%Y-%m-%d', (${at}) / 1000, 'unixepoch')`
  const big = postgres ? 'bigint' : 'integer'
  // In the order of time, as ids and log are.
  const n = `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${tickets}),
    t as (select i, 'ticket-' || (10000000 + i) as id, 'office-' || (i % ${OFFICES}) as office,
      case when i % 4 = 0 then 'kantor_cabang' else 'layanan_digital' end as route,
      cast(${END} as ${big}) - cast(${tickets} - i as ${big}) * ${DAYS} * 86400 / ${tickets} * 1000 as at from n)`
  const fact = (target: string, days: number) => `insert into sla_facts ${n}
    select id, '${target}', 1, 'pengaduan', 'pengaduan@1', 'pusat@1', office, route, at, at + 3 * 86400000,
      case when i % 20 = 0 then 'late' else 'met' end, at + ${days} * 86400000, ${day(`at + ${days} * 86400000`)},
      case when i % 50 = 0 then null else at + 4 * 86400000 end,
      case when i % 50 <> 0 and i % 20 = 0 then 'metLate' end, 0 from t`
  const acts = [0, 1, 2, 3].map(
    (seq) => `insert into ledger_acts ${n}
      select id, ${seq + 2}, 'VerificationStarted', case when ${seq} = 3 and i % 100 = 0 then 'objection' else 'first' end,
        'agent-' || (i % ${AGENTS}), office, route, 'pengaduan@1', at + ${seq} * 3600000, ${day(`at + ${seq} * 3600000`)} from t`,
  )
  return [
    fact('firstReview', 1),
    fact('resolution', 3),
    `insert into sla_pauses ${n}
      select id, 'resolution', 1, 1, 'documentsRequested', office, route, 'pengaduan@1', at, at + 86400000,
        ${day('at + 86400000')}, i % 480 from t where i % 2 = 0`,
    `insert into ledger_stays ${n}
      select id, 1, 'pengaduan', 'pengaduan@1', office, route, case when i % 40 = 0 then 'reopened' else 'filed' end,
        case when i % 50 = 0 then null else 'closed' end, case when i % 50 = 0 then null else 'rejected' end, at, at,
        case when i % 50 = 0 then null else at + 4 * 86400000 end, ${day('at')},
        case when i % 50 = 0 then null else ${day('at + 4 * 86400000')} end,
        case when i % 50 = 0 then null else i % 1900 end from t`,
    ...acts,
    // Where both databases learn how the values lie; each would do so by itself in time.
    'analyze',
  ]
}

async function run({ dataDir, databaseUrl }: Place, statements: readonly string[]): Promise<void> {
  if (databaseUrl === null) {
    const db = new Database(join(dataDir, 'pulih.db'))
    db.pragma('synchronous = off')
    db.pragma('cache_size = -262144')
    for (const statement of statements) db.exec(statement)
    db.close()
    return
  }
  const client = new pg.Client(databaseUrl)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  // A plain `vacuum` is what lets an index be read alone.
  for (const table of ['sla_facts', 'sla_pauses', 'ledger_stays', 'ledger_acts']) await client.query(`vacuum ${table}`)
  await client.end()
}
