import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { ColumnKit } from './columns.pg.js'
import type { WorkPolicy } from './staff/workTypes.js'

type Json = Readonly<Record<string, unknown>>
/** What a row hangs on. */
type Tickets = { readonly id: AnyPgColumn }

/** Who works on what, until when, and what is done to many tickets at once. None of it is written on a command's way. */
export function defineWorkTables(c: ColumnKit, tickets: Tickets) {
  return { ...claimTables(c, tickets), ...rosterTables(c), ...noteTables(c), ...bulkTables(c) }
}

function claimTables(c: ColumnKit, tickets: Tickets) {
  /** Who holds a ticket now. A row whose lease has run out holds nothing, whether or not somebody has removed it. */
  const assignments = c.table(
    'assignments',
    {
      ticketId: c.id('ticket_id'),
      /** Made from the claimer's own key where there is one: asked for twice is claimed once. */
      claimId: c.id('claim_id'),
      agentId: c.str('agent_id').notNull(),
      officeId: c.str('office_id').notNull(),
      /** A place among the agent's own: the limit of work in progress is a constraint. */
      slot: c.int('slot').notNull(),
      how: c.str('how').$type<'next' | 'manual' | 'assigned'>().notNull(),
      reason: c.str('reason'),
      byId: c.str('by_id').notNull(),
      claimedAt: c.instant('claimed_at').notNull(),
      heartbeatAt: c.instant('heartbeat_at').notNull(),
      leaseUntil: c.instant('lease_until').notNull(),
      draft: c.bool('draft').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'assignments_pk', columns: [t.ticketId] }),
      c.foreignKey({ name: 'assignments_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
      c.uniqueIndex('assignments_claim').on(t.claimId),
      c.uniqueIndex('assignments_slot').on(t.agentId, t.slot),
      c.index('assignments_expiry').on(t.leaseUntil),
      c.check('assignments_how_known', sql`${t.how} in ('next', 'manual', 'assigned')`),
      c.check('assignments_reason_said', sql`${t.how} <> 'manual' or ${t.reason} is not null`),
      c.check('assignments_slot_positive', sql`${t.slot} >= 0`),
    ],
  )
  const assignmentLog = c.table(
    'assignment_log',
    {
      claimId: c.id('claim_id'),
      fact: c.str('fact').$type<'claimed' | 'ended'>().notNull(),
      ticketId: c.id('ticket_id'),
      agentId: c.str('agent_id').notNull(),
      byId: c.str('by_id').notNull(),
      how: c.str('how').notNull(),
      reason: c.str('reason'),
      /** When it became true: a lease ends at its end, not when somebody noticed. */
      at: c.instant('at').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'assignment_log_pk', columns: [t.claimId, t.fact] }),
      c.index('assignment_log_ticket').on(t.ticketId, t.at),
      c.check('assignment_log_fact_known', sql`${t.fact} in ('claimed', 'ended')`),
    ],
  )
  return { assignments, assignmentLog }
}

function rosterTables(c: ColumnKit) {
  const workProfiles = c.table(
    'work_profiles',
    {
      agentId: c.id('agent_id'),
      /** `*` is every skill. */
      skills: c.json('skills').$type<readonly string[]>().notNull(),
      /** Null: every office that the grants allow. */
      offices: c.json('offices').$type<readonly string[]>(),
      /** Null: what the policy says. */
      wipLimit: c.int('wip_limit'),
      updatedAt: c.instant('updated_at').notNull(),
      updatedBy: c.str('updated_by').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'work_profiles_pk', columns: [t.agentId] }),
      c.check('work_profiles_limit', sql`${t.wipLimit} between 0 and 100`),
    ],
  )
  const workPolicies = c.table(
    'work_policies',
    {
      version: c.int('version').notNull(),
      spec: c.json('spec').$type<WorkPolicy>().notNull(),
      publishedAt: c.instant('published_at').notNull(),
      publishedBy: c.str('published_by').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'work_policies_pk', columns: [t.version] }),
      c.check('work_policies_version_positive', sql`${t.version} > 0`),
    ],
  )
  /** An office that gives out work although it is closed, because a supervisor said so. */
  const releaseWindows = c.table(
    'release_windows',
    {
      id: c.id('id'),
      officeId: c.str('office_id').notNull(),
      fromAt: c.instant('from_at').notNull(),
      untilAt: c.instant('until_at').notNull(),
      reason: c.str('reason').notNull(),
      actorId: c.str('actor_id').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'release_windows_pk', columns: [t.id] }),
      c.index('release_windows_until').on(t.untilAt),
      c.check('release_windows_forward', sql`${t.fromAt} < ${t.untilAt}`),
    ],
  )
  return { workProfiles, workPolicies, releaseWindows }
}

