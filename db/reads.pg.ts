import { getTableColumns, getTableName } from 'drizzle-orm'
import type { Pool } from 'pg'
import type { ByKey } from './hotReads.js'

/** So many statements of one kind are under way at most. What is asked meanwhile shares the next: a round trip costs a process as much as ten rows. */
const UNDER_WAY = 2

type Row = Record<string, unknown>
interface Asked {
  readonly resolve: (row: Row | null) => void
  readonly reject: (error: unknown) => void
}

/** Rows by key: what is asked for in one turn of the event loop, or while others are read, is read by one statement. */
export function pgByKey(pool: Pool): ByKey {
  return (table, by, only) => {
    const all = getTableColumns(table)
    const columns = Object.entries(all).filter(
      ([key]) => only === undefined || (only as readonly string[]).includes(key),
    )
    // The driver leaves an int8 as text, for it may be longer than a number; instants are not.
    const instants = columns.filter(([, column]) => column.getSQLType() === 'bigint').map(([key]) => key)
    const name = `by_key_${getTableName(table)}_${by}_${only?.length ?? 'all'}`
    const text =
      `SELECT ${columns.map(([key, column]) => `${column.name} AS "${key}"`).join(', ')} ` +
      `FROM ${getTableName(table)} WHERE ${all[by]?.name ?? by} = ANY ($1::text[])`
    const read = async (values: readonly string[]): Promise<ReadonlyMap<string, Row>> => {
      const { rows } = await pool.query<Row>({ name, text, values: [values] })
      for (const row of rows) for (const key of instants) if (row[key] !== null) row[key] = Number(row[key])
      return new Map(rows.map((row) => [row[by] as string, row]))
    }
    return shared(read) as never
  }
}

/** Joins single questions to a few larger ones. */
function shared(read: (values: readonly string[]) => Promise<ReadonlyMap<string, Row>>) {
  let waiting = new Map<string, Asked[]>()
  let underWay = 0
  const flush = async (): Promise<void> => {
    const asked = waiting
    waiting = new Map()
    // Two that ended together both saw somebody wait.
    if (asked.size === 0) {
      underWay--
      return
    }
    try {
      const found = await read([...asked.keys()])
      for (const [value, those] of asked) for (const it of those) it.resolve(found.get(value) ?? null)
    } catch (error) {
      for (const those of asked.values()) for (const it of those) it.reject(error)
    }
    underWay--
    if (waiting.size > 0) start()
  }
  const start = (): void => {
    underWay++
    queueMicrotask(() => void flush())
  }
  return (value: string): Promise<Row | null> =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0 && underWay < UNDER_WAY) start()
      const others = waiting.get(value)
      if (others === undefined) waiting.set(value, [{ resolve, reject }])
      else others.push({ resolve, reject })
    })
}
