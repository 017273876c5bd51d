import { PulihError } from '../../engine/errors.js'
import type { Delays, SignInStore } from '../../../db/staff/signIn.js'

const SECOND = 1_000
const MINUTE = 60_000
const DAY = 86_400_000

/** So many are free, then each failure doubles the wait, up to the last. */
function delays(free: number, last: number): Delays {
  const steps = Array.from({ length: free }, () => 0)
  for (let wait = SECOND; wait < last; wait *= 2) steps.push(wait)
  return [...steps, last]
}

/** Guessing one account from one network: soon slow. */
const PAIR = delays(5, 15 * MINUTE)
/** One account from everywhere: bounded to half a minute, because strangers can bring it about. */
const ACCOUNT = delays(30, 30 * SECOND)
/** One network over all accounts: an office has one address for everybody. */
const NETWORK = delays(100, MINUTE)
/** Second factors of one account: whoever gets here knows the password. */
const FACTOR = delays(5, 15 * MINUTE)

/** How long a network from which somebody has signed in stays theirs. */
const KNOWN_MS = 30 * DAY

/** Slows guessing down without anybody being locked out by somebody else's guesses: counted in the database, so for all processes. */
export interface Throttle {
  /** Before a password is looked at. Throws TOO_MANY_REQUESTS with `retryAfter` in seconds. */
  password(username: string, network: string): Promise<void>
  /** Before a code is looked at; the same. */
  factor(staffId: string): Promise<void>
  /** The code was right: wrong ones before it are forgotten, so that fresh proofs all day long slow nobody down. */
  proven(staffId: string): Promise<void>
  /** The password was right: this network's guesses are forgotten. */
  passed(username: string, network: string): Promise<void>
  /** All of the sign-in was right: this network is theirs. */
  signedIn(username: string, staffId: string, network: string): Promise<void>
  prune(): Promise<number>
}

export interface ThrottleParts {
  readonly store: SignInStore
  readonly clock: { now(): number }
  /** A keyed hash: names and addresses are nobody's to read. */
  readonly mac: (text: string) => string
}

export function createThrottle({ store, clock, mac }: ThrottleParts): Throttle {
  const pairKey = (username: string, network: string) => mac(`pair|${username}|${network}`)
  const knownKey = (username: string, network: string) => mac(`known|${username}|${network}`)
  const take = async (key: string, steps: Delays): Promise<void> => {
    const now = clock.now()
    const until = await store.takeAttempt(key, now, steps, DAY)
    if (until === null) return
    const retryAfter = Math.max(1, Math.ceil((until - now) / SECOND))
    throw new PulihError('TOO_MANY_REQUESTS', 'too many attempts to sign in', { retryAfter })
  }
  return {
    async password(username, network) {
      await take(mac(`network|${network}`), NETWORK)
      await take(pairKey(username, network), PAIR)
      // From where they have signed in before, strangers' guesses elsewhere do not hold anybody up.
      if (await store.isDoorKnown(knownKey(username, network), clock.now())) return
      await take(mac(`account|${username}`), ACCOUNT)
    },
    factor: (staffId) => take(mac(`factor|${staffId}`), FACTOR),
    proven: (staffId) => store.clearAttempts(mac(`factor|${staffId}`)),
    passed: (username, network) => store.clearAttempts(pairKey(username, network)),
    async signedIn(username, staffId, network) {
      const now = clock.now()
      await store.clearAttempts(mac(`factor|${staffId}`))
      await store.clearAttempts(mac(`account|${username}`))
      await store.clearAttempts(mac(`network|${network}`))
      await store.knowDoor(knownKey(username, network), now, now + KNOWN_MS)
    },
    prune: () => store.pruneAttempts(clock.now(), clock.now() - DAY),
  }
}
