import { and, desc, eq, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { Schema } from '../schema.js'
import type { Sql } from '../sql.js'

/** Somebody opened more than their work explains, as it is told to one role of one office (null: of every office). */
export type StaffAlert = Schema['staffAlerts']['$inferSelect']
export interface AlertRow extends StaffAlert {
  readonly readAt: number | null
}
/** Whose alerts somebody hears: of which roles at which offices (null: all). */
export interface AlertReader {
  readonly staffId: string
  readonly places: readonly { readonly role: StaffAlert['role']; readonly officeId: string | null }[]
}
export interface AlertStore {
  /** Nothing happens for those that are there already. */
  addAlerts(alerts: readonly StaffAlert[]): Promise<void>
  /** Newest first, behind `before`. */
  alertsFor(
    reader: AlertReader,
    page: {
      readonly unread: boolean
      readonly before: { readonly key: number | null; readonly id: string } | null
      readonly limit: number
    },
  ): Promise<readonly AlertRow[]>
  countUnreadAlerts(reader: AlertReader): Promise<number>
  /** False when this person has no such alert. Read twice, the first time counts. */
  markAlertRead(reader: AlertReader, alertId: string, now: number): Promise<boolean>
}

export function alertStore({ t, read, write }: Sql): AlertStore {
  const { staffAlerts: alert, staffAlertReads: mark } = t
  const theirs = ({ places }: AlertReader): SQL | undefined =>
    places.length === 0 ? sql`1 = 0` : or(...places.map(at))
  const at = ({ role, officeId }: AlertReader['places'][number]): SQL | undefined =>
    and(eq(alert.role, role), officeId === null ? undefined : or(isNull(alert.officeId), eq(alert.officeId, officeId)))
  const seen = (staffId: string) => and(eq(mark.alertId, alert.id), eq(mark.staffId, staffId))
  return {
    async addAlerts(alerts) {
      if (alerts.length > 0)
        await write
          .insert(alert)
          .values([...alerts])
          .onConflictDoNothing()
    },
    async alertsFor(reader, { unread, before, limit }) {
      const behind = before?.key == null ? undefined : sql`(${alert.at}, ${alert.id}) < (${before.key}, ${before.id})`
      const rows = await read
        .select({ alert, readAt: mark.readAt })
        .from(alert)
        .leftJoin(mark, seen(reader.staffId))
        .where(and(theirs(reader), behind, unread ? isNull(mark.readAt) : undefined))
        .orderBy(desc(alert.at), desc(alert.id))
        .limit(limit)
      return rows.map((it) => ({ ...it.alert, readAt: it.readAt }))
    },
    async countUnreadAlerts(reader) {
      const [row] = await read
        .select({ count: sql<number>`count(*)`.mapWith(Number) })
        .from(alert)
        .leftJoin(mark, seen(reader.staffId))
        .where(and(theirs(reader), isNull(mark.readAt)))
      return row?.count ?? 0
    },
    async markAlertRead(reader, alertId, now) {
      const [row] = await read
        .select({ id: alert.id })
        .from(alert)
        .where(and(theirs(reader), eq(alert.id, alertId)))
      if (row === undefined) return false
      await write.insert(mark).values({ alertId, staffId: reader.staffId, readAt: now }).onConflictDoNothing()
      return true
    },
  }
}
