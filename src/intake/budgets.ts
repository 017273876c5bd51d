import type { Budget, ChallengePurpose } from '../../db/intake/challenges.js'
import type { Channel } from '../../db/intake/people.js'
import type { Limits } from './limits.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Whom a code is charged to; indexes, under every key in use. */
export interface Spender {
  readonly ticketId: string
  readonly purpose: ChallengePurpose
  readonly channel: Channel
  readonly address: readonly string[]
  /** Empty: not known, so nothing is counted by it. */
  readonly person: readonly string[]
  readonly device: readonly string[]
  /** Whoever asks has the device that the ticket was filed with. */
  readonly knownDevice: boolean
  /** A person at a desk, a case with a contact that was proven, or anybody. */
  readonly trust: 'desk' | 'proven' | 'none'
}

/**
 * R-OTP-7. What strangers can ask for has budgets of its own: a lost token's codes never cost the holder of a token one, and the last codes
 * of an address are kept for tickets that had none yet (docs/adr/0016). Only the breaker against toll fraud counts over everything,
 * and it leaves a share of the SMS to cases with a proven contact, and one to desks: a flood of first codes closes it for floods.
 */
export function budgetsFor(spender: Spender, limits: Limits): readonly Budget[] {
  const own = spender.purpose === 'access' ? accessBudgets(spender, limits) : proofBudgets(spender, limits)
  if (spender.channel !== 'phone') return own
  return [...own, { id: 'smsPerHour', by: 'channel', values: ['phone'], windowMs: HOUR, max: smsFor(spender, limits) }]
}

/** Of the SMS of an hour, how many may be gone for one more to this case. One at least is anybody's, however the numbers are set. */
function smsFor({ trust }: Spender, { smsPerHour, smsPercentForProven, smsPercentForDesk }: Limits): number {
  const kept = { desk: 0, proven: smsPercentForDesk, none: smsPercentForProven + smsPercentForDesk }[trust]
  return Math.max(1, smsPerHour - Math.floor((smsPerHour * kept) / 100))
}

function proofBudgets({ ticketId, address, person, device }: Spender, limits: Limits): readonly Budget[] {
  const budget = budgetOf('prove', limits)
  const day = budget('codesPerAddressDay', 'address', address, DAY)
  return [
    budget('codesPerAddressMinute', 'address', address, MINUTE),
    budget('codesPerAddressHour', 'address', address, HOUR),
    { ...day, keptForFirst: Math.min(limits.codesKeptForFirst, day.max - 1) },
    budget('codesPerCaseDay', 'ticket', [ticketId], DAY),
    ...shared(budget('codesPerNikDay', 'person', person, DAY)),
    ...shared(budget('codesPerDeviceDay', 'device', device, DAY)),
  ]
}
const shared = (budget: Budget): readonly Budget[] =>
  budget.values.length > 0 ? [{ ...budget, sparesFirst: true }] : []

/** The last of a day are kept for the device that filed: whoever knows a ticket's number alone cannot use those up. */
function accessBudgets({ ticketId, address, knownDevice }: Spender, limits: Limits): readonly Budget[] {
  const budget = budgetOf('access', limits)
  const minute = budget('codesPerAddressMinute', 'address', address, MINUTE)
  const day = budget('accessCodesPerAddressDay', 'address', address, DAY)
  if (knownDevice) return [minute, day]
  const left = Math.max(1, day.max - limits.accessCodesKeptForDevice)
  return [minute, { ...day, max: left }, budget('accessCodesPerCaseDay', 'ticket', [ticketId], DAY)]
}

const budgetOf =
  (purpose: ChallengePurpose, limits: Limits) =>
  (id: keyof Limits, by: Budget['by'], values: readonly string[], windowMs: number): Budget => ({
    ...{ id, by, values, windowMs, purpose },
    max: limits[id],
  })
