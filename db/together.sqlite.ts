import type { Database } from 'better-sqlite3'

/** A built query of this driver. */
interface Query {
  all(): unknown[]
}
type Results = readonly (readonly unknown[])[]
interface Asked {
  readonly queries: readonly Query[]
  readonly resolve: (results: Results) => void
  readonly reject: (error: unknown) => void
}

export interface Together {
  /** Runs the queries in order, all or none; gives what each returned once that is on disk. */
  run(queries: readonly Query[]): Promise<Results>
  /** Runs what waits, now: before the database is closed. */
  flush(): void
}

/**
 * What is asked for in one turn of the event loop shares one transaction: a transaction of its own costs each of them a sync of the disk,
 * during which the whole process stands still. Each still stands or falls alone where a constraint speaks; a database that cannot
 * take a write refuses them all.
 */
export function together(db: Database): Together {
  let waiting: Asked[] = []
  const runAll = (asked: readonly Asked[]): readonly Results[] =>
    asked.map(({ queries }) => queries.map((query) => query.all()))
  const transact = db.transaction(runAll)

  const attempt = (asked: readonly Asked[]): void => {
    try {
      const results = transact.immediate(asked)
      for (const [n, it] of asked.entries()) it.resolve(results[n] ?? [])
    } catch (error) {
      if (asked.length > 1 && isConstraint(error)) for (const it of asked) attempt([it])
      else for (const it of asked) it.reject(error)
    }
  }
  const flush = (): void => {
    const asked = waiting
    waiting = []
    if (asked.length > 0) attempt(asked)
  }
  return {
    run: (queries) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ queries, resolve, reject })
      }),
    flush,
  }
}

const isConstraint = (error: unknown): boolean => /^SQLITE_CONSTRAINT/.test((error as { code?: string }).code ?? '')
