import { and, asc, gt, gte, lte, sql } from 'drizzle-orm'
import type { LogEntry } from '../../src/engine/types.js'
import type { AssignmentEntry } from '../staff/assignments.js'
import type { Sql } from '../sql.js'

export interface LogKey {
  readonly ticketId: string
  readonly seq: number
}
/** A row of the log and where it stands: its number where rows are numbered (SQLite), else the instant at which it was recorded. */
export interface LogMark extends LogKey {
  readonly place: number
}

/** The tickets' own log, as whoever seals it reads it. */
export interface SealedLogStore {
  /**
   * `numbered`: in the order of their commits; nothing ever appears behind a row that was read. `timed`: several processes write, so a row
   * may appear late, behind others, and who reads must look back.
   */
  logOrder(): Promise<'numbered' | 'timed'>
  /** The highest place of a numbered log; 0 of an empty one, and of a timed one, which the clock tells. */
  logEnd(): Promise<number>
  /** Rows behind a mark, in order of place, ticket and sequence. */
  logAfter(mark: LogMark, limit: number): Promise<readonly LogMark[]>
  /** The whole rows of these keys, in no order. */
  logOf(keys: readonly LogKey[]): Promise<readonly LogEntry[]>
  /** Rows up to and including a place; null: all. */
  countLog(upTo: number | null): Promise<number>
}

/** One of the two facts of a claim: 1 that it was taken, 2 that it ended. The second never shows before the first. */
export interface ClaimKey {
  readonly claimId: string
  readonly seq: number
}
export interface ClaimMark extends ClaimKey {
  readonly place: number
}
/** Who held what, as whoever seals it reads it: places as in the tickets' log. */
export interface SealedClaimsStore {
  /** As `logEnd`. */
  claimsEnd(): Promise<number>
  claimsAfter(mark: ClaimMark, limit: number): Promise<readonly ClaimMark[]>
  claimsOf(keys: readonly ClaimKey[]): Promise<readonly AssignmentEntry[]>
  countClaims(upTo: number | null): Promise<number>
}

export function sealedLogStore({ t, read, shared }: Sql): SealedLogStore {
  const { ticketLog } = t
  const { ticketId, seq, recordedAt } = ticketLog
  const place = shared ? sql<number | string>`${recordedAt}` : sql<number | string>`${ticketLog}.rowid`
  return {
    logOrder: () => Promise.resolve(shared ? 'timed' : 'numbered'),
    async logEnd() {
      if (shared) return 0
      const [row] = await read.select({ end: sql<number | null>`max(${place})` }).from(ticketLog)
      return row?.end ?? 0
    },
    async logAfter(mark, limit) {
      const behind = shared
        ? // The first half is what the index of instants understands.
          and(
            gte(recordedAt, mark.place),
            sql`(${recordedAt}, ${ticketId}, ${seq}) > (${mark.place}, ${mark.ticketId}, ${mark.seq})`,
          )
        : gt(place, mark.place)
      const order = shared ? [asc(recordedAt), asc(ticketId), asc(seq)] : [asc(place)]
      const rows = read.select({ ticketId, seq, place }).from(ticketLog).where(behind)
      const marks = await rows.orderBy(...order).limit(limit)
      // As an expression an instant comes as text from PostgreSQL.
      return marks.map((it) => ({ ...it, place: Number(it.place) }))
    },
    async logOf(keys) {
      if (keys.length === 0) return []
      // The type is said, because PostgreSQL takes a parameter of such a list for text.
      const list = sql.join(
        keys.map((it) => sql`(${it.ticketId}, cast(${it.seq} as integer))`),
        sql`, `,
      )
      return read
        .select()
        .from(ticketLog)
        .where(sql`(${ticketId}, ${seq}) in (values ${list})`)
    },
    async countLog(upTo) {
      const within = upTo === null ? undefined : lte(place, upTo)
      const [row] = await read
        .select({ count: sql<number | string>`count(*)` })
        .from(ticketLog)
        .where(within)
      return Number(row?.count ?? 0)
    },
  }
}

export function sealedClaimsStore({ t, read, shared }: Sql): SealedClaimsStore {
  const { assignmentLog } = t
  const { claimId, fact, recordedAt } = assignmentLog
  const place = shared ? sql<number | string>`${recordedAt}` : sql<number | string>`${assignmentLog}.rowid`
  const seq = sql<number>`case ${fact} when 'claimed' then 1 else 2 end`
  return {
    async claimsEnd() {
      if (shared) return 0
      const [row] = await read.select({ end: sql<number | null>`max(${place})` }).from(assignmentLog)
      return row?.end ?? 0
    },
    async claimsAfter(mark, limit) {
      const behind = shared
        ? and(
            gte(recordedAt, mark.place),
            sql`(${recordedAt}, ${claimId}, ${seq}) > (${mark.place}, ${mark.claimId}, ${mark.seq})`,
          )
        : gt(place, mark.place)
      const order = shared ? [asc(recordedAt), asc(claimId), asc(seq)] : [asc(place)]
      const rows = read.select({ claimId, seq, place }).from(assignmentLog).where(behind)
      const marks = await rows.orderBy(...order).limit(limit)
      return marks.map((it) => ({ claimId: it.claimId, seq: it.seq, place: Number(it.place) }))
    },
    async claimsOf(keys) {
      if (keys.length === 0) return []
      const list = sql.join(
        keys.map((it) => sql`(${it.claimId}, ${it.seq === 1 ? 'claimed' : 'ended'})`),
        sql`, `,
      )
      return read
        .select()
        .from(assignmentLog)
        .where(sql`(${claimId}, ${fact}) in (values ${list})`)
    },
    async countClaims(upTo) {
      const within = upTo === null ? undefined : lte(place, upTo)
      const [row] = await read
        .select({ count: sql<number | string>`count(*)` })
        .from(assignmentLog)
        .where(within)
      return Number(row?.count ?? 0)
    },
  }
}
