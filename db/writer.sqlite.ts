import type { Database, Statement } from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Change, CommitOutcome, TicketRow } from '../src/engine/types.js'
import { columnsOf } from './columnsOf.js'
import { BrokenRule, refusalOf } from './errors.sqlite.js'
import { jsonText } from './jsonText.js'
import * as tables from './schema.sqlite.js'
import { splitTimers } from './splitTimers.js'

/** Known to every row of a ticket for good; leaving them out of the update spares their indexes. */
const FIXED: ReadonlySet<string> = new Set<keyof TicketRow>(['id', 'ticketNumber', 'type', 'filedAt'])
/** Past this many refused changes a batch is cheaper with a savepoint for each of its changes. */
const ROUNDS_WITHOUT_SAVEPOINTS = 3
const OK: CommitOutcome = { ok: true }
const STALE: CommitOutcome = { ok: false, reason: 'stale', constraint: null }

type Write = (changes: readonly Change[]) => readonly CommitOutcome[]
/** Ends a transaction that is not to be. */
class NotTogether extends Error {}

/**
 * Writes batches of changes on one connection. Raw prepared statements, their SQL taken from schema.ts: measured over
 * batches of 100 they write 1.2 to 1.3 times what drizzle's prepared queries do (24 500/s to 19 500/s).
 */
