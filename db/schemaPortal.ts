import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

/** What the participant portal keeps of its own: complaints that are being written and are nobody's ticket yet. */
export function definePortalTables(c: ColumnKit) {
  /**
   * A complaint that is being written, for a day. `ticketId` is the id that the ticket will get: everything personal is sealed under that
   * ticket's key and bound to this row, so what is never sent goes with the key (retention duty `orphans`). The key of the row is the hash of a
   * cookie; `version` grows with every save, so that two windows cannot overwrite each other unseen.
   */
  const portalDrafts = c.table(
    'portal_drafts',
    {
      hash: c.str('hash').notNull(),
      ticketId: c.id('ticket_id'),
      version: c.int('version').notNull(),
      sealed: c.str('sealed').notNull(),
      createdAt: c.instant('created_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'portal_drafts_pk', columns: [t.hash] }),
      c.uniqueIndex('portal_drafts_ticket').on(t.ticketId),
      c.index('portal_drafts_created').on(t.createdAt),
      c.check('portal_drafts_version_positive', sql`${t.version} >= 1`),
    ],
  )
  return { portalDrafts }
}
