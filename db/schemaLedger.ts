import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { ColumnKit } from './columns.pg.js'

type Tickets = { readonly id: AnyPgColumn }

/**
 * The ledger: what became of every promise and every stay of a ticket, folded from its log. Ids, codes and instants; every row can be thrown
 * away and folded again, so nothing hangs on a foreign key. What people say about it (notices, reasons) stands apart and can not.
 */
export function defineLedgerTables(c: ColumnKit, tickets: Tickets) {
  return { ...promiseTables(c), ...stayTables(c), ...markTables(c), ...escalationTables(c, tickets) }
}

function promiseTables(c: ColumnKit) {
  const slaFacts = c.table(
    'sla_facts',
    {
      ticketId: c.id('ticket_id'),
      target: c.str('target').notNull(),
      cycle: c.int('cycle').notNull(),
      type: c.str('type').notNull(),
      /** `id@version`. */
      policy: c.str('policy').notNull(),
      calendar: c.str('calendar').notNull(),
      officeId: c.str('office_id').notNull(),
      route: c.str('route').notNull(),
      promisedAt: c.instant('promised_at').notNull(),
      dueAt: c.instant('due_at').notNull(),
      /** How it ends as things stand: what runs becomes `late` at its due instant by itself. Null: it waits, so nothing is decided. */
      verdict: c.str('verdict').$type<'met' | 'late' | 'void'>(),
      /** From when on the verdict is true; before, the promise is open. */
      verdictAt: c.instant('verdict_at'),
      /** The same as a date of its office. */
      verdictDay: c.str('verdict_day'),
      /** When it ended; null while it is open, also late. */
      settledAt: c.instant('settled_at'),
      /** How a late one ended: fulfilled after all, or closed without. */
      ended: c.str('ended').$type<'metLate' | 'breached'>(),
      pausedMinutes: c.int('paused_minutes').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'sla_facts_pk', columns: [t.ticketId, t.target, t.cycle] }),
      // In the order in which attainment is grouped, with all that it reads: it walks the index alone.
      c
        .index('sla_facts_attainment')
        .on(t.verdictDay, t.officeId, t.route, t.policy, t.target, t.verdict, t.ended, t.verdictAt, t.settledAt),
      c.check('sla_facts_verdict_known', sql`${t.verdict} in ('met', 'late', 'void')`),
      c.check('sla_facts_verdict_whole', sql`(${t.verdict} is null) = (${t.verdictAt} is null)`),
      c.check(
        'sla_facts_ended_late',
        sql`${t.ended} is null or (${t.verdict} = 'late' and ${t.settledAt} is not null)`,
      ),
    ],
  )
  /** Each ended stretch in which a promise waited for somebody else. */
  const slaPauses = c.table(
    'sla_pauses',
    {
      ticketId: c.id('ticket_id'),
      target: c.str('target').notNull(),
      cycle: c.int('cycle').notNull(),
      n: c.int('n').notNull(),
      /** Codes, joined by `+` in their order. */
      cause: c.str('cause').notNull(),
      officeId: c.str('office_id').notNull(),
      route: c.str('route').notNull(),
      policy: c.str('policy').notNull(),
      fromAt: c.instant('from_at').notNull(),
      untilAt: c.instant('until_at').notNull(),
      untilDay: c.str('until_day').notNull(),
      /** Of the promise's own time, rounded down. */
      minutes: c.int('minutes').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'sla_pauses_pk', columns: [t.ticketId, t.target, t.cycle, t.n] }),
      c.index('sla_pauses_day').on(t.untilDay, t.officeId, t.route, t.policy, t.target, t.cause, t.untilAt, t.minutes),
    ],
  )
  return { slaFacts, slaPauses }
}

