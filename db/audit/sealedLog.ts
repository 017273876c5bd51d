import { and, asc, gt, gte, lte, sql } from 'drizzle-orm'
import type { LogEntry } from '../../src/engine/types.js'
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
  /** Rows behind a mark, in order of place, ticket and sequence. */
  logAfter(mark: LogMark, limit: number): Promise<readonly LogMark[]>
  /** The whole rows of these keys, in no order. */
  logOf(keys: readonly LogKey[]): Promise<readonly LogEntry[]>
  /** Rows up to and including a place; null: all. */
  countLog(upTo: number | null): Promise<number>
}

export function sealedLogStore({ t, read, shared }: Sql): SealedLogStore {
  const { ticketLog } = t
  const { ticketId, seq, recordedAt } = ticketLog
  const place = shared ? sql<number | string>`${recordedAt}` : sql<number | string>`${ticketLog}.rowid`
  return {
    logOrder: () => Promise.resolve(shared ? 'timed' : 'numbered'),
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
