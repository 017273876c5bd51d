import { and, desc, eq, getTableColumns, gt, inArray, isNotNull, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Channel } from './people.js'
import type { NewTask } from './tasks.js'

export type ChallengePurpose = 'prove' | 'access'

/** One code asked for: where it goes, what became of it. The code itself is nowhere. */
export interface ChallengeRow {
  readonly id: string
  readonly ticketId: string
  readonly purpose: ChallengePurpose
  readonly channel: Channel
  /** Of the contact: a code for an earlier address opens nothing (R-OTP-6). */
  readonly generation: number
  readonly addressIndex: string
  readonly personIndex: string | null
  readonly deviceIndex: string | null
  readonly createdAt: number
  readonly sentAt: number | null
  readonly expiresAt: number | null
  readonly codeMac: string | null
  readonly tries: number
  readonly consumedAt: number | null
  readonly supersededAt: number | null
}
export type NewChallenge = Omit<
  ChallengeRow,
  'sentAt' | 'expiresAt' | 'codeMac' | 'tries' | 'consumedAt' | 'supersededAt'
>

/** At most `max` challenges with one of these values in any `windowMs`. */
export interface Budget {
  readonly id: string
  readonly by: 'address' | 'ticket' | 'person' | 'device' | 'channel'
  /** The same value under every index key that is in use. */
  readonly values: readonly string[]
  readonly windowMs: number
  readonly max: number
  /** Shared with other tickets: never refuses a ticket its first code on a channel, or one could lock another out. */
  readonly sparesFirst?: boolean
}

export interface ChallengeStore {
  /**
   * Writes it and supersedes the earlier ones of its ticket, channel and purpose, unless a budget is spent. However many ask at once, on
   * however many processes, no budget is exceeded.
   */
  addChallenge(row: NewChallenge, budgets: readonly Budget[]): Promise<boolean>
  /** Since when each spent budget is: it has room again `windowMs` later. Only those that are spent. */
  spentBudgets(budgets: readonly Budget[], now: number): Promise<readonly { budget: Budget; since: number }[]>
  findChallenge(id: string): Promise<ChallengeRow | null>
  /** What a code is good for from now on; false when the challenge was superseded or used. */
  setCode(id: string, code: Required<Pick<ChallengeRow, 'codeMac' | 'sentAt' | 'expiresAt'>>): Promise<boolean>
  /** Counts a try against the newest challenge, before anything is compared (R-OTP-1). Null when there is none. */
  countTry(ticketId: string, channel: Channel, purpose: ChallengePurpose): Promise<ChallengeRow | null>
  /** Once, and for the address it was made for: true for one caller at most (R-OTP-2). */
  consume(challenge: Pick<ChallengeRow, 'id'>, at: number): Promise<boolean>
  /** `consume`, the contact marked proven, and the task that tells the ticket: all or none. */
  consumeAndProve(challenge: ChallengeRow, at: number, task: NewTask): Promise<boolean>
}

export function challengeStore(db: Sql): ChallengeStore {
  return { ...requests(db), ...tries(db) }
}

/** Transactions that add a challenge wait for each other: what one counts, no other may be adding to. */
const LOCK = 0x70756c69
const DAY_MS = 86_400_000

/** Conditions on what is left of a budget. */
function usage({ t: { challenges } }: Sql) {
  const columns = {
    address: challenges.addressIndex,
    ticket: challenges.ticketId,
    person: challenges.personIndex,
    device: challenges.deviceIndex,
    channel: challenges.channel,
  }
  const within = ({ by, values, windowMs }: Budget, now: number) =>
    and(inArray(columns[by], [...values]), gt(challenges.createdAt, now - windowMs))
  const count = (which: SQL | undefined): SQL => sql`(select count(*) from ${challenges} where ${which})`

  const room = (budget: Budget, row: NewChallenge): SQL => {
    const left = sql`${count(within(budget, row.createdAt))} < ${budget.max}`
    if (budget.sparesFirst !== true) return left
    const own = and(
      eq(challenges.ticketId, row.ticketId),
      eq(challenges.channel, row.channel),
      gt(challenges.createdAt, row.createdAt - DAY_MS),
    )
    return sql`(${left} or ${count(own)} = 0)`
  }
  return { within, room }
}

type Requests = Pick<ChallengeStore, 'addChallenge' | 'spentBudgets' | 'findChallenge' | 'setCode'>
function requests(db: Sql): Requests {
  const { t, read, write, atomically, shared } = db
  const { challenges } = t
  const { within, room } = usage(db)
  return {
    async addChallenge(row, budgets) {
      const values: Readonly<Record<string, unknown>> = { ...row, tries: 0 }
      // The casts tell PostgreSQL what the parameters are; SQLite takes them as they are.
      const cells = Object.entries(getTableColumns(challenges)).map(([name, { dataType }]) => {
        const value = values[name] ?? null
        return dataType === 'number' ? sql`cast(${value} as bigint)` : sql`cast(${value} as text)`
      })
      const guards = budgets.map((budget) => room(budget, row))
      const where = guards.length === 0 ? sql`` : sql` where ${sql.join(guards, sql` and `)}`
      const results = await atomically((db) => [
        ...(shared ? [db.select({ held: sql`pg_advisory_xact_lock(${LOCK})` }).from(sql`(select 1) as one`)] : []),
        db
          .insert(challenges)
          .select(sql`select ${sql.join(cells, sql`, `)}${where}`)
          .returning({ id: challenges.id }),
        db
          .update(challenges)
          .set({ supersededAt: row.createdAt })
          .where(
            and(
              eq(challenges.ticketId, row.ticketId),
              eq(challenges.channel, row.channel),
              eq(challenges.purpose, row.purpose),
              ne(challenges.id, row.id),
              isNull(challenges.supersededAt),
              isNull(challenges.consumedAt),
              sql`exists (select 1 from ${challenges} as added where added.id = ${row.id})`,
            ),
          )
          .returning({ id: challenges.id }),
      ])
      return (results.at(-2)?.length ?? 0) > 0
    },
    async spentBudgets(budgets, now) {
      const spent: { budget: Budget; since: number }[] = []
      for (const budget of budgets) {
        const rows = await read
          .select({ at: challenges.createdAt })
          .from(challenges)
          .where(within(budget, now))
          .orderBy(desc(challenges.createdAt))
          .limit(budget.max)
        const since = rows[budget.max - 1]?.at
        if (since !== undefined) spent.push({ budget, since })
      }
      return spent
    },
    async findChallenge(id) {
      const [row] = await read.select().from(challenges).where(eq(challenges.id, id))
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
    async countTry(ticketId, channel, purpose) {
      const newest = sql`(select ${challenges.id} from ${challenges} where ${and(
        eq(challenges.ticketId, ticketId),
        eq(challenges.channel, channel),
        eq(challenges.purpose, purpose),
        isNull(challenges.supersededAt),
      )} order by ${challenges.createdAt} desc, ${challenges.id} desc limit 1)`
      const [row] = await write
        .update(challenges)
        .set({ tries: sql`${challenges.tries} + 1` })
        .where(and(sql`${challenges.id} = ${newest}`, lt(challenges.tries, TRIES_COUNTED)))
        .returning()
      return row ?? null
    },
    async consume({ id }, at) {
      const done = await write
        .update(challenges)
        .set({ consumedAt: at })
        .where(unused(id))
        .returning({ id: challenges.id })
      return done.length > 0
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
