import { createHash } from 'node:crypto'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import pg from 'pg'
import * as tables from '../db/schema.pg.js'
import { splitTimers } from '../db/splitTimers.js'
import type { Change } from '../src/engine/types.js'

/** One transition as one statement with every value prepared; `slots` say which of them are new for each ticket. */
interface Step {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
  readonly slots: readonly (readonly [at: number, what: 'id' | 'number' | 'key'])[]
}

export interface PgFloor {
  /** Transitions per second over about `seconds`, each a commit of its own, on all connections at once. */
  run(seconds: number): Promise<number>
  close(): Promise<void>
}

/**
 * The honest floor of PostgreSQL: recorded transitions, each written by one statement (a CTE that updates the ticket and inserts its log,
 * timers, outbox and key) in a commit of its own, over `connections` connections at the same time. The same tables, indexes, triggers and
 * rows as the engine's; no machine, no reading, no JSON made: every value is prepared outside.
 */
export async function openPgFloor(url: string, changes: readonly Change[], connections = 32): Promise<PgFloor> {
  const lives = livesOf(changes).map((life) => life.map(stepOf))
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return client
    }),
  )
  let born = 0
  return {
    async run(seconds) {
      const end = performance.now() + seconds * 1_000
      let transitions = 0
      const started = performance.now()
      await Promise.all(
        clients.map(async (client) => {
          while (performance.now() < end) {
            const n = born++
            for (const step of lives[n % lives.length] ?? []) {
              await client.query(filled(step, n))
              transitions++
            }
          }
        }),
      )
      return transitions / ((performance.now() - started) / 1_000)
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}

let keys = 0
function filled({ name, text, values, slots }: Step, n: number): pg.QueryConfig {
  const own = [...values]
  for (const [at, what] of slots)
    own[at] = what === 'id' ? ticketId(n) : what === 'number' ? `FLOOR-${n}` : `floor:${process.pid}-${keys++}`
  return { name, text, values: own }
}

/** The shape and order of a UUIDv7. */
function ticketId(n: number): string {
  const hex = n.toString(16).padStart(20, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12, 15)}-8000-0000000${hex.slice(15)}`
}

/** Whole lives only: the changes of one ticket from its filing on. */
function livesOf(changes: readonly Change[]): Change[][] {
  const lives = new Map<string, Change[]>()
  for (const change of changes) lives.set(change.ticket.id, [...(lives.get(change.ticket.id) ?? []), change])
  return [...lives.values()].filter((life) => life[0]?.expectedRevision === null)
}

function stepOf(change: Change): Step {
  const values: unknown[] = []
  const slots: [number, 'id' | 'number' | 'key'][] = []
  const put = (value: unknown, slot?: 'id' | 'number' | 'key') => {
    if (slot !== undefined) slots.push([values.length, slot])
    values.push(value)
    return `$${values.length}`
  }
  const insert = (table: PgTable, row: object) => {
    const columns = columnsOf(table)
    const given = columns.map((column) => put(valueOf(column, row), slotOf(table, column.key)))
    return `INSERT INTO ${getTableName(table)} (${columns.map((it) => it.name).join(', ')}) VALUES (${given.join(', ')})`
  }
  const { born, closed } = splitTimers(change)
  const parts = [
    change.expectedRevision === null ? insert(tables.tickets, change.ticket) : update(change, put),
    ...(change.idempotency === null ? [] : [insert(tables.idempotency, change.idempotency)]),
    ...change.log.map((row) => insert(tables.ticketLog, row)),
    ...born.map((row) => insert(tables.timers, row)),
    ...closed.map(
      (it) =>
        `UPDATE timers SET state = ${put(it.state)}, closed_at = ${put(it.closedAt)} WHERE ticket_id = ${put(null, 'id')}` +
        ` AND family = ${put(it.family)} AND threshold = ${put(it.threshold)} AND generation = ${put(it.generation)} AND state = 'pending'`,
    ),
    ...change.outbox.map((row) => insert(tables.outbox, row)),
  ]
  const text = `WITH ${parts.map((part, n) => `p${n} AS (${part} RETURNING 1)`).join(', ')} SELECT count(*) FROM p0`
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text, values, slots }
}

function update(change: Change, put: (value: unknown, slot?: 'id') => string): string {
  const fixed = ['id', 'ticketNumber', 'type', 'filedAt']
  const columns = columnsOf(tables.tickets).filter(({ key }) => !fixed.includes(key))
  const set = columns.map((column) => `${column.name} = ${put(valueOf(column, change.ticket))}`).join(', ')
  return `UPDATE tickets SET ${set} WHERE id = ${put(null, 'id')} AND revision = ${put(change.expectedRevision)}`
}

type Column = ReturnType<typeof columnsOf>[number]
const columnsOf = (table: PgTable) =>
  Object.entries(getTableColumns(table)).map(([key, { name, dataType }]) => ({ key, name, json: dataType === 'json' }))

function valueOf({ key, json }: Column, row: object): unknown {
  const value = (row as Record<string, unknown>)[key]
  return json && value != null ? JSON.stringify(value) : (value ?? null)
}

function slotOf(table: PgTable, key: string): 'id' | 'number' | 'key' | undefined {
  if (key === 'ticketId' || (key === 'id' && getTableName(table) === 'tickets')) return 'id'
  if (key === 'ticketNumber') return 'number'
  return key === 'key' ? 'key' : undefined
}
