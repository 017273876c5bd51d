import type { Budget } from '../../db/intake/challenges.js'
import type { Channel } from '../../db/intake/people.js'
import type { Limits } from './limits.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Whom a code is charged to; indexes, under every key in use. */
export interface Spender {
  readonly ticketId: string
  readonly channel: Channel
  readonly address: readonly string[]
  /** Empty: not known, so nothing is counted by it. */
  readonly person: readonly string[]
  readonly device: readonly string[]
}

/** R-OTP-7: per address, case, NIK, device, and for SMS over everybody (toll fraud). Ids are those of the limits. */
export function budgetsFor(spender: Spender, limits: Limits): readonly Budget[] {
  const { ticketId, channel, address, person, device } = spender
  const budgets: Budget[] = [
    budget('codesPerAddressMinute', 'address', address, MINUTE, limits),
    budget('codesPerAddressHour', 'address', address, HOUR, limits),
    budget('codesPerAddressDay', 'address', address, DAY, limits),
    budget('codesPerCaseDay', 'ticket', [ticketId], DAY, limits),
  ]
  if (person.length > 0) budgets.push({ ...budget('codesPerNikDay', 'person', person, DAY, limits), sparesFirst: true })
  if (device.length > 0)
    budgets.push({ ...budget('codesPerDeviceDay', 'device', device, DAY, limits), sparesFirst: true })
  if (channel === 'phone') budgets.push(budget('smsPerHour', 'channel', ['phone'], HOUR, limits))
  return budgets
}

const budget = (
  id: keyof Limits,
  by: Budget['by'],
  values: readonly string[],
  windowMs: number,
  limits: Limits,
): Budget => ({ id, by, values, windowMs, max: limits[id] })
