import { createHash } from 'node:crypto'
import type { Assignment, Lease } from '../../../db/staff/assignments.js'
import type { ReleaseWindow } from '../../../db/staff/roster.js'
import type { WorkPolicy } from '../../../db/staff/workTypes.js'
import { isOpen } from '../../calendar/index.js'
import { PulihError } from '../../engine/errors.js'
import type { Office } from '../../engine/types.js'
import type { Ground } from './hunt.js'
import { assignedLease, leaseFrom } from './leases.js'
import { rolesAt, type Worker, type WorkWorld } from './parts.js'

/** What a person works on, grants and profile together. */
export interface Reach {
  readonly skills: readonly string[]
  readonly wipLimit: number
  readonly offices: readonly Office[]
}

/** Offices where this person works, their skills and limit; without a profile every skill and what the policy says. */
export async function reachOf(world: WorkWorld, policy: WorkPolicy, worker: Worker): Promise<Reach> {
  const [profile, offices] = await Promise.all([world.store.work.roster.findProfile(worker.id), world.offices()])
  const mine = offices.filter((office) => rolesAt(worker, office.id).length > 0)
  const only = profile?.offices ?? null
  return {
    skills: profile?.skills ?? ['*'],
    wipLimit: profile?.wipLimit ?? policy.wipLimit,
    offices: only === null ? mine : mine.filter((it) => only.includes(it.id)),
  }
}

/** The windows that supervisors opened outside hours, by office. */
export async function windowsAt(world: WorkWorld, now: number): Promise<ReadonlyMap<string, ReleaseWindow>> {
  const live = await world.store.work.roster.liveWindows(now)
  return new Map(live.map((it) => [it.officeId, it]))
}

/** Does this office give out work now? By its hours, or because a supervisor said so (D26). */
export const givesOut = (
  world: WorkWorld,
  office: Office,
  now: number,
  windows: ReadonlyMap<string, unknown>,
): boolean => isOpen(world.engine.reference.calendar(office.calendarId), now) || windows.has(office.id)

export function leaseAt(
  world: WorkWorld,
  policy: WorkPolicy,
  office: Office,
  now: number,
  windows: ReadonlyMap<string, ReleaseWindow>,
): Lease {
  const calendar = world.engine.reference.calendar(office.calendarId)
  return leaseFrom(calendar, now, policy.leaseMinutes, windows.get(office.id) ?? null)
}
export const assignedLeaseAt = (world: WorkWorld, policy: WorkPolicy, office: Office, now: number): Lease =>
  assignedLease(world.engine.reference.calendar(office.calendarId), now, policy.assignedLeaseMinutes)

/** A renewal never shortens what a supervisor granted, unless a note that carried it over the closing is gone. Null: lost. */
export async function renew(
  { store }: WorkWorld,
  agentId: string,
  ticketId: string,
  { short, long }: Lease,
  now: number,
): Promise<Assignment | null> {
  const { assignments } = store.work
  const held = await assignments.findAssignment(ticketId)
  const granted = held?.how === 'assigned' ? held.leaseUntil : 0
  const longer = { short: Math.max(short, granted), long: Math.max(long, granted) }
  return assignments.heartbeat(ticketId, agentId, now, longer)
}

/** Offices where the same roles count, together. */
export function groundsOf(worker: Worker, offices: readonly Office[]): readonly Ground[] {
  const grounds = new Map<string, { offices: string[]; roles: Ground['roles'] }>()
  for (const office of offices) {
    const roles = rolesAt(worker, office.id)
    const known = grounds.get(roles.join()) ?? { offices: [], roles }
    known.offices.push(office.id)
    grounds.set(roles.join(), known)
  }
  return [...grounds.values()]
}

/** A claim's id from the claimer's own key: the same request again is the same claim (A45). A UUID of version 8. */
export function claimIdOf(actorId: string, key: string): string {
  const hex = createHash('sha256').update(`claim\n${actorId}\n${key}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Throws TICKET_NOT_FOUND for a ticket outside this person's offices as for none (A19). */
export async function reachedTicket(world: WorkWorld, worker: Worker, ticketId: string) {
  const [[row], offices] = await Promise.all([world.store.work.worklist.workRows([ticketId]), world.offices()])
  const office = offices.find((it) => it.id === row?.officeId)
  if (row === undefined || office === undefined || rolesAt(worker, office.id).length === 0)
    throw new PulihError('TICKET_NOT_FOUND', 'no ticket with this id for this person')
  return { row, office, roles: rolesAt(worker, office.id) }
}
