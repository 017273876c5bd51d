import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

/** What an entry may say beside who, what and where: ids, codes, counts and instants (src/audit/detail.ts refuses the rest). */
export type AuditDetail = Readonly<Record<string, unknown>>

/**
 * What was done, as a chain: each row's hash covers the row before it (docs/adr/0018). No foreign keys: an entry outlives what it names, and
 * reading who did what must not depend on other tables.
 */
export function defineAuditTables(c: ColumnKit) {
  const auditEntries = c.table(
    'audit_entries',
    {
      /** 1, 2, 3 …: without gaps, in the order in which they were written. */
      position: c.int('position').notNull(),
      at: c.instant('at').notNull(),
      actorId: c.str('actor_id').notNull(),
      actorRole: c.str('actor_role').notNull(),
      action: c.str('action').notNull(),
      ticketId: c.str('ticket_id'),
      subject: c.str('subject'),
      detail: c.json('detail').$type<AuditDetail>().notNull(),
      /** SHA-256 in hex. */
      prevHash: c.str('prev_hash').notNull(),
      hash: c.str('hash').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'audit_entries_pk', columns: [t.position] }),
      c.uniqueIndex('audit_entries_hash_unique').on(t.hash),
      c.index('audit_entries_action').on(t.action, t.position),
      c.index('audit_entries_actor').on(t.actorId, t.position),
      c
        .index('audit_entries_ticket')
        .on(t.ticketId, t.position)
        .where(sql`ticket_id is not null`),
      c.check('audit_entries_position_positive', sql`${t.position} >= 1`),
    ],
  )
  /** Signed heads of the chain. Kept here for reading; what proves anything is the copy that lies elsewhere. */
  const auditCheckpoints = c.table(
    'audit_checkpoints',
    {
      position: c.int('position').notNull(),
      hash: c.str('hash').notNull(),
      at: c.instant('at').notNull(),
      keyId: c.str('key_id').notNull(),
      signature: c.str('signature').notNull(),
    },
    (t) => [c.primaryKey({ name: 'audit_checkpoints_pk', columns: [t.position] })],
  )
  return { auditEntries, auditCheckpoints }
}
