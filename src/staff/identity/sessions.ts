import type { SessionRow, StaffRow, StaffStore } from '../../../db/staff/identity.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import { hashOf, newSecret, SECRET, type RandomBytes } from './secrets.js'

const MINUTE = 60_000
export const IDLE_MS = 15 * MINUTE
export const LONGEST_MS = 8 * 60 * MINUTE
/** From the password to the code. */
export const STEP_MS = 5 * MINUTE
/** How often "seen" is written: a session may end so much early, never late. */
const SEEN_EVERY_MS = 15_000
const KEPT_MS = 30 * 24 * 60 * MINUTE

export type Stage = SessionRow['stage']
export interface OpenedSession {
  readonly session: SessionRow
  readonly staff: StaffRow
}
export interface NewSession {
  /** For the cookie, this once: only its hash is kept. */
  readonly secret: string
  readonly session: SessionRow
}

/** Sessions in the database, read anew with every request: what was ended or disabled anywhere opens nothing at the next one (A41). */
export interface StaffSessions {
  start(staffId: string, stage: Stage, via: SessionRow['via'], steppedUpAt: number | null): Promise<NewSession>
  /** A new secret for the same person, further on; the old one ends (fixation, A41). Throws UNAUTHENTICATED when it has ended meanwhile. */
  advance(from: SessionRow, to: { readonly stage: Stage; readonly steppedUpAt: number | null }): Promise<NewSession>
  /** The session behind a secret, and its person; null for any other text. Counts as activity once it is open. */
  open(secret: string | null): Promise<OpenedSession | null>
  /** The same without counting as activity. */
  look(secret: string | null): Promise<OpenedSession | null>
  /** The same by the hash that it is kept under. */
  lookByHash(hash: string): Promise<OpenedSession | null>
  end(hash: string, by: string): Promise<boolean>
  prune(): Promise<number>
}

interface Parts {
  readonly store: StaffStore
  readonly clock: Clock
  readonly random: RandomBytes
}

export function createStaffSessions({ store, clock, random }: Parts): StaffSessions {
  const made = (row: Omit<SessionRow, 'hash' | 'endedAt' | 'endedBy'>): NewSession => {
    const secret = newSecret(random)
    return { secret, session: { ...row, hash: hashOf(secret), endedAt: null, endedBy: null } }
  }
  const lookByHash = (hash: string) => store.openSession(hash, clock.now(), IDLE_MS)
  const longest = (stage: Stage) => (stage === 'open' ? LONGEST_MS : STEP_MS)
  return {
    async start(staffId, stage, via, steppedUpAt) {
      const at = clock.now()
      const it = made({ staffId, stage, via, startedAt: at, seenAt: at, expiresAt: at + longest(stage), steppedUpAt })
      await store.addSession(it.session)
      return it
    },
    async advance(from, { stage, steppedUpAt }) {
      const at = clock.now()
      const { staffId, via } = from
      // A step-up makes nothing longer: eight hours from the sign-in stay eight hours.
      const kept = from.stage === 'open' && stage === 'open'
      const startedAt = kept ? from.startedAt : at
      const expiresAt = kept ? from.expiresAt : at + longest(stage)
      const it = made({ staffId, stage, via, startedAt, seenAt: at, expiresAt, steppedUpAt })
      if (!(await store.replaceSession(from.hash, staffId, it.session)))
        throw new PulihError('UNAUTHENTICATED', 'the session has ended')
      return it
    },
    async open(secret) {
      if (secret === null || !SECRET.test(secret)) return null
      const now = clock.now()
      const found = await store.openSession(hashOf(secret), now, IDLE_MS)
      if (found !== null && found.session.stage === 'open' && now - found.session.seenAt >= SEEN_EVERY_MS)
        await store.seeSession(found.session.hash, now)
      return found
    },
    look: async (secret) => (secret === null || !SECRET.test(secret) ? null : lookByHash(hashOf(secret))),
    lookByHash,
    end: (hash, by) => store.endSession(hash, clock.now(), by),
    prune: () => store.pruneSessions(clock.now() - KEPT_MS),
  }
}
