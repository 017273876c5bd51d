import type { StaffRow, StaffStore } from '../../../db/staff/identity.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Vault } from '../../privacy/index.js'
import { hashPassword, refuseWeakPassword, type PasswordCheck } from './passwords.js'
import { hashOf, newWord, plainWord, type RandomBytes } from './secrets.js'
import type { NewSession, OpenedSession, Stage, StaffSessions } from './sessions.js'
import { sessionIdOf } from './principals.js'
import type { Throttle } from './throttle.js'
import { newTotpSecret, totpStepOf, totpUri } from './totp.js'

const RECOVERY_CODES = 10
/** 98 bits: a plain hash keeps them. */
const RECOVERY_SIGNS = 20

export type Factor = { readonly code: string } | { readonly recoveryCode: string }

/**
 * Local sign-in: password, then a one-time code; the first time a new password and an authenticator before that. Each step gives a session
 * with a new secret. Everything that is wrong is one answer, SIGN_IN_REFUSED, after the same work.
 */
export interface SignIn {
  /** Throws SIGN_IN_REFUSED, TOO_MANY_REQUESTS. */
  password(username: string, password: string, network: string): Promise<NewSession>
  /** Throws UNAUTHENTICATED in another step than this, SIGN_IN_REFUSED, TOO_MANY_REQUESTS. */
  factor(at: OpenedSession, factor: Factor, network: string): Promise<NewSession>
  /** In place of a one-time password, or (open sessions) of the `current` one. Throws PASSWORD_REFUSED, SIGN_IN_REFUSED. */
  choosePassword(at: OpenedSession, password: string, current: string | null): Promise<NewSession>
  /** A new authenticator secret; it counts once its first code has come. */
  enrol(at: OpenedSession): Promise<{ readonly secret: string; readonly uri: string }>
  confirm(
    at: OpenedSession,
    code: string,
    network: string,
  ): Promise<{ readonly opened: NewSession; readonly recoveryCodes: readonly string[] }>
  /** A fresh proof in an open session. Throws SIGN_IN_REFUSED, TOO_MANY_REQUESTS. */
  stepUp(at: OpenedSession, code: string): Promise<NewSession>
  end(at: OpenedSession): Promise<void>
}

export interface SignInParts {
  readonly store: StaffStore
  readonly sessions: StaffSessions
  readonly throttle: Throttle
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly passwords: PasswordCheck
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly random: RandomBytes
}

export const refused = () => new PulihError('SIGN_IN_REFUSED', 'sign-in refused')
const nextStage = (staff: StaffRow): Stage => (staff.oneTime ? 'password' : staff.totpConfirmed ? 'totp' : 'enrol')
export const placeOf = (row: string) => ({ ticketId: null, table: 'staff', column: 'totp_sealed', row })
/** Ten words that each stand in for the authenticator once. */
export const newRecoveryCodes = (random: RandomBytes): readonly string[] =>
  Array.from({ length: RECOVERY_CODES }, () => newWord(random, RECOVERY_SIGNS))
export const recoveryHash = (code: string): string => hashOf(plainWord(code))

/** Throws UNAUTHENTICATED unless the sign-in has come so far. */
export function assertStage({ session }: OpenedSession, ...stages: readonly Stage[]): void {
  if (!stages.includes(session.stage)) throw new PulihError('UNAUTHENTICATED', 'the sign-in is at another step')
}

