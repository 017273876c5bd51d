import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'
import type { CalendarSpec } from '../src/calendar/types.js'
import type { Policy } from '../src/machines/policy.js'
import type { CalendarChange, Office } from '../src/engine/types.js'

/** What tickets are measured by: calendars and policies in their versions, the offices, and a calendar's change on its way through open tickets. */
export const defineReferenceTables = (c: ColumnKit) => ({ ...referenceTables(c), ...changeTables(c) })

function referenceTables(c: ColumnKit) {
  const calendars = c.table(
    'calendars',
    {
      id: c.id('id'),
      version: c.int('version').notNull(),
      spec: c.json('spec').$type<CalendarSpec>().notNull(),
      publishedAt: c.instant('published_at').notNull(),
    },
    (t) => [c.primaryKey({ name: 'calendars_pk', columns: [t.id, t.version] })],
  )
  const policies = c.table(
    'policies',
    {
      id: c.id('id'),
      version: c.int('version').notNull(),
      spec: c.json('spec').$type<Policy>().notNull(),
      publishedAt: c.instant('published_at').notNull(),
    },
    (t) => [c.primaryKey({ name: 'policies_pk', columns: [t.id, t.version] })],
  )
  /** The people behind an office: who is escalated to, later who may see what. */
  const units = c.table('units', { id: c.id('id'), name: c.str('name').notNull() }, (t) => [
    c.primaryKey({ name: 'units_pk', columns: [t.id] }),
  ])
  const offices = c.table(
    'offices',
    {
      id: c.id('id'),
      name: c.str('name').notNull(),
      unitId: c.str('unit_id').notNull(),
      calendarId: c.str('calendar_id').notNull(),
      kind: c.str('kind').$type<Office['kind']>().notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'offices_pk', columns: [t.id] }),
      c.check('offices_kind_known', sql`${t.kind} in ('pusat', 'cabang')`),
    ],
  )
  /** One row, written by `ping`: proof that a write goes through. */
  const heartbeat = c.table('heartbeat', { id: c.int('id').notNull(), at: c.instant('at').notNull() }, (t) => [
    c.primaryKey({ name: 'heartbeat_pk', columns: [t.id] }),
  ])
  return { calendars, policies, units, offices, heartbeat }
}

/** Open promises that are being measured anew by a newer calendar version: what makes that resumable, and its proof afterwards. */
function changeTables(c: ColumnKit) {
  const calendarChanges = c.table(
    'calendar_changes',
    {
      calendarId: c.id('calendar_id'),
      toVersion: c.int('to_version').notNull(),
      fromVersion: c.int('from_version').notNull(),
      reason: c.json('reason').$type<CalendarChange['reason']>().notNull(),
      actorId: c.str('actor_id').notNull(),
      actorRole: c.str('actor_role').notNull(),
      startedAt: c.instant('started_at').notNull(),
      finishedAt: c.instant('finished_at'),
      leasedUntil: c.instant('leased_until'),
      progress: c.json('progress').$type<CalendarChange['progress']>().notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'calendar_changes_pk', columns: [t.calendarId, t.toVersion] }),
      c.check('calendar_changes_forward', sql`${t.fromVersion} < ${t.toVersion}`),
    ],
  )
  return { calendarChanges }
}
