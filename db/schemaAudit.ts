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
  return { auditEntries, auditCheckpoints, ...alertTables(c) }
}

/** Somebody opened more than their work explains: told to the supervisors of their office and to the auditors. About no ticket, so apart from the notices of promises. */
function alertTables(c: ColumnKit) {
  const staffAlerts = c.table(
    'staff_alerts',
    {
      /** Made from whom, what and when, so that a repetition is known. */
      id: c.id('id'),
      kind: c.str('kind').$type<'reveals' | 'cases' | 'unassigned'>().notNull(),
      /** Who opened it. */
      aboutId: c.str('about_id').notNull(),
      /** How much. */
      opened: c.int('opened').notNull(),
      role: c.str('role').$type<'supervisor' | 'auditor'>().notNull(),
      /** Null: of every office. */
      officeId: c.str('office_id'),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'staff_alerts_pk', columns: [t.id] }),
      c.index('staff_alerts_place').on(t.role, t.at, t.id),
      c.check('staff_alerts_kind_known', sql`${t.kind} in ('reveals', 'cases', 'unassigned')`),
      c.check('staff_alerts_role_known', sql`${t.role} in ('supervisor', 'auditor')`),
    ],
  )
  const staffAlertReads = c.table(
    'staff_alert_reads',
    { alertId: c.id('alert_id'), staffId: c.str('staff_id').notNull(), readAt: c.instant('read_at').notNull() },
    (t) => [
      c.primaryKey({ name: 'staff_alert_reads_pk', columns: [t.alertId, t.staffId] }),
      c.foreignKey({ name: 'staff_alert_reads_alert_fk', columns: [t.alertId], foreignColumns: [staffAlerts.id] }),
    ],
  )
  return { staffAlerts, staffAlertReads }
}
