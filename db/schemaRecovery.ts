import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

/**
 * What stands behind an approval: what it binds, who had a hand in the filing, links to object with, what is looked at once more. Ids, codes
 * and keyed hashes only, so rows stay when a person is erased; links go.
 */
export function defineRecoveryTables(c: ColumnKit) {
  return { ...approvalTables(c), ...laterTables(c) }
}

function approvalTables(c: ColumnKit) {
  /** One row per proposal (D32): a MAC under the ticket's key over everything that the officers decided on. */
  const approvals = c.table(
    'approvals',
    {
      ticketId: c.id('ticket_id'),
      /** The version that the maker decided on. */
      contentVersion: c.int('content_version').notNull(),
      makerId: c.str('maker_id').notNull(),
      makerRole: c.str('maker_role').notNull(),
      officeId: c.str('office_id').notNull(),
      mac: c.str('mac').notNull(),
      boundAt: c.instant('bound_at').notNull(),
      checkerId: c.str('checker_id'),
      checkerRole: c.str('checker_role'),
      confirmedAt: c.instant('confirmed_at'),
      /** Why it did not stand. */
      voidCode: c.str('void_code'),
      endedAt: c.instant('ended_at'),
    },
    (t) => [
      c.primaryKey({ name: 'approvals_pk', columns: [t.ticketId, t.contentVersion, t.makerId] }),
      c.index('approvals_confirmed').on(t.confirmedAt),
      c.check('approvals_four_eyes', sql`${t.makerId} <> ${t.checkerId}`),
      c.check(
        'approvals_confirmed_matches',
        sql`(${t.checkerId} is null) = (${t.confirmedAt} is null) and (${t.checkerId} is null) = (${t.checkerRole} is null)`,
      ),
      c.check('approvals_ended_matches', sql`${t.voidCode} is null or ${t.endedAt} is not null`),
    ],
  )
  /** Who filed, typed, uploaded or edited on behalf of the participant: nobody of them is the second pair of eyes (R-4E-1). */
  const hands = c.table(
    'hands',
    {
      ticketId: c.id('ticket_id'),
      actorId: c.str('actor_id').notNull(),
      hand: c.str('hand').$type<'filed' | 'typed' | 'uploaded' | 'edited'>().notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'hands_pk', columns: [t.ticketId, t.actorId, t.hand] }),
      c.check('hands_known', sql`${t.hand} in ('filed', 'typed', 'uploaded', 'edited')`),
    ],
  )
  return { approvals, hands }
}

function laterTables(c: ColumnKit) {
  /** "Bukan saya": one link per told contact and hold; only its hash is here (R-HOLD-2). */
  const objectionLinks = c.table(
    'objection_links',
    {
      hash: c.str('hash').notNull(),
      ticketId: c.id('ticket_id'),
      cycle: c.int('cycle').notNull(),
      /** Of the hold: one that starts anew has links of its own. */
      generation: c.int('generation').notNull(),
      recipient: c.str('recipient').notNull(),
      createdAt: c.instant('created_at').notNull(),
      usedAt: c.instant('used_at'),
    },
    (t) => [
      c.primaryKey({ name: 'objection_links_pk', columns: [t.hash] }),
      c.index('objection_links_ticket').on(t.ticketId),
    ],
  )
  /** Approvals drawn for a second look after they were applied (R-4E-5). */
  const approvalReviews = c.table(
    'approval_reviews',
    {
      ticketId: c.id('ticket_id'),
      cycle: c.int('cycle').notNull(),
      officeId: c.str('office_id').notNull(),
      makerId: c.str('maker_id').notNull(),
      checkerId: c.str('checker_id').notNull(),
      chosenAt: c.instant('chosen_at').notNull(),
      reviewerId: c.str('reviewer_id'),
      verdict: c.str('verdict').$type<'sound' | 'doubtful'>(),
      reason: c.str('reason'),
      reviewedAt: c.instant('reviewed_at'),
    },
    (t) => [
      c.primaryKey({ name: 'approval_reviews_pk', columns: [t.ticketId, t.cycle] }),
      c
        .index('approval_reviews_open')
        .on(t.chosenAt, t.ticketId)
        .where(sql`reviewed_at is null`),
      c.check(
        'approval_reviews_independent',
        sql`${t.reviewerId} <> ${t.makerId} and ${t.reviewerId} <> ${t.checkerId}`,
      ),
      c.check('approval_reviews_verdict_known', sql`${t.verdict} in ('sound', 'doubtful')`),
      c.check(
        'approval_reviews_reviewed_matches',
        sql`(${t.reviewerId} is null) = (${t.reviewedAt} is null) and (${t.verdict} is null) = (${t.reviewedAt} is null)`,
      ),
    ],
  )
  return { objectionLinks, approvalReviews }
}
