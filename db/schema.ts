import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'
import { defineAuditTables } from './schemaAudit.js'
import { defineIncidentTables } from './schemaIncidents.js'
import { defineIntakeTables } from './schemaIntake.js'
import { defineLedgerTables } from './schemaLedger.js'
import { defineWorkTables } from './schemaWork.js'
import { definePortalTables } from './schemaPortal.js'
import { definePrivacyTables } from './schemaPrivacy.js'
import { defineRecoveryTables } from './schemaRecovery.js'
import { defineReferenceTables } from './schemaReference.js'
import { defineStaffTables } from './schemaStaff.js'
import type { PersistedSnapshot } from '../src/machines/ticketType.js'
import type { DueMove, LogEntry, OutboxRow, Schedule, TimerRow } from '../src/engine/types.js'

type Json = Readonly<Record<string, unknown>>

/**
 * Every table, once, against a column kit. Names of keys and checks are part of the contract: a refused change reports them.
 * What drizzle cannot say (append-only log, closed timers, published versions) are triggers in `db/migrations/<dialect>/*_guards.sql`.
 * Few indexes on purpose: each one is written on the hot path. Columns that an update leaves alone (id, number, type, filed_at) cost filing only.
 */
export function defineSchema(c: ColumnKit) {
  const ticketSide = ticketTables(c)
  return {
    ...ticketSide,
    ...commandTables(c),
    ...timeTables(c, ticketSide.tickets),
    ...messageTables(c, ticketSide.tickets),
    ...defineReferenceTables(c),
    ...defineAuditTables(c),
    ...defineIncidentTables(c, ticketSide.tickets),
    ...defineIntakeTables(c),
    ...defineLedgerTables(c, ticketSide.tickets),
    ...definePortalTables(c),
    ...definePrivacyTables(c),
    ...defineRecoveryTables(c),
    ...defineStaffTables(c),
    ...defineWorkTables(c, ticketSide.tickets),
  }
}
export type Schema = ReturnType<typeof defineSchema>

function ticketTables(c: ColumnKit) {
  const tickets = c.table(
    'tickets',
    {
      id: c.id('id'),
      ticketNumber: c.str('ticket_number').notNull(),
      type: c.str('type').notNull(),
      machineVersion: c.int('machine_version').notNull(),
      policyId: c.str('policy_id').notNull(),
      policyVersion: c.int('policy_version').notNull(),
      revision: c.int('revision').notNull(),
      contentVersion: c.int('content_version').notNull(),
      state: c.str('state').notNull(),
      standing: c.str('standing').notNull(),
      route: c.str('route').notNull(),
      category: c.str('category').notNull(),
      cause: c.str('cause'),
      officeId: c.str('office_id').notNull(),
      participantRef: c.str('participant_ref').notNull(),
      priority: c.int('priority').notNull(),
      releasedAt: c.instant('released_at'),
      closedAt: c.instant('closed_at'),
      makerId: c.str('maker_id'),
      checkerId: c.str('checker_id'),
      nextDueAt: c.instant('next_due_at'),
      nextTimerAt: c.instant('next_timer_at'),
      logSeq: c.int('log_seq').notNull(),
      outboxSeq: c.int('outbox_seq').notNull(),
      filedAt: c.instant('filed_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      // Last, so that reading the short columns never walks the long ones' overflow pages.
      schedule: c.json('schedule').$type<Schedule>().notNull(),
      snapshot: c.json('snapshot').$type<PersistedSnapshot>().notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'tickets_pk', columns: [t.id] }),
      c.uniqueIndex('tickets_ticket_number_unique').on(t.ticketNumber),
      c.index('tickets_worklist').on(t.standing, t.nextDueAt, t.id),
      // A branch's own worklist: among a million tickets its few would otherwise be searched for in everybody's.
      c.index('tickets_office_worklist').on(t.officeId, t.standing, t.nextDueAt, t.id),
      c.index('tickets_filed').on(t.filedAt, t.id),
      // A large office's by date of filing. Both columns hardly ever move, so it costs filing only.
      c.index('tickets_office_filed').on(t.officeId, t.filedAt, t.id),
      c.index('tickets_participant').on(t.participantRef),
      c.check('tickets_revision_positive', sql`${t.revision} > 0`),
      c.check('tickets_content_version_positive', sql`${t.contentVersion} >= 1`),
      c.check('tickets_standing_known', sql`${t.standing} in ('waitingOnUs', 'waitingOnParticipant', 'terminal')`),
      c.check('tickets_four_eyes', sql`${t.makerId} <> ${t.checkerId}`),
      c.check('tickets_sequences_positive', sql`${t.logSeq} >= 0 and ${t.outboxSeq} >= 0`),
    ],
  )
  const ticketLog = c.table(
    'ticket_log',
    {
      ticketId: c.id('ticket_id'),
      seq: c.int('seq').notNull(),
      at: c.instant('at').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
      fact: c.str('fact').notNull(),
      actorId: c.str('actor_id').notNull(),
      actorRole: c.str('actor_role').notNull(),
      commandId: c.str('command_id'),
      machineVersion: c.int('machine_version').notNull(),
      policyVersion: c.int('policy_version').notNull(),
      calendar: c.str('calendar'),
      state: c.str('state').notNull(),
      revision: c.int('revision').notNull(),
      moves: c.json('moves').$type<readonly DueMove[]>(),
      event: c.json('event').$type<LogEntry['event']>().notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'ticket_log_pk', columns: [t.ticketId, t.seq] }),
      c.foreignKey({ name: 'ticket_log_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
      c.check('ticket_log_seq_positive', sql`${t.seq} > 0`),
    ],
  )
  return { tickets, ticketLog }
}

