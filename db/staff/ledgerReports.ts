import { and, between, eq, gt, inArray, isNotNull, isNull, lte, or, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** What is counted: days of the offices, both included, as things stood at `asOf` (epoch ms); `offices` null: all. */
export interface Span {
  readonly from: string
  readonly until: string
  readonly asOf: number
  readonly offices: readonly string[] | null
}
interface Placed {
  readonly officeId: string
  readonly route: string
}
interface Policed extends Placed {
  readonly policy: string
}
export interface AttainmentRow extends Policed {
  readonly day: string
  readonly target: string
  readonly met: number
  readonly metLate: number
  readonly breached: number
  readonly void: number
}
export interface AgeRow extends Policed {
  /** Whole days of 24 hours. */
  readonly days: number
  readonly count: number
}
export interface FlowRow extends Placed {
  readonly day: string
  readonly filed: number
  readonly reopened: number
  readonly closed: number
}
export interface HandlingRow extends Policed {
  readonly minutes: number
  readonly count: number
}
export interface QualityRow extends Policed {
  readonly closed: number
  readonly reopened: number
  readonly objections: number
}
export interface PauseRow extends Policed {
  readonly target: string
  readonly cause: string
  readonly count: number
  readonly minutes: number
}
export interface LoadRow {
  readonly officeId: string
  readonly actorId: string
  readonly acts: number
  /** Tickets worked on in a day, added up over the days. */
  readonly ticketDays: number
  readonly days: number
}
export interface ReasonRow extends Placed {
  readonly target: string
  /** Null: nobody has said why. */
  readonly reason: string | null
  readonly count: number
}

/** Sums over the ledger; each reads one index, and says the same for the same instant whenever it is asked. */
export interface LedgerReports {
  attainment(span: Span): Promise<readonly AttainmentRow[]>
  ages(span: Pick<Span, 'asOf' | 'offices'>): Promise<readonly AgeRow[]>
  flow(span: Span): Promise<readonly FlowRow[]>
  handling(span: Span): Promise<readonly HandlingRow[]>
  quality(span: Span): Promise<readonly QualityRow[]>
  pauses(span: Span): Promise<readonly PauseRow[]>
  load(span: Span): Promise<readonly LoadRow[]>
  breachReasonsIn(span: Span): Promise<readonly ReasonRow[]>
}

const DAY_MS = 86_400_000
/** Counts come as text from PostgreSQL where they may be large. */
const count = sql<number>`count(*)`.mapWith(Number)
const sum = (test: SQL) => sql<number>`coalesce(sum(case when ${test} then 1 else 0 end), 0)`.mapWith(Number)

export const ledgerReports = (sql: Sql): LedgerReports => ({
  ...overPromises(sql),
  ...overStays(sql),
  ...overActs(sql),
})

type Over<Name extends keyof LedgerReports> = Pick<LedgerReports, Name>

function overPromises({ t, read }: Sql): Over<'attainment' | 'pauses' | 'breachReasonsIn'> {
  const { slaFacts: fact, slaPauses: pause, breachReasons: said } = t
  const decided = ({ from, until, asOf, offices }: Span) =>
    and(
      between(fact.verdictDay, from, until),
      offices === null ? undefined : inArray(fact.officeId, [...offices]),
      lte(fact.verdictAt, asOf),
    )
  return {
    async attainment(span) {
      const late = eq(fact.verdict, 'late')
      const kept = sql`${late} and ${fact.ended} = 'metLate' and ${fact.settledAt} <= ${span.asOf}`
      const place = { officeId: fact.officeId, route: fact.route, policy: fact.policy, target: fact.target }
      const rows = await read
        .select({
          ...{ day: fact.verdictDay, ...place },
          met: sum(sql`${fact.verdict} = 'met'`),
          metLate: sum(kept),
          late: sum(late),
          void: sum(sql`${fact.verdict} = 'void'`),
        })
        .from(fact)
        .where(decided(span))
        .groupBy(fact.verdictDay, fact.officeId, fact.route, fact.policy, fact.target)
      return rows.map(({ late: all, day, ...row }) => ({ ...row, day: day ?? '', breached: all - row.metLate }))
    },
    async pauses({ from, until, asOf, offices }) {
      const { officeId, route, policy, target, cause } = pause
      const within = and(
        between(pause.untilDay, from, until),
        offices === null ? undefined : inArray(officeId, [...offices]),
        lte(pause.untilAt, asOf),
      )
      return read
        .select({
          ...{ officeId, route, policy, target, cause, count },
          minutes: sql<number>`sum(${pause.minutes})`.mapWith(Number),
        })
        .from(pause)
        .where(within)
        .groupBy(officeId, route, policy, target, cause)
    },
    async breachReasonsIn(span) {
      const same = and(
        eq(said.ticketId, fact.ticketId),
        eq(said.target, fact.target),
        eq(said.cycle, fact.cycle),
        lte(said.at, span.asOf),
      )
      return read
        .select({ officeId: fact.officeId, route: fact.route, target: fact.target, reason: said.reason, count })
        .from(fact)
        .leftJoin(said, same)
        .where(and(decided(span), eq(fact.verdict, 'late')))
        .groupBy(fact.officeId, fact.route, fact.target, said.reason)
    },
  }
}

function overStays({ t, read }: Sql): Over<'ages' | 'flow' | 'handling'> {
  const { ledgerStays: stay } = t
  const { officeId, route, policy } = stay
  const at = (offices: Span['offices']) => (offices === null ? undefined : inArray(officeId, [...offices]))
  const begun = ({ from, until, asOf, offices }: Span) =>
    and(between(stay.fromDay, from, until), at(offices), lte(stay.fromAt, asOf), sql`${stay.began} <> 'moved'`)
  const closed = ({ from, until, asOf, offices }: Span) =>
    and(between(stay.untilDay, from, until), at(offices), lte(stay.untilAt, asOf), eq(stay.ended, 'closed'))
  return {
    async ages({ asOf, offices }) {
      const days = sql<number>`cast((${asOf} - ${stay.openedAt}) / ${sql.raw(String(DAY_MS))} as integer)`
      const aged = read
        .select({ officeId, route, policy, days: days.mapWith(Number).as('days') })
        .from(stay)
        .where(and(or(isNull(stay.untilAt), gt(stay.untilAt, asOf)), lte(stay.fromAt, asOf), at(offices)))
        .as('aged')
      return read
        .select({ officeId: aged.officeId, route: aged.route, policy: aged.policy, days: aged.days, count })
        .from(aged)
        .groupBy(aged.officeId, aged.route, aged.policy, aged.days)
    },
    async flow(span) {
      const arrived = await read
        .select({ day: stay.fromDay, officeId, route, filed: sum(eq(stay.began, 'filed')), all: count })
        .from(stay)
        .where(begun(span))
        .groupBy(stay.fromDay, officeId, route)
      const gone = await read
        .select({ day: stay.untilDay, officeId, route, closed: count })
        .from(stay)
        .where(closed(span))
        .groupBy(stay.untilDay, officeId, route)
      const rows = arrived.map(({ all, ...row }) => ({ ...row, reopened: all - row.filed, closed: 0 }))
      return summed(
        [...rows, ...gone.map((row) => ({ ...row, day: row.day ?? '', filed: 0, reopened: 0 }))],
        (row) => `${row.day} ${row.officeId} ${row.route}`,
        ['filed', 'reopened', 'closed'],
      )
    },
    async handling(span) {
      const rows = await read
        .select({ officeId, route, policy, minutes: stay.handlingMinutes, count })
        .from(stay)
        .where(and(closed(span), isNotNull(stay.handlingMinutes)))
        .groupBy(officeId, route, policy, stay.handlingMinutes)
      return rows.map((row) => ({ ...row, minutes: row.minutes ?? 0 }))
    },
  }
}

function overActs({ t, read }: Sql): Over<'load' | 'quality'> {
  const { ledgerActs: act, ledgerStays: stay } = t
  const office = (column: typeof act.officeId | typeof stay.officeId, offices: Span['offices']) =>
    offices === null ? undefined : inArray(column, [...offices])
  const within = ({ from, until, asOf, offices }: Span) =>
    and(between(act.day, from, until), office(act.officeId, offices), lte(act.at, asOf))
  return {
    async load(span) {
      const { officeId, actorId, day, kind } = act
      // Each kind in the order of its index, so that PostgreSQL sorts days of officers and not every act. A day begins with a `first`.
      const daily = (which: 'first' | 'more') =>
        read
          .select({
            ...{ officeId, actorId },
            acts: sql<number>`count(*)`.as('acts'),
            fresh: (which === 'first' ? sql<number>`count(*)` : sql<number>`0`).as('fresh'),
            days: sql<number>`${sql.raw(which === 'first' ? '1' : '0')}`.as('days'),
          })
          .from(act)
          .where(and(eq(kind, which), within(span)))
          .groupBy(day, officeId, actorId)
      const both = daily('first').unionAll(daily('more')).as('daily')
      return read
        .select({
          ...{ officeId: both.officeId, actorId: both.actorId },
          acts: sql<number>`sum(${both.acts})`.mapWith(Number),
          ticketDays: sql<number>`sum(${both.fresh})`.mapWith(Number),
          days: sql<number>`sum(${both.days})`.mapWith(Number),
        })
        .from(both)
        .groupBy(both.officeId, both.actorId)
    },
    async quality(span) {
      const { from, until, asOf, offices } = span
      const here = office(stay.officeId, offices)
      const place = { officeId: stay.officeId, route: stay.route, policy: stay.policy }
      const by = [stay.officeId, stay.route, stay.policy] as const
      const closed = await read
        .select({ ...place, closed: count })
        .from(stay)
        .where(and(between(stay.untilDay, from, until), here, lte(stay.untilAt, asOf), eq(stay.ended, 'closed')))
        .groupBy(...by)
      const reopened = await read
        .select({ ...place, reopened: count })
        .from(stay)
        .where(and(between(stay.fromDay, from, until), here, lte(stay.fromAt, asOf), eq(stay.began, 'reopened')))
        .groupBy(...by)
      const objections = await read
        .select({ officeId: act.officeId, route: act.route, policy: act.policy, objections: count })
        .from(act)
        .where(and(sql`${act.kind} = 'objection'`, within(span)))
        .groupBy(act.officeId, act.route, act.policy)
      const none = { closed: 0, reopened: 0, objections: 0 }
      return summed(
        [...closed, ...reopened, ...objections].map((row) => ({ ...none, ...row })),
        (row) => `${row.officeId} ${row.route} ${row.policy}`,
        ['closed', 'reopened', 'objections'],
      )
    },
  }
}

/** Rows of one key as one, their numbers added. */
export function summed<Row extends object>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  numbers: readonly (keyof Row & string)[],
): readonly Row[] {
  const found = new Map<string, Record<string, unknown>>()
  for (const row of rows) {
    const key = keyOf(row)
    const known = found.get(key)
    if (known === undefined) found.set(key, { ...(row as Record<string, unknown>) })
    else for (const name of numbers) known[name] = Number(known[name]) + Number(row[name as keyof Row])
  }
  return [...found.values()] as Row[]
}
