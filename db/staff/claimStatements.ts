import { and, inArray, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { stepsMatch, type StepFilter } from './workFilters.js'

export type How = 'next' | 'manual' | 'assigned'
/** Until when a lease runs that begins now: with a note being written it crosses the closing, else it ends there (D26). */
export interface Lease {
  readonly short: number
  readonly long: number
}
export interface ClaimOrder {
  /** Used once, ever: a second claim under it takes nothing. */
  readonly claimId: string
  /** In the order of preference of the list; the first that is free is taken. */
  readonly ticketIds: readonly string[]
  readonly agentId: string
  readonly byId: string
  readonly how: How
  readonly reason: string | null
  readonly now: number
  /** Per office; tickets of other offices are not taken. */
  readonly leases: ReadonlyMap<string, Lease>
  readonly wipLimit: number
  readonly steps: readonly StepFilter[]
  /** Must it be released already? */
  readonly releasedOnly: boolean
  readonly undatedMs: number
  /** Close first what has run out: without it, what somebody held until just now is not taken. */
  readonly tidy: boolean
}

/** A number that PostgreSQL takes for a bigint wherever it stands. */
export const whole = (value: number): SQL => sql.raw(String(Math.trunc(value)))
const text = (value: string | null): SQL => sql`cast(${value} as text)`

export const movedOn = ({ assignments, tickets }: Sql['t']): SQL =>
  sql`exists (select 1 from ${tickets} where ${tickets.id} = ${assignments.ticketId} and ${tickets.standing} <> 'waitingOnUs')`

export const slots = (limit: number): SQL =>
  sql.raw(
    `(${Array.from({ length: limit }, (_, n) => (n === 0 ? 'select 0 as n' : `select ${n}`)).join(' union all ') || 'select 0 as n where 1 = 0'})`,
  )
export const freeSlot = ({ assignments }: Sql['t'], agentId: string): SQL =>
  sql`not exists (select 1 from ${assignments} as mine where mine.agent_id = ${agentId} and mine.slot = free.n)`

/** The statements that claims are made of. The log is written from the rows themselves, in the same transaction. */
export function claimStatements(store: Sql) {
  return { ...ending(store), ...taking(store) }
}
type Db = Sql['write']

function ending({ t }: Sql) {
  const { assignments, assignmentLog } = t
  return {
    /** `how` null: says by itself whether the lease ran out or the ticket went on. */
    end(
      db: Db,
      which: SQL | undefined,
      end: { readonly how: string | null; readonly byId: string; readonly reason: string | null; readonly at: number },
    ) {
      const expired = sql`${assignments.leaseUntil} <= ${end.at}`
      const how = end.how === null ? sql`case when ${expired} then 'expired' else 'moved' end` : text(end.how)
      const at =
        end.how === null
          ? sql`case when ${expired} then ${assignments.leaseUntil} else ${whole(end.at)} end`
          : whole(end.at)
      return db
        .insert(assignmentLog)
        .select(
          sql`select ${assignments.claimId}, 'ended', ${assignments.ticketId}, ${assignments.agentId}, ${text(end.byId)}, ${how}, ${text(end.reason)}, ${at}, ${whole(end.at)}
            from ${assignments} where ${which} order by ${assignments.claimId}`,
        )
        .onConflictDoNothing()
        .returning({ id: assignmentLog.claimId })
    },
    /** Only what the log says has ended goes. */
    remove: (db: Db, which: SQL | undefined) =>
      db
        .delete(assignments)
        .where(
          and(
            which,
            sql`exists (select 1 from ${assignmentLog} where ${assignmentLog.claimId} = ${assignments.claimId} and ${assignmentLog.fact} = 'ended')`,
          ),
        )
        .returning(),
  }
}

function taking({ t, shared }: Sql) {
  const { assignments, assignmentLog, tickets, workDrafts } = t
  return {
    take(db: Db, order: ClaimOrder) {
      const { ticketIds, claimId, agentId, how, reason, byId, now, leases, steps, undatedMs } = order
      const offices = [...leases]
      const lease = (which: keyof Lease): SQL =>
        sql`case ${tickets.officeId} ${sql.join(
          offices.map(([id, it]) => sql`when ${id} then ${whole(it[which])}`),
          sql` `,
        )} end`
      const drafted = sql`exists (select 1 from ${workDrafts} where ${workDrafts.ticketId} = ${tickets.id} and ${workDrafts.agentId} = ${agentId})`
      const where = and(
        inArray(tickets.id, [...ticketIds]),
        // Expressions, so that SQLite looks these few up by their ids instead of walking all that wait in an office.
        sql`(${tickets.standing} || '') = 'waitingOnUs'`,
        order.releasedOnly ? sql`${tickets.releasedAt} <= ${now}` : undefined,
        inArray(
          sql`(${tickets.officeId} || '')`,
          offices.map(([id]) => id),
        ),
        stepsMatch(tickets, steps),
        sql`not exists (select 1 from ${assignments} as held where held.ticket_id = ${tickets.id})`,
        sql`not exists (select 1 from ${assignmentLog} where ${assignmentLog.claimId} = ${claimId})`,
        freeSlot(t, agentId),
      )
      // Those that claim together pass over what another is just taking; SQLite has one writer anyway.
      const skip = shared ? sql` for no key update of ${tickets} skip locked` : sql``
      return db
        .insert(assignments)
        .select(
          sql`select ${tickets.id}, ${text(claimId)}, ${text(agentId)}, ${tickets.officeId}, free.n, ${text(how)}, ${text(reason)}, ${text(byId)},
              ${whole(now)}, ${whole(now)}, case when ${drafted} then ${lease('long')} else ${lease('short')} end, ${drafted}
            from ${tickets} cross join ${slots(order.wipLimit)} free where ${where}
            order by coalesce(${tickets.nextDueAt}, ${tickets.filedAt} + ${whole(undatedMs)}), ${tickets.id}, free.n limit 1${skip}`,
        )
        .onConflictDoNothing()
        .returning()
    },
    /** Breaks a constraint, and with it the whole transaction, where the claim was not taken: nobody loses a ticket to nobody. */
    insist: (db: Db, { claimId, now }: ClaimOrder) =>
      db
        .insert(assignmentLog)
        .select(
          sql`select ${text(claimId)}, cast(null as text), '', '', '', '', cast(null as text), ${whole(now)}, ${whole(now)}
            where not exists (select 1 from ${assignments} where ${assignments.claimId} = ${claimId})`,
        )
        .returning({ id: assignmentLog.claimId }),
    note: (db: Db, { claimId, agentId }: ClaimOrder) =>
      db
        .insert(assignmentLog)
        .select(
          sql`select ${assignments.claimId}, 'claimed', ${assignments.ticketId}, ${assignments.agentId}, ${assignments.byId}, ${assignments.how}, ${assignments.reason},
              ${assignments.claimedAt}, ${assignments.claimedAt} from ${assignments}
            where ${assignments.claimId} = ${claimId} and ${assignments.agentId} = ${agentId}`,
        )
        .onConflictDoNothing()
        .returning({ id: assignmentLog.claimId }),
  }
}
