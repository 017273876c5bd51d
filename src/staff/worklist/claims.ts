import type { Assignment, ClaimOrder } from '../../../db/staff/assignments.js'
import type { WorkRow } from '../../../db/staff/worklist.js'
import type { WorkPolicy } from '../../../db/staff/workTypes.js'
import { nextOpening } from '../../calendar/index.js'
import { PulihError } from '../../engine/errors.js'
import type { Office } from '../../engine/types.js'
import { claimIdOf, givesOut, groundsOf, leaseAt, reachedTicket, reachOf, windowsAt, type Reach } from './access.js'
import { barredByHand, barredByRole, barredFrom, isBar, notClaimable } from './barred.js'
import { hunt, lacks, undatedMs } from './hunt.js'
import type { Worker, WorkWorld } from './parts.js'
import { stepFilters } from './policy.js'
import { ruleFits } from './skills.js'

/** What a claim gave. `why` when there was nothing: nothing is open, or nothing waits that they may take. */
export type Claimed =
  | { readonly assignment: Assignment; readonly replayed: boolean }
  | { readonly assignment: null; readonly why: 'OFFICE_CLOSED' | 'NOTHING_WAITS'; readonly opensAt: number | null }

export interface Claims {
  /** The next ticket by deadline, then age. The same key again gives the same claim. Throws WIP_LIMIT, IDEMPOTENCY_KEY_REUSED, STORE_BUSY. */
  claimNext(worker: Worker, key: string): Promise<Claimed>
  /** One of their own choice, past what comes before it: `reason` says why. What they hold already is answered as it is. Throws TICKET_NOT_FOUND, TICKET_HELD, NOT_CLAIMABLE, OWN_CASE, WIP_LIMIT. */
  claim(
    worker: Worker,
    ticketId: string,
    reason: string,
    key: string,
  ): Promise<Claimed & { readonly assignment: Assignment }>
}

/** Losing this often against others means that the database is in trouble. */
const TRIES = 40

export function createClaims(world: WorkWorld): Claims {
  const { store, clock, rules } = world
  return {
    async claimNext(worker, key) {
      const claimId = claimIdOf(worker.id, key)
      const replay = () => replayOf(world, claimId, worker, (how) => how === 'next')
      const { policy } = await rules.current()
      const now = clock.now()
      const [known, reach, windows, over] = await Promise.all([
        replay(),
        reachOf(world, policy, worker),
        windowsAt(world, now),
        store.work.assignments.anyOver(worker.id, now),
      ])
      if (known !== null) return known
      const open = reach.offices.filter((it) => givesOut(world, it, now, windows))
      if (open.length === 0)
        return { assignment: null, why: 'OFFICE_CLOSED', opensAt: opensAt(world, reach.offices, now) }
      const grounds = groundsOf(worker, open)
      const order: Omit<ClaimOrder, 'ticketIds' | 'tidy'> = {
        ...{ claimId, agentId: worker.id, byId: worker.id, how: 'next', reason: null, now },
        leases: new Map(open.map((it) => [it.id, leaseAt(world, policy, it, now, windows)])),
        wipLimit: reach.wipLimit,
        steps: grounds.flatMap((it) => stepFilters(policy, it.roles)),
        releasedOnly: true,
        undatedMs: undatedMs(policy),
      }
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const [found, full] = await Promise.all([
          hunt(world, policy, { id: worker.id, skills: reach.skills }, grounds, now),
          fullness(world, worker, reach, now),
        ])
        if (found.length === 0 || full !== null) {
          // What is missing here may have gone to this very key, asked twice at once.
          const twin = await replay()
          if (twin !== null) return twin
          if (full !== null) throw full
          return { assignment: null, why: 'NOTHING_WAITS', opensAt: null }
        }
        const ticketIds = found.map((it) => it.id)
        const taken = await take(world, worker, { ...order, ticketIds, tidy: over || attempt > 0 })
        if (taken !== null) return taken
      }
      throw new PulihError('STORE_BUSY', 'Too many claim at the same time.')
    },
    async claim(worker, ticketId, reason, key) {
      const claimId = claimIdOf(worker.id, key)
      const known = await replayOf(world, claimId, worker, (how, id) => how === 'manual' && id === ticketId)
      if (known !== null) return known
      const { policy } = await rules.current()
      const now = clock.now()
      const { row, office, roles } = await reachedTicket(world, worker, ticketId)
      const own = await store.work.assignments.findAssignment(ticketId)
      if (own?.agentId === worker.id && own.leaseUntil > now && row.standing === 'waitingOnUs')
        return { assignment: own, replayed: true }
      const [reach, windows] = await Promise.all([reachOf(world, policy, worker), windowsAt(world, now)])
      const isOpen = givesOut(world, office, now, windows)
      await refuseUnclaimable(world, policy, { worker, row, office, reach, now, isOpen })
      await refuseFull(world, worker, reach, now)
      const taken = await take(world, worker, {
        ...{ claimId, agentId: worker.id, byId: worker.id, how: 'manual', reason, now },
        ...{ ticketIds: [ticketId], tidy: true },
        leases: new Map([[office.id, leaseAt(world, policy, office, now, windows)]]),
        wipLimit: reach.wipLimit,
        steps: stepFilters(policy, roles),
        releasedOnly: true,
        undatedMs: undatedMs(policy),
      })
      if (taken !== null) return taken
      await refuseHeld(world, worker, ticketId, now)
      throw new PulihError('CONFLICT', 'The ticket changed meanwhile.')
    },
  }
}