function commandTables(c: ColumnKit) {
  const idempotency = c.table(
    'idempotency',
    {
      key: c.str('key').notNull(),
      fingerprint: c.str('fingerprint').notNull(),
      ticketId: c.id('ticket_id'),
      answer: c.json('answer').$type<Json>().notNull(),
      createdAt: c.instant('created_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'idempotency_pk', columns: [t.key] }),
      // Costs 2 % of a commit; without it pruning a day's keys would scan them all, and the driver blocks the process meanwhile.
      c.index('idempotency_created').on(t.createdAt),
    ],
  )
  return { idempotency }
}

type Tickets = ReturnType<typeof ticketTables>['tickets']

function timeTables(c: ColumnKit, tickets: Tickets) {
  const timers = c.table(
    'timers',
    {
      ticketId: c.id('ticket_id'),
      family: c.str('family').notNull(),
      threshold: c.str('threshold').notNull(),
      generation: c.int('generation').notNull(),
      dueAt: c.instant('due_at').notNull(),
      state: c.str('state').$type<TimerRow['state']>().notNull(),
      closedAt: c.instant('closed_at'),
    },
    (t) => [
      c.primaryKey({ name: 'timers_pk', columns: [t.ticketId, t.family, t.threshold, t.generation] }),
      c.foreignKey({ name: 'timers_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
      // Many timers share one instant (the closing hour of a day), so the ticket is part of the index.
      c
        .index('timers_pending')
        .on(t.dueAt, t.ticketId)
        .where(sql`state = 'pending'`),
      c.check('timers_state_known', sql`${t.state} in ('pending', 'fired', 'superseded')`),
      c.check('timers_closed_at_matches', sql`(${t.state} = 'pending') = (${t.closedAt} is null)`),
    ],
  )
  return { timers }
}

function messageTables(c: ColumnKit, tickets: Tickets) {
  const outbox = c.table(
    'outbox',
    {
      ticketId: c.id('ticket_id'),
      seq: c.int('seq').notNull(),
      kind: c.str('kind').notNull(),
      body: c.json('body').$type<OutboxRow['body']>().notNull(),
      createdAt: c.instant('created_at').notNull(),
      relayedAt: c.instant('relayed_at'),
      deliveredAt: c.instant('delivered_at'),
      attempts: c.int('attempts').notNull(),
      // W3C traceparent of the command that wrote it; null where nothing is traced. No fact: `verify` passes over it.
      trace: c.str('trace'),
    },
    (t) => [
      c.primaryKey({ name: 'outbox_pk', columns: [t.ticketId, t.seq] }),
      c.foreignKey({ name: 'outbox_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
      c
        .index('outbox_unrelayed')
        .on(t.createdAt)
        .where(sql`relayed_at is null`),
      c
        .index('outbox_undelivered')
        .on(t.createdAt)
        .where(sql`delivered_at is null`),
      c.check('outbox_kind_known', sql`${t.kind} in ('message', 'port')`),
      c.check('outbox_counts_positive', sql`${t.seq} > 0 and ${t.attempts} >= 0`),
    ],
  )
  const deliveries = c.table(
    'deliveries',
    {
      ticketId: c.id('ticket_id'),
      seq: c.int('seq').notNull(),
      sink: c.str('sink').notNull(),
      body: c.json('body').$type<Json>().notNull(),
      deliveredAt: c.instant('delivered_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'deliveries_pk', columns: [t.ticketId, t.seq] }),
      c.foreignKey({
        name: 'deliveries_outbox_fk',
        columns: [t.ticketId, t.seq],
        foreignColumns: [outbox.ticketId, outbox.seq],
      }),
    ],
  )
  const deadLetters = c.table(
    'dead_letters',
    {
      id: c.id('id'),
      queue: c.str('queue').notNull(),
      job: c.json('job').$type<Json>().notNull(),
      reason: c.str('reason').notNull(),
      failedAt: c.instant('failed_at').notNull(),
      attempts: c.int('attempts').notNull(),
      replayedAt: c.instant('replayed_at'),
    },
    (t) => [c.primaryKey({ name: 'dead_letters_pk', columns: [t.id] })],
  )
  return { outbox, deliveries, deadLetters }
}
