import { and, desc, eq, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { challengeBudgets } from './challengeBudgets.js'
import { insertWhere } from './insertWhere.js'
import type { ChallengeStore } from './challengeRows.js'

export type * from './challengeRows.js'

export function challengeStore(db: Sql): ChallengeStore {
  return { ...requests(db), ...tries(db) }
}

/** Transactions that add a challenge wait for each other: what one counts, no other may be adding to. */
const LOCK = 0x70756c69

type Requests = Pick<ChallengeStore, 'addChallenge' | 'spentBudgets' | 'findChallenge' | 'newestChallenge' | 'setCode'>
function requests(db: Sql): Requests {
  const { t, read, write, atomically, shared } = db
  const { challenges } = t
  const { room, spent } = challengeBudgets(db)
  return {
    async addChallenge(row, budgets) {
      const isNew = sql`not exists (select 1 from ${challenges} where ${challenges.id} = ${row.id})`
      const where = sql.join([isNew, ...budgets.map((budget) => room(budget, row))], sql` and `)
      const earlier = and(
        eq(challenges.ticketId, row.ticketId),
        eq(challenges.channel, row.channel),
        eq(challenges.purpose, 'prove'),
        ne(challenges.id, row.id),
        isNull(challenges.supersededAt),
        isNull(challenges.consumedAt),
        sql`exists (select 1 from ${challenges} as added where added.id = ${row.id} and added.purpose = 'prove')`,
      )
      const results = await atomically((db) => [
        ...(shared ? [db.select({ held: sql`pg_advisory_xact_lock(${LOCK})` }).from(sql`(select 1) as one`)] : []),
        insertWhere(db, challenges, { ...row, tries: 0 }, where).returning({ id: challenges.id }),
        db.update(challenges).set({ supersededAt: row.createdAt }).where(earlier).returning({ id: challenges.id }),
      ])
      return (results.at(-2)?.length ?? 0) > 0
    },
    spentBudgets: spent,
    async findChallenge(id) {
      const [row] = await read.select().from(challenges).where(eq(challenges.id, id))
      return row ?? null
    },
    async newestChallenge(ticketId, channel, purpose) {
      const [row] = await read
        .select()
        .from(challenges)
        .where(and(eq(challenges.ticketId, ticketId), eq(challenges.channel, channel), eq(challenges.purpose, purpose)))
        .orderBy(desc(challenges.createdAt), desc(challenges.id))
        .limit(1)
      return row ?? null
    },
    async setCode(id, code) {
      const done = await write
        .update(challenges)
        .set(code)
        .where(and(eq(challenges.id, id), isNull(challenges.supersededAt), isNull(challenges.consumedAt)))
        .returning({ id: challenges.id })
      return done.length > 0
    },
  }
}

/** A challenge counts no further: its constraint says so, and it has been dead for long. */
const TRIES_COUNTED = 1_000

function tries({ t, write, atomically }: Sql): Pick<ChallengeStore, 'countTry' | 'consume' | 'consumeAndProve'> {
  const { challenges, contacts, tasks } = t
  const unused = (id: string) =>
    and(eq(challenges.id, id), isNull(challenges.consumedAt), isNull(challenges.supersededAt))
  return {
    async countTry(ticketId, channel, purpose, id) {
      const newest = sql`(select ${challenges.id} from ${challenges} where ${and(
        eq(challenges.ticketId, ticketId),
        eq(challenges.channel, channel),
        eq(challenges.purpose, purpose),
        isNull(challenges.supersededAt),
        id === undefined ? undefined : eq(challenges.id, id),
      )} order by ${challenges.createdAt} desc, ${challenges.id} desc limit 1)`
      const [row] = await write
        .update(challenges)
        .set({ tries: sql`${challenges.tries} + 1` })
        .where(and(sql`${challenges.id} = ${newest}`, lt(challenges.tries, TRIES_COUNTED)))
        .returning()
      return row ?? null
    },
    async consume({ id, ticketId, purpose }, at) {
      const others = and(
        eq(challenges.ticketId, ticketId),
        eq(challenges.purpose, purpose),
        ne(challenges.id, id),
        isNull(challenges.consumedAt),
        isNull(challenges.supersededAt),
        sql`exists (select 1 from ${challenges} as used where used.id = ${id} and used.consumed_at is not null)`,
      )
      const [consumed] = await atomically((db) => [
        db.update(challenges).set({ consumedAt: at }).where(unused(id)).returning({ id: challenges.id }),
        db.update(challenges).set({ supersededAt: at }).where(others).returning({ id: challenges.id }),
      ])
      return (consumed?.length ?? 0) > 0
    },
    async consumeAndProve({ id, ticketId, channel, generation }, at, task) {
      const contact = and(
        eq(contacts.ticketId, ticketId),
        eq(contacts.channel, channel),
        eq(contacts.generation, generation),
      )
      const unproven = or(isNull(contacts.provenGeneration), ne(contacts.provenGeneration, generation))
      const used = and(eq(challenges.id, id), isNotNull(challenges.consumedAt))
      const [consumed] = await atomically((db) => [
        db
          .update(challenges)
          .set({ consumedAt: at })
          .where(and(unused(id), sql`exists (select 1 from ${contacts} where ${contact})`))
          .returning({ id: challenges.id }),
        db
          .update(contacts)
          .set({ provenGeneration: generation, provenAt: at })
          .where(and(contact, unproven, sql`exists (select 1 from ${challenges} where ${used})`))
          .returning({ id: contacts.ticketId }),
        db
          .insert(tasks)
          .values({ ...task, state: 'pending', attempts: 0 })
          .onConflictDoNothing()
          .returning({ id: tasks.id }),
      ])
      return (consumed?.length ?? 0) > 0
    },
  }
}