function stayTables(c: ColumnKit) {
  /** Where a ticket was from when until when: a row for each life, and a new one whenever it changed office or route. */
  const ledgerStays = c.table(
    'ledger_stays',
    {
      ticketId: c.id('ticket_id'),
      n: c.int('n').notNull(),
      type: c.str('type').notNull(),
      policy: c.str('policy').notNull(),
      officeId: c.str('office_id').notNull(),
      route: c.str('route').notNull(),
      began: c.str('began').$type<'filed' | 'reopened' | 'moved'>().notNull(),
      /** Null: it is still there. */
      ended: c.str('ended').$type<'closed' | 'moved'>(),
      /** The state it closed in. */
      outcome: c.str('outcome'),
      /** When this life of the ticket began: its age counts from here. */
      openedAt: c.instant('opened_at').notNull(),
      fromAt: c.instant('from_at').notNull(),
      untilAt: c.instant('until_at'),
      fromDay: c.str('from_day').notNull(),
      untilDay: c.str('until_day'),
      /** Business minutes of this life in which it waited for officers; on closing only. */
      handlingMinutes: c.int('handling_minutes'),
    },
    (t) => [
      c.primaryKey({ name: 'ledger_stays_pk', columns: [t.ticketId, t.n] }),
      c.index('ledger_stays_from').on(t.fromDay, t.officeId, t.route, t.policy, t.began, t.fromAt, t.untilAt),
      c
        .index('ledger_stays_until')
        .on(t.untilDay, t.officeId, t.route, t.policy, t.ended, t.outcome, t.untilAt, t.handlingMinutes),
      // What was open at an instant ended after it, or not yet: few beside all that there ever were.
      c.index('ledger_stays_open').on(t.untilAt, t.fromAt, t.officeId, t.route, t.policy, t.openedAt),
      c.check('ledger_stays_ended_whole', sql`(${t.ended} is null) = (${t.untilAt} is null)`),
    ],
  )
  /** What officers did, and objections: who, when, which fact. */
  const ledgerActs = c.table(
    'ledger_acts',
    {
      ticketId: c.id('ticket_id'),
      seq: c.int('seq').notNull(),
      fact: c.str('fact').notNull(),
      /** `first`: what an officer did first that day on this ticket there. */
      kind: c.str('kind').$type<'first' | 'more' | 'objection'>().notNull(),
      actorId: c.str('actor_id').notNull(),
      officeId: c.str('office_id').notNull(),
      route: c.str('route').notNull(),
      policy: c.str('policy').notNull(),
      at: c.instant('at').notNull(),
      day: c.str('day').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'ledger_acts_pk', columns: [t.ticketId, t.seq] }),
      c.index('ledger_acts_work').on(t.kind, t.day, t.officeId, t.actorId, t.at, t.ticketId),
      c
        .index('ledger_acts_objection')
        .on(t.day, t.officeId, t.route, t.policy, t.at)
        .where(sql`kind = 'objection'`),
    ],
  )
  return { ledgerStays, ledgerActs }
}

function markTables(c: ColumnKit) {
  /** Up to which entry of its log a ticket is folded. */
  const ledgerTickets = c.table('ledger_tickets', { ticketId: c.id('ticket_id'), seq: c.int('seq').notNull() }, (t) => [
    c.primaryKey({ name: 'ledger_tickets_pk', columns: [t.ticketId] }),
  ])
  /** How far the log of all tickets is read; one row. */
  const ledgerMark = c.table('ledger_mark', { id: c.int('id').notNull(), place: c.instant('place').notNull() }, (t) => [
    c.primaryKey({ name: 'ledger_mark_pk', columns: [t.id] }),
    c.check('ledger_mark_single', sql`${t.id} = 1`),
  ])
  return { ledgerTickets, ledgerMark }
}

function escalationTables(c: ColumnKit, tickets: Tickets) {
  /** What is said to staff about a promise: one for each role that has to hear it, at the ticket's office. */
  const staffNotices = c.table(
    'staff_notices',
    {
      /** Of the message it came as, so that a repetition is known. */
      id: c.id('id'),
      ticketId: c.id('ticket_id'),
      kind: c.str('kind').$type<'warning' | 'breached' | 'escalated'>().notNull(),
      target: c.str('target').notNull(),
      threshold: c.str('threshold').notNull(),
      role: c.str('role').$type<'agent' | 'supervisor' | 'unitHead'>().notNull(),
      officeId: c.str('office_id').notNull(),
      /** Who held the ticket; a notice to agents is theirs. */
      agentId: c.str('agent_id'),
      /** When the threshold was reached. */
      at: c.instant('at').notNull(),
      /** Within the office's opening hours. */
      visibleAt: c.instant('visible_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'staff_notices_pk', columns: [t.id] }),
      c.foreignKey({ name: 'staff_notices_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
      c.index('staff_notices_place').on(t.role, t.officeId, t.visibleAt, t.id),
      c.index('staff_notices_ticket').on(t.ticketId),
      c.check('staff_notices_kind_known', sql`${t.kind} in ('warning', 'breached', 'escalated')`),
      c.check('staff_notices_role_known', sql`${t.role} in ('agent', 'supervisor', 'unitHead')`),
    ],
  )
  const staffNoticeReads = c.table(
    'staff_notice_reads',
    { noticeId: c.id('notice_id'), staffId: c.str('staff_id').notNull(), readAt: c.instant('read_at').notNull() },
    (t) => [
      c.primaryKey({ name: 'staff_notice_reads_pk', columns: [t.noticeId, t.staffId] }),
      c.foreignKey({
        name: 'staff_notice_reads_notice_fk',
        columns: [t.noticeId],
        foreignColumns: [staffNotices.id],
      }),
    ],
  )
  /** Why a promise was broken, as a supervisor says it; the first word stands. */
  const breachReasons = c.table(
    'breach_reasons',
    {
      ticketId: c.id('ticket_id'),
      target: c.str('target').notNull(),
      cycle: c.int('cycle').notNull(),
      reason: c.str('reason').notNull(),
      actorId: c.str('actor_id').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'breach_reasons_pk', columns: [t.ticketId, t.target, t.cycle] }),
      c.foreignKey({ name: 'breach_reasons_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
    ],
  )
  return { staffNotices, staffNoticeReads, breachReasons }
}
