import { and, asc, eq, gt, inArray, sql, type Placeholder, type SQL } from 'drizzle-orm'
import type { Bound } from './worklistWalk.js'
import { rootOf } from '../errors.js'
import type { Sql } from '../sql.js'
import {
  claimStatements,
  freeSlot,
  movedOn,
  slots,
  whole,
  type ClaimOrder,
  type How,
  type Lease,
} from './claimStatements.js'

export type { ClaimOrder, How, Lease } from './claimStatements.js'

/** Who holds a ticket, as long as `leaseUntil` lies ahead. */
export interface Assignment {
  readonly ticketId: string
  readonly claimId: string
  readonly agentId: string
  readonly officeId: string
  readonly slot: number
  readonly how: How
  readonly reason: string | null
  readonly byId: string
  readonly claimedAt: number
  readonly heartbeatAt: number
  readonly leaseUntil: number
  readonly draft: boolean
}
export interface AssignmentEntry {
  readonly claimId: string
  readonly fact: 'claimed' | 'ended'
  readonly ticketId: string
  readonly agentId: string
  readonly byId: string
  readonly how: string
  readonly reason: string | null
  readonly at: number
  readonly recordedAt: number
}
export interface AssignmentStore {
  /** Live or run out. */
  findAssignment(ticketId: string): Promise<Assignment | null>
  assignmentsOf(ticketIds: readonly string[]): Promise<readonly Assignment[]>
  heldBy(agentId: string, now: number): Promise<readonly Assignment[]>
  /** Is there something that a claim of this person would close first? */
  anyOver(agentId: string, now: number): Promise<boolean>
  /** The claim, and leases that had run out and were closed on the way. `claimed` null: taken by somebody else, or no place left, or its id is used. */
  claim(order: ClaimOrder): Promise<{ readonly claimed: Assignment | null; readonly closed: readonly Assignment[] }>
  /** Takes the ticket from whoever holds it (`from` null: from anybody) and gives it to another in one transaction, or changes nothing: also when somebody else gives that person another ticket at the same time. */
  reassign(order: ClaimOrder, from: string | null): Promise<Assignment | null>
  /** Prolongs a live lease; null when it is no longer live or somebody else's. */
  heartbeat(ticketId: string, agentId: string, now: number, lease: Lease): Promise<Assignment | null>
  /** Ends a claim; `agentId` null: whoever holds it. Null when there was none. */
  endAssignment(
    ticketId: string,
    agentId: string | null,
    end: { readonly how: string; readonly byId: string; readonly reason: string | null; readonly at: number },
  ): Promise<Assignment | null>
  /** Closes what has run out, and claims on tickets that no longer wait for us. */
  closeEnded(now: number): Promise<readonly Assignment[]>
  findClaim(claimId: string): Promise<AssignmentEntry | null>
  assignmentLogOf(ticketId: string): Promise<readonly AssignmentEntry[]>
}

export function assignmentStore(store: Sql): AssignmentStore {
  return { ...lookups(store), ...taking(store), ...keeping(store) }
}

type Lookups = Pick<AssignmentStore, 'findAssignment' | 'assignmentsOf' | 'heldBy' | 'findClaim' | 'assignmentLogOf'>
function lookups({ t, read, byKey }: Sql): Lookups {
  const { assignments, assignmentLog } = t
  const live = read
    .select()
    .from(assignments)
    .where(and(eq(assignments.agentId, sql.placeholder('agentId')), gt(assignments.leaseUntil, sql.placeholder('now'))))
    .orderBy(asc(assignments.claimedAt))
    .prepare('assignments_of_agent')
  const byClaim = read
    .select()
    .from(assignmentLog)
    .where(and(eq(assignmentLog.claimId, sql.placeholder('claimId')), eq(assignmentLog.fact, 'claimed')))
    .prepare('assignment_by_claim')
  return {
    findAssignment: byKey(assignments, 'ticketId'),
    async assignmentsOf(ticketIds) {
      if (ticketIds.length === 0) return []
      return read
        .select()
        .from(assignments)
        .where(inArray(assignments.ticketId, [...ticketIds]))
    },
    heldBy: async (agentId, now) => live.execute({ agentId, now }),
    findClaim: async (claimId) => (await byClaim.execute({ claimId }))[0] ?? null,
    assignmentLogOf: async (ticketId) =>
      read
        .select()
        .from(assignmentLog)
        .where(eq(assignmentLog.ticketId, ticketId))
        .orderBy(asc(assignmentLog.at), asc(assignmentLog.fact)),
  }
}

