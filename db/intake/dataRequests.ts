import { and, asc, desc, eq, isNull, lt } from 'drizzle-orm'
import type { BreachFacts } from '../schemaPrivacy.js'
import type { Sql } from '../sql.js'

export type { BreachFacts } from '../schemaPrivacy.js'

/** Something asked about personal data, or a breach of them; ids, codes and instants only. */
export interface DataRequestRow {
  readonly id: string
  readonly kind: 'access' | 'correction' | 'consentWithdrawal' | 'objectionToProcessing' | 'erasure' | 'breach'
  /** `-` where it is about no one ticket. */
  readonly ticketId: string
  readonly receivedAt: number
  readonly dueAt: number
  readonly openedBy: string
  readonly openedAt: number
  readonly breach: BreachFacts | null
  readonly answeredAt: number | null
  readonly outcome: 'done' | 'refused' | null
  readonly reason: string | null
  readonly answeredBy: string | null
  readonly toldPersonsAt: number | null
  readonly toldAuthorityAt: number | null
}
export type DataRequestKey = Pick<DataRequestRow, 'kind' | 'ticketId' | 'receivedAt'>
export type DataRequestAnswer = Readonly<{
  answeredAt: number
  outcome: 'done' | 'refused'
  reason: string
  answeredBy: string
  toldPersonsAt: number | null
  toldAuthorityAt: number | null
}>

export interface DataRequestStore {
  /** False when the same was written down before. */
  addRequest(row: DataRequestRow): Promise<boolean>
  findRequest(id: string): Promise<DataRequestRow | null>
  /** The same request by what it is. */
  findRequestBy(key: DataRequestKey): Promise<DataRequestRow | null>
  /** False when it was answered before. */
  answerRequest(id: string, answer: DataRequestAnswer): Promise<boolean>
  /** Unanswered ones, the next due first; `ticketId` leaves the others out. */
  openRequests(limit: number, ticketId?: string): Promise<readonly DataRequestRow[]>
  /** Newest first. */
  requests(limit: number, ticketId?: string): Promise<readonly DataRequestRow[]>
  /** Unanswered and due before this instant, at most `limit`. */
  overdueRequests(before: number, limit: number): Promise<readonly Pick<DataRequestRow, 'kind' | 'dueAt'>[]>
}

export function dataRequestStore({ t, read, write }: Sql): DataRequestStore {
  const { dataRequests } = t
  const of = (ticketId: string | undefined) =>
    ticketId === undefined ? undefined : eq(dataRequests.ticketId, ticketId)
  return {
    async addRequest(row) {
      const added = await write
        .insert(dataRequests)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: dataRequests.id })
      return added.length > 0
    },
    async findRequest(id) {
      const [row] = await read.select().from(dataRequests).where(eq(dataRequests.id, id))
      return row ?? null
    },
    async findRequestBy({ kind, ticketId, receivedAt }) {
      const [row] = await read
        .select()
        .from(dataRequests)
        .where(
          and(
            eq(dataRequests.kind, kind),
            eq(dataRequests.ticketId, ticketId),
            eq(dataRequests.receivedAt, receivedAt),
          ),
        )
      return row ?? null
    },
    async answerRequest(id, answer) {
      const done = await write
        .update(dataRequests)
        .set(answer)
        .where(and(eq(dataRequests.id, id), isNull(dataRequests.answeredAt)))
        .returning({ id: dataRequests.id })
      return done.length > 0
    },
    openRequests: async (limit, ticketId) =>
      read
        .select()
        .from(dataRequests)
        .where(and(isNull(dataRequests.answeredAt), of(ticketId)))
        .orderBy(asc(dataRequests.dueAt))
        .limit(limit),
    requests: async (limit, ticketId) =>
      read
        .select()
        .from(dataRequests)
        .where(of(ticketId))
        .orderBy(desc(dataRequests.receivedAt), desc(dataRequests.id))
        .limit(limit),
    overdueRequests: async (before, limit) =>
      read
        .select({ kind: dataRequests.kind, dueAt: dataRequests.dueAt })
        .from(dataRequests)
        .where(and(isNull(dataRequests.answeredAt), lt(dataRequests.dueAt, before)))
        .orderBy(asc(dataRequests.dueAt))
        .limit(limit),
  }
}
