import type { Database, Statement } from 'better-sqlite3'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { openWriting } from '../db/open.sqlite.js'
import * as tables from '../db/schema.sqlite.js'
import { systemClock } from '../src/engine/clock.js'
import type { Change, OutboxRow, TicketRow, TimerRow } from '../src/engine/types.js'

/** Everything an engine wrote for one ticket, in order. */
export type Life = readonly Change[]

/** A ticket's rows as they stand at the end of its life. */
interface Rows {
  readonly table: PgTable
  readonly rows: readonly object[]
}

type Slot = 'id' | 'number' | 'key' | { readonly later: number }

/** One prepared insert with its values; `slots` say which of them are new for each ticket. */
interface Insert {
  readonly statement: Statement
  readonly values: unknown[]
  readonly slots: readonly (readonly [at: number, what: Slot])[]
}

const PER_COMMIT = 20_000

/**
 * Fills a data folder with `count` tickets whose rows an engine wrote before (life after life, `lives[n % lives.length]`), with new ids, numbers and
 * keys: what they hold is consistent, so they can be worked on. Messages count as delivered. Not durable while it runs, and fast.
 * `everyMs`: by the two columns that lists go along, they were filed one after the other at this distance, and are due as long afterwards as in
 * their life. Logs, timers and schedules keep the life's instants, which `verify` would tell; without it thousands stand at one place of those lists.
 */
export function stockUp(dataDir: string, lives: readonly Life[], count: number, everyMs?: number): void {
  const { writer: db, reader, lock } = openWriting(dataDir, systemClock)
  reader.close()
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -524288')
  const stock = lives.map((life) =>
    endOf(life).flatMap(({ table, rows }) => rows.map((row) => insertOf(db, table, row, everyMs === undefined))),
  )
  const first = lives[0]?.[0]?.ticket.filedAt ?? 0
  for (let from = 0; from < count; from += PER_COMMIT) {
    db.exec('BEGIN IMMEDIATE')
    for (let n = from; n < Math.min(count, from + PER_COMMIT); n++)
      for (const insert of stock[n % stock.length] ?? []) run(insert, n, first + n * (everyMs ?? 0))
    db.exec('COMMIT')
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  lock?.release()
}

/** The id of the n-th ticket: the shape and order of a UUIDv7. */
export function stockId(n: number): string {
  const hex = n.toString(16).padStart(20, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12, 15)}-8000-0000000${hex.slice(15)}`
}

function endOf(life: Life): readonly Rows[] {
  const last = life.at(-1)
  if (last === undefined) throw new RangeError('a life of no changes')
  const timers = new Map<string, TimerRow>()
  for (const change of life) {
    for (const timer of change.timersAdded) timers.set(keyOf(timer), timer)
    for (const closed of change.timersClosed) {
      const open = timers.get(keyOf(closed))
      if (open !== undefined) timers.set(keyOf(closed), { ...open, state: closed.state, closedAt: closed.closedAt })
    }
  }
  const delivered = (row: OutboxRow) => ({ ...row, relayedAt: row.createdAt, deliveredAt: row.createdAt })
  return [
    { table: tables.tickets, rows: [last.ticket] },
    { table: tables.ticketLog, rows: life.flatMap((change) => change.log) },
    { table: tables.timers, rows: [...timers.values()] },
    { table: tables.outbox, rows: life.flatMap((change) => change.outbox.map(delivered)) },
    { table: tables.idempotency, rows: life.flatMap((change) => change.idempotency ?? []) },
  ]
}
const keyOf = (t: Pick<TimerRow, 'family' | 'threshold' | 'generation'>) => `${t.family}|${t.threshold}|${t.generation}`

function insertOf(db: Database, table: PgTable, row: object, keepTimes: boolean): Insert {
  const columns = Object.entries(getTableColumns(table))
  const names = columns.map(([, column]) => column.name).join(', ')
  const values = columns.map(([key, column]) => {
    const value = (row as Record<string, unknown>)[key] ?? null
    return column.dataType === 'json' && value !== null ? JSON.stringify(value) : value
  })
  const isTickets = table === tables.tickets
  const slots = columns.flatMap(([key], at): Insert['slots'] => {
    if (key === 'ticketId' || (isTickets && key === 'id')) return [[at, 'id']]
    if (key === 'ticketNumber') return [[at, 'number']]
    if (isTickets && !keepTimes && (key === 'filedAt' || key === 'nextDueAt') && values[at] !== null)
      return [[at, { later: (values[at] as number) - (row as TicketRow).filedAt }]]
    return key === 'key' ? [[at, 'key']] : []
  })
  const sql = `INSERT INTO ${getTableName(table)} (${names}) VALUES (${columns.map(() => '?').join(', ')})`
  return { statement: prepared(db, sql), values, slots }
}

const statements = new WeakMap<Database, Map<string, Statement>>()
function prepared(db: Database, sql: string): Statement {
  const known = statements.get(db) ?? new Map<string, Statement>()
  statements.set(db, known)
  const statement = known.get(sql) ?? db.prepare(sql)
  known.set(sql, statement)
  return statement
}

let keys = 0
function run({ statement, values, slots }: Insert, n: number, filedAt: number): void {
  for (const [at, what] of slots) values[at] = valueOf(what, n, filedAt)
  statement.run(...values)
}

function valueOf(what: Slot, n: number, filedAt: number): unknown {
  if (what === 'id') return stockId(n)
  if (what === 'number') return `STOCK-${String(n).padStart(10, '0')}`
  return what === 'key' ? `stock:${n}-${keys++}` : filedAt + what.later
}
