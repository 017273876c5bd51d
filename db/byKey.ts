import type { PgTable } from 'drizzle-orm/pg-core'

type Row<T extends PgTable> = T['$inferSelect']
type Name<T extends PgTable> = keyof Row<T> & string

/**
 * One row by the text of a column that is unique, with all columns or `only` some: for what is asked at every command, in a shorter way than drizzle's.
 * What is asked at the same time may be read together; nothing is older than the question.
 */
export type ByKey = <T extends PgTable, K extends Name<T> = Name<T>>(
  table: T,
  by: Name<T>,
  only?: readonly K[],
) => (value: string) => Promise<Pick<Row<T>, K> | null>
