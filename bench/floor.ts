import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Database, Statement } from 'better-sqlite3'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { openWriting } from '../db/open.sqlite.js'
import * as tables from '../db/schema.sqlite.js'
import { splitTimers } from '../db/splitTimers.js'
import { systemClock } from '../src/engine/clock.js'
import type { Change } from '../src/engine/types.js'

export interface FloorResult {
  /** Transitions written per second, at `ticketsPerCommit` to a commit. */
  readonly perSecond: number
  /** Bytes of the values written per transition (text as UTF-8, numbers as 8). */
  readonly bytesPerTransition: number
  readonly transitions: number
}
export interface Floor {
  /** Writes for about `seconds`; may be called again and again, alternating with what it is compared to: the file keeps growing. */
  run(seconds: number): FloorResult
  readonly db: Database
  close(): void
}

/**
 * The honest floor: how fast bare better-sqlite3 writes rows that an engine wrote before. Same file layout, indexes, triggers, checks and
 * pragmas (the migrated schema itself), same statements per transition, every value prepared outside the measured time: no machine, no
 * JSON, no reading. What is left is what SQLite itself costs, so no engine on these tables can be faster.
 *
 * `changes` are recorded ones in the order they were committed. The changes of one ticket are one life, replayed on new tickets for ever:
 * ids, ticket numbers and idempotency keys are new each time, all else is as recorded. A life whose beginning was not recorded starts from
 * a ticket put there outside the measured time. Keys count up, which suits the index better than random ones: the floor is never too low.
 */
export function openFloor(
  changes: readonly Change[],
  options: { dataDir?: string; ticketsPerCommit?: number } = {},
): Floor {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pulih-floor-'))
  const { writer: db, reader, lock } = openWriting(dataDir, systemClock)
  const lives = livesOf(changes).map((life) => ({
    start: beginning(db, life),
    steps: life.map((c, n) => opsOf(db, c, life[n - 1])),
  }))
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const perCommit = options.ticketsPerCommit ?? 100
  const counter = { ticket: db.prepare('SELECT count(*) FROM tickets').pluck().get() as number, key: 0, bytes: 0 }
  const running: { id: string; number: string; steps: readonly Op[][]; at: number }[] = []

  /** As many tickets under way as go into one commit; a ticket at its end makes room for a new one. */
  function refill(): void {
    begin.run()
    for (let slot = 0; slot < perCommit; slot++) {
      const now = running[slot]
      if (now !== undefined && now.at < now.steps.length) continue
      const n = counter.ticket++
      const life = lives[n % lives.length]
      if (life === undefined) throw new Error('a floor needs at least one change')
      const fresh = { id: ticketId(n), number: `FLOOR-${String(n).padStart(10, '0')}`, steps: life.steps, at: 0 }
      for (const op of life.start) write(op, fresh, counter)
      running[slot] = fresh
    }
    commit.run()
  }

  return {
    db,
    run(seconds) {
      let bytes = 0
      let transitions = 0
      let spent = 0
      while (spent < seconds * 1000) {
        refill()
        counter.bytes = 0
        const from = performance.now()
        begin.run()
        for (const ticket of running) for (const op of ticket.steps[ticket.at++] ?? []) write(op, ticket, counter)
        commit.run()
        spent += performance.now() - from
        transitions += perCommit
        bytes += counter.bytes
      }
      return { perSecond: transitions / (spent / 1000), bytesPerTransition: bytes / transitions, transitions }
    },
    close() {
      reader.close()
      db.close()
      lock?.release()
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true })
    },
  }
}

/** One measurement on a new file. */
export function rawFloor(options: { seconds: number; changes: readonly Change[]; dataDir?: string }): FloorResult {
  const floor = openFloor(options.changes, options.dataDir === undefined ? {} : { dataDir: options.dataDir })
  try {
    return floor.run(options.seconds)
  } finally {
    floor.close()
  }
}

/** One prepared statement with its recorded values; `slots` say which of them are new for each ticket. */
interface Op {
  readonly statement: Statement
  readonly values: unknown[]
  readonly slots: readonly (readonly [at: number, what: 'id' | 'number' | 'key'])[]
  readonly bytes: number
}

function write(op: Op, ticket: { id: string; number: string }, counter: { key: number; bytes: number }): void {
  for (const [at, what] of op.slots)
    op.values[at] =
      what === 'id' ? ticket.id : what === 'number' ? ticket.number : `floor:${ticket.id}-${counter.key++}`
  if (op.statement.run(...op.values).changes !== 1) throw new Error('a recorded change no longer applies')
  counter.bytes += op.bytes
}