export function batchWriter(db: Database): Record<'commit' | 'commitTogether', Write> {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const savepoint = db.prepare('SAVEPOINT one_change')
  const release = db.prepare('RELEASE one_change')
  const undo = db.prepare('ROLLBACK TO one_change')
  const apply = changeWriter(db)

  /** Runs `work` in a transaction of its own; whatever it throws, nothing stays. */
  function transact(work: () => CommitOutcome[]): CommitOutcome[] {
    begin.run()
    try {
      const outcomes = work()
      commit.run()
      return outcomes
    } catch (error) {
      // SQLite has already rolled back by itself after FULL or IOERR.
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
  function applyAlone(change: Change): CommitOutcome {
    savepoint.run()
    try {
      return apply(change)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === null) throw error
      undo.run()
      return refusal
    } finally {
      if (db.inTransaction) release.run()
    }
  }

  /**
   * Nearly every batch is clean, so it is tried without savepoints; a change at which a constraint speaks is refused, and the batch is
   * tried again without it. What came before it is the same again, so its refusal stands. Savepoints (each makes SQLite copy every page
   * that its change touches) are for batches with several such changes.
   */
  const commitEach: Write = (changes) => {
    const refusals = new Map<number, CommitOutcome>()
    const tryAll = (): CommitOutcome[] | null => {
      let at = 0
      try {
        return transact(() =>
          changes.map((change, n) => {
            at = n
            return refusals.get(n) ?? apply(change)
          }),
        )
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        refusals.set(at, refusal)
        return null
      }
    }
    for (let round = 0; round < ROUNDS_WITHOUT_SAVEPOINTS; round++) {
      const outcomes = tryAll()
      if (outcomes !== null) return outcomes
    }
    return transact(() => changes.map((change, n) => refusals.get(n) ?? applyAlone(change)))
  }

  const commitTogether: Write = (changes) => {
    const outcomes: CommitOutcome[] = []
    try {
      return transact(() => {
        for (const change of changes) {
          outcomes.push(apply(change))
          if (outcomes.at(-1)?.ok === false) throw new NotTogether()
        }
        return outcomes
      })
    } catch (error) {
      if (error instanceof NotTogether) return outcomes
      const refusal = refusalOf(error)
      if (refusal === null) throw error
      return [...outcomes, refusal]
    }
  }
  return { commit: commitEach, commitTogether }
}

/** Writes one change inside the open transaction. Throws at the first constraint; the ticket row goes first, so a stale change writes nothing. */
function changeWriter(db: Database): (change: Change) => CommitOutcome {
  const fileTicket = insert(db, tables.tickets)
  const moveTicket = updateTicket(db)
  const addLog = insert(db, tables.ticketLog)
  const addTimer = insert(db, tables.timers)
  const addOutbox = insert(db, tables.outbox)
  const addIdempotency = insert(db, tables.idempotency)
  const closeTimer = db.prepare(
    `UPDATE timers SET state = ?, closed_at = ?
     WHERE ticket_id = ? AND family = ? AND threshold = ? AND generation = ? AND state = 'pending'`,
  )
  const anyPending = db.prepare("SELECT 1 FROM timers WHERE ticket_id = ? AND state = 'pending' LIMIT 1")

  return (change) => {
    const { ticket, expectedRevision } = change
    if (expectedRevision === null) fileTicket(ticket)
    else if (moveTicket(change, expectedRevision) === 0) return STALE
    // Before the rest: a repeated command should be refused as `duplicate`, whatever else it would have broken.
    if (change.idempotency !== null) addIdempotency(change.idempotency)
    for (const entry of change.log) addLog(entry)
    const { born, closed } = splitTimers(change)
    for (const timer of born) addTimer(timer)
    for (const t of closed)
      if (closeTimer.run(t.state, t.closedAt, t.ticketId, t.family, t.threshold, t.generation).changes === 0)
        throw new BrokenRule('timer_not_pending')
    for (const row of change.outbox) addOutbox(row)
    // The other half of the trigger on inserts: no statement can see that nobody closes this timer any more.
    if (ticket.standing === 'terminal' && anyPending.get(ticket.id) !== undefined)
      throw new BrokenRule('timers_none_after_terminal')
    return OK
  }
}

type Row = Readonly<Record<string, unknown>>

/** Puts a row's values into `values`, one for each column; what stands behind them stays. */
function fill(values: unknown[], row: Row, columns: ReturnType<typeof columnsOf>): void {
  for (const [n, { key, json }] of columns.entries()) {
    const value = row[key]
    // PostgreSQL cannot keep it; within JSON it is escaped, and kept by both.
    if (!json && typeof value === 'string' && value.includes('\0')) throw new BrokenRule('text_without_nul')
    values[n] = json && value !== null ? jsonText(value) : value
  }
}

function insert(db: Database, table: PgTable): (row: object) => void {
  const columns = columnsOf(table)
  const names = columns.map((c) => c.name).join(', ')
  const statement: Statement = db.prepare(
    `INSERT INTO ${getTableName(table)} (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  // One array for all rows: there are thousands a second.
  const values: unknown[] = columns.map(() => null)
  return (row) => {
    fill(values, row as Row, columns)
    statement.run(values)
  }
}

/** Columns that stay as they are at most steps, by what they cost together when they are named. */
const MOVED_TOGETHER: readonly (readonly (keyof TicketRow)[])[] = [
  ['standing'],
  ['nextDueAt'],
  ['officeId', 'participantRef'],
  ['schedule'],
  ['machineVersion', 'policyId', 'policyVersion', 'route', 'category', 'cause', 'priority'],
  ['releasedAt', 'closedAt', 'makerId', 'checkerId'],
]

/**
 * Gives the number of rows changed: 0 means the revision moved on. SQLite takes a row out of each index that has a column named by the
 * update and puts it in again, though nothing in it changed (some 10 µs and up to two more pages of the log), and a schedule is a thousand
 * characters of JSON. So of what most steps leave alone only that is named which differs from the row that was decided on: with the
 * revision that is the row in the table.
 */
function updateTicket(db: Database): (change: Change, expectedRevision: number) => number {
  const columns = columnsOf(tables.tickets).filter(({ key }) => !FIXED.has(key))
  const groupOf = ({ key }: { key: string }) =>
    MOVED_TOGETHER.findIndex((group) => (group as readonly string[]).includes(key))
  /** By which of the groups moved, a bit each. */
  const updates = new Map<number, (ticket: Row, expectedRevision: number) => number>()
  const updateOf = (moved: number) => {
    const named = columns.filter((column) => groupOf(column) === -1 || (moved & (1 << groupOf(column))) !== 0)
    const statement = db.prepare(
      `UPDATE tickets SET ${named.map((c) => `${c.name} = ?`).join(', ')} WHERE id = ? AND revision = ?`,
    )
    const values: unknown[] = [...named.map(() => null), null, null]
    return (ticket: Row, expectedRevision: number) => {
      fill(values, ticket, named)
      values[named.length] = ticket['id']
      values[named.length + 1] = expectedRevision
      return statement.run(values).changes
    }
  }
  return ({ ticket, before }, expectedRevision) => {
    let moved = 0
    for (const [n, group] of MOVED_TOGETHER.entries())
      if (before?.revision !== expectedRevision || group.some((key) => before[key] !== ticket[key])) moved |= 1 << n
    const update = updates.get(moved) ?? updateOf(moved)
    updates.set(moved, update)
    return update(ticket as unknown as Row, expectedRevision)
  }
}
