import type { ReleaseWindow, WorkProfile } from '../../../db/staff/roster.js'
import { PulihError } from '../../engine/errors.js'
import { rolesAt, type Worker, type WorkWorld } from './parts.js'
import { roleOf } from './claims.js'
import type { WorkPolicy } from '../../../db/staff/workTypes.js'

/** What supervisors and administrators set. */
export interface Desk {
  /** Lets an office give out work for so many wall minutes although it is closed (D26). Throws ROLE_NOT_ALLOWED, VALIDATION_FAILED. */
  openWindow(worker: Worker, officeId: string, wallMinutes: number, reason: string): Promise<ReleaseWindow>
  /** What somebody works on. Null when nothing was set: then grants and the policy decide. */
  profile(agentId: string): Promise<WorkProfile | null>
  /** Throws ROLE_NOT_ALLOWED for a supervisor who names an office that is not theirs. */
  saveProfile(worker: Worker, profile: Pick<WorkProfile, 'agentId' | 'skills' | 'offices' | 'wipLimit'>): Promise<void>
  policy(): Promise<{ readonly version: number; readonly policy: WorkPolicy }>
  /** Throws CONFLICT when somebody else published at the same time. */
  publish(worker: Worker, policy: WorkPolicy): Promise<number>
}

export function createDesk(world: WorkWorld): Desk {
  const { store, clock, ids, rules, audit } = world
  const { roster } = store.work
  const record = (worker: Worker, action: string, subject: string, detail: Record<string, string | number | null>) =>
    audit.record({ at: clock.now(), actorId: worker.id, actorRole: roleOf(worker), action, subject, detail })
  const runs = (worker: Worker, officeId: string) =>
    rolesAt(worker, officeId).includes('supervisor') ||
    worker.grants.some((it) => it.role === 'admin' && (it.officeId === null || it.officeId === officeId))
  return {
    async openWindow(worker, officeId, wallMinutes, reason) {
      const known = (await world.offices()).some((it) => it.id === officeId)
      if (!known || !rolesAt(worker, officeId).includes('supervisor'))
        throw new PulihError('ROLE_NOT_ALLOWED', 'only a supervisor of the office opens it outside its hours')
      const { policy } = await rules.current()
      if (wallMinutes > policy.longestWindowWallMinutes)
        throw new PulihError('VALIDATION_FAILED', 'longer than the policy allows', {
          errors: [{ pointer: '/minutes', code: 'too_big' }],
        })
      const fromAt = clock.now()
      const untilAt = fromAt + wallMinutes * 60_000
      const window = { id: ids.id(), officeId, fromAt, untilAt, reason, actorId: worker.id }
      await roster.addWindow(window)
      await record(worker, 'worklist.window', officeId, { minutes: wallMinutes, reason })
      return window
    },
    profile: (agentId) => roster.findProfile(agentId),
    async saveProfile(worker, profile) {
      const offices = profile.offices ?? (await world.offices()).map((it) => it.id)
      if (!offices.every((it) => runs(worker, it)))
        throw new PulihError('ROLE_NOT_ALLOWED', 'a profile names offices that this person does not run')
      await roster.saveProfile({ ...profile, updatedAt: clock.now(), updatedBy: worker.id })
      await record(worker, 'worklist.profile', profile.agentId, {
        skills: profile.skills.length,
        offices: profile.offices?.length ?? null,
        wipLimit: profile.wipLimit,
      })
    },
    policy: () => rules.current(),
    async publish(worker, policy) {
      const version = await rules.publish(policy, worker.id)
      if (version === null) throw new PulihError('CONFLICT', 'Somebody else published a version at the same time.')
      await record(worker, 'worklist.policy', `work:${version}`, { version })
      return version
    },
  }
}
