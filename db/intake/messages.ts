import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** What became of one message to one recipient on one channel; no address and no words. */
export interface MessageLogRow {
  /** The outbox id or the challenge that asked for it. */
  readonly ref: string
  /** `newEmail`, `oldPhone`, …: whose address, never which. */
  readonly recipient: string
  readonly ticketId: string
  readonly channel: 'email' | 'sms'
  readonly template: string
  readonly templateVersion: number
  /** `deferred`: put off until the hour that the reason names. */
  readonly outcome: 'sent' | 'failed' | 'skipped' | 'deferred'
  /** A code; null when sent. */
  readonly reason: string | null
  readonly attempts: number
  readonly at: number
}
export interface LocalMailRow {
  readonly id: string
  readonly ticketId: string | null
  readonly channel: 'email' | 'sms'
  readonly template: string
  readonly sealed: string
  readonly at: number
}

export interface MessageStore {
  /** Notes a try: attempts are counted, and what was sent stays sent. */
  noteMessage(row: Omit<MessageLogRow, 'attempts'>): Promise<void>
  findMessage(ref: string, recipient: string, channel: 'email' | 'sms'): Promise<MessageLogRow | null>
  /** Oldest first. */
  messagesOf(ticketId: string, limit: number): Promise<readonly MessageLogRow[]>
  /** The same id twice is kept once. */
  addLocalMail(row: LocalMailRow): Promise<void>
  /** Newest first. */
  localMail(limit: number): Promise<readonly LocalMailRow[]>
  pruneLocalMail(before: number): Promise<number>
}

export function messageStore({ t, read, write }: Sql): MessageStore {
  const { messageLog, localMail } = t
  return {
    async noteMessage(row) {
      const { templateVersion, outcome, reason, at } = row
      await write
        .insert(messageLog)
        .values({ ...row, attempts: 1 })
        .onConflictDoUpdate({
          target: [messageLog.ref, messageLog.recipient, messageLog.channel],
          set: { templateVersion, outcome, reason, at, attempts: sql`${messageLog.attempts} + 1` },
          setWhere: sql`${messageLog.outcome} <> 'sent'`,
        })
    },
    async findMessage(ref, recipient, channel) {
      const [row] = await read
        .select()
        .from(messageLog)
        .where(and(eq(messageLog.ref, ref), eq(messageLog.recipient, recipient), eq(messageLog.channel, channel)))
      return row ?? null
    },
    messagesOf: async (ticketId, limit) =>
      read
        .select()
        .from(messageLog)
        .where(eq(messageLog.ticketId, ticketId))
        .orderBy(asc(messageLog.at), asc(messageLog.ref), asc(messageLog.recipient), asc(messageLog.channel))
        .limit(limit),
    async addLocalMail(row) {
      await write.insert(localMail).values(row).onConflictDoNothing()
    },
    localMail: async (limit) =>
      read.select().from(localMail).orderBy(desc(localMail.at), desc(localMail.id)).limit(limit),
    async pruneLocalMail(before) {
      const gone = await write.delete(localMail).where(lt(localMail.at, before)).returning({ id: localMail.id })
      return gone.length
    },
  }
}
