import { EVERY_OFFICE, type GrantRow, type StaffRow, type StaffStore } from '../../../db/staff/identity.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import type { Actor } from '../../machines/ticketType.js'
import type { StaffRole } from '../principal.js'
import { hashPassword } from './passwords.js'
import { newWord, type RandomBytes } from './secrets.js'

const DAY = 86_400_000
/** A password that was given out and is not used ends. */
export const ONE_TIME_DAYS = 3
/** 78 bits, typed once. */
const ONE_TIME_SIGNS = 16

export interface NewAccount {
  readonly staffNumber: string
  readonly username: string
  readonly name: string
  /** Who vouches for them; null: a local account. */
  readonly subject: { readonly issuer: string; readonly subject: string } | null
}
export interface RoleOrder {
  readonly role: StaffRole
  /** Null: every office. */
  readonly officeId: string | null
}

/** Who works here and what they may be. Every change is in the audit before it counts. */
export interface Accounts {
  /** Gives the one-time password, this once; null for accounts of an issuer. Throws STAFF_EXISTS: one person has one account (A23). */
  create(order: NewAccount, by: Actor): Promise<{ readonly staff: StaffRow; readonly oneTimePassword: string | null }>
  /** A new one-time password; the authenticator and all sessions end. Throws NOT_FOUND, OWN_ROLES. */
  reset(id: string, by: Actor): Promise<string>
  /** Ends every session with it. Throws NOT_FOUND, OWN_ROLES, LAST_ADMIN. */
  disable(id: string, by: Actor): Promise<void>
  enable(id: string, by: Actor): Promise<void>
  /** Throws NOT_FOUND (person, or office), OWN_ROLES when somebody grants to themselves; nothing happens when they hold it. */
  grant(id: string, order: RoleOrder, by: Actor): Promise<void>
  /** Throws NOT_FOUND when they do not hold it, OWN_ROLES, LAST_ADMIN. */
  revoke(id: string, order: RoleOrder, by: Actor): Promise<void>
  list(): Promise<readonly { readonly staff: StaffRow; readonly grants: readonly GrantRow[] }[]>
  find(id: string): Promise<StaffRow>
}

export interface AccountParts {
  readonly store: StaffStore
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly random: RandomBytes
  readonly offices: () => readonly { readonly id: string }[]
}

