import type { ColumnKit } from './columns.pg.js'

/** How often something was asked for lately, where several processes count together; keys are keyed hashes. */
export function defineLimitTables(c: ColumnKit) {
  const requestCounts = c.table(
    'request_counts',
    {
      key: c.str('key').notNull(),
      points: c.int('points').notNull(),
      expiresAt: c.instant('expires_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'request_counts_pk', columns: [t.key] }),
      c.index('request_counts_expires').on(t.expiresAt),
    ],
  )
  return { requestCounts }
}
