import { and, asc, desc, eq, isNull, lte, not, or, sql, type SQL } from 'drizzle-orm'
import type { Schema } from '../schema.js'
import type { Sql } from '../sql.js'

export type StaffNotice = Schema['staffNotices']['$inferSelect']
export type BreachReason = Schema['breachReasons']['$inferSelect']
export interface NoticeRow extends StaffNotice {
  readonly ticketNumber: string
  readonly ticketType: string
  readonly readAt: number | null
}
/** Whose notices somebody sees: of which roles, at which offices (null: all). */
export interface Reader {
  readonly staffId: string
  readonly places: readonly {
    readonly role: StaffNotice['role']
    readonly officeId: string | null
    /** Only about tickets that they hold now; else also about those that nobody holds. */
    readonly heldOnly: boolean
  }[]
}

/** What staff are told about promises, who has read it, and why promises were broken. */
export interface EscalationStore {
  /** Nothing happens when it is there already. */
  addNotice(notice: StaffNotice): Promise<void>
  /** Newest first; only what may be seen at `now`. `before` is the last id of the page before. */
  noticesFor(reader: Reader, now: number, page: NoticePage): Promise<readonly NoticeRow[]>
  countUnread(reader: Reader, now: number): Promise<number>
  /** False when this person has no such notice. Read twice, the first time counts. */
  markRead(reader: Reader, noticeId: string, now: number): Promise<boolean>
  /** False when a reason stands already. */
  addBreachReason(reason: BreachReason): Promise<boolean>
  breachReasonsOf(ticketId: string): Promise<readonly BreachReason[]>
}
export interface NoticePage {
  readonly unread: boolean
  readonly before: { readonly key: number | null; readonly id: string } | null
  readonly limit: number
}

export function escalationStore({ t, read, write }: Sql): EscalationStore {
  const { staffNotices: notice, staffNoticeReads: mark, breachReasons, tickets, assignments } = t
  const theirs = ({ staffId, places }: Reader, now: number) =>
    and(lte(notice.visibleAt, now), places.length === 0 ? sql`1 = 0` : or(...places.map(at(staffId, now))))
  /** It goes with the ticket: to whoever holds it now, whoever that was when it was told. */
  const held = (now: number, staffId: string | null) =>
    sql`exists (select 1 from ${assignments} where ${assignments.ticketId} = ${notice.ticketId} and ${assignments.leaseUntil} > ${now}${
      staffId === null ? sql`` : sql` and ${assignments.agentId} = ${staffId}`
    })`
  const at =
    (staffId: string, now: number) =>
    ({ role, officeId, heldOnly }: Reader['places'][number]): SQL | undefined =>
      and(
        eq(notice.role, role),
        officeId === null ? undefined : eq(notice.officeId, officeId),
        role !== 'agent' ? undefined : or(held(now, staffId), heldOnly ? undefined : not(held(now, null))),
      )
  /** A ticket that has gone to another office is that one's: here it is as if it were not there (A19). */
  const stillHere = eq(tickets.officeId, notice.officeId)
  const seen = (staffId: string) => and(eq(mark.noticeId, notice.id), eq(mark.staffId, staffId))
  return {
    async addNotice(row) {
      await write.insert(notice).values(row).onConflictDoNothing()
    },
    async noticesFor(reader, now, { unread, before, limit }) {
      const behind =
        before?.key == null ? undefined : sql`(${notice.visibleAt}, ${notice.id}) < (${before.key}, ${before.id})`
      const rows = await read
        .select({ notice, ticketNumber: tickets.ticketNumber, ticketType: tickets.type, readAt: mark.readAt })
        .from(notice)
        .innerJoin(tickets, eq(tickets.id, notice.ticketId))
        .leftJoin(mark, seen(reader.staffId))
        .where(and(theirs(reader, now), stillHere, behind, unread ? isNull(mark.readAt) : undefined))
        .orderBy(desc(notice.visibleAt), desc(notice.id))
        .limit(limit)
      return rows.map(({ notice: told, ...of }) => ({ ...told, ...of }))
    },
    async countUnread(reader, now) {
      const [row] = await read
        .select({ count: sql<number>`count(*)`.mapWith(Number) })
        .from(notice)
        .innerJoin(tickets, eq(tickets.id, notice.ticketId))
        .leftJoin(mark, seen(reader.staffId))
        .where(and(theirs(reader, now), stillHere, isNull(mark.readAt)))
      return row?.count ?? 0
    },
    async markRead(reader, noticeId, now) {
      const [row] = await read
        .select({ id: notice.id })
        .from(notice)
        .innerJoin(tickets, eq(tickets.id, notice.ticketId))
        .where(and(theirs(reader, now), stillHere, eq(notice.id, noticeId)))
      if (row === undefined) return false
      await write.insert(mark).values({ noticeId, staffId: reader.staffId, readAt: now }).onConflictDoNothing()
      return true
    },
    async addBreachReason(reason) {
      const added = await write.insert(breachReasons).values(reason).onConflictDoNothing().returning()
      return added.length > 0
    },
    breachReasonsOf: async (ticketId) =>
      read
        .select()
        .from(breachReasons)
        .where(eq(breachReasons.ticketId, ticketId))
        .orderBy(asc(breachReasons.at), asc(breachReasons.target)),
  }
}
