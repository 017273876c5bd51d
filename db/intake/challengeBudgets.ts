import { and, count, desc, eq, gt, inArray, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Budget, ChallengeStore, NewChallenge } from './challengeRows.js'

const DAY_MS = 86_400_000

/** What is left of a budget, from the challenges themselves. */
export function challengeBudgets({ t: { challenges }, read }: Sql) {
  const columns = {
    address: challenges.addressIndex,
    ticket: challenges.ticketId,
    person: challenges.personIndex,
    device: challenges.deviceIndex,
    channel: challenges.channel,
  }
  const within = ({ by, values, windowMs, purpose }: Budget, now: number) =>
    and(
      inArray(columns[by], [...values]),
      gt(challenges.createdAt, now - windowMs),
      purpose === undefined ? undefined : eq(challenges.purpose, purpose),
    )
  const own = ({ ticketId, channel, purpose, createdAt }: NewChallenge) =>
    and(
      eq(challenges.ticketId, ticketId),
      eq(challenges.channel, channel),
      eq(challenges.purpose, purpose),
      gt(challenges.createdAt, createdAt - DAY_MS),
    )
  const rows = (which: SQL | undefined): SQL => sql`(select count(*) from ${challenges} where ${which})`

  /** The condition under which it leaves room for one more; part of the statement that adds it. */
  const room = (budget: Budget, row: NewChallenge): SQL => {
    const used = rows(within(budget, row.createdAt))
    const { max, sparesFirst = false, keptForFirst = 0 } = budget
    const left = sql`${used} < ${max - keptForFirst}`
    if (sparesFirst) return sql`(${left} or ${rows(own(row))} = 0)`
    if (keptForFirst > 0) return sql`(${left} or (${used} < ${max} and ${rows(own(row))} = 0))`
    return left
  }

  const spent: ChallengeStore['spentBudgets'] = async (row, budgets) => {
    const [mine] = await read.select({ rows: count() }).from(challenges).where(own(row))
    const isFirst = mine?.rows === 0
    const found: { budget: Budget; since: number }[] = []
    for (const budget of budgets) {
      const { max, sparesFirst = false, keptForFirst = 0 } = budget
      if (isFirst && sparesFirst) continue
      const places = isFirst ? max : max - keptForFirst
      const newest = await read
        .select({ at: challenges.createdAt })
        .from(challenges)
        .where(within(budget, row.createdAt))
        .orderBy(desc(challenges.createdAt))
        .limit(places)
      const since = newest[places - 1]?.at
      if (since !== undefined) found.push({ budget, since })
    }
    return found
  }
  return { room, spent }
}
