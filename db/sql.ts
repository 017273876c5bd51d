import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Change, CommitOutcome } from '../src/engine/types.js'
import type { ByKey } from './byKey.js'
import type { Schema } from './schema.js'
import type { EachText } from './texts.js'

/** Queries are typed as PostgreSQL's on both engines; the SQLite side casts once (open.sqlite.ts). Always await them, whichever the driver. */
export type Db = PgDatabase<PgQueryResultHKT>
/** A built query that says what it changed: it must end in `.returning()`. */
interface Returning {
  execute(): PromiseLike<readonly unknown[]>
}

/** What a store file gets to work with. */
export interface Sql {
  readonly t: Schema
  /** For single statements, and for the hot reads: between commits it shows committed data only. */
  readonly write: Db
  readonly read: Db
  readonly byKey: ByKey
  /** Other processes may write too: whoever takes rows to work on says so in them. */
  readonly shared: boolean
  /** Runs the queries in order in one transaction, all or none; gives what each returned. No reading in between, so both drivers can do it. */
  readonly atomically: (build: (db: Db) => readonly Returning[]) => Promise<readonly (readonly unknown[])[]>
  /**
   * Runs `work` alone: nobody else's `serially` of the same lock is between its statements, in this process or another. On PostgreSQL all
   * of it is one transaction; on SQLite each statement is its own, so at most one of them may write.
   */
  readonly serially: <T>(lock: number, work: (db: Db) => Promise<T>) => Promise<T>
}

/** The parts of a store that differ by backend. */
export interface Backend {
  readonly sql: Sql
  /** See `Store.lanes`. */
  readonly lanes: number
  commit(changes: readonly Change[]): Promise<readonly CommitOutcome[]>
  /** See `Store.commitTogether`. */
  commitTogether(changes: readonly Change[]): Promise<readonly CommitOutcome[]>
  integrityProblems(): Promise<readonly string[]>
  eachText(visit: EachText): Promise<number>
  /** Turns the driver's error into a PulihError that shows no values; an error it does not know comes back as it was. */
  explain(error: unknown): unknown
  close(): Promise<void>
}
