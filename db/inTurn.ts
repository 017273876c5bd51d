import type { Db, Sql } from './sql.js'

type Run = <T>(lock: number, work: (db: Db) => Promise<T>) => Promise<T>

/** One after the other for each lock, in the order in which they came; one that fails is no trouble to the next. */
export function inTurn(run: Run): Sql['serially'] {
  const last = new Map<number, Promise<unknown>>()
  return (lock, work) => {
    const turn = (last.get(lock) ?? Promise.resolve()).then(
      () => run(lock, work),
      () => run(lock, work),
    )
    last.set(lock, turn)
    return turn
  }
}
