import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

type Json = Readonly<Record<string, unknown>>

/**
 * What the participant's side of the service keeps: personal data under the ticket's own key, proofs, documents, messages.
 * Columns named `sealed` are ciphertext (`v1.keyId.nonce.ct.tag`) bound to their table, column and row; `…Index` columns are keyed
 * hashes. These rows may be written before their ticket is (a crash in between leaves rows that maintenance removes), so they hang on
 * the ticket's key and not on the ticket.
 */
export function defineIntakeTables(c: ColumnKit) {
  const keys = keyTables(c)
  return {
    ...keys,
    ...personTables(c, keys.ticketKeys),
    ...findingTables(c),
    ...proofTables(c, keys.ticketKeys),
    ...filingTables(c),
    ...documentTables(c, keys.ticketKeys),
    ...messageLogTables(c),
    ...directoryTables(c),
    ...taskTables(c),
  }
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

type TicketKeys = ReturnType<typeof keyTables>['ticketKeys']

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

function proofTables(c: ColumnKit, ticketKeys: TicketKeys) {
  /** 32 random bytes that open one ticket for its filer; only the hash is here (R-TOK-1, R-TOK-2). */
  const accessTokens = c.table(
    'access_tokens',
    {
      hash: c.str('hash').notNull(),
      ticketId: c.id('ticket_id'),
      purpose: c.str('purpose').$type<'status' | 'objection'>().notNull(),
      createdAt: c.instant('created_at').notNull(),
      expiresAt: c.instant('expires_at').notNull(),
      revokedAt: c.instant('revoked_at'),
    },
    (t) => [
      c.primaryKey({ name: 'access_tokens_pk', columns: [t.hash] }),
      c.index('access_tokens_ticket').on(t.ticketId),
      c.check('access_tokens_purpose_known', sql`${t.purpose} in ('status', 'objection')`),
    ],
  )
  /**
   * One code sent to one address. The code itself exists only in the message: the worker that sends it makes it and keeps its MAC
   * (R-OTP-4); a message that failed is sent again with a new one. The row is also what budgets are counted from (R-OTP-7).
   */
  const challenges = c.table(
    'challenges',
    {
      id: c.id('id'),
      ticketId: c.id('ticket_id'),
      purpose: c.str('purpose').$type<'prove' | 'access'>().notNull(),
      channel: c.str('channel').$type<'email' | 'phone'>().notNull(),
      generation: c.int('generation').notNull(),
      addressIndex: c.str('address_index').notNull(),
      personIndex: c.str('person_index'),
      deviceIndex: c.str('device_index'),
      createdAt: c.instant('created_at').notNull(),
      sentAt: c.instant('sent_at'),
      expiresAt: c.instant('expires_at'),
      codeMac: c.str('code_mac'),
      tries: c.int('tries').notNull(),
      consumedAt: c.instant('consumed_at'),
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [
      c.primaryKey({ name: 'challenges_pk', columns: [t.id] }),
      c.foreignKey({ name: 'challenges_key_fk', columns: [t.ticketId], foreignColumns: [ticketKeys.ticketId] }),
      c.index('challenges_ticket').on(t.ticketId, t.channel, t.createdAt),
      c.index('challenges_address').on(t.addressIndex, t.createdAt),
      c.index('challenges_person').on(t.personIndex, t.createdAt),
      c.index('challenges_device').on(t.deviceIndex, t.createdAt),
      c.index('challenges_created').on(t.createdAt),
      c.check('challenges_channel_known', sql`${t.channel} in ('email', 'phone')`),
      c.check('challenges_purpose_known', sql`${t.purpose} in ('prove', 'access')`),
      c.check('challenges_tries_bounded', sql`${t.tries} between 0 and 1000`),
      c.check(
        'challenges_sent_matches',
        sql`(${t.sentAt} is null) = (${t.codeMac} is null) and (${t.sentAt} is null) = (${t.expiresAt} is null)`,
      ),
      c.check('challenges_consumed_was_sent', sql`${t.consumedAt} is null or ${t.sentAt} is not null`),
    ],
  )
  return { accessTokens, challenges }
}

function filingTables(c: ColumnKit) {
  /** First answers of filing, sealed because they hold the status token; gone after a day (R-IDEM-5). */
  const filingReplies = c.table(
    'filing_replies',
    {
      key: c.str('key').notNull(),
      fingerprint: c.str('fingerprint').notNull(),
      ticketId: c.id('ticket_id'),
      sealed: c.str('sealed'),
      createdAt: c.instant('created_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'filing_replies_pk', columns: [t.key] }),
      c.index('filing_replies_created').on(t.createdAt),
    ],
  )
  /** What people decided about e-mail domains, over the shipped list of disposable ones; `allow` wins (R-DISP-1). */
  const emailDomains = c.table(
    'email_domains',
    {
      domain: c.str('domain').notNull(),
      verdict: c.str('verdict').$type<'block' | 'allow'>().notNull(),
      reason: c.str('reason').notNull(),
      actorId: c.str('actor_id').notNull(),
      decidedAt: c.instant('decided_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'email_domains_pk', columns: [t.domain] }),
      c.check('email_domains_verdict_known', sql`${t.verdict} in ('block', 'allow')`),
    ],
  )
  return { filingReplies, emailDomains }
}

function documentTables(c: ColumnKit, ticketKeys: TicketKeys) {
  const documents = c.table(
    'documents',
    {
      id: c.id('id'),
      ticketId: c.id('ticket_id'),
      kind: c.str('kind').notNull(),
      /** `pending` waits for the scanner and is shown to nobody; `refused` keeps only why. */
      state: c.str('state').$type<'pending' | 'accepted' | 'refused' | 'erased'>().notNull(),
      code: c.str('code'),
      nameSealed: c.str('name_sealed'),
      media: c.str('media').notNull(),
      bytes: c.int('bytes').notNull(),
      /** SHA-256 of the bytes as they came, hex: what an approval binds. */
      sha256: c.str('sha256').notNull(),
      contentIndex: c.str('content_index').notNull(),
      perceptualHash: c.str('perceptual_hash'),
      pages: c.int('pages').notNull(),
      originalRef: c.str('original_ref'),
      uploaderId: c.str('uploader_id').notNull(),
      receivedAt: c.instant('received_at').notNull(),
      decidedAt: c.instant('decided_at'),
    },
    (t) => [
      c.primaryKey({ name: 'documents_pk', columns: [t.id] }),
      c.foreignKey({ name: 'documents_key_fk', columns: [t.ticketId], foreignColumns: [ticketKeys.ticketId] }),
      c.index('documents_ticket').on(t.ticketId, t.receivedAt),
      c.index('documents_content').on(t.contentIndex),
      c.index('documents_perceptual').on(t.perceptualHash),
      c.check('documents_state_known', sql`${t.state} in ('pending', 'accepted', 'refused', 'erased')`),
      c.check('documents_refused_says_why', sql`(${t.state} = 'refused') = (${t.code} is not null)`),
      c.check('documents_accepted_has_pages', sql`${t.state} <> 'accepted' or ${t.pages} > 0`),
    ],
  )
  /** What officers see: pictures made anew by us, sealed in the file store under `fileRef` (R-FILE-4, R-FILE-5). */
  const documentPages = c.table(
    'document_pages',
    {
      documentId: c.id('document_id'),
      page: c.int('page').notNull(),
      fileRef: c.str('file_ref').notNull(),
      sha256: c.str('sha256').notNull(),
      bytes: c.int('bytes').notNull(),
      width: c.int('width').notNull(),
      height: c.int('height').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'document_pages_pk', columns: [t.documentId, t.page] }),
      c.foreignKey({
        name: 'document_pages_document_fk',
        columns: [t.documentId],
        foreignColumns: [documents.id],
      }),
      c.check('document_pages_page_positive', sql`${t.page} >= 1`),
    ],
  )
  return { documents, documentPages }
}

function messageLogTables(c: ColumnKit) {
  /** What became of each message on each channel; no address, no text. `ref` is the outbox id or the challenge that asked for it. */
  const messageLog = c.table(
    'message_log',
    {
      ref: c.str('ref').notNull(),
      recipient: c.str('recipient').notNull(),
      ticketId: c.id('ticket_id'),
      channel: c.str('channel').$type<'email' | 'sms'>().notNull(),
      template: c.str('template').notNull(),
      templateVersion: c.int('template_version').notNull(),
      outcome: c.str('outcome').$type<'sent' | 'failed' | 'skipped'>().notNull(),
      reason: c.str('reason'),
      attempts: c.int('attempts').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'message_log_pk', columns: [t.ref, t.recipient, t.channel] }),
      c.index('message_log_ticket').on(t.ticketId, t.at),
      c.check('message_log_channel_known', sql`${t.channel} in ('email', 'sms')`),
      c.check('message_log_outcome_known', sql`${t.outcome} in ('sent', 'failed', 'skipped')`),
    ],
  )
  /** The local mailbox that stands in for mail and SMS on embedded defaults; what it holds is sealed all the same. */
  const localMail = c.table(
    'local_mail',
    {
      id: c.id('id'),
      ticketId: c.str('ticket_id'),
      channel: c.str('channel').$type<'email' | 'sms'>().notNull(),
      template: c.str('template').notNull(),
      sealed: c.str('sealed').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [c.primaryKey({ name: 'local_mail_pk', columns: [t.id] }), c.index('local_mail_at').on(t.at)],
  )
  return { messageLog, localMail }
}

/** The embedded participant directory and account service: what stands in for the institution's own systems. */
function directoryTables(c: ColumnKit) {
  const dirParticipants = c.table(
    'dir_participants',
    {
      id: c.id('id'),
      nikIndex: c.str('nik_index').notNull(),
      sealed: c.str('sealed').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'dir_participants_pk', columns: [t.id] }),
      c.index('dir_participants_nik').on(t.nikIndex),
    ],
  )
  const dirCards = c.table(
    'dir_cards',
    { kpjIndex: c.str('kpj_index').notNull(), participantId: c.str('participant_id').notNull() },
    (t) => [
      c.primaryKey({ name: 'dir_cards_pk', columns: [t.kpjIndex] }),
      c.foreignKey({
        name: 'dir_cards_participant_fk',
        columns: [t.participantId],
        foreignColumns: [dirParticipants.id],
      }),
    ],
  )
  const dirAccounts = c.table(
    'dir_accounts',
    {
      id: c.id('id'),
      participantId: c.str('participant_id').notNull(),
      nikIndex: c.str('nik_index').notNull(),
      state: c.str('state').$type<'active' | 'disabled'>().notNull(),
      version: c.int('version').notNull(),
      sealed: c.str('sealed').notNull(),
      sessionsRevokedAt: c.instant('sessions_revoked_at'),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'dir_accounts_pk', columns: [t.id] }),
      c.foreignKey({
        name: 'dir_accounts_participant_fk',
        columns: [t.participantId],
        foreignColumns: [dirParticipants.id],
      }),
      // One active account per NIK, whatever code says (D33).
      c
        .uniqueIndex('dir_accounts_one_active')
        .on(t.nikIndex)
        .where(sql`state = 'active'`),
      c.index('dir_accounts_participant').on(t.participantId),
      c.check('dir_accounts_state_known', sql`${t.state} in ('active', 'disabled')`),
    ],
  )
  /** One row per idempotency key of a replacement: the same key never replaces twice. */
  const dirReplacements = c.table(
    'dir_replacements',
    {
      key: c.str('key').notNull(),
      /** Keyed hash of what was asked for: the same key for something else is refused. */
      requestIndex: c.str('request_index').notNull(),
      accountId: c.str('account_id').notNull(),
      accountVersion: c.int('account_version').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'dir_replacements_pk', columns: [t.key] }),
      c.foreignKey({
        name: 'dir_replacements_account_fk',
        columns: [t.accountId],
        foreignColumns: [dirAccounts.id],
      }),
    ],
  )
  return { dirParticipants, dirCards, dirAccounts, dirReplacements }
}

