import { isIPv6 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { CounterStore } from '../../db/intake/counters.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Limits } from '../intake/limits.js'
import type { Vault } from '../privacy/index.js'

/** What a route may be limited as. */
export type RouteLimit = 'filing' | 'codes' | 'access' | 'uploads' | 'objections'

export interface RequestLimiter {
  /**
   * Counts one request of a network; gives the headers that say what is left (R-RL-1). Throws TOO_MANY_REQUESTS with `retryAfter` in seconds,
   * and LIMITER_UNAVAILABLE where codes cannot be counted (R-RL-2).
   */
  take(limit: RouteLimit, ip: string): Promise<Readonly<Record<string, string>>>
  /** Counts it for the ticket too, where such requests are dear. Throws as `take` does. */
  takeFor(limit: RouteLimit, ticketId: string): Promise<void>
}

/** Where processes count together; keys are keyed hashes there. */
export interface SharedCounts {
  readonly counters: Pick<CounterStore, 'countRequest'>
  readonly vault: Pick<Vault, 'macs'>
  readonly clock: Clock
}

interface Rule {
  readonly count: (key: string) => Promise<Left>
  readonly keyOf: (ip: string) => string
  readonly max: number
}
interface Left {
  readonly used: number
  readonly ms: number
}
const HOUR_S = 3_600

/**
 * An address of the network is shared by many behind one provider, so it only bounds floods (section 1.6 of the trust anchors); what protects
 * people is counted with the codes. `access` is also counted over everybody: numbers are guessed from many places. Without `shared` in memory,
 * which is right for one process; else in the database, and only refusals are remembered here.
 */
export function createRequestLimiter(limits: Limits, shared: SharedCounts | null = null): RequestLimiter {
  const rule = (name: keyof Limits, keyOf: Rule['keyOf'] = (it) => it, failClosed = false): Rule => ({
    count: shared === null ? alone(limits[name]) : together(shared, { name, max: limits[name], failClosed }),
    keyOf,
    max: limits[name],
  })
  const everybody = () => 'all'
  const rules: Readonly<Record<RouteLimit, readonly Rule[]>> = {
    filing: [rule('filingsPerIpHour', networkOf)],
    codes: [rule('codeRequestsPerIpHour', networkOf, true)],
    access: [rule('accessPerIpHour', networkOf, true), rule('accessPerHour', everybody, true)],
    uploads: [rule('uploadsPerIpHour', networkOf)],
    // Never over everybody: strangers' forged ones would keep an owner from saying "not me" while the hold runs out (A27).
    objections: [rule('objectionsPerIpHour', networkOf)],
  }
  const byTicket: Readonly<Partial<Record<RouteLimit, Rule>>> = { uploads: rule('uploadsPerTicketHour') }
  return {
    async take(name, ip) {
      let headers: Readonly<Record<string, string>> = {}
      for (const it of rules[name]) {
        const left = await taken(name, it, ip)
        // The first rule is the caller's own; what is left for everybody is nobody's business.
        if (Object.keys(headers).length === 0) headers = left
      }
      return headers
    },
    async takeFor(name, ticketId) {
      const it = byTicket[name]
      if (it !== undefined) await taken(name, it, ticketId)
    },
  }
}

async function taken(name: RouteLimit, { count, keyOf, max }: Rule, key: string) {
  const { used, ms } = await count(keyOf(key))
  const seconds = Math.max(1, Math.ceil(ms / 1_000))
  if (used <= max) return headersOf(name, max, max - used, seconds)
  const headers = headersOf(name, max, 0, seconds)
  throw new PulihError('TOO_MANY_REQUESTS', 'too many requests', { retryAfter: seconds, headers })
}

function alone(max: number): Rule['count'] {
  const limiter = new RateLimiterMemory({ points: max, duration: HOUR_S })
  return async (key) => {
    const left = await limiter.consume(key).catch((error: unknown) => {
      if (error instanceof RateLimiterRes) return error
      throw error
    })
    return { used: left.consumedPoints, ms: left.msBeforeNext }
  }
}

/** Where the store cannot count, each process counts by itself, or nobody gets through. A flood is refused without asking the store. */
function together(
  { counters, vault, clock }: SharedCounts,
  { name, max, failClosed }: { readonly name: string; readonly max: number; readonly failClosed: boolean },
): Rule['count'] {
  const insurance = alone(max)
  const spent = new RateLimiterMemory({ points: 1, duration: HOUR_S })
  return async (key) => {
    const known = await spent.get(key)
    if (known !== null) return { used: max + 1, ms: known.msBeforeNext }
    const now = clock.now()
    const mac = vault.macs('limit', `${name}|${key}`)[0] ?? ''
    try {
      const { points, expiresAt } = await counters.countRequest(`${name}:${mac}`, 1, HOUR_S * 1_000, now)
      const ms = Math.max(0, expiresAt - now)
      if (points > max) await spent.block(key, Math.ceil(ms / 1_000))
      return { used: points, ms }
    } catch (error) {
      if (failClosed)
        throw new PulihError('LIMITER_UNAVAILABLE', 'requests cannot be counted now', {}, { cause: error })
      return insurance(key)
    }
  }
}

const headersOf = (name: string, max: number, left: number, seconds: number): Readonly<Record<string, string>> => ({
  'RateLimit-Policy': `"${name}";q=${max};w=${HOUR_S}`,
  RateLimit: `"${name}";r=${left};t=${seconds}`,
})

/** A network of one household or phone: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(ip)) return ip
  const [head = '', tail] = (ip.split('%')[0] ?? '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // A dotted end stands for two groups.
  const length = (parts: readonly string[]) => parts.length + (parts.at(-1)?.includes('.') === true ? 1 : 0)
  const zeros = tail === undefined ? 0 : 8 - length(groups) - length(after)
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after]
  const first = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}