/** Null: lost against somebody else. */
async function take(world: WorkWorld, worker: Worker, order: ClaimOrder) {
  const { claimed, closed } = await world.store.work.assignments.claim(order)
  for (const it of closed) await auditEnd(world, it, 'system', 'system', order.now)
  if (claimed === null) {
    // Which ticket is next has changed when the same key took one meanwhile.
    const same = (how: string, id: string) => how === order.how && (how === 'next' || order.ticketIds.includes(id))
    return replayOf(world, order.claimId, worker, same)
  }
  await auditClaim(world, claimed, roleOf(worker))
  return { assignment: claimed, replayed: false }
}

/** The first of a person's roles, for the record. */
export const roleOf = (worker: Worker): string => worker.grants[0]?.role ?? 'system'

export const auditClaim = (world: WorkWorld, it: Assignment, role: string): Promise<unknown> =>
  world.audit.record({
    at: it.claimedAt,
    actorId: it.byId,
    actorRole: role,
    action: it.how === 'assigned' ? 'assignment.assign' : 'assignment.claim',
    ticketId: it.ticketId,
    subject: it.agentId,
    detail: { how: it.how, reason: it.reason, claim: it.claimId },
  })
export const auditEnd = (
  world: WorkWorld,
  it: Assignment,
  actorId: string,
  actorRole: string,
  at: number,
): Promise<unknown> =>
  world.audit.record({
    ...{ at, actorId, actorRole, ticketId: it.ticketId, subject: it.agentId },
    action: it.leaseUntil <= at ? 'assignment.expire' : 'assignment.release',
    detail: { claim: it.claimId },
  })

/** The first answer of this key, as it stands now. Throws IDEMPOTENCY_KEY_REUSED for a key that claimed something else. */
async function replayOf(
  { store, clock }: WorkWorld,
  claimId: string,
  worker: Worker,
  same: (how: string, ticketId: string) => boolean,
) {
  const first = await store.work.assignments.findClaim(claimId)
  if (first === null) return null
  if (!same(first.how, first.ticketId))
    throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'This key claimed something else.')
  const now = await store.work.assignments.findAssignment(first.ticketId)
  if (now?.claimId === claimId) return { assignment: now, replayed: true }
  const at = first.at
  const over: Assignment = {
    ...{ ticketId: first.ticketId, claimId, agentId: worker.id, officeId: '', slot: 0, byId: first.byId, draft: false },
    ...{ how: first.how as Assignment['how'], reason: first.reason, claimedAt: at, heartbeatAt: at },
    leaseUntil: Math.min(at, clock.now()),
  }
  return { assignment: over, replayed: true }
}

/** WIP_LIMIT when they hold as many as they may. */
async function fullness(
  { store }: WorkWorld,
  worker: Worker,
  { wipLimit }: Reach,
  now: number,
): Promise<PulihError | null> {
  const held = await store.work.assignments.heldBy(worker.id, now)
  const rows = held.length < wipLimit ? [] : await store.work.worklist.workRows(held.map((it) => it.ticketId))
  // What has gone on to somebody else no longer counts; the claim itself closes it.
  return rows.filter((it) => it.standing === 'waitingOnUs').length < wipLimit
    ? null
    : new PulihError('WIP_LIMIT', 'This person holds as many tickets as they may.', { limit: wipLimit })
}

async function refuseFull(...of: Parameters<typeof fullness>): Promise<void> {
  const full = await fullness(...of)
  if (full !== null) throw full
}

/** Throws TICKET_HELD with who holds it: a staff id, nothing else. */
export async function refuseHeld(
  { store }: WorkWorld,
  worker: Pick<Worker, 'id'>,
  ticketId: string,
  now: number,
): Promise<void> {
  const held = await store.work.assignments.findAssignment(ticketId)
  if (held === null || held.leaseUntil <= now || held.agentId === worker.id) return
  throw new PulihError('TICKET_HELD', 'Somebody else holds this ticket.', {
    holder: held.agentId,
  })
}

interface Wish {
  readonly worker: Worker
  readonly row: WorkRow
  readonly office: Office
  readonly reach: Reach
  readonly now: number
  readonly isOpen: boolean
}

/** Throws NOT_CLAIMABLE or OWN_CASE with why, in the order in which it can be helped; TICKET_HELD when somebody has it. */
async function refuseUnclaimable(
  world: WorkWorld,
  policy: WorkPolicy,
  { worker, row, office, reach, now, isOpen }: Wish,
): Promise<void> {
  if (row.standing !== 'waitingOnUs') throw notClaimable('NOT_WAITING_ON_US')
  await refuseHeld(world, worker, row.id, now)
  const roles = groundsOf(worker, [office])[0]?.roles ?? []
  const step = barredByRole(policy, row, roles)
  if (isBar(step)) throw barredFrom(step, true)
  const ticket = await world.store.findTicket(row.id)
  const bar = ticket === null ? null : barredByHand(world, ticket, step, { id: worker.id, roles })
  if (bar !== null) throw barredFrom(bar, true)
  if (row.releasedAt === null || row.releasedAt > now) throw notClaimable('NOT_RELEASED')
  if (!isOpen) throw notClaimable('OFFICE_CLOSED')
  if (!reach.offices.some((it) => it.id === office.id)) throw notClaimable('OFFICE')
  const flags = (await world.store.work.worklist.flagsOf([row.id])).get(row.id) ?? []
  if (policy.skills.some((rule) => lacks(reach.skills, rule) && ruleFits(rule, row, flags))) throw notClaimable('SKILL')
}

/** The earliest opening of any of these offices, epoch ms; null when none ever opens. */
function opensAt({ engine }: WorkWorld, offices: readonly Office[], now: number): number | null {
  const openings = offices.flatMap(({ calendarId }) => {
    try {
      return [nextOpening(engine.reference.calendar(calendarId), now).opening]
    } catch {
      return []
    }
  })
  return openings.length === 0 ? null : Math.min(...openings)
}
