import * as client from 'openid-client'
import { EVERY_OFFICE, type StaffRow, type StaffStore } from '../../../db/staff/identity.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Actor } from '../../machines/ticketType.js'
import type { Accounts } from './accounts.js'
import type { OidcConfig } from './config.js'
import { sessionIdOf } from './principals.js'
import { hashOf, newSecret, type RandomBytes } from './secrets.js'
import type { NewSession, StaffSessions } from './sessions.js'
import { auditOf, type SignInParts } from './signIn.js'

export const CALLBACK_PATH = '/v1/session/oidc/callback'
const FLOW_MS = 10 * 60_000
/** An issuer that does not answer is told at once; local accounts work on. */
const TIMEOUT_S = 5
/** A sign-in so recent counts as a fresh proof. */
const FRESH_S = 60

/** Sign-in by the institution's own issuer: code flow with PKCE, state and nonce, each good for one return. */
export interface Oidc {
  /** Where to send the browser, and what binds the return to it (a cookie). `fresh`: even if the issuer knows them already. Throws UPSTREAM_UNAVAILABLE. */
  begin(fresh: boolean): Promise<{ readonly url: string; readonly secret: string }>
  /** Throws SIGN_IN_REFUSED, UPSTREAM_UNAVAILABLE. */
  finish(secret: string | null, query: string): Promise<NewSession>
  /** Where the issuer signs people out, when it says so. */
  logoutUrl(): Promise<string | null>
}

export interface OidcParts extends Pick<SignInParts, 'audit'> {
  readonly config: OidcConfig
  readonly origin: string
  readonly store: StaffStore
  readonly sessions: StaffSessions
  readonly accounts: Pick<Accounts, 'grant' | 'revoke'>
  readonly clock: Clock
  readonly random: RandomBytes
}

/** Acts where groups become roles. */
const ISSUER: Actor = { id: 'oidc', role: 'system' }
const refused = (cause?: unknown) => new PulihError('SIGN_IN_REFUSED', 'sign-in refused', {}, { cause })

export function createOidc(parts: OidcParts): Oidc {
  const { config, store, sessions, clock, random } = parts
  const redirectUri = parts.origin + CALLBACK_PATH
  const issuer = discovered(config)
  const audit = auditOf(parts)

  return {
    async begin(fresh) {
      const found = await issuer()
      const secret = newSecret(random)
      const flow = {
        hash: hashOf(secret),
        state: newSecret(random),
        nonce: newSecret(random),
        verifier: newSecret(random),
        expiresAt: clock.now() + FLOW_MS,
      }
      const url = client.buildAuthorizationUrl(found, {
        ...{ redirect_uri: redirectUri, scope: config.scope, state: flow.state, nonce: flow.nonce },
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
      })
      await store.addOidcFlow(flow)
      return { url: url.href, secret }
    },

    async finish(secret, query) {
      const flow = secret === null ? null : await store.takeOidcFlow(hashOf(secret), clock.now())
      if (flow === null) throw refused()
      const claims = await claimsOf(await issuer(), new URL(`${redirectUri}?${query}`), flow)
      const staff = await store.findStaffBySubject(claims.iss, claims.sub)
      if (staff?.disabledAt !== null) {
        await audit('session.refuse', 'anonymous', staff?.id ?? null, { via: 'oidc' })
        throw refused()
      }
      await followGroups(parts, staff, claims)
      const authAt = (claims.auth_time ?? 0) * 1_000
      const isFresh = clock.now() - authAt < FRESH_S * 1_000
      const opened = await sessions.start(staff.id, 'open', 'oidc', isFresh ? authAt : null)
      await audit('session.open', staff.id, sessionIdOf(opened.session), { via: 'oidc' })
      return opened
    },

    async logoutUrl() {
      const found = await issuer()
      if (found.serverMetadata().end_session_endpoint === undefined) return null
      return client.buildEndSessionUrl(found, { client_id: config.clientId }).href
    },
  }
}

/** Found once it answers, asked again until then. */
function discovered(config: OidcConfig): () => Promise<client.Configuration> {
  let found: client.Configuration | null = null
  const url = new URL(config.issuer)
  const secret = config.clientSecret?.export().toString('utf8')
  const authentication = secret === undefined ? client.None() : client.ClientSecretPost(secret)
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody uses it by accident; configuration allows http on loopback only
  const execute = url.protocol === 'http:' ? [client.allowInsecureRequests] : []
  return async () => {
    try {
      const options = { execute, timeout: TIMEOUT_S }
      return (found ??= await client.discovery(url, config.clientId, undefined, authentication, options))
    } catch (cause) {
      throw new PulihError('UPSTREAM_UNAVAILABLE', 'the issuer does not answer', {}, { cause })
    }
  }
}

type Claims = NonNullable<ReturnType<Awaited<ReturnType<typeof client.authorizationCodeGrant>>['claims']>>

/** Throws SIGN_IN_REFUSED for a return that is not this flow's, UPSTREAM_UNAVAILABLE when the issuer does not answer. */
async function claimsOf(
  issuer: client.Configuration,
  url: URL,
  flow: { readonly state: string; readonly nonce: string; readonly verifier: string },
): Promise<Claims> {
  try {
    const tokens = await client.authorizationCodeGrant(issuer, url, {
      ...{ pkceCodeVerifier: flow.verifier, expectedState: flow.state, expectedNonce: flow.nonce },
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (claims === undefined) throw refused()
    return claims
  } catch (cause) {
    if (isOutage(cause)) throw new PulihError('UPSTREAM_UNAVAILABLE', 'the issuer does not answer', {}, { cause })
    throw refused(cause)
  }
}

/** A connection that failed or took too long; what the issuer answered is no outage. */
const isOutage = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || (error instanceof TypeError && error.message === 'fetch failed'))

/** What the groups say is what is held, of the roles that groups give at all; without any configured, roles are granted here. */
async function followGroups({ config, store, accounts }: OidcParts, staff: StaffRow, claims: Claims): Promise<void> {
  const listed = claims[config.groupsClaim]
  const mine = Array.isArray(listed) ? listed : []
  const standing = await store.standingGrants(staff.id)
  for (const { group, role, officeId } of config.groups) {
    const held = standing.find((it) => it.role === role && it.officeId === (officeId ?? EVERY_OFFICE))
    const wanted = config.groups.some((it) => it.role === role && it.officeId === officeId && mine.includes(it.group))
    if (mine.includes(group) && held === undefined) await accounts.grant(staff.id, { role, officeId }, ISSUER)
    // What somebody granted here stays.
    if (!wanted && held?.grantedBy === ISSUER.id) await accounts.revoke(staff.id, { role, officeId }, ISSUER)
  }
}
