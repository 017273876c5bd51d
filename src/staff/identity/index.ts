import type { StaffStore } from '../../../db/staff/identity.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { Vault } from '../../privacy/index.js'
import type { Authority, Principal } from '../principal.js'
import { createAccounts, type Accounts } from './accounts.js'
import type { StaffConfig } from './config.js'
import { createOidc, type Oidc } from './oidc.js'
import { passwordCheck } from './passwords.js'
import { createAuthority, grantsAsTheyCount, sessionPrincipal, type Offices } from './principals.js'
import { createRenewal, type Renewal } from './renewal.js'
import { newSecret, type RandomBytes } from './secrets.js'
import { createServiceKeys, type ServiceKeys } from './serviceKeys.js'
import { createStaffSessions, type OpenedSession, type StaffSessions } from './sessions.js'
import { createSignIn, type SignIn } from './signIn.js'
import { createThrottle } from './throttle.js'

export type { Accounts, RoleOrder } from './accounts.js'
export type { StaffConfig } from './config.js'
export { castDemonstration, DEMONSTRATION, seedDemonstration, type DemonstrationOfficer } from './demonstration.js'
export { totpCode } from './totp.js'
export { sessionIdOf } from './principals.js'
export { isServiceKey, KEY_DAYS_MAX, scopeOf, SCOPES, type ServiceKeys } from './serviceKeys.js'
export { IDLE_MS, type NewSession, type OpenedSession } from './sessions.js'
export { PASSWORD_MAX } from './passwords.js'
export type { SignIn } from './signIn.js'

/** Who the staff are, how they prove it, and what they may be. */
export interface Staff {
  readonly config: StaffConfig
  readonly sessions: StaffSessions
  readonly signIn: SignIn
  readonly renewal: Renewal
  readonly accounts: Accounts
  readonly serviceKeys: ServiceKeys
  /** Null: no issuer is configured. */
  readonly oidc: Oidc | null
  readonly authority: Authority
  /** What somebody may be now, behind an open session. */
  principalOf(opened: OpenedSession): Promise<Principal>
  /** Forgets ended sessions, old failures and unfinished journeys; gives how many. */
  prune(): Promise<number>
}

export interface StaffParts {
  readonly store: StaffStore
  readonly vault: Vault
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly random: RandomBytes
  readonly offices: Offices
  /** Who answers for actors that are nobody's account: configured tokens. */
  readonly others: Authority
}

export function openStaff(config: StaffConfig, parts: StaffParts): Staff {
  const { store, vault, clock, random, offices } = parts
  const sessions = createStaffSessions(parts)
  const mac = (text: string) => vault.macs('staff-attempt', text)[0] ?? ''
  const throttle = createThrottle({ store, clock, mac })
  const passwords = passwordCheck(newSecret(random))
  const accounts = createAccounts(parts)
  const { origin, oidc } = config
  return {
    config,
    sessions,
    signIn: createSignIn({ ...parts, sessions, throttle, passwords }),
    renewal: createRenewal({ ...parts, sessions, throttle }),
    accounts,
    serviceKeys: createServiceKeys(parts),
    oidc: oidc === null || origin === null ? null : createOidc({ ...parts, config: oidc, origin, sessions, accounts }),
    authority: createAuthority(store, parts.others, offices),
    async principalOf({ session, staff }) {
      return sessionPrincipal(session, staff, grantsAsTheyCount(await store.standingGrants(staff.id), offices))
    },
    prune: async () => (await sessions.prune()) + (await throttle.prune()) + (await store.pruneOidcFlows(clock.now())),
  }
}