function taking(store: Sql): Pick<AssignmentStore, 'anyOver' | 'claim' | 'reassign'> {
  const { t, read, atomically } = store
  const { assignments } = t
  const write = claimStatements(store)
  const some = read
    .select({ id: assignments.ticketId })
    .from(assignments)
    .where(overFor(store, { now: sql.placeholder('now'), agentId: sql.placeholder('agentId') }))
    .limit(1)
    .prepare('assignments_over')
  return {
    anyOver: async (agentId, now) => (await some.execute({ agentId, now })).length > 0,
    async claim(order) {
      const over = overFor(store, order)
      const results = (await atomically((db) => [
        ...(order.tidy
          ? [write.end(db, over, { how: null, byId: 'system', reason: null, at: order.now }), write.remove(db, over)]
          : []),
        write.take(db, order),
        write.note(db, order),
      ])) as readonly (readonly Assignment[])[]
      const [closed, claimed] = order.tidy ? [results[1], results[2]] : [[], results[0]]
      return { claimed: claimed?.[0] ?? null, closed: closed ?? [] }
    },
    async reassign(order, from) {
      const [ticketId = ''] = order.ticketIds
      const { byId, reason, now, agentId } = order
      // Ends only where the next claim will be taken: the ticket waits for us, and there is a place left.
      const held = and(
        eq(assignments.ticketId, ticketId),
        from === null ? undefined : and(eq(assignments.agentId, from), gt(assignments.leaseUntil, now)),
        sql`not ${movedOn(t)}`,
        sql`exists (select 1 from ${slots(order.wipLimit)} free where ${freeSlot(t, agentId)})`,
      )
      try {
        const [, , taken] = (await atomically((db) => [
          write.end(db, held, { how: 'reassigned', byId, reason, at: now }),
          write.remove(db, eq(assignments.ticketId, ticketId)),
          write.take(db, order),
          write.note(db, order),
          write.insist(db, order),
        ])) as readonly (readonly Assignment[])[]
        return taken?.[0] ?? null
      } catch (error) {
        if (isInsisted(error)) return null
        throw error
      }
    },
  }
}
/** What stands in this claim's way and holds nothing any more: two walks of two indexes, however many others hold something. */
const overFor = ({ t }: Sql, { now, agentId }: { now: Bound; agentId: string | Placeholder }): SQL =>
  sql`${t.assignments.ticketId} in (select a.ticket_id from ${t.assignments} as a where a.lease_until <= ${now}
    union all select a.ticket_id from ${t.assignments} as a join ${t.tickets} on ${t.tickets.id} = a.ticket_id
    where a.agent_id = ${agentId} and ${t.tickets.standing} <> 'waitingOnUs')`

/** The one NULL that `insist` writes. */
const isInsisted = (error: unknown): boolean => {
  const root = rootOf(error)
  return root instanceof Error && /null/i.test(root.message) && /assignment_log/.test(root.message)
}

function keeping(store: Sql): Pick<AssignmentStore, 'heartbeat' | 'endAssignment' | 'closeEnded'> {
  const { t, write, atomically } = store
  const { assignments, workDrafts } = t
  const parts = claimStatements(store)
  return {
    async heartbeat(ticketId, agentId, now, { short, long }) {
      const drafted = sql`exists (select 1 from ${workDrafts} where ${workDrafts.ticketId} = ${ticketId} and ${workDrafts.agentId} = ${agentId})`
      const [row] = await write
        .update(assignments)
        .set({
          heartbeatAt: now,
          draft: sql`${drafted}`,
          leaseUntil: sql`case when ${drafted} then ${whole(long)} else ${whole(short)} end`,
        })
        .where(
          and(eq(assignments.ticketId, ticketId), eq(assignments.agentId, agentId), gt(assignments.leaseUntil, now)),
        )
        .returning()
      return row ?? null
    },
    async endAssignment(ticketId, agentId, end) {
      const which = and(
        eq(assignments.ticketId, ticketId),
        agentId === null ? undefined : eq(assignments.agentId, agentId),
        gt(assignments.leaseUntil, end.at),
      )
      const [, removed] = (await atomically((db) => [
        parts.end(db, which, end),
        parts.remove(db, eq(assignments.ticketId, ticketId)),
      ])) as readonly (readonly Assignment[])[]
      return removed?.[0] ?? null
    },
    async closeEnded(now) {
      const over = sql`${assignments.leaseUntil} <= ${now} or ${movedOn(t)}`
      const [, removed] = (await atomically((db) => [
        parts.end(db, over, { how: null, byId: 'system', reason: null, at: now }),
        parts.remove(db, over),
      ])) as readonly (readonly Assignment[])[]
      return removed ?? []
    },
  }
}
