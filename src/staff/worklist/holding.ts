import type { Assignment, ClaimOrder } from '../../../db/staff/assignments.js'
import { PulihError } from '../../engine/errors.js'
import type { Role } from '../../machines/ticketType.js'
import { assignedLeaseAt, claimIdOf, leaseAt, reachedTicket, renew, windowsAt } from './access.js'
import { barredByHand, barredByRole, barredFrom, isBar, notClaimable } from './barred.js'
import { auditClaim, auditEnd, refuseHeld, roleOf } from './claims.js'
import { undatedMs } from './hunt.js'
import { rolesAt, type Worker, type WorkWorld } from './parts.js'
import { stepFilters } from './policy.js'

export interface Handover {
  readonly ticketId: string
  readonly agentId: string
  readonly reason: string
  readonly key: string
}
export interface Holding {
  /** Prolongs the lease. Throws TICKET_NOT_FOUND, LEASE_LOST when it has run out or is somebody else's: then the ticket has to be claimed again. */
  heartbeat(worker: Worker, ticketId: string): Promise<Assignment>
  /** Gives it back; harmless when repeated. Supervisors may give back anybody's. Throws TICKET_HELD. */
  release(worker: Worker, ticketId: string, reason: string | null): Promise<void>
  /** A supervisor gives it to somebody of the same office, whoever holds it. Throws NOT_CLAIMABLE, OWN_CASE, WIP_LIMIT, ROLE_NOT_ALLOWED. */
  assign(worker: Worker, handover: Handover): Promise<{ readonly assignment: Assignment; readonly replayed: boolean }>
  /** What `assign` would say, without doing it. */
  mayAssign(worker: Worker, handover: Omit<Handover, 'key'>): Promise<void>
  /** Whoever holds it hands it on. Throws LEASE_LOST besides. */
  transfer(worker: Worker, handover: Handover): Promise<{ readonly assignment: Assignment; readonly replayed: boolean }>
  /** Throws TICKET_HELD when somebody else works on it and this person is no supervisor of its office. */
  mayAct(worker: Worker, ticketId: string): Promise<void>
  /** After an event: who cannot go on with the step that the ticket reached no longer holds it. */
  moved(worker: Worker, ticketId: string): Promise<void>
  /** Closes leases that have run out and tells the audit; how many. Nothing depends on it. */
  tidy(): Promise<number>
}

/** Others may be giving the same person tickets at the same time. */
const TRIES = 20
const lost = () => new PulihError('LEASE_LOST', 'This person no longer holds the ticket.')
const RECEIVING: readonly Role[] = ['agent', 'checker', 'supervisor']

export function createHolding(world: WorkWorld): Holding {
  const { store, clock, rules } = world
  const { assignments } = store.work
  const supervises = async (worker: Worker, ticketId: string) =>
    (await reachedTicket(world, worker, ticketId)).roles.includes('supervisor')
  const hand = (worker: Worker, handover: Handover, from: string | null) => handOver(world, worker, handover, from)
  return {
    ...{
      assign: async (worker, handover) => {
        if (!(await supervises(worker, handover.ticketId)))
          throw new PulihError('ROLE_NOT_ALLOWED', 'only a supervisor of its office assigns')
        return hand(worker, handover, null)
      },
      mayAssign: async (worker, handover) => {
        if (!(await supervises(worker, handover.ticketId)))
          throw new PulihError('ROLE_NOT_ALLOWED', 'only a supervisor of its office assigns')
        const { wipLimit } = await prepare(world, worker, handover, null)
        const held = await assignments.heldBy(handover.agentId, clock.now())
        if (held.length >= wipLimit) throw full(wipLimit)
      },
      transfer: (worker, handover) => hand(worker, handover, worker.id),
    },
    async heartbeat(worker, ticketId) {
      const { office } = await reachedTicket(world, worker, ticketId)
      const { policy } = await rules.current()
      const now = clock.now()
      const lease = leaseAt(world, policy, office, now, await windowsAt(world, now))
      const row = await renew(world, worker.id, ticketId, lease, now)
      if (row === null) throw lost()
      return row
    },
    async release(worker, ticketId, reason) {
      const supervisor = await supervises(worker, ticketId)
      const at = clock.now()
      if (!supervisor) await refuseHeld(world, worker, ticketId, at)
      const end = { how: 'released', byId: worker.id, reason, at }
      const ended = await assignments.endAssignment(ticketId, supervisor ? null : worker.id, end)
      if (ended !== null) await auditEnd(world, ended, worker.id, roleOf(worker), at)
    },
    async mayAct(worker, ticketId) {
      const held = await assignments.findAssignment(ticketId)
      const at = clock.now()
      if (held === null || held.leaseUntil <= at || held.agentId === worker.id) return
      if (!(await supervises(worker, ticketId))) await refuseHeld(world, worker, ticketId, at)
    },
    async moved(worker, ticketId) {
      const held = await assignments.findAssignment(ticketId)
      if (held === null) return
      const ticket = await store.findTicket(ticketId)
      if (ticket === null) return
      const { policy } = await rules.current()
      const at = clock.now()
      const roles = held.agentId === worker.id ? rolesAt(worker, ticket.officeId) : RECEIVING
      const step = barredByRole(policy, ticket, roles)
      const stays =
        ticket.standing === 'waitingOnUs' &&
        !isBar(step) &&
        barredByHand(world, ticket, step, { id: held.agentId, roles }) === null
      if (stays) return
      const ended = await assignments.endAssignment(ticketId, held.agentId, {
        ...{ how: 'moved', byId: worker.id, reason: null, at },
      })
      if (ended !== null) await auditEnd(world, ended, worker.id, roleOf(worker), at)
    },
    async tidy() {
      const at = clock.now()
      const closed = await assignments.closeEnded(at)
      for (const it of closed) await auditEnd(world, it, 'system', 'system', at)
      return closed.length
    },
  }
}