export function createAccounts(parts: AccountParts): Accounts {
  const { store, audit, clock, ids, random } = parts
  const note = (action: string, id: string, by: Actor, detail: Readonly<Record<string, string | null>> = {}) =>
    audit.record({ at: clock.now(), actorId: by.id, actorRole: by.role, action, subject: id, detail })
  const oneTime = async () => {
    const word = newWord(random, ONE_TIME_SIGNS)
    const passwordExpiresAt = clock.now() + ONE_TIME_DAYS * DAY
    return { word, fields: { passwordHash: await hashPassword(word), oneTime: true, passwordExpiresAt } }
  }
  const find = (id: string) => found(store, id)
  const other = async (id: string, by: Actor): Promise<StaffRow> => {
    const staff = await find(id)
    if (staff.id === by.id) throw new PulihError('OWN_ROLES', 'nobody changes their own account')
    return staff
  }

  const grant: Accounts['grant'] = async (id, { role, officeId }, by) => {
    await other(id, by)
    if (officeId !== null && !parts.offices().some((it) => it.id === officeId))
      throw new PulihError('NOT_FOUND', 'no such office')
    if ((await holding(store, id, { role, officeId })) !== undefined) return
    await note('role.grant', id, by, { role, officeId })
    const row = { staffId: id, role, officeId: officeId ?? EVERY_OFFICE, grantedAt: clock.now(), grantedBy: by.id }
    await store.addGrant({ id: ids.id(), ...row, revokedAt: null, revokedBy: null })
  }

  return {
    async create({ staffNumber, username, name, subject }, by) {
      const password = subject === null ? await oneTime() : null
      const staff: StaffRow = {
        ...{ id: ids.id(), staffNumber, username, name },
        ...{ issuer: subject?.issuer ?? null, subject: subject?.subject ?? null },
        ...(password?.fields ?? { passwordHash: null, oneTime: false, passwordExpiresAt: null }),
        ...{ totpSealed: null, totpConfirmed: false, totpStep: 0 },
        ...{ createdAt: clock.now(), createdBy: by.id, disabledAt: null, disabledBy: null },
      }
      // Before it counts: an account that nothing tells of is worse than an entry about one that was refused.
      await note('staff.create', staff.id, by)
      if (!(await store.addStaff(staff))) throw new PulihError('STAFF_EXISTS', 'this person has an account')
      return { staff, oneTimePassword: password?.word ?? null }
    },
    async reset(id, by) {
      await other(id, by)
      const { word, fields } = await oneTime()
      await note('staff.reset', id, by)
      await store.changeStaff(id, { ...fields, totpSealed: null, totpConfirmed: false })
      await store.replaceRecoveryCodes(id, [], clock.now())
      await store.endSessionsOf(id, null, clock.now(), by.id)
      return word
    },
    async disable(id, by) {
      await other(id, by)
      const administered = await refuseLast(store, id)
      await note('staff.disable', id, by)
      const ended = await store.disableStaff(id, clock.now(), by.id)
      // Two who disable each other at the same time: whoever comes second finds nobody left, and takes it back.
      if (ended && administered && (await adminsOf(store)).size === 0) {
        await store.enableStaff(id)
        await note('staff.enable', id, by, { reason: 'LAST_ADMIN' })
        throw lastAdmin()
      }
    },
    async enable(id, by) {
      await other(id, by)
      await note('staff.enable', id, by)
      await store.enableStaff(id)
    },
    grant,
    async revoke(id, { role, officeId }, by) {
      await other(id, by)
      if ((await holding(store, id, { role, officeId })) === undefined)
        throw new PulihError('NOT_FOUND', 'this role is not held')
      const administered = role === 'admin' && officeId === null && (await refuseLast(store, id))
      await note('role.revoke', id, by, { role, officeId })
      await store.endGrant(id, role, officeId ?? EVERY_OFFICE, clock.now(), by.id)
      if (administered && (await adminsOf(store)).size === 0) {
        await grant(id, { role, officeId }, by)
        throw lastAdmin()
      }
    },
    list: () => listed(store),
    find,
  }
}

/** Is this one of them? Throws LAST_ADMIN when nobody but this person administers every office: then only the command line could let anybody in again. */
async function refuseLast(store: StaffStore, id: string): Promise<boolean> {
  const admins = await adminsOf(store)
  if (admins.has(id) && admins.size === 1) throw lastAdmin()
  return admins.has(id)
}
const lastAdmin = () => new PulihError('LAST_ADMIN', 'nobody else administers accounts')

/** Who administers every office now. */
async function adminsOf(store: StaffStore): Promise<ReadonlySet<string>> {
  const able = (await store.listStaff()).filter((it) => it.disabledAt === null).map((it) => it.id)
  const grants = await store.grantsOf(able)
  const here = grants.filter((it) => it.role === 'admin' && it.officeId === EVERY_OFFICE && it.revokedAt === null)
  return new Set(here.map((it) => it.staffId))
}

async function found(store: StaffStore, id: string): Promise<StaffRow> {
  const staff = await store.findStaff(id)
  if (staff === null) throw new PulihError('NOT_FOUND', 'nobody of this id')
  return staff
}

async function listed(store: StaffStore): Promise<Awaited<ReturnType<Accounts['list']>>> {
  const all = await store.listStaff()
  const grants = await store.grantsOf(all.map((it) => it.id))
  return all.map((staff) => ({ staff, grants: grants.filter((it) => it.staffId === staff.id) }))
}

/** The grant that stands, if there is one. */
const holding = async (store: StaffStore, id: string, { role, officeId }: RoleOrder): Promise<GrantRow | undefined> =>
  (await store.grantsOf([id])).find(
    (it) => it.role === role && it.officeId === (officeId ?? EVERY_OFFICE) && it.revokedAt === null,
  )
