import { and, asc, eq, getTableColumns, isNull, lt, sql, type SQL } from 'drizzle-orm'
import type { OutboxRow } from '../../src/engine/types.js'
import { pgColumns } from '../columns.pg.js'
import type { Sql } from '../sql.js'
import type { OutboxKey, OutboxPlace, Store } from '../types.js'

type OutboxStore = Pick<
  Store,
  | 'outboxOf'
  | 'findOutbox'
  | 'unrelayedOutbox'
  | 'undeliveredOutbox'
  | 'claimUnrelayed'
  | 'claimUndelivered'
  | 'markRelayed'
  | 'recordAttempt'
>
/** Keys per statement: well under both engines' limit on parameters. */
const KEYS_PER_STATEMENT = 500

export function outboxStore(db: Sql): OutboxStore {
  const { t, write, read } = db
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

  const claim = claimer(db)

  const behind = (place: OutboxPlace): SQL =>
    sql`(${outbox.createdAt}, ${outbox.ticketId}, ${outbox.seq}) > (${place.createdAt}, ${place.ticketId}, ${place.seq})`

  return {
    claimUnrelayed: (limit, now, leaseMs) => claim(sql`${outbox.relayedAt} is null`, limit, now, leaseMs),
    claimUndelivered(before, limit, now, leaseMs, after) {
      const old = sql`${outbox.deliveredAt} is null and ${outbox.createdAt} < ${before}`
      return claim(after === null ? old : sql`${old} and ${behind(after)}`, limit, now, leaseMs)
    },
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

/** The column that only PostgreSQL has (its guards migration adds it), so it is no part of the schema of both. */
const claims = pgColumns.table('outbox', { claimedUntil: pgColumns.instant('claimed_until') })

type Claim = (which: SQL, limit: number, now: number, leaseMs: number) => Promise<readonly OutboxRow[]>

/** Takes rows for one of several processes (PostgreSQL has a column for it, and locks that pass over each other), or reads them. */
function claimer({ t, read, write, shared }: Sql): Claim {
  const { outbox } = t
  const inOrder = [asc(outbox.createdAt), asc(outbox.ticketId), asc(outbox.seq)] as const
  if (!shared)
    return async (which, limit) =>
      read
        .select()
        .from(outbox)
        .where(which)
        .orderBy(...inOrder)
        .limit(limit)
  const { claimedUntil } = claims
  return async (which, limit, now, leaseMs) => {
    const free = sql`select ${outbox.ticketId}, ${outbox.seq} from ${outbox}
      where ${which} and (${claimedUntil} is null or ${claimedUntil} <= ${now})
      order by ${sql.join([...inOrder], sql`, `)} limit ${limit} for update skip locked`
    const taken = await write
      .update(claims)
      .set({ claimedUntil: now + leaseMs })
      .where(sql`(${outbox.ticketId}, ${outbox.seq}) in (${free})`)
      .returning(getTableColumns(outbox))
    return taken.toSorted(byPlace)
  }
}

function byPlace(a: OutboxPlace, b: OutboxPlace): number {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt
  if (a.ticketId !== b.ticketId) return a.ticketId < b.ticketId ? -1 : 1
  return a.seq - b.seq
}