/** Work that follows from a request and is done behind it: matching, sending a code, scanning. The row is the truth, as everywhere. */
function taskTables(c: ColumnKit) {
  const tasks = c.table(
    'tasks',
    {
      id: c.id('id'),
      kind: c.str('kind').notNull(),
      ticketId: c.id('ticket_id'),
      ref: c.str('ref').notNull(),
      state: c.str('state').$type<'pending' | 'done' | 'failed'>().notNull(),
      dueAt: c.instant('due_at').notNull(),
      leasedUntil: c.instant('leased_until'),
      attempts: c.int('attempts').notNull(),
      reason: c.str('reason'),
      createdAt: c.instant('created_at').notNull(),
      finishedAt: c.instant('finished_at'),
    },
    (t) => [
      c.primaryKey({ name: 'tasks_pk', columns: [t.id] }),
      // Asked for twice is done once.
      c.uniqueIndex('tasks_once').on(t.kind, t.ticketId, t.ref),
      c
        .index('tasks_due')
        .on(t.dueAt)
        .where(sql`state = 'pending'`),
      c.check('tasks_state_known', sql`${t.state} in ('pending', 'done', 'failed')`),
      c.check('tasks_finished_matches', sql`(${t.state} = 'pending') = (${t.finishedAt} is null)`),
    ],
  )
  return { tasks }
}
