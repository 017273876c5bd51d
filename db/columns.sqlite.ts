import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ColumnKit } from './columns.pg.js'

/** The column kit of SQLite: the same JavaScript values as PostgreSQL's kit. The cast is the one place where the dialects' types meet. */
export const sqliteColumns = {
  id: (name: string) => text(name).notNull(),
  str: (name: string) => text(name),
  int: (name: string) => integer(name),
  bool: (name: string) => integer(name, { mode: 'boolean' }),
  json: (name: string) => text(name, { mode: 'json' }),
  instant: (name: string) => integer(name, { mode: 'number' }),
  table: sqliteTable,
  /* eslint-disable @typescript-eslint/no-deprecated -- only their overloads without names are */
  primaryKey,
  foreignKey,
  /* eslint-enable @typescript-eslint/no-deprecated */
  check,
  index,
  uniqueIndex,
} as unknown as ColumnKit
