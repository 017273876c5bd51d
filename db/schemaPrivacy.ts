import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

/** What art. 46 asks to be told of a breach, in codes and instants: no free text, so nobody's data can slip in. */
export interface BreachFacts {
  /** What was disclosed. */
  readonly data: readonly string[]
  /** When, epoch ms; `until` null while it lasts or where nobody knows. */
  readonly from: number
  readonly until: number | null
  readonly how: string
  /** How many people, as far as is known. */
  readonly persons: number | null
  /** What was done about it. */
  readonly remedies: readonly string[]
}

/** Three times 24 hours, as the law counts: on the wall, over weekends and every holiday (R-PDP-2). */
export const LEGAL_MS = 259_200_000

/** What people may ask for about their own data, and breaches: ids, codes and instants only. Rows stay when a person is erased: they are the proof. */
export function definePrivacyTables(c: ColumnKit) {
  const dataRequests = c.table(
    'data_requests',
    {
      id: c.id('id'),
      kind: c
        .str('kind')
        .$type<'access' | 'correction' | 'consentWithdrawal' | 'objectionToProcessing' | 'erasure' | 'breach'>()
        .notNull(),
      /** `-` where it is about no one ticket. */
      ticketId: c.id('ticket_id'),
      receivedAt: c.instant('received_at').notNull(),
      dueAt: c.instant('due_at').notNull(),
      openedBy: c.str('opened_by').notNull(),
      openedAt: c.instant('opened_at').notNull(),
      breach: c.json('breach').$type<BreachFacts>(),
      answeredAt: c.instant('answered_at'),
      outcome: c.str('outcome').$type<'done' | 'refused'>(),
      reason: c.str('reason'),
      answeredBy: c.str('answered_by'),
      /** When those concerned, and the authority, were told of a breach. */
      toldPersonsAt: c.instant('told_persons_at'),
      toldAuthorityAt: c.instant('told_authority_at'),
    },
    (t) => [
      c.primaryKey({ name: 'data_requests_pk', columns: [t.id] }),
      // Written down twice is one request.
      c.uniqueIndex('data_requests_once').on(t.kind, t.ticketId, t.receivedAt),
      c
        .index('data_requests_open')
        .on(t.dueAt)
        .where(sql`answered_at is null`),
      c.index('data_requests_received').on(t.receivedAt, t.id),
      c.check(
        'data_requests_kind_known',
        sql`${t.kind} in ('access', 'correction', 'consentWithdrawal', 'objectionToProcessing', 'erasure', 'breach')`,
      ),
      // No calendar has a say in it (A46): the database refuses any other date.
      c.check('data_requests_due_by_wall', sql`${t.dueAt} = ${t.receivedAt} + 259200000`),
      c.check('data_requests_breach_matches', sql`(${t.kind} = 'breach') = (${t.breach} is not null)`),
      c.check('data_requests_outcome_known', sql`${t.outcome} in ('done', 'refused')`),
      c.check(
        'data_requests_answered_matches',
        sql`(${t.answeredAt} is null) = (${t.outcome} is null) and (${t.answeredAt} is null) = (${t.reason} is null) and (${t.answeredAt} is null) = (${t.answeredBy} is null)`,
      ),
      c.check(
        'data_requests_breach_told',
        sql`${t.kind} <> 'breach' or ${t.outcome} is null or ${t.outcome} = 'refused' or (${t.toldPersonsAt} is not null and ${t.toldAuthorityAt} is not null)`,
      ),
    ],
  )
  return { dataRequests }
}
