import {
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

/** Text in the order of its bytes, as SQLite has it: the order of a page must not depend on the locale of a server. */
const plainText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

/** The column kit of PostgreSQL. Its types are the canonical ones: `defineSchema` and every store are typed against it. */
export const pgColumns = {
  /** An id made in JavaScript (UUIDv7): never a SQL default. */
  id: (name: string) => plainText(name).notNull(),
  str: (name: string) => plainText(name),
  int: (name: string) => integer(name),
  bool: (name: string) => boolean(name),
  /** Not `jsonb`: nothing is looked up inside, and it would refuse text that SQLite keeps (`\u0000`) and reorder keys. */
  json: (name: string) => json(name),
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