/** The shape and order of a UUIDv7. */
function ticketId(n: number): string {
  const hex = n.toString(16).padStart(20, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12, 15)}-8000-0000000${hex.slice(15)}`
}

function livesOf(changes: readonly Change[]): Change[][] {
  const lives = new Map<string, Change[]>()
  for (const change of changes) {
    const life = lives.get(change.ticket.id)
    if (life === undefined) lives.set(change.ticket.id, [change])
    else life.push(change)
  }
  return [...lives.values()]
}

/** What must be there before the first recorded change of a life; nothing if that one files the ticket. */
function beginning(db: Database, life: readonly Change[]): Op[] {
  const first = life[0]
  if (first === undefined || first.expectedRevision === null) return []
  const keyOf = (t: { family: string; threshold: string; generation: number }) =>
    [t.family, t.threshold, t.generation].join()
  const added = new Set(life.flatMap((change) => change.timersAdded.map(keyOf)))
  const older = life.flatMap((change) => change.timersClosed).filter((timer) => !added.has(keyOf(timer)))
  const blank = {
    revision: first.expectedRevision,
    contentVersion: 1,
    standing: 'waitingOnUs',
    logSeq: 0,
    outboxSeq: 0,
  }
  return [
    insertOp(db, tables.tickets, { ...first.ticket, ...blank }),
    ...older.map((timer) =>
      insertOp(db, tables.timers, { ...timer, state: 'pending', closedAt: null, dueAt: timer.closedAt }),
    ),
  ]
}

/** `before`: the change of this ticket that went before; what it did not move in an index is left alone. */
function opsOf(db: Database, change: Change, before: Change | undefined): Op[] {
  const { born, closed } = splitTimers(change)
  return [
    change.expectedRevision === null
      ? insertOp(db, tables.tickets, change.ticket)
      : updateOp(db, change.ticket, change.expectedRevision, before?.ticket),
    ...(change.idempotency === null ? [] : [insertOp(db, tables.idempotency, change.idempotency)]),
    ...change.log.map((row) => insertOp(db, tables.ticketLog, row)),
    ...born.map((row) => insertOp(db, tables.timers, row)),
    ...closed.map((timer) =>
      op(
        db,
        `UPDATE timers SET state = ?, closed_at = ?
         WHERE ticket_id = ? AND family = ? AND threshold = ? AND generation = ? AND state = 'pending'`,
        [timer.state, timer.closedAt, timer.ticketId, timer.family, timer.threshold, timer.generation],
        [[2, 'id']],
      ),
    ),
    ...change.outbox.map((row) => insertOp(db, tables.outbox, row)),
  ]
}

function insertOp(db: Database, table: PgTable, row: object): Op {
  const columns = columnsOf(table)
  const text = `INSERT INTO ${getTableName(table)} (${columns.map((c) => c.name).join(', ')})
    VALUES (${columns.map(() => '?').join(', ')})`
  return op(db, text, valuesOf(columns, row), slotsOf(table, columns))
}

type Ticket = Change['ticket']
/** What most steps leave alone is named only where it moved: each index that has a named column is written anew, and a schedule is long. */
const SPARED: readonly (keyof Ticket)[] = [
  ...(['standing', 'nextDueAt', 'officeId', 'participantRef', 'schedule', 'machineVersion', 'policyId'] as const),
  ...(['policyVersion', 'route', 'category', 'cause', 'priority', 'releasedAt', 'closedAt', 'makerId'] as const),
  'checkerId',
]

function updateOp(db: Database, ticket: Ticket, expectedRevision: number, before: Ticket | undefined): Op {
  const same = before === undefined ? [] : SPARED.filter((key) => isDeepStrictEqual(before[key], ticket[key]))
  const left: readonly string[] = ['id', 'ticketNumber', 'type', 'filedAt', ...same]
  const columns = columnsOf(tables.tickets).filter((column) => !left.includes(column.key))
  const text = `UPDATE tickets SET ${columns.map((c) => `${c.name} = ?`).join(', ')} WHERE id = ? AND revision = ?`
  return op(db, text, [...valuesOf(columns, ticket), ticket.id, expectedRevision], [[columns.length, 'id']])
}

type Columns = ReturnType<typeof columnsOf>
const columnsOf = (table: PgTable) =>
  Object.entries(getTableColumns(table)).map(([key, { name, dataType }]) => ({ key, name, json: dataType === 'json' }))

const valuesOf = (columns: Columns, row: object): unknown[] =>
  columns.map(({ key, json }) => {
    const value = (row as Record<string, unknown>)[key]
    return json && value !== null ? JSON.stringify(value) : value
  })

function slotsOf(table: PgTable, columns: Columns): Op['slots'] {
  const isTickets = getTableName(table) === 'tickets'
  return columns.flatMap(({ key }, at): Op['slots'] => {
    if (key === 'ticketId' || (isTickets && key === 'id')) return [[at, 'id']]
    if (key === 'ticketNumber') return [[at, 'number']]
    return key === 'key' ? [[at, 'key']] : []
  })
}

const statements = new WeakMap<Database, Map<string, Statement>>()

function op(db: Database, text: string, values: unknown[], slots: Op['slots']): Op {
  const known = statements.get(db) ?? new Map<string, Statement>()
  statements.set(db, known)
  const statement = known.get(text) ?? db.prepare(text)
  known.set(text, statement)
  const bytes = values.reduce<number>(
    (sum, v) => sum + (typeof v === 'string' ? Buffer.byteLength(v) : v === null ? 0 : 8),
    0,
  )
  return { statement, values, slots, bytes }
}