/** The same key again gives the same handing over. `from`: who must hold it; null: whoever does. */
async function handOver(world: WorkWorld, worker: Worker, handover: Handover, from: string | null) {
  const { store } = world
  const { ticketId, agentId, reason, key } = handover
  const claimId = claimIdOf(worker.id, key)
  const first = await store.work.assignments.findClaim(claimId)
  if (first !== null) {
    if (first.ticketId !== ticketId || first.agentId !== agentId)
      throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'This key was used for something else.')
    const held = await store.work.assignments.findAssignment(ticketId)
    if (held?.claimId === claimId) return { assignment: held, replayed: true }
    throw lost()
  }
  const { policy, office, roles, wipLimit, now } = await prepare(world, worker, handover, from)
  const before = await store.work.assignments.findAssignment(ticketId)
  const order: ClaimOrder = {
    ...{ claimId, ticketIds: [ticketId], agentId, byId: worker.id, how: 'assigned', reason, now, wipLimit },
    leases: new Map([[office.id, assignedLeaseAt(world, policy, office, now)]]),
    steps: stepFilters(policy, roles),
    releasedOnly: false,
    tidy: true,
    undatedMs: undatedMs(policy),
  }
  let assignment: Assignment | null = null
  for (let attempt = 0; assignment === null && attempt < TRIES; attempt++) {
    const held = await store.work.assignments.heldBy(agentId, now)
    if (held.length >= wipLimit) throw full(wipLimit)
    if (from !== null) await mustHold(world, from, ticketId, now)
    assignment = await store.work.assignments.reassign(order, from)
  }
  if (assignment === null) throw new PulihError('CONFLICT', 'The ticket changed meanwhile.')
  if (before !== null && before.leaseUntil > now) await auditEnd(world, before, worker.id, roleOf(worker), now)
  await auditClaim(world, assignment, roleOf(worker))
  return { assignment, replayed: false }
}

const full = (limit: number) => new PulihError('WIP_LIMIT', 'This person holds as many tickets as they may.', { limit })

/** Everything that can be said before: may this ticket go to this person now? */
async function prepare(world: WorkWorld, worker: Worker, handover: Omit<Handover, 'key'>, from: string | null) {
  const { store, clock, rules } = world
  const { ticketId, agentId } = handover
  const { row, office } = await reachedTicket(world, worker, ticketId)
  const { policy } = await rules.current()
  const now = clock.now()
  const { roles, wipLimit } = await receiver(world, agentId, office.id, policy.wipLimit)
  if (row.standing !== 'waitingOnUs') throw notClaimable('NOT_WAITING_ON_US')
  if (roles.length === 0) throw notClaimable('OFFICE')
  const step = barredByRole(policy, row, roles)
  const isOwn = agentId === worker.id
  if (isBar(step)) throw barredFrom(step, isOwn)
  const ticket = await store.findTicket(ticketId)
  const bar = ticket === null ? null : barredByHand(world, ticket, step, { id: agentId, roles })
  if (bar !== null) throw barredFrom(bar, isOwn)
  if (from !== null) await mustHold(world, from, ticketId, now)
  return { policy, office, roles, wipLimit, now }
}

async function mustHold({ store }: WorkWorld, agentId: string, ticketId: string, now: number): Promise<void> {
  const held = await store.work.assignments.findAssignment(ticketId)
  if (held?.agentId !== agentId || held.leaseUntil <= now) throw lost()
}

/** Roles and limit of somebody who is not the caller, by what their accounts say now. */
async function receiver({ authority, clock, store }: WorkWorld, agentId: string, officeId: string, limit: number) {
  const at = clock.now()
  const roles: Role[] = []
  for (const role of RECEIVING) if (await authority.holds(agentId, role, officeId, at)) roles.push(role)
  const profile = await store.work.roster.findProfile(agentId)
  const outside = profile?.offices != null && !profile.offices.includes(officeId)
  return { roles: outside ? [] : roles, wipLimit: profile?.wipLimit ?? limit }
}
