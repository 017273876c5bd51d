import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'
import { defineDecidingTables } from './schemaDeciding.js'
import { defineDirectoryTables } from './schemaDirectory.js'
import { defineEvidenceTables } from './schemaEvidence.js'
import { defineLimitTables } from './schemaLimits.js'
import { definePeopleTables } from './schemaPeople.js'

/**
 * What the participant's side of the service keeps: personal data under the ticket's own key, proofs, documents, messages.
 * These rows may be written before their ticket is (a crash in between leaves rows that maintenance removes), so they hang on
 * the ticket's key and not on the ticket.
 */
export function defineIntakeTables(c: ColumnKit) {
  const people = definePeopleTables(c)
  const { ticketKeys } = people
  const evidence = { ...defineEvidenceTables(c, ticketKeys), ...defineDecidingTables(c, ticketKeys) }
  return { ...people, ...evidence, ...defineDirectoryTables(c), ...taskTables(c), ...defineLimitTables(c) }
}

/** Work that follows from a request and is done behind it: matching, sending a code, scanning. The row is the truth, as everywhere. */
function taskTables(c: ColumnKit) {
  const tasks = c.table(
    'tasks',
    {
      id: c.id('id'),
      kind: c.str('kind').notNull(),
      ticketId: c.id('ticket_id'),
      ref: c.str('ref').notNull(),
      state: c.str('state').$type<'pending' | 'done' | 'failed'>().notNull(),
      dueAt: c.instant('due_at').notNull(),
      leasedUntil: c.instant('leased_until'),
      attempts: c.int('attempts').notNull(),
      reason: c.str('reason'),
      createdAt: c.instant('created_at').notNull(),
      finishedAt: c.instant('finished_at'),
    },
    (t) => [
      c.primaryKey({ name: 'tasks_pk', columns: [t.id] }),
      // Asked for twice is done once.
      c.uniqueIndex('tasks_once').on(t.kind, t.ticketId, t.ref),
      c
        .index('tasks_due')
        .on(t.dueAt)
        .where(sql`state = 'pending'`),
      c.check('tasks_state_known', sql`${t.state} in ('pending', 'done', 'failed')`),
      c.check('tasks_finished_matches', sql`(${t.state} = 'pending') = (${t.finishedAt} is null)`),
    ],
  )
  return { tasks }
}
