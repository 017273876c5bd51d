import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { ColumnKit } from './columns.pg.js'

type Tickets = { readonly id: AnyPgColumn }

/** Outages on our side (R29), and the tickets that came of them: codes, ids and instants only. */
export function defineIncidentTables(c: ColumnKit, tickets: Tickets) {
  const incidents = c.table(
    'incidents',
    {
      id: c.id('id'),
      /** The declarer's own key: declared twice is declared once. */
      key: c.str('key').notNull(),
      fingerprint: c.str('fingerprint').notNull(),
      cause: c.str('cause').notNull(),
      /** Names the banner's words; nobody types text that everybody reads. */
      title: c.str('title').notNull(),
      fromAt: c.instant('from_at').notNull(),
      /** When it is expected to be over; null: nobody knows yet. */
      untilAt: c.instant('until_at'),
      declaredBy: c.str('declared_by').notNull(),
      declaredAt: c.instant('declared_at').notNull(),
      announcedBy: c.str('announced_by'),
      announcedAt: c.instant('announced_at'),
      endedBy: c.str('ended_by'),
      endedAt: c.instant('ended_at'),
    },
    (t) => [
      c.primaryKey({ name: 'incidents_pk', columns: [t.id] }),
      c.uniqueIndex('incidents_key').on(t.key),
      c
        .index('incidents_running')
        .on(t.fromAt)
        .where(sql`ended_at is null`),
      c.index('incidents_declared').on(t.declaredAt, t.id),
      c.check('incidents_forward', sql`${t.untilAt} is null or ${t.fromAt} < ${t.untilAt}`),
      c.check('incidents_announced_matches', sql`(${t.announcedAt} is null) = (${t.announcedBy} is null)`),
      c.check('incidents_ended_matches', sql`(${t.endedAt} is null) = (${t.endedBy} is null)`),
    ],
  )
  const incidentTickets = c.table(
    'incident_tickets',
    {
      incidentId: c.id('incident_id'),
      ticketId: c.id('ticket_id'),
      linkedBy: c.str('linked_by').notNull(),
      linkedAt: c.instant('linked_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'incident_tickets_pk', columns: [t.incidentId, t.ticketId] }),
      c.foreignKey({ name: 'incident_tickets_incident_fk', columns: [t.incidentId], foreignColumns: [incidents.id] }),
      c.foreignKey({ name: 'incident_tickets_ticket_fk', columns: [t.ticketId], foreignColumns: [tickets.id] }),
    ],
  )
  return { incidents, incidentTickets }
}
