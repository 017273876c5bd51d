import { z } from 'zod'
import type { RosterStore } from '../../../db/staff/roster.js'
import type { WorkPolicy, WorkStep } from '../../../db/staff/workTypes.js'
import type { Clock } from '../../engine/clock.js'

const word = z.string().min(1).max(64)
const minutes = z.int().min(1).max(100_000)
const Step = z.strictObject({
  name: word,
  states: z.array(word).min(1).max(50),
  roles: z.array(z.enum(['agent', 'checker', 'supervisor'])).min(1),
  proof: word.nullable(),
})
/** What an administrator publishes as the next version. */
export const WorkPolicySchema: z.ZodType<WorkPolicy> = z.strictObject({
  provenance: z.string().min(1).max(500),
  leaseMinutes: minutes,
  assignedLeaseMinutes: minutes,
  wipLimit: z.int().min(1).max(100),
  undatedDueAfterWallMinutes: minutes,
  veryLateAfterMinutes: minutes,
  soonWithinMinutes: minutes,
  longestWindowWallMinutes: z.int().min(1).max(1_440),
  searchesPerHour: z.int().min(1).max(10_000),
  bulkItems: z.int().min(1).max(10_000),
  steps: z.record(word, z.array(Step).max(20)),
  skills: z
    .array(
      z.strictObject({
        skill: word,
        when: z.strictObject({
          type: word.optional(),
          route: word.optional(),
          cause: word.optional(),
          category: word.optional(),
          risk: word.optional(),
        }),
      }),
    )
    .max(100),
})

/** In force until an administrator publishes another. */
export const DEFAULT_WORK_POLICY: WorkPolicy = {
  provenance:
    'Proposed by the product: no source gives numbers for leases, limits or groups. Steps and bars follow D28 and R-4E-1.',
  leaseMinutes: 30,
  assignedLeaseMinutes: 240,
  wipLimit: 5,
  undatedDueAfterWallMinutes: 3 * 1_440,
  veryLateAfterMinutes: 480,
  soonWithinMinutes: 240,
  longestWindowWallMinutes: 240,
  searchesPerHour: 60,
  bulkItems: 5_000,
  steps: {
    pengaduan: [
      {
        name: 'handle',
        states: ['submitted', 'documentsUploaded', 'underVerification'],
        roles: ['agent', 'supervisor'],
        proof: null,
      },
      { name: 'check', states: ['approvalProposed'], roles: ['checker', 'supervisor'], proof: 'approval.return' },
      { name: 'objection', states: ['frozen'], roles: ['supervisor'], proof: 'objection.dismiss' },
    ],
  },
  skills: [
    { skill: 'integritas', when: { category: 'pungutan_percaloan' } },
    { skill: 'perubahan_status', when: { cause: 'PERUBAHAN_STATUS' } },
  ],
}

/** A type that the policy does not name: whatever waits for us, for agents and their supervisors. */
const ANY_STEP: Omit<WorkStep, 'states'> = { name: 'handle', roles: ['agent', 'supervisor'], proof: null }
/** Other processes learn of a new version within this time. */
const REMEMBER_MS = 5_000

export interface WorkRules {
  /** Version 0 is the shipped one. */
  current(): Promise<{ readonly version: number; readonly policy: WorkPolicy }>
  /** The next version; null when somebody else published it at the same time. */
  publish(policy: WorkPolicy, actorId: string): Promise<number | null>
}

export function createWorkRules({ store, clock }: { readonly store: RosterStore; readonly clock: Clock }): WorkRules {
  let known: { readonly version: number; readonly policy: WorkPolicy; readonly until: number } | null = null
  return {
    async current() {
      const now = clock.now()
      if (known === null || now >= known.until) {
        const latest = await store.latestWorkPolicy()
        const { version, spec } = latest ?? { version: 0, spec: DEFAULT_WORK_POLICY }
        known = { version, policy: spec, until: now + REMEMBER_MS }
      }
      return known
    },
    async publish(policy, actorId) {
      const latest = await store.latestWorkPolicy()
      const version = (latest?.version ?? 0) + 1
      const published = { version, spec: policy, publishedAt: clock.now(), publishedBy: actorId }
      const done = await store.publishWorkPolicy(published)
      known = null
      return done ? version : null
    },
  }
}

/** The step at which a ticket stands; null where nobody works on it (a hold, a call to another system). */
export function stepOf(policy: WorkPolicy, { type, state }: { readonly type: string; readonly state: string }) {
  const steps = Object.hasOwn(policy.steps, type) ? policy.steps[type] : undefined
  if (steps === undefined) return { ...ANY_STEP, states: [state] }
  return steps.find((it) => it.states.includes(state)) ?? null
}

/** What somebody with these roles may be given, as the store filters it. */
export function stepFilters(policy: WorkPolicy, roles: readonly string[]) {
  const named = Object.entries(policy.steps).flatMap(([type, steps]) => {
    const states = steps.filter((it) => it.roles.some((role) => roles.includes(role))).flatMap((it) => it.states)
    return states.length === 0 ? [] : [{ type, except: [], states }]
  })
  if (!ANY_STEP.roles.some((role) => roles.includes(role))) return named
  return [...named, { type: null, except: Object.keys(policy.steps), states: null }]
}
