import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

type Json = Readonly<Record<string, unknown>>

/**
 * Whose ticket it is: the key that everything of it is sealed under, who they say they are, what that was compared with. Columns named
 * `sealed` are ciphertext (`v1.keyId.nonce.ct.tag`) bound to their table, column and row; `…Index` columns are keyed hashes.
 */
export function definePeopleTables(c: ColumnKit) {
  const keys = keyTables(c)
  return { ...keys, ...personTables(c, keys.ticketKeys), ...findingTables(c) }
}

function keyTables(c: ColumnKit) {
  /** One data key per ticket, wrapped by the keyring; without it everything sealed under it is noise (R-ENC-1). */
  const ticketKeys = c.table(
    'ticket_keys',
    {
      ticketId: c.id('ticket_id'),
      keyId: c.str('key_id').notNull(),
      wrapped: c.str('wrapped'),
      createdAt: c.instant('created_at').notNull(),
      destroyedAt: c.instant('destroyed_at'),
    },
    (t) => [
      c.primaryKey({ name: 'ticket_keys_pk', columns: [t.ticketId] }),
      c.index('ticket_keys_key').on(t.keyId),
      c.check('ticket_keys_destroyed_matches', sql`(${t.wrapped} is null) = (${t.destroyedAt} is not null)`),
    ],
  )
  /** Whose data are gone for good: what a restored backup has to be told again (A47). */
  const tombstones = c.table(
    'tombstones',
    {
      ticketId: c.id('ticket_id'),
      reason: c.str('reason').notNull(),
      erasedAt: c.instant('erased_at').notNull(),
    },
    (t) => [c.primaryKey({ name: 'tombstones_pk', columns: [t.ticketId] })],
  )
  /** While one stands, nothing of the ticket is erased (R-PDP-5). */
  const legalHolds = c.table(
    'legal_holds',
    {
      ticketId: c.id('ticket_id'),
      reason: c.str('reason').notNull(),
      actorId: c.str('actor_id').notNull(),
      placedAt: c.instant('placed_at').notNull(),
      liftedAt: c.instant('lifted_at'),
    },
    (t) => [c.primaryKey({ name: 'legal_holds_pk', columns: [t.ticketId, t.placedAt] })],
  )
  /** When each duty of retention last ran, and what it removed: for whoever has to show it (R-PDP-4). */
  const retentionRuns = c.table(
    'retention_runs',
    {
      duty: c.str('duty').notNull(),
      ranAt: c.instant('ran_at').notNull(),
      removed: c.int('removed').notNull(),
    },
    (t) => [c.primaryKey({ name: 'retention_runs_pk', columns: [t.duty] })],
  )
  return { ticketKeys, tombstones, legalHolds, retentionRuns }
}

export type TicketKeys = ReturnType<typeof keyTables>['ticketKeys']

function personTables(c: ColumnKit, ticketKeys: TicketKeys) {
  /** What the participant declared, as on the KTP; one sealed JSON text. Null once erased. */
  const identities = c.table(
    'identities',
    {
      ticketId: c.id('ticket_id'),
      version: c.int('version').notNull(),
      sealed: c.str('sealed'),
      noticeVersion: c.str('notice_version').notNull(),
      purpose: c.str('purpose').notNull(),
      legalBasis: c.str('legal_basis').notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'identities_pk', columns: [t.ticketId] }),
      c.foreignKey({ name: 'identities_key_fk', columns: [t.ticketId], foreignColumns: [ticketKeys.ticketId] }),
      c.check('identities_version_positive', sql`${t.version} >= 1`),
    ],
  )
  /** The new contacts. `generation` grows with every change of address: what was sent or proven for an earlier one counts no more (R-OTP-6). */
  const contacts = c.table(
    'contacts',
    {
      ticketId: c.id('ticket_id'),
      channel: c.str('channel').$type<'email' | 'phone'>().notNull(),
      generation: c.int('generation').notNull(),
      sealed: c.str('sealed'),
      provenGeneration: c.int('proven_generation'),
      provenAt: c.instant('proven_at'),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'contacts_pk', columns: [t.ticketId, t.channel] }),
      c.foreignKey({ name: 'contacts_key_fk', columns: [t.ticketId], foreignColumns: [ticketKeys.ticketId] }),
      c.check('contacts_channel_known', sql`${t.channel} in ('email', 'phone')`),
      c.check('contacts_generation_positive', sql`${t.generation} >= 1`),
      c.check('contacts_proven_matches', sql`(${t.provenGeneration} is null) = (${t.provenAt} is null)`),
      c.check('contacts_proven_known', sql`${t.provenGeneration} <= ${t.generation}`),
    ],
  )
  /** Equality without the value: keyed hashes of normalised values, one per index key while a rotation runs (R-ENC-2). */
  const blindIndexes = c.table(
    'blind_indexes',
    {
      ticketId: c.id('ticket_id'),
      kind: c.str('kind').notNull(),
      keyId: c.str('key_id').notNull(),
      value: c.str('value').notNull(),
      createdAt: c.instant('created_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'blind_indexes_pk', columns: [t.ticketId, t.kind, t.keyId, t.value] }),
      c.index('blind_indexes_value').on(t.kind, t.value, t.createdAt),
    ],
  )
  return { identities, contacts, blindIndexes }
}

function findingTables(c: ColumnKit) {
  /** Open cases for the same NIK: nobody is refused, both are looked at (R-DUP-1). */
  const competingCases = c.table(
    'competing_cases',
    {
      ticketId: c.id('ticket_id'),
      otherId: c.id('other_id'),
      linkedAt: c.instant('linked_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'competing_cases_pk', columns: [t.ticketId, t.otherId] }),
      c.index('competing_cases_other').on(t.otherId),
      c.check('competing_cases_ordered', sql`${t.ticketId} < ${t.otherId}`),
    ],
  )
  /** Reasons to look twice; codes and ids only. They route and lengthen, they never reject (R-RISK-1). */
  const riskFlags = c.table(
    'risk_flags',
    {
      ticketId: c.id('ticket_id'),
      code: c.str('code').notNull(),
      detail: c.json('detail').$type<Json>().notNull(),
      raisedAt: c.instant('raised_at').notNull(),
    },
    (t) => [c.primaryKey({ name: 'risk_flags_pk', columns: [t.ticketId, t.code] })],
  )
  /** What the directory said about the declared identity: its own id and codes, for officers only. */
  const matches = c.table(
    'matches',
    {
      ticketId: c.id('ticket_id'),
      identityVersion: c.int('identity_version').notNull(),
      outcome: c.str('outcome').$type<'found' | 'notFound'>().notNull(),
      participantId: c.str('participant_id'),
      findings: c.json('findings').$type<Json>().notNull(),
      /** The account's contacts as they were before we changed anything: who is told afterwards (R-NIST-4). Sealed. */
      oldContacts: c.str('old_contacts'),
      matchedAt: c.instant('matched_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'matches_pk', columns: [t.ticketId] }),
      c.check('matches_outcome_known', sql`${t.outcome} in ('found', 'notFound')`),
      c.check('matches_participant_matches', sql`(${t.outcome} = 'found') = (${t.participantId} is not null)`),
    ],
  )
  return { competingCases, riskFlags, matches }
}
