import { and, asc, count, desc, eq, gt, isNotNull, isNull, lte } from 'drizzle-orm'
import type { Sql } from '../sql.js'

export interface IncidentRow {
  readonly id: string
  readonly key: string
  readonly fingerprint: string
  readonly cause: string
  readonly title: string
  readonly fromAt: number
  readonly untilAt: number | null
  readonly declaredBy: string
  readonly declaredAt: number
  readonly announcedBy: string | null
  readonly announcedAt: number | null
  readonly endedBy: string | null
  readonly endedAt: number | null
}
export interface IncidentTicket {
  readonly incidentId: string
  readonly ticketId: string
  readonly linkedBy: string
  readonly linkedAt: number
}

export interface IncidentStore {
  /** False when its key was used before. */
  addIncident(row: IncidentRow): Promise<boolean>
  findIncident(id: string): Promise<IncidentRow | null>
  findIncidentByKey(key: string): Promise<IncidentRow | null>
  /** Newest first, running ones and those that are over. */
  listIncidents(limit: number): Promise<readonly IncidentRow[]>
  /** Announced, begun at or before `at` and not over; oldest first. */
  announcedIncidents(at: number): Promise<readonly IncidentRow[]>
  /** False when it was announced before, or is over. */
  announceIncident(id: string, by: string, at: number): Promise<boolean>
  /** False when it was over before. */
  endIncident(id: string, by: string, at: number): Promise<boolean>
  /** False when the ticket was linked before. */
  linkTicket(row: IncidentTicket): Promise<boolean>
  isLinked(incidentId: string, ticketId: string): Promise<boolean>
  countLinked(incidentId: string): Promise<number>
  /** By ticket id, after `after`. */
  linkedTickets(incidentId: string, after: string | null, limit: number): Promise<readonly string[]>
}

export function incidentStore({ t, read, write }: Sql): IncidentStore {
  const { incidents, incidentTickets } = t
  const running = isNull(incidents.endedAt)
  const first = <T>(rows: readonly T[]): T | null => rows[0] ?? null
  return {
    async addIncident(row) {
      const added = await write.insert(incidents).values(row).onConflictDoNothing().returning({ id: incidents.id })
      return added.length > 0
    },
    findIncident: async (id) => first(await read.select().from(incidents).where(eq(incidents.id, id))),
    findIncidentByKey: async (key) => first(await read.select().from(incidents).where(eq(incidents.key, key))),
    listIncidents: async (limit) =>
      read.select().from(incidents).orderBy(desc(incidents.declaredAt), desc(incidents.id)).limit(limit),
    announcedIncidents: async (at) =>
      read
        .select()
        .from(incidents)
        .where(and(running, isNotNull(incidents.announcedAt), lte(incidents.fromAt, at)))
        .orderBy(asc(incidents.fromAt), asc(incidents.id)),
    async announceIncident(id, announcedBy, announcedAt) {
      const done = await write
        .update(incidents)
        .set({ announcedBy, announcedAt })
        .where(and(eq(incidents.id, id), running, isNull(incidents.announcedAt)))
        .returning({ id: incidents.id })
      return done.length > 0
    },
    async endIncident(id, endedBy, endedAt) {
      const done = await write
        .update(incidents)
        .set({ endedBy, endedAt })
        .where(and(eq(incidents.id, id), running))
        .returning({ id: incidents.id })
      return done.length > 0
    },
    async linkTicket(row) {
      const added = await write
        .insert(incidentTickets)
        .values(row)
        .onConflictDoNothing()
        .returning({ ticketId: incidentTickets.ticketId })
      return added.length > 0
    },
    async isLinked(incidentId, ticketId) {
      const both = and(eq(incidentTickets.incidentId, incidentId), eq(incidentTickets.ticketId, ticketId))
      return (await read.select({ one: incidentTickets.ticketId }).from(incidentTickets).where(both)).length > 0
    },
    async countLinked(incidentId) {
      const [row] = await read
        .select({ many: count() })
        .from(incidentTickets)
        .where(eq(incidentTickets.incidentId, incidentId))
      return row?.many ?? 0
    },
    async linkedTickets(incidentId, after, limit) {
      const later = after === null ? undefined : gt(incidentTickets.ticketId, after)
      const rows = await read
        .select({ ticketId: incidentTickets.ticketId })
        .from(incidentTickets)
        .where(and(eq(incidentTickets.incidentId, incidentId), later))
        .orderBy(asc(incidentTickets.ticketId))
        .limit(limit)
      return rows.map((it) => it.ticketId)
    },
  }
}
