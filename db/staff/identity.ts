import { and, asc, desc, eq, gt, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm'
import { EVERY_OFFICE } from '../schemaStaff.js'
import type { Sql } from '../sql.js'
import type { GrantRow, ServiceKeyRow, SessionRow, StaffPatch, StaffRow } from './identityTypes.js'
import { signInStore, type SignInStore } from './signIn.js'

export type { GrantRow, ServiceKeyRow, SessionRow, StaffPatch, StaffRow } from './identityTypes.js'
export { EVERY_OFFICE }

/** Accounts of the staff, their roles and sessions, and service keys. */
export interface StaffStore extends SignInStore {
  /** False when somebody has this staff number, username or subject: one person has one account (A23). */
  addStaff(row: StaffRow): Promise<boolean>
  findStaff(id: string): Promise<StaffRow | null>
  findStaffByUsername(username: string): Promise<StaffRow | null>
  findStaffBySubject(issuer: string, subject: string): Promise<StaffRow | null>
  /** By username. */
  listStaff(): Promise<readonly StaffRow[]>
  /** False when there is nobody of this id. */
  changeStaff(id: string, patch: StaffPatch): Promise<boolean>
  /** Together with the end of every session; false when they were disabled before. */
  disableStaff(id: string, at: number, by: string): Promise<boolean>
  enableStaff(id: string): Promise<boolean>

  /** False when they hold it already. Throws what the database says when somebody grants to themselves. */
  addGrant(row: GrantRow): Promise<boolean>
  /** Gives the grant that ended, null when there was none. */
  endGrant(staffId: string, role: GrantRow['role'], officeId: string, at: number, by: string): Promise<GrantRow | null>
  /** All that ever were, oldest first. */
  grantsOf(staffIds: readonly string[]): Promise<readonly GrantRow[]>
  /** Those that stand now, of somebody who is not disabled. */
  standingGrants(staffId: string): Promise<readonly GrantRow[]>

  addSession(row: SessionRow): Promise<void>
  /** Ends one session and opens the other, both or none; false when the first had ended meanwhile. */
  replaceSession(hash: string, by: string, row: SessionRow): Promise<boolean>
  /** With whom it belongs to; null when it has ended, expired, or its person is disabled. */
  openSession(hash: string, now: number, idleMs: number): Promise<{ session: SessionRow; staff: StaffRow } | null>
  seeSession(hash: string, at: number): Promise<void>
  endSession(hash: string, at: number, by: string): Promise<boolean>
  /** Gives how many there were. */
  endSessionsOf(staffId: string, except: string | null, at: number, by: string): Promise<number>
  sessionsOf(staffId: string, now: number, idleMs: number): Promise<readonly SessionRow[]>
  pruneSessions(expiredBefore: number): Promise<number>

  addServiceKey(row: ServiceKeyRow): Promise<void>
  findServiceKey(id: string): Promise<ServiceKeyRow | null>
  listServiceKeys(): Promise<readonly ServiceKeyRow[]>
  /** Unless it was written since `before`. */
  useServiceKey(id: string, at: number, before: number): Promise<void>
  revokeServiceKey(id: string, at: number, by: string): Promise<boolean>
}

export const staffStore = (store: Sql): StaffStore => ({
  ...accounts(store),
  ...grants(store),
  ...sessions(store),
  ...serviceKeys(store),
  ...signInStore(store),
})

type Accounts = Pick<
  StaffStore,
  | 'addStaff'
  | 'findStaff'
  | 'findStaffByUsername'
  | 'findStaffBySubject'
  | 'listStaff'
  | 'changeStaff'
  | 'disableStaff'
  | 'enableStaff'
>
function accounts({ t, read, write, atomically }: Sql): Accounts {
  const { staff, staffSessions } = t
  return {
    addStaff: async (row) =>
      (await write.insert(staff).values(row).onConflictDoNothing().returning({ id: staff.id })).length > 0,
    findStaff: async (id) => (await read.select().from(staff).where(eq(staff.id, id)))[0] ?? null,
    findStaffByUsername: async (username) =>
      (await read.select().from(staff).where(eq(staff.username, username)))[0] ?? null,
    findStaffBySubject: async (issuer, subject) =>
      (
        await read
          .select()
          .from(staff)
          .where(and(eq(staff.issuer, issuer), eq(staff.subject, subject)))
      )[0] ?? null,
    listStaff: async () => read.select().from(staff).orderBy(asc(staff.username)),
    changeStaff: async (id, patch) =>
      (await write.update(staff).set(patch).where(eq(staff.id, id)).returning({ id: staff.id })).length > 0,
    async disableStaff(id, at, by) {
      const [done = []] = await atomically((db) => [
        db
          .update(staff)
          .set({ disabledAt: at, disabledBy: by })
          .where(and(eq(staff.id, id), isNull(staff.disabledAt)))
          .returning({ id: staff.id }),
        db
          .update(staffSessions)
          .set({ endedAt: at, endedBy: by })
          .where(and(eq(staffSessions.staffId, id), isNull(staffSessions.endedAt)))
          .returning({ hash: staffSessions.hash }),
      ])
      return done.length > 0
    },
    enableStaff: async (id) =>
      (
        await write
          .update(staff)
          .set({ disabledAt: null, disabledBy: null })
          .where(eq(staff.id, id))
          .returning({ id: staff.id })
      ).length > 0,
  }
}

type Grants = Pick<StaffStore, 'addGrant' | 'endGrant' | 'grantsOf' | 'standingGrants'>
function grants({ t, read, write }: Sql): Grants {
  const { staff, staffGrants } = t
  return {
    addGrant: async (row) =>
      (await write.insert(staffGrants).values(row).onConflictDoNothing().returning({ id: staffGrants.id })).length > 0,
    async endGrant(staffId, role, officeId, at, by) {
      const [row] = await write
        .update(staffGrants)
        .set({ revokedAt: at, revokedBy: by })
        .where(
          and(
            eq(staffGrants.staffId, staffId),
            eq(staffGrants.role, role),
            eq(staffGrants.officeId, officeId),
            isNull(staffGrants.revokedAt),
          ),
        )
        .returning()
      return row ?? null
    },
    async grantsOf(staffIds) {
      if (staffIds.length === 0) return []
      return read
        .select()
        .from(staffGrants)
        .where(inArray(staffGrants.staffId, [...staffIds]))
        .orderBy(asc(staffGrants.grantedAt), asc(staffGrants.id))
    },
    async standingGrants(staffId) {
      const rows = await read
        .select({ grant: staffGrants })
        .from(staffGrants)
        .innerJoin(staff, eq(staff.id, staffGrants.staffId))
        .where(and(eq(staffGrants.staffId, staffId), isNull(staffGrants.revokedAt), isNull(staff.disabledAt)))
        .orderBy(asc(staffGrants.grantedAt), asc(staffGrants.id))
      return rows.map((it) => it.grant)
    },
  }
}

type Sessions = Pick<
  StaffStore,
  | 'addSession'
  | 'replaceSession'
  | 'openSession'
  | 'seeSession'
  | 'endSession'
  | 'endSessionsOf'
  | 'sessionsOf'
  | 'pruneSessions'
>
function sessions({ t, read, write, atomically }: Sql): Sessions {
  const { staff, staffSessions } = t
  const alive = (now: number, idleMs: number) =>
    and(isNull(staffSessions.endedAt), gt(staffSessions.expiresAt, now), gt(staffSessions.seenAt, now - idleMs))
  return {
    addSession: async (row) => {
      await write.insert(staffSessions).values(row).returning({ hash: staffSessions.hash })
    },
    async replaceSession(hash, by, row) {
      const [ended = []] = await atomically((db) => [
        db
          .update(staffSessions)
          .set({ endedAt: row.seenAt, endedBy: by })
          .where(and(eq(staffSessions.hash, hash), isNull(staffSessions.endedAt)))
          .returning({ hash: staffSessions.hash }),
        db.insert(staffSessions).values(row).returning({ hash: staffSessions.hash }),
      ])
      if (ended.length > 0) return true
      // Two went on from one step: whoever came second gets nothing.
      await write.delete(staffSessions).where(eq(staffSessions.hash, row.hash)).returning({ hash: staffSessions.hash })
      return false
    },
    async openSession(hash, now, idleMs) {
      const [row] = await read
        .select({ session: staffSessions, staff })
        .from(staffSessions)
        .innerJoin(staff, eq(staff.id, staffSessions.staffId))
        .where(and(eq(staffSessions.hash, hash), alive(now, idleMs), isNull(staff.disabledAt)))
      return row ?? null
    },
    seeSession: async (hash, at) => {
      await write
        .update(staffSessions)
        .set({ seenAt: at })
        .where(and(eq(staffSessions.hash, hash), isNull(staffSessions.endedAt), lt(staffSessions.seenAt, at)))
        .returning({ hash: staffSessions.hash })
    },
    endSession: async (hash, at, by) =>
      (
        await write
          .update(staffSessions)
          .set({ endedAt: at, endedBy: by })
          .where(and(eq(staffSessions.hash, hash), isNull(staffSessions.endedAt)))
          .returning({ hash: staffSessions.hash })
      ).length > 0,
    endSessionsOf: async (staffId, except, at, by) =>
      (
        await write
          .update(staffSessions)
          .set({ endedAt: at, endedBy: by })
          .where(
            and(
              eq(staffSessions.staffId, staffId),
              isNull(staffSessions.endedAt),
              except === null ? undefined : ne(staffSessions.hash, except),
            ),
          )
          .returning({ hash: staffSessions.hash })
      ).length,
    sessionsOf: async (staffId, now, idleMs) =>
      read
        .select()
        .from(staffSessions)
        .where(and(eq(staffSessions.staffId, staffId), eq(staffSessions.stage, 'open'), alive(now, idleMs)))
        .orderBy(desc(staffSessions.seenAt), asc(staffSessions.hash)),
    pruneSessions: async (expiredBefore) =>
      (
        await write
          .delete(staffSessions)
          .where(lt(staffSessions.expiresAt, expiredBefore))
          .returning({ hash: staffSessions.hash })
      ).length,
  }
}

type ServiceKeys = Pick<
  StaffStore,
  'addServiceKey' | 'findServiceKey' | 'listServiceKeys' | 'useServiceKey' | 'revokeServiceKey'
>
function serviceKeys({ t, read, write }: Sql): ServiceKeys {
  const { serviceKeys: keys } = t
  return {
    addServiceKey: async (row) => {
      await write.insert(keys).values(row).returning({ id: keys.id })
    },
    findServiceKey: async (id) => (await read.select().from(keys).where(eq(keys.id, id)))[0] ?? null,
    listServiceKeys: async () => read.select().from(keys).orderBy(asc(keys.createdAt), asc(keys.id)),
    useServiceKey: async (id, at, before) => {
      await write
        .update(keys)
        .set({ lastUsedAt: at })
        .where(and(eq(keys.id, id), or(isNull(keys.lastUsedAt), lt(keys.lastUsedAt, before))))
        .returning({ id: keys.id })
    },
    revokeServiceKey: async (id, at, by) =>
      (
        await write
          .update(keys)
          .set({ revokedAt: at, revokedBy: by })
          .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
          .returning({ id: sql<string>`${keys.id}` })
      ).length > 0,
  }
}
