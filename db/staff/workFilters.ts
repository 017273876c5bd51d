import { and, eq, inArray, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Bound } from './worklistWalk.js'
import type { SkillRule } from './workTypes.js'

type Tickets = Sql['t']['tickets']
/** States of a type that somebody may work on; `type` null with `except`: types that the policy does not name. */
export interface StepFilter {
  readonly type: string | null
  readonly except: readonly string[]
  /** Null: every state. */
  readonly states: readonly string[] | null
}
export interface WorkFilter {
  readonly type?: string | undefined
  readonly state?: string | undefined
  readonly route?: string | undefined
  readonly cause?: string | undefined
  /** A risk flag of this code; `any`: some flag. */
  readonly risk?: string | undefined
  readonly unassigned?: boolean | undefined
  readonly unreleased?: false | undefined
}
/** Nobody's live lease stands on it. */
export const unheld = ({ assignments, tickets }: Sql['t'], now: Bound): SQL =>
  sql`not exists (select 1 from ${assignments} where ${assignments.ticketId} = ${tickets.id} and ${assignments.leaseUntil} > ${now})`

export function filtersOf(t: Sql['t'], filter: WorkFilter, now: Bound): SQL[] {
  const { tickets, riskFlags } = t
  const equal = (['type', 'state', 'route', 'cause'] as const).flatMap((key) =>
    filter[key] === undefined ? [] : [sql`(${tickets[key]} || '') = ${filter[key]}`],
  )
  const { risk } = filter
  const code = risk === undefined || risk === 'any' ? sql`` : sql` and ${riskFlags.code} = ${risk}`
  const flagged = sql`exists (select 1 from ${riskFlags} where ${riskFlags.ticketId} = ${tickets.id}${code})`
  return [...equal, ...(risk === undefined ? [] : [flagged]), ...(filter.unassigned === true ? [unheld(t, now)] : [])]
}

/** Null rules never match: nobody may do anything. */
export function stepsMatch(tickets: Tickets, steps: readonly StepFilter[]): SQL {
  const parts = steps.map(({ type, except, states }) =>
    and(
      type === null
        ? except.length === 0
          ? sql`1 = 1`
          : notInArray(tickets.type, [...except])
        : eq(tickets.type, type),
      states === null ? undefined : inArray(tickets.state, [...states]),
    ),
  )
  return or(...parts) ?? sql`1 = 0`
}

export function ruleMatches({ tickets, riskFlags }: Sql['t'], { when }: SkillRule): SQL {
  const equal = (['type', 'route', 'category'] as const).flatMap((key) =>
    when[key] === undefined ? [] : [eq(tickets[key], when[key])],
  )
  const cause = when.cause === undefined ? [] : [sql`coalesce(${tickets.cause}, '') = ${when.cause}`]
  const risk =
    when.risk === undefined
      ? []
      : [
          sql`exists (select 1 from ${riskFlags} where ${riskFlags.ticketId} = ${tickets.id} and ${riskFlags.code} = ${when.risk})`,
        ]
  return and(...equal, ...cause, ...risk) ?? sql`1 = 1`
}
