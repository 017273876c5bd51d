import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

/** The embedded participant directory and account service: what stands in for the institution's own systems. */
export function defineDirectoryTables(c: ColumnKit) {
  const dirParticipants = c.table(
    'dir_participants',
    {
      id: c.id('id'),
      nikIndex: c.str('nik_index').notNull(),
      sealed: c.str('sealed').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'dir_participants_pk', columns: [t.id] }),
      c.index('dir_participants_nik').on(t.nikIndex),
    ],
  )
  const dirCards = c.table(
    'dir_cards',
    { kpjIndex: c.str('kpj_index').notNull(), participantId: c.str('participant_id').notNull() },
    (t) => [
      c.primaryKey({ name: 'dir_cards_pk', columns: [t.kpjIndex] }),
      c.foreignKey({
        name: 'dir_cards_participant_fk',
        columns: [t.participantId],
        foreignColumns: [dirParticipants.id],
      }),
    ],
  )
  const dirAccounts = c.table(
    'dir_accounts',
    {
      id: c.id('id'),
      participantId: c.str('participant_id').notNull(),
      nikIndex: c.str('nik_index').notNull(),
      state: c.str('state').$type<'active' | 'disabled'>().notNull(),
      version: c.int('version').notNull(),
      sealed: c.str('sealed').notNull(),
      sessionsRevokedAt: c.instant('sessions_revoked_at'),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'dir_accounts_pk', columns: [t.id] }),
      c.foreignKey({
        name: 'dir_accounts_participant_fk',
        columns: [t.participantId],
        foreignColumns: [dirParticipants.id],
      }),
      // One active account per NIK, whatever code says (D33).
      c
        .uniqueIndex('dir_accounts_one_active')
        .on(t.nikIndex)
        .where(sql`state = 'active'`),
      c.index('dir_accounts_participant').on(t.participantId),
      c.check('dir_accounts_state_known', sql`${t.state} in ('active', 'disabled')`),
    ],
  )
  /** One row per idempotency key of a replacement: the same key never replaces twice. */
  const dirReplacements = c.table(
    'dir_replacements',
    {
      key: c.str('key').notNull(),
      /** Keyed hash of what was asked for: the same key for something else is refused. */
      requestIndex: c.str('request_index').notNull(),
      accountId: c.str('account_id').notNull(),
      accountVersion: c.int('account_version').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'dir_replacements_pk', columns: [t.key] }),
      c.foreignKey({
        name: 'dir_replacements_account_fk',
        columns: [t.accountId],
        foreignColumns: [dirAccounts.id],
      }),
    ],
  )
  return { dirParticipants, dirCards, dirAccounts, dirReplacements }
}