function noteTables(c: ColumnKit) {
  /** Notes somebody is still writing, under the ticket's own key. */
  const workDrafts = c.table(
    'work_drafts',
    {
      ticketId: c.id('ticket_id'),
      agentId: c.str('agent_id').notNull(),
      version: c.int('version').notNull(),
      sealed: c.str('sealed').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'work_drafts_pk', columns: [t.ticketId, t.agentId] }),
      c.check('work_drafts_version_positive', sql`${t.version} > 0`),
    ],
  )
  return { workDrafts }
}

function bulkTables(c: ColumnKit) {
  const bulkJobs = c.table(
    'bulk_jobs',
    {
      id: c.id('id'),
      /** The starter's own key, so that starting twice starts one. */
      key: c.str('key').notNull(),
      fingerprint: c.str('fingerprint').notNull(),
      action: c.str('action').notNull(),
      payload: c.json('payload').$type<Json>().notNull(),
      dryRun: c.bool('dry_run').notNull(),
      actorId: c.str('actor_id').notNull(),
      actorRole: c.str('actor_role').notNull(),
      state: c.str('state').$type<'running' | 'done' | 'cancelled'>().notNull(),
      total: c.int('total').notNull(),
      createdAt: c.instant('created_at').notNull(),
      finishedAt: c.instant('finished_at'),
      leasedUntil: c.instant('leased_until'),
    },
    (t) => [
      c.primaryKey({ name: 'bulk_jobs_pk', columns: [t.id] }),
      c.uniqueIndex('bulk_jobs_key').on(t.key),
      c
        .index('bulk_jobs_running')
        .on(t.createdAt)
        .where(sql`state = 'running'`),
      c.check('bulk_jobs_state_known', sql`${t.state} in ('running', 'done', 'cancelled')`),
      c.check('bulk_jobs_finished_matches', sql`(${t.state} = 'running') = (${t.finishedAt} is null)`),
    ],
  )
  const bulkItems = c.table(
    'bulk_items',
    {
      jobId: c.id('job_id'),
      seq: c.int('seq').notNull(),
      ticketId: c.id('ticket_id'),
      ticketNumber: c.str('ticket_number').notNull(),
      officeId: c.str('office_id').notNull(),
      /** What the selection was made on. */
      contentVersion: c.int('content_version').notNull(),
      state: c.str('state').$type<'pending' | 'done' | 'refused' | 'skipped'>().notNull(),
      code: c.str('code'),
      at: c.instant('at'),
    },
    (t) => [
      c.primaryKey({ name: 'bulk_items_pk', columns: [t.jobId, t.seq] }),
      c.foreignKey({ name: 'bulk_items_job_fk', columns: [t.jobId], foreignColumns: [bulkJobs.id] }),
      c
        .index('bulk_items_pending')
        .on(t.jobId, t.seq)
        .where(sql`state = 'pending'`),
      c.check('bulk_items_state_known', sql`${t.state} in ('pending', 'done', 'refused', 'skipped')`),
      c.check('bulk_items_verdict_matches', sql`(${t.state} = 'pending') = (${t.at} is null)`),
    ],
  )
  return { bulkJobs, bulkItems }
}
