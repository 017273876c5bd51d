import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'
import type { TicketKeys } from './schemaPeople.js'

/** What a filing brings: proofs of contacts, the filing's own answer, documents, and what was sent about it. */
export function defineEvidenceTables(c: ColumnKit, ticketKeys: TicketKeys) {
  return {
    ...proofTables(c, ticketKeys),
    ...filingTables(c),
    ...documentTables(c, ticketKeys),
    ...messageLogTables(c),
  }
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
      outcome: c.str('outcome').$type<'sent' | 'failed' | 'skipped' | 'deferred'>().notNull(),
      reason: c.str('reason'),
      attempts: c.int('attempts').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'message_log_pk', columns: [t.ref, t.recipient, t.channel] }),
      c.index('message_log_ticket').on(t.ticketId, t.at),
      c.check('message_log_channel_known', sql`${t.channel} in ('email', 'sms')`),
      c.check('message_log_outcome_known', sql`${t.outcome} in ('sent', 'failed', 'skipped', 'deferred')`),
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
