import type { Channel } from './peopleRows.js'
import type { NewTask } from './tasks.js'

export type ChallengePurpose = 'prove' | 'access'

/** One code asked for: where it goes, what became of it. The code itself is nowhere. */
export interface ChallengeRow {
  readonly id: string
  readonly ticketId: string
  readonly purpose: ChallengePurpose
  readonly channel: Channel
  /** Of the contact: a code for an earlier address opens nothing (R-OTP-6). */
  readonly generation: number
  readonly addressIndex: string
  readonly personIndex: string | null
  readonly deviceIndex: string | null
  readonly createdAt: number
  readonly sentAt: number | null
  readonly expiresAt: number | null
  readonly codeMac: string | null
  readonly tries: number
  readonly consumedAt: number | null
  readonly supersededAt: number | null
}
export type NewChallenge = Omit<
  ChallengeRow,
  'sentAt' | 'expiresAt' | 'codeMac' | 'tries' | 'consumedAt' | 'supersededAt'
>

/** At most `max` challenges with one of these values in any `windowMs`. */
export interface Budget {
  readonly id: string
  readonly by: 'address' | 'ticket' | 'person' | 'device' | 'channel'
  /** The same value under every index key that is in use. */
  readonly values: readonly string[]
  readonly windowMs: number
  readonly max: number
  /** Counts codes of this purpose only; absent: of every one. */
  readonly purpose?: ChallengePurpose
  /** Shared with other tickets: never refuses a ticket its first code on a channel, or one could lock another out. */
  readonly sparesFirst?: boolean
  /** So many of `max` are left to tickets whose first code on the channel, of the day, it is. */
  readonly keptForFirst?: number
}

export interface ChallengeStore {
  /**
   * Writes it, unless a budget is spent or it is there already. One to prove a contact supersedes the earlier ones of its ticket and channel;
   * those for access stand side by side, because strangers ask for them too. However many ask at once, on however many processes, no budget
   * is exceeded.
   */
  addChallenge(row: NewChallenge, budgets: readonly Budget[]): Promise<boolean>
  /** Since when each budget is spent for this one: it has room again `windowMs` later. Only those that are spent. */
  spentBudgets(row: NewChallenge, budgets: readonly Budget[]): Promise<readonly { budget: Budget; since: number }[]>
  findChallenge(id: string): Promise<ChallengeRow | null>
  /** The newest one, whatever became of it. */
  newestChallenge(ticketId: string, channel: Channel, purpose: ChallengePurpose): Promise<ChallengeRow | null>
  /** What a code is good for from now on; false when the challenge was superseded or used. */
  setCode(id: string, code: Required<Pick<ChallengeRow, 'codeMac' | 'sentAt' | 'expiresAt'>>): Promise<boolean>
  /** Counts a try against the newest challenge, or the one named, before anything is compared (R-OTP-1). Null when there is none. */
  countTry(ticketId: string, channel: Channel, purpose: ChallengePurpose, id?: string): Promise<ChallengeRow | null>
  /** Once, and for the address it was made for: true for one caller at most (R-OTP-2). The others of its ticket and purpose are dead. */
  consume(challenge: Pick<ChallengeRow, 'id' | 'ticketId' | 'purpose'>, at: number): Promise<boolean>
  /** `consume`, the contact marked proven, and the task that tells the ticket: all or none. */
  consumeAndProve(challenge: ChallengeRow, at: number, task: NewTask): Promise<boolean>
}
