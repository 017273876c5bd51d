import { and, asc, count, desc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** One proposal: what it binds, who confirmed it, how it ended. */
export interface ApprovalRow {
  readonly ticketId: string
  /** The version that the maker decided on. */
  readonly contentVersion: number
  readonly makerId: string
  readonly makerRole: string
  readonly officeId: string
  readonly mac: string
  readonly boundAt: number
  readonly checkerId: string | null
  readonly checkerRole: string | null
  readonly confirmedAt: number | null
  readonly voidCode: string | null
  readonly endedAt: number | null
}
export type Hand = 'filed' | 'typed' | 'uploaded' | 'edited'
export interface ObjectionLinkRow {
  readonly hash: string
  readonly ticketId: string
  readonly cycle: number
  readonly generation: number
  readonly recipient: string
  readonly createdAt: number
  readonly usedAt: number | null
}
/** An applied approval drawn for a second look (R-4E-5). */
export interface ReviewRow {
  readonly ticketId: string
  readonly cycle: number
  readonly officeId: string
  readonly makerId: string
  readonly checkerId: string
  readonly chosenAt: number
  readonly reviewerId: string | null
  readonly verdict: 'sound' | 'doubtful' | null
  readonly reason: string | null
  readonly reviewedAt: number | null
}
export interface PairCount {
  readonly makerId: string
  readonly checkerId: string
  readonly approvals: number
}

export interface ApprovalStore {
  /** The same maker on the same version binds anew until it is confirmed. */
  bindApproval(
    row: Pick<ApprovalRow, 'ticketId' | 'contentVersion' | 'makerId' | 'makerRole' | 'officeId' | 'mac' | 'boundAt'>,
  ): Promise<void>
  /** The newest that this maker bound; null without one. */
  approvalBy(ticketId: string, makerId: string): Promise<ApprovalRow | null>
  /** False when it was confirmed or ended before. */
  confirmApproval(row: ApprovalRow, checker: { id: string; role: string }, at: number): Promise<boolean>
  /** `voidCode` null: it was applied. False when it ended before. */
  endApproval(row: ApprovalRow, voidCode: string | null, at: number): Promise<boolean>
  /** Confirmed in this span, by maker and checker, most first. */
  pairsBetween(from: number, until: number, limit: number): Promise<readonly PairCount[]>
  countPair(makerId: string, checkerId: string, from: number, until: number): Promise<number>
  /** Whoever did something to a filing on behalf of the participant; harmless when repeated. */
  noteHand(ticketId: string, actorId: string, hand: Hand, at: number): Promise<void>

  /** Harmless when repeated. */
  addLink(row: Omit<ObjectionLinkRow, 'usedAt'>): Promise<void>
  findLink(hash: string): Promise<ObjectionLinkRow | null>
  linksOf(ticketId: string): Promise<readonly ObjectionLinkRow[]>
  /** False when it was used before. */
  useLink(hash: string, at: number): Promise<boolean>

  /** Harmless when repeated. True when it is new. */
  addReview(
    row: Pick<ReviewRow, 'ticketId' | 'cycle' | 'officeId' | 'makerId' | 'checkerId' | 'chosenAt'>,
  ): Promise<boolean>
  findReview(ticketId: string): Promise<ReviewRow | null>
  /** Not reviewed yet, of these offices (null: all), oldest first. */
  openReviews(offices: readonly string[] | null, limit: number): Promise<readonly ReviewRow[]>
  /** False when it was reviewed before. */
  closeReview(
    row: ReviewRow,
    verdict: { reviewerId: string; verdict: 'sound' | 'doubtful'; reason: string | null },
    at: number,
  ): Promise<boolean>
}

export function approvalStore(store: Sql): ApprovalStore {
  return { ...bindings(store), ...pairs(store), ...links(store), ...reviews(store) }
}

function bindings({
  t,
  write,
}: Sql): Pick<ApprovalStore, 'bindApproval' | 'approvalBy' | 'confirmApproval' | 'endApproval' | 'noteHand'> {
  const { approvals, hands } = t
  const of = ({ ticketId, contentVersion, makerId }: ApprovalRow) =>
    and(
      eq(approvals.ticketId, ticketId),
      eq(approvals.contentVersion, contentVersion),
      eq(approvals.makerId, makerId),
      isNull(approvals.endedAt),
    )
  return {
    async bindApproval(row) {
      const { mac, makerRole, officeId, boundAt } = row
      await write
        .insert(approvals)
        .values(row)
        .onConflictDoUpdate({
          target: [approvals.ticketId, approvals.contentVersion, approvals.makerId],
          set: { mac, makerRole, officeId, boundAt },
          setWhere: sql`${approvals.confirmedAt} is null and ${approvals.endedAt} is null`,
        })
    },
    async approvalBy(ticketId, makerId) {
      const [row] = await write
        .select()
        .from(approvals)
        .where(and(eq(approvals.ticketId, ticketId), eq(approvals.makerId, makerId)))
        .orderBy(desc(approvals.contentVersion))
        .limit(1)
      return row ?? null
    },
    async confirmApproval(row, checker, at) {
      const done = await write
        .update(approvals)
        .set({ checkerId: checker.id, checkerRole: checker.role, confirmedAt: at })
        .where(and(of(row), isNull(approvals.confirmedAt)))
        .returning({ id: approvals.ticketId })
      return done.length > 0
    },
    async endApproval(row, voidCode, at) {
      const done = await write
        .update(approvals)
        .set({ voidCode, endedAt: at })
        .where(of(row))
        .returning({ id: approvals.ticketId })
      return done.length > 0
    },
    async noteHand(ticketId, actorId, hand, at) {
      await write.insert(hands).values({ ticketId, actorId, hand, at }).onConflictDoNothing()
    },
  }
}

function pairs({ t: { approvals }, read, write }: Sql): Pick<ApprovalStore, 'pairsBetween' | 'countPair'> {
  const within = (from: number, until: number) =>
    and(gte(approvals.confirmedAt, from), lt(approvals.confirmedAt, until))
  const amount = count()
  return {
    async pairsBetween(from, until, limit) {
      const rows = await read
        .select({ makerId: approvals.makerId, checkerId: sql<string>`${approvals.checkerId}`, approvals: amount })
        .from(approvals)
        .where(within(from, until))
        .groupBy(approvals.makerId, approvals.checkerId)
        .orderBy(desc(amount), asc(approvals.makerId), asc(approvals.checkerId))
        .limit(limit)
      return rows
    },
    async countPair(makerId, checkerId, from, until) {
      const [row] = await write
        .select({ approvals: amount })
        .from(approvals)
        .where(and(within(from, until), eq(approvals.makerId, makerId), eq(approvals.checkerId, checkerId)))
      return row?.approvals ?? 0
    },
  }
}

function links({
  t: { objectionLinks },
  write,
}: Sql): Pick<ApprovalStore, 'addLink' | 'findLink' | 'linksOf' | 'useLink'> {
  return {
    async addLink(row) {
      await write.insert(objectionLinks).values(row).onConflictDoNothing()
    },
    async findLink(hash) {
      const [row] = await write.select().from(objectionLinks).where(eq(objectionLinks.hash, hash))
      return row ?? null
    },
    linksOf: async (ticketId) => write.select().from(objectionLinks).where(eq(objectionLinks.ticketId, ticketId)),
    async useLink(hash, at) {
      const done = await write
        .update(objectionLinks)
        .set({ usedAt: at })
        .where(and(eq(objectionLinks.hash, hash), isNull(objectionLinks.usedAt)))
        .returning({ hash: objectionLinks.hash })
      return done.length > 0
    },
  }
}

function reviews({
  t: { approvalReviews },
  read,
  write,
}: Sql): Pick<ApprovalStore, 'addReview' | 'findReview' | 'openReviews' | 'closeReview'> {
  return {
    async addReview(row) {
      const added = await write
        .insert(approvalReviews)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: approvalReviews.ticketId })
      return added.length > 0
    },
    async findReview(ticketId) {
      const [row] = await write
        .select()
        .from(approvalReviews)
        .where(eq(approvalReviews.ticketId, ticketId))
        .orderBy(desc(approvalReviews.cycle))
        .limit(1)
      return row ?? null
    },
    openReviews: async (offices, limit) =>
      read
        .select()
        .from(approvalReviews)
        .where(
          and(
            isNull(approvalReviews.reviewedAt),
            offices === null ? undefined : inArray(approvalReviews.officeId, [...offices]),
          ),
        )
        .orderBy(asc(approvalReviews.chosenAt), asc(approvalReviews.ticketId))
        .limit(limit),
    async closeReview({ ticketId, cycle }, verdict, at) {
      const done = await write
        .update(approvalReviews)
        .set({ ...verdict, reviewedAt: at })
        .where(
          and(
            eq(approvalReviews.ticketId, ticketId),
            eq(approvalReviews.cycle, cycle),
            isNull(approvalReviews.reviewedAt),
          ),
        )
        .returning({ id: approvalReviews.ticketId })
      return done.length > 0
    },
  }
}
