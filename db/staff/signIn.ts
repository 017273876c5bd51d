import { and, count, eq, gt, isNull, lt, lte, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { OidcFlowRow } from './identityTypes.js'

/** How long each further failure keeps a door closed; behind the last the last one counts. */
export type Delays = readonly number[]

/** What a sign-in leaves behind: failures, codes that were taken, journeys to the issuer. */
export interface SignInStore {
  /**
   * Counts an attempt before it is looked at, so that many at once are not all looked at. Null when it may go on, else until when
   * (epoch ms) the door is closed. Failures are forgotten `forgetMs` after the last one.
   */
  takeAttempt(key: string, now: number, delays: Delays, forgetMs: number): Promise<number | null>
  clearAttempts(key: string): Promise<void>
  /** Marks a door as known until then. */
  knowDoor(key: string, now: number, until: number): Promise<void>
  isDoorKnown(key: string, now: number): Promise<boolean>
  pruneAttempts(now: number, updatedBefore: number): Promise<number>

  /** False when this step's code, or a later one, was taken before. */
  takeTotpStep(staffId: string, step: number): Promise<boolean>
  /** The only codes from now on. */
  replaceRecoveryCodes(staffId: string, hashes: readonly string[], at: number): Promise<void>
  /** False when there is no such code, or it was used. */
  useRecoveryCode(staffId: string, hash: string, at: number): Promise<boolean>
  countRecoveryCodes(staffId: string): Promise<number>

  addOidcFlow(row: OidcFlowRow): Promise<void>
  /** Each can be taken once. */
  takeOidcFlow(hash: string, now: number): Promise<OidcFlowRow | null>
  pruneOidcFlows(expiredBefore: number): Promise<number>
}

export const signInStore = (store: Sql): SignInStore => ({ ...attempts(store), ...codes(store), ...flows(store) })

type Attempts = Pick<SignInStore, 'takeAttempt' | 'clearAttempts' | 'knowDoor' | 'isDoorKnown' | 'pruneAttempts'>
function attempts({ t, read, write }: Sql): Attempts {
  const { staffThrottles: table } = t
  const whole = (value: number): SQL => sql.raw(String(Math.trunc(value)))
  return {
    async takeAttempt(key, now, delays, forgetMs) {
      const forgotten = sql`${table.updatedAt} <= ${whole(now - forgetMs)}`
      const failures = sql`(case when ${forgotten} then 1 else ${table.failures} + 1 end)`
      const steps = delays.map((ms, index) => sql`when ${whole(index + 1)} then ${whole(now + ms)}`)
      const last = delays.at(-1) ?? 0
      const [taken] = await write
        .insert(table)
        .values({ key, failures: 1, untilAt: now + (delays[0] ?? 0), updatedAt: now })
        .onConflictDoUpdate({
          target: table.key,
          set: {
            failures,
            untilAt: sql`case ${failures} ${sql.join(steps, sql` `)} else ${whole(now + last)} end`,
            updatedAt: now,
          },
          setWhere: sql`${table.untilAt} <= ${whole(now)} or ${forgotten}`,
        })
        .returning({ key: table.key })
      if (taken !== undefined) return null
      const [row] = await read.select().from(table).where(eq(table.key, key))
      return row?.untilAt ?? now + 1_000
    },
    clearAttempts: async (key) => {
      await write.delete(table).where(eq(table.key, key)).returning({ key: table.key })
    },
    knowDoor: async (key, now, until) => {
      await write
        .insert(table)
        .values({ key, failures: 0, untilAt: until, updatedAt: now })
        .onConflictDoUpdate({ target: table.key, set: { untilAt: until, updatedAt: now } })
        .returning({ key: table.key })
    },
    isDoorKnown: async (key, now) =>
      (
        await read
          .select({ key: table.key })
          .from(table)
          .where(and(eq(table.key, key), gt(table.untilAt, now)))
      ).length > 0,
    pruneAttempts: async (now, updatedBefore) =>
      (
        await write
          .delete(table)
          .where(and(lte(table.untilAt, now), lt(table.updatedAt, updatedBefore)))
          .returning({ key: table.key })
      ).length,
  }
}

type Codes = Pick<SignInStore, 'takeTotpStep' | 'replaceRecoveryCodes' | 'useRecoveryCode' | 'countRecoveryCodes'>
function codes({ t, read, write, atomically }: Sql): Codes {
  const { staff, staffRecoveryCodes: table } = t
  return {
    takeTotpStep: async (staffId, step) =>
      (
        await write
          .update(staff)
          .set({ totpStep: step })
          .where(and(eq(staff.id, staffId), lt(staff.totpStep, step)))
          .returning({ id: staff.id })
      ).length > 0,
    async replaceRecoveryCodes(staffId, hashes, at) {
      const rows = hashes.map((hash) => ({ staffId, hash, createdAt: at, usedAt: null }))
      await atomically((db) => [
        db.delete(table).where(eq(table.staffId, staffId)).returning({ hash: table.hash }),
        ...(rows.length === 0 ? [] : [db.insert(table).values(rows).returning({ hash: table.hash })]),
      ])
    },
    useRecoveryCode: async (staffId, hash, at) =>
      (
        await write
          .update(table)
          .set({ usedAt: at })
          .where(and(eq(table.staffId, staffId), eq(table.hash, hash), isNull(table.usedAt)))
          .returning({ hash: table.hash })
      ).length > 0,
    async countRecoveryCodes(staffId) {
      const [row] = await read
        .select({ left: count() })
        .from(table)
        .where(and(eq(table.staffId, staffId), isNull(table.usedAt)))
      return row?.left ?? 0
    },
  }
}

type Flows = Pick<SignInStore, 'addOidcFlow' | 'takeOidcFlow' | 'pruneOidcFlows'>
function flows({ t, write }: Sql): Flows {
  const { staffOidcFlows: table } = t
  return {
    addOidcFlow: async (row) => {
      await write.insert(table).values(row).returning({ hash: table.hash })
    },
    async takeOidcFlow(hash, now) {
      const [row] = await write.delete(table).where(eq(table.hash, hash)).returning()
      return row === undefined || row.expiresAt <= now ? null : row
    },
    pruneOidcFlows: async (expiredBefore) =>
      (await write.delete(table).where(lt(table.expiresAt, expiredBefore)).returning({ hash: table.hash })).length,
  }
}
