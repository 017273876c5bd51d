import { and, eq, gt, inArray, isNull, lt, lte, or } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** A token that opens one ticket; only its hash is kept. */
export interface AccessTokenRow {
  readonly hash: string
  readonly ticketId: string
  readonly purpose: 'status' | 'objection'
  readonly createdAt: number
  readonly expiresAt: number
  readonly revokedAt: number | null
}
/** The first answer of a filing under its key; sealed, because it holds the token. */
export interface FilingReplyRow {
  readonly key: string
  readonly fingerprint: string
  readonly ticketId: string
  /** Null while the filing is still being answered. */
  readonly sealed: string | null
  readonly createdAt: number
}
export interface EmailDomainRow {
  readonly domain: string
  readonly verdict: 'block' | 'allow'
  readonly reason: string
  readonly actorId: string
  readonly decidedAt: number
}

/** Tokens, first answers of filing, and decisions about e-mail domains. Codes have a file of their own (challenges.ts). */
export interface ProofStore {
  addToken(row: AccessTokenRow): Promise<void>
  /** The ticket behind a token that is neither expired nor revoked, that closed after `closedAfter` if at all, and whose personal data are not erased; null otherwise. */
  openToken(hash: string, purpose: AccessTokenRow['purpose'], now: number, closedAfter: number): Promise<string | null>
  /** False when it was revoked before, or never was. */
  revokeToken(hash: string, at: number): Promise<boolean>
  /** Gives how many there were. */
  revokeTokensOf(ticketId: string, at: number): Promise<number>

  /** Takes the key for this filing; false when somebody took it before. */
  claimReply(row: FilingReplyRow): Promise<boolean>
  findReply(key: string): Promise<FilingReplyRow | null>
  /** Takes over a key whose filing was never answered and has been silent since `before`; false when it was answered or taken meanwhile. */
  reclaimReply(row: FilingReplyRow, before: number): Promise<boolean>
  answerReply(key: string, ticketId: string, sealed: string): Promise<boolean>
  pruneReplies(createdBefore: number): Promise<number>

  emailDomains(): Promise<readonly EmailDomainRow[]>
  /** What was decided about any of these domains. */
  emailDomainsAmong(domains: readonly string[]): Promise<readonly EmailDomainRow[]>
  /** The newest decision stands. */
  decideEmailDomain(row: EmailDomainRow): Promise<void>
}

export function proofStore(store: Sql): ProofStore {
  return { ...tokens(store), ...replies(store), ...domains(store) }
}

type Tokens = Pick<ProofStore, 'addToken' | 'openToken' | 'revokeToken' | 'revokeTokensOf'>
function tokens({ t, read, write }: Sql): Tokens {
  const { accessTokens, ticketKeys, tickets } = t
  const revoke = async (of: ReturnType<typeof eq>, at: number) => {
    const done = await write
      .update(accessTokens)
      .set({ revokedAt: at })
      .where(and(of, isNull(accessTokens.revokedAt)))
      .returning({ hash: accessTokens.hash })
    return done.length
  }
  return {
    async addToken(row) {
      await write.insert(accessTokens).values(row)
    },
    async openToken(hash, purpose, now, closedAfter) {
      const [row] = await read
        .select({ ticketId: accessTokens.ticketId })
        .from(accessTokens)
        .innerJoin(ticketKeys, eq(ticketKeys.ticketId, accessTokens.ticketId))
        // Left: the token of a complaint that is just being filed has no row to look at yet.
        .leftJoin(tickets, eq(tickets.id, accessTokens.ticketId))
        .where(
          and(
            eq(accessTokens.hash, hash),
            eq(accessTokens.purpose, purpose),
            isNull(accessTokens.revokedAt),
            gt(accessTokens.expiresAt, now),
            isNull(ticketKeys.destroyedAt),
            or(isNull(tickets.closedAt), gt(tickets.closedAt, closedAfter)),
          ),
        )
      return row?.ticketId ?? null
    },
    revokeToken: async (hash, at) => (await revoke(eq(accessTokens.hash, hash), at)) > 0,
    revokeTokensOf: (ticketId, at) => revoke(eq(accessTokens.ticketId, ticketId), at),
  }
}

type Replies = Pick<ProofStore, 'claimReply' | 'findReply' | 'reclaimReply' | 'answerReply' | 'pruneReplies'>
function replies({ t, read, write }: Sql): Replies {
  const { filingReplies } = t
  const unanswered = (key: string) => and(eq(filingReplies.key, key), isNull(filingReplies.sealed))
  return {
    async claimReply(row) {
      const taken = await write
        .insert(filingReplies)
        .values(row)
        .onConflictDoNothing()
        .returning({ key: filingReplies.key })
      return taken.length > 0
    },
    async findReply(key) {
      const [row] = await read.select().from(filingReplies).where(eq(filingReplies.key, key))
      return row ?? null
    },
    async reclaimReply({ key, fingerprint, ticketId, createdAt }, before) {
      const taken = await write
        .update(filingReplies)
        .set({ fingerprint, ticketId, createdAt })
        .where(and(unanswered(key), lte(filingReplies.createdAt, before)))
        .returning({ key: filingReplies.key })
      return taken.length > 0
    },
    async answerReply(key, ticketId, sealed) {
      const done = await write
        .update(filingReplies)
        .set({ sealed })
        .where(and(unanswered(key), eq(filingReplies.ticketId, ticketId)))
        .returning({ key: filingReplies.key })
      return done.length > 0
    },
    async pruneReplies(createdBefore) {
      const gone = await write
        .delete(filingReplies)
        .where(lt(filingReplies.createdAt, createdBefore))
        .returning({ key: filingReplies.key })
      return gone.length
    },
  }
}

function domains({
  t,
  read,
  write,
}: Sql): Pick<ProofStore, 'emailDomains' | 'emailDomainsAmong' | 'decideEmailDomain'> {
  const { emailDomains } = t
  return {
    emailDomains: async () => read.select().from(emailDomains).orderBy(emailDomains.domain),
    emailDomainsAmong: async (names) =>
      names.length === 0
        ? []
        : read
            .select()
            .from(emailDomains)
            .where(inArray(emailDomains.domain, [...names])),
    async decideEmailDomain(row) {
      const { verdict, reason, actorId, decidedAt } = row
      await write
        .insert(emailDomains)
        .values(row)
        .onConflictDoUpdate({ target: emailDomains.domain, set: { verdict, reason, actorId, decidedAt } })
    },
  }
}
