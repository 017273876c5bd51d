import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

/** The column kit of PostgreSQL. Its types are the canonical ones: `defineSchema` and every store are typed against it. */
export const pgColumns = {
  /** An id made in JavaScript (UUIDv7): never a SQL default. */
  id: (name: string) => text(name).notNull(),
  str: (name: string) => text(name),
  int: (name: string) => integer(name),
  bool: (name: string) => boolean(name),
  json: (name: string) => jsonb(name),
  /** Epoch milliseconds as a number, so that no driver rounds it or reads it in a zone. */
  instant: (name: string) => bigint(name, { mode: 'number' }),
  table: pgTable,
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- only its overload without names is
  primaryKey,
  foreignKey,
  check,
  index,
  uniqueIndex,
}
export type ColumnKit = typeof pgColumns
