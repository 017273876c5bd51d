import { and, asc, eq, isNull, lt, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { OutboxKey, Store } from '../types.js'

type OutboxStore = Pick<
  Store,
  'outboxOf' | 'findOutbox' | 'unrelayedOutbox' | 'undeliveredOutbox' | 'markRelayed' | 'recordAttempt'
>
/** Keys per statement: well under both engines' limit on parameters. */
const KEYS_PER_STATEMENT = 500

export function outboxStore({ t, write, read }: Sql): OutboxStore {
  const { outbox } = t
  const inOrder = [asc(outbox.createdAt), asc(outbox.ticketId), asc(outbox.seq)] as const
  const is = (key: OutboxKey) => and(eq(outbox.ticketId, key.ticketId), eq(outbox.seq, key.seq))

  const ofTicket = read
    .select()
    .from(outbox)
    .where(eq(outbox.ticketId, sql.placeholder('ticketId')))
    .orderBy(asc(outbox.seq))
    .prepare('outbox_of_ticket')
  const one = read
    .select()
    .from(outbox)
    .where(and(eq(outbox.ticketId, sql.placeholder('ticketId')), eq(outbox.seq, sql.placeholder('seq'))))
    .prepare('outbox_one')
  const unrelayed = read
    .select()
    .from(outbox)
    .where(isNull(outbox.relayedAt))
    .orderBy(...inOrder)
    .limit(sql.placeholder('limit'))
    .prepare('outbox_unrelayed')
  const undelivered = read
    .select()
    .from(outbox)
    .where(and(isNull(outbox.deliveredAt), lt(outbox.createdAt, sql.placeholder('before'))))
    .orderBy(...inOrder)
    .limit(sql.placeholder('limit'))
    .prepare('outbox_undelivered')

  /** The casts tell PostgreSQL what the parameters are; SQLite ignores them. */
  const among = (keys: readonly OutboxKey[]): SQL =>
    sql`(${outbox.ticketId}, ${outbox.seq}) in (values ${sql.join(
      keys.map((key) => sql`(cast(${key.ticketId} as text), cast(${key.seq} as integer))`),
      sql`, `,
    )})`

  return {
    outboxOf: (ticketId) => ofTicket.execute({ ticketId }),
    findOutbox: async (key) => (await one.execute({ ticketId: key.ticketId, seq: key.seq }))[0] ?? null,
    unrelayedOutbox: (limit) => unrelayed.execute({ limit }),
    undeliveredOutbox: (before, limit) => undelivered.execute({ before, limit }),
    async markRelayed(keys, at) {
      for (let from = 0; from < keys.length; from += KEYS_PER_STATEMENT)
        await write
          .update(outbox)
          .set({ relayedAt: at })
          .where(and(among(keys.slice(from, from + KEYS_PER_STATEMENT)), isNull(outbox.relayedAt)))
    },
    async recordAttempt(key) {
      await write
        .update(outbox)
        .set({ attempts: sql`${outbox.attempts} + 1` })
        .where(is(key))
    },
  }
}
