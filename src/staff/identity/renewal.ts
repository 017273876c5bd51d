import { z } from 'zod'
import type { StaffStore } from '../../../db/staff/identity.js'
import type { Vault } from '../../privacy/index.js'
import type { NewSession, OpenedSession, StaffSessions } from './sessions.js'
import {
  assertStage,
  auditOf,
  createFactors,
  newRecoveryCodes,
  placeOf,
  recoveryHash,
  refused,
  type Factor,
  type SignInParts,
} from './signIn.js'
import { newTotpSecret, totpStepOf, totpUri } from './totp.js'

/** So long a new authenticator may take to show its first code. */
const TAKES_MS = 10 * 60_000
const Begun = z.strictObject({ secret: z.string(), at: z.number() })

/** What somebody signed in renews by themselves: their authenticator, and their recovery codes. A session alone renews nothing: each begins with a factor that still counts. */
export interface Renewal {
  /** `renewal` goes back with the first code; until then the old authenticator counts, and nothing is kept. Throws SIGN_IN_REFUSED, TOO_MANY_REQUESTS. */
  begin(
    at: OpenedSession,
    factor: Factor,
  ): Promise<{ readonly secret: string; readonly uri: string; readonly renewal: string }>
  /** The new authenticator counts, its recovery codes replace the old ones, sessions elsewhere end. Throws SIGN_IN_REFUSED, also after ten minutes. */
  finish(
    at: OpenedSession,
    renewal: string,
    code: string,
  ): Promise<{ readonly opened: NewSession; readonly recoveryCodes: readonly string[] }>
  /** Ten new ones; the old ones open nothing any more. Throws SIGN_IN_REFUSED, TOO_MANY_REQUESTS. */
  recoveryCodes(at: OpenedSession, code: string): Promise<readonly string[]>
}

interface Parts extends Pick<SignInParts, 'throttle' | 'audit' | 'clock' | 'random'> {
  readonly store: StaffStore
  readonly sessions: Pick<StaffSessions, 'advance'>
  readonly vault: Pick<Vault, 'seal' | 'open' | 'sealJson' | 'openJson'>
}
const begunAt = (row: string) => ({ ticketId: null, table: 'staff', column: 'renewal', row })

export function createRenewal(parts: Parts): Renewal {
  const { store, sessions, vault, clock, random, throttle } = parts
  const audit = auditOf(parts)
  const factors = createFactors(parts)

  async function replaced(staffId: string): Promise<readonly string[]> {
    const codes = newRecoveryCodes(random)
    await store.replaceRecoveryCodes(staffId, codes.map(recoveryHash), clock.now())
    return codes
  }
  /** The secret that was begun with, while it may still be confirmed. */
  async function begun(staffId: string, renewal: string): Promise<string> {
    const found = await vault.openJson(begunAt(staffId), renewal).catch(() => null)
    const { data } = Begun.safeParse(found)
    if (data === undefined || clock.now() - data.at > TAKES_MS) throw refused()
    return data.secret
  }

  return {
    async begin(at, factor) {
      assertStage(at, 'open')
      await factors.check(at.staff, factor)
      const secret = newTotpSecret(random)
      const renewal = await vault.sealJson(begunAt(at.staff.id), { secret, at: clock.now() })
      return { secret, uri: totpUri(secret, at.staff.username), renewal }
    },
    async finish(at, renewal, code) {
      assertStage(at, 'open')
      const { staff, session } = at
      await throttle.factor(staff.id)
      const secret = await begun(staff.id, renewal)
      const step = totpStepOf(secret, code, clock.now())
      if (step === null) throw refused()
      await throttle.proven(staff.id)
      const totpSealed = await vault.seal(placeOf(staff.id), secret)
      await audit('totp.renew', staff.id, staff.id)
      await store.changeStaff(staff.id, { totpSealed })
      // Whether or not the old one's code of this half minute was taken: this one is now.
      await store.takeTotpStep(staff.id, step)
      const recoveryCodes = await replaced(staff.id)
      await store.endSessionsOf(staff.id, session.hash, clock.now(), staff.id)
      return { opened: await sessions.advance(session, { stage: 'open', steppedUpAt: clock.now() }), recoveryCodes }
    },
    async recoveryCodes(at, code) {
      assertStage(at, 'open')
      await factors.check(at.staff, { code })
      await audit('recoveryCodes.renew', at.staff.id, at.staff.id)
      return replaced(at.staff.id)
    },
  }
}