export function createSignIn(parts: SignInParts): SignIn {
  const { store, sessions, throttle, passwords, clock, random } = parts
  const audit = auditOf(parts)
  const codes = createFactors(parts)

  return {
    async password(username, password, network) {
      await throttle.password(username, network)
      const staff = await store.findStaffByUsername(username)
      const matches = await passwords.matches(staff?.passwordHash ?? null, password)
      const usable = staff?.disabledAt === null && (staff.passwordExpiresAt ?? Infinity) > clock.now()
      if (!matches || !usable) {
        await audit('session.refuse', 'anonymous', staff?.id ?? null)
        throw refused()
      }
      await throttle.passed(username, network)
      return sessions.start(staff.id, nextStage(staff), 'local', null)
    },

    async factor(at, factor, network) {
      assertStage(at, 'totp')
      await codes.check(at.staff, factor)
      await throttle.signedIn(at.staff.username, at.staff.id, network)
      return opened(at)
    },

    async choosePassword(at, password, current) {
      assertStage(at, 'password', 'open')
      const { staff, session } = at
      if (session.stage === 'open') {
        await throttle.factor(staff.id)
        if (!(await passwords.matches(staff.passwordHash, current ?? ''))) throw refused()
      }
      refuseWeakPassword(password, staff)
      if (await passwords.matches(staff.passwordHash, password))
        throw new PulihError('PASSWORD_REFUSED', 'the same password again', { reason: 'same' })
      const passwordHash = await hashPassword(password)
      await audit('password.change', staff.id, staff.id)
      await store.changeStaff(staff.id, { passwordHash, oneTime: false, passwordExpiresAt: null })
      // Whoever knew the old one is out.
      await store.endSessionsOf(staff.id, session.hash, clock.now(), staff.id)
      const stage = session.stage === 'open' ? 'open' : nextStage({ ...staff, oneTime: false })
      return sessions.advance(session, { stage, steppedUpAt: session.steppedUpAt })
    },

    async enrol(at) {
      assertStage(at, 'enrol')
      const secret = newTotpSecret(random)
      const totpSealed = await parts.vault.seal(placeOf(at.staff.id), secret)
      await store.changeStaff(at.staff.id, { totpSealed, totpConfirmed: false })
      return { secret, uri: totpUri(secret, at.staff.username) }
    },

    async confirm(at, code, network) {
      assertStage(at, 'enrol')
      await codes.check(at.staff, { code })
      const recoveryCodes = newRecoveryCodes(random)
      await audit('totp.enrol', at.staff.id, at.staff.id)
      await store.replaceRecoveryCodes(at.staff.id, recoveryCodes.map(recoveryHash), clock.now())
      await store.changeStaff(at.staff.id, { totpConfirmed: true })
      await throttle.signedIn(at.staff.username, at.staff.id, network)
      return { opened: await opened(at), recoveryCodes }
    },

    async stepUp(at, code) {
      assertStage(at, 'open')
      await codes.check(at.staff, { code })
      await audit('session.stepUp', at.staff.id, sessionIdOf(at.session))
      return sessions.advance(at.session, { stage: 'open', steppedUpAt: clock.now() })
    },

    async end({ session, staff }) {
      if (await sessions.end(session.hash, staff.id)) await audit('session.end', staff.id, sessionIdOf(session))
    },
  }

  async function opened(at: OpenedSession): Promise<NewSession> {
    const it = await sessions.advance(at.session, { stage: 'open', steppedUpAt: clock.now() })
    await audit('session.open', at.staff.id, sessionIdOf(it.session), { via: 'local' })
    return it
  }
}

/** Who did what in the audit's words; people sign in as themselves, under no role yet. */
export const auditOf =
  ({ audit, clock }: Pick<SignInParts, 'audit' | 'clock'>) =>
  (action: string, actorId: string, subject: string | null, detail: Readonly<Record<string, string>> = {}) =>
    audit.record({ at: clock.now(), actorId, actorRole: 'staff', action, subject, detail })

/** Codes of authenticators and recovery codes; each opens once. */
export function createFactors(parts: Pick<SignInParts, 'store' | 'vault' | 'clock' | 'throttle' | 'audit'>) {
  const { store, vault, clock, throttle } = parts
  const audit = auditOf(parts)

  async function isRight(staff: StaffRow, factor: Factor): Promise<boolean> {
    if ('recoveryCode' in factor) {
      const used = await store.useRecoveryCode(staff.id, recoveryHash(factor.recoveryCode), clock.now())
      if (used) await audit('recoveryCode.use', staff.id, staff.id)
      return used
    }
    if (staff.totpSealed === null) return false
    const secret = await vault.open(placeOf(staff.id), staff.totpSealed)
    const step = totpStepOf(secret.toString('utf8'), factor.code, clock.now())
    return step !== null && (await store.takeTotpStep(staff.id, step))
  }

  return {
    /** Throws SIGN_IN_REFUSED, TOO_MANY_REQUESTS. */
    async check(staff: StaffRow, factor: Factor): Promise<void> {
      await throttle.factor(staff.id)
      if (await isRight(staff, factor)) {
        await throttle.proven(staff.id)
        return
      }
      await audit('session.refuse', 'anonymous', staff.id)
      throw refused()
    },
  }
}
