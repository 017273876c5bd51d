import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { WorkPolicy } from './workTypes.js'

/** What one person works on; null where grants or the policy decide. */
export interface WorkProfile {
  readonly agentId: string
  readonly skills: readonly string[]
  readonly offices: readonly string[] | null
  readonly wipLimit: number | null
  readonly updatedAt: number
  readonly updatedBy: string
}
export interface PublishedWorkPolicy {
  readonly version: number
  readonly spec: WorkPolicy
  readonly publishedAt: number
  readonly publishedBy: string
}
export interface ReleaseWindow {
  readonly id: string
  readonly officeId: string
  readonly fromAt: number
  readonly untilAt: number
  readonly reason: string
  readonly actorId: string
}
export interface WorkDraftRow {
  readonly ticketId: string
  readonly agentId: string
  readonly version: number
  readonly sealed: string
  readonly updatedAt: number
}

export interface RosterStore {
  findProfile(agentId: string): Promise<WorkProfile | null>
  saveProfile(profile: WorkProfile): Promise<void>
  latestWorkPolicy(): Promise<PublishedWorkPolicy | null>
  /** False when this version is there already. */
  publishWorkPolicy(policy: PublishedWorkPolicy): Promise<boolean>
  addWindow(window: ReleaseWindow): Promise<void>
  liveWindows(now: number): Promise<readonly ReleaseWindow[]>
  findDraft(ticketId: string, agentId: string): Promise<WorkDraftRow | null>
  /** Version 1 is new, each later one follows the one before; false when another came first. */
  saveDraft(row: WorkDraftRow): Promise<boolean>
  removeDraft(ticketId: string, agentId: string): Promise<boolean>
}

export function rosterStore({ t, read, write }: Sql): RosterStore {
  const { workProfiles, workPolicies, releaseWindows, workDrafts } = t
  const now = sql.placeholder('now')
  const profile = read
    .select()
    .from(workProfiles)
    .where(eq(workProfiles.agentId, sql.placeholder('agentId')))
    .prepare('work_profile')
  const windows = read
    .select()
    .from(releaseWindows)
    .where(and(lte(releaseWindows.fromAt, now), gt(releaseWindows.untilAt, now)))
    .orderBy(asc(releaseWindows.untilAt))
    .prepare('release_windows')
  const own = (ticketId: string, agentId: string) =>
    and(eq(workDrafts.ticketId, ticketId), eq(workDrafts.agentId, agentId))
  return {
    findProfile: async (agentId) => (await profile.execute({ agentId }))[0] ?? null,
    async saveProfile({ agentId, ...set }) {
      await write
        .insert(workProfiles)
        .values({ agentId, ...set })
        .onConflictDoUpdate({ target: workProfiles.agentId, set })
    },
    async latestWorkPolicy() {
      const [row] = await read.select().from(workPolicies).orderBy(desc(workPolicies.version)).limit(1)
      return row ?? null
    },
    async publishWorkPolicy(policy) {
      const done = await write
        .insert(workPolicies)
        .values(policy)
        .onConflictDoNothing()
        .returning({ version: workPolicies.version })
      return done.length > 0
    },
    async addWindow(window) {
      await write.insert(releaseWindows).values(window)
    },
    liveWindows: async (now) => windows.execute({ now }),
    async findDraft(ticketId, agentId) {
      const [row] = await read.select().from(workDrafts).where(own(ticketId, agentId))
      return row ?? null
    },
    async saveDraft(row) {
      const { ticketId, agentId, version, sealed, updatedAt } = row
      const done =
        version === 1
          ? await write.insert(workDrafts).values(row).onConflictDoNothing().returning({ v: workDrafts.version })
          : await write
              .update(workDrafts)
              .set({ version, sealed, updatedAt })
              .where(and(own(ticketId, agentId), eq(workDrafts.version, version - 1)))
              .returning({ v: workDrafts.version })
      return done.length > 0
    },
    async removeDraft(ticketId, agentId) {
      const gone = await write
        .delete(workDrafts)
        .where(own(ticketId, agentId))
        .returning({ v: sql<number>`1` })
      return gone.length > 0
    },
  }
}
