import {
  EVERY_OFFICE,
  type GrantRow,
  type SessionRow,
  type StaffRow,
  type StaffStore,
} from '../../../db/staff/identity.js'
import type { Office } from '../../engine/types.js'
import { STAFF_ROLES, type Authority, type Grant, type Principal } from '../principal.js'

/** The offices that there are; asked each time, because an office may be added while we run. */
export type Offices = () => readonly Pick<Office, 'id' | 'unitId'>[]

const officeOf = (id: string): string | null => (id === EVERY_OFFICE ? null : id)

/** As they count: in the order of the roles, a supervisor's for every office of the unit. */
export function grantsAsTheyCount(
  rows: readonly Pick<GrantRow, 'role' | 'officeId'>[],
  offices: Offices,
): readonly Grant[] {
  return STAFF_ROLES.flatMap((role) => {
    const own = rows.filter((it) => it.role === role).map((it) => officeOf(it.officeId))
    if (own.includes(null)) return [{ role, officeId: null }]
    const all = role === 'supervisor' ? own.flatMap((it) => unitOf(it, offices)) : own
    return [...new Set(all)].map((officeId) => ({ role, officeId }))
  })
}

function unitOf(officeId: string | null, offices: Offices): readonly (string | null)[] {
  const all = offices()
  const unit = all.find((it) => it.id === officeId)?.unitId
  return [officeId, ...all.filter((it) => it.unitId === unit).map((it) => it.id)]
}

/** Enough of a hash to tell a session from others in a log, too little to be one; in letters, which no rule about digits takes for a number of somebody's. */
const PREFIX_BYTES = 8
export const sessionIdOf = ({ hash }: Pick<SessionRow, 'hash'>): string =>
  Array.from(
    Buffer.from(hash, 'base64url').subarray(0, PREFIX_BYTES),
    (byte) => letter(byte >> 4) + letter(byte & 15),
  ).join('')
const letter = (nibble: number): string => String.fromCharCode(97 + nibble)

export const sessionPrincipal = (session: SessionRow, { id }: StaffRow, grants: readonly Grant[]): Principal => ({
  id,
  via: 'session',
  grants,
  scopes: null,
  sessionId: sessionIdOf(session),
  steppedUpAt: session.steppedUpAt,
})

/** People hold what stood then and stands still; `others` answers for actors that are nobody's account (configured tokens). */
export function createAuthority(
  store: Pick<StaffStore, 'findStaff' | 'standingGrants'>,
  others: Authority,
  offices: Offices,
): Authority {
  return {
    async holds(actorId, role, officeId, at) {
      if ((await store.findStaff(actorId)) === null) return others.holds(actorId, role, officeId, at)
      const rows = (await store.standingGrants(actorId)).filter((it) => it.grantedAt <= at)
      return grantsAsTheyCount(rows, offices).some(
        (it) => it.role === role && (it.officeId === null || it.officeId === officeId),
      )
    },
  }
}
