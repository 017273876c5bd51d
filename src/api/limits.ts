import { isIPv6 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { PulihError } from '../engine/errors.js'
import type { Limits } from '../intake/limits.js'

/** What a route may be limited as. */
export type RouteLimit = 'filing' | 'codes' | 'access' | 'uploads'

export interface RequestLimiter {
  /** Counts one request; gives the headers that say what is left (R-RL-1). Throws TOO_MANY_REQUESTS with `retryAfter` in seconds. */
  take(limit: RouteLimit, ip: string): Promise<Readonly<Record<string, string>>>
}

interface Rule {
  readonly limiter: RateLimiterMemory
  readonly keyOf: (ip: string) => string
  readonly max: number
}
const HOUR_S = 3_600

/**
 * Per process and in memory: an address of the network is shared by many behind one provider, so it only bounds floods (section 1.6 of the
 * trust anchors); what protects people is counted in the database. `access` is also counted over everybody: numbers are guessed from many places.
 */
export function createRequestLimiter(limits: Limits): RequestLimiter {
  const rule = (max: number, keyOf: Rule['keyOf']): Rule => ({
    limiter: new RateLimiterMemory({ points: max, duration: HOUR_S }),
    keyOf,
    max,
  })
  const everybody = () => 'all'
  const rules: Readonly<Record<RouteLimit, readonly Rule[]>> = {
    filing: [rule(limits.filingsPerIpHour, networkOf)],
    codes: [rule(limits.codeRequestsPerIpHour, networkOf)],
    access: [rule(limits.accessPerIpHour, networkOf), rule(limits.accessPerHour, everybody)],
    uploads: [rule(limits.uploadsPerIpHour, networkOf)],
  }
  return {
    async take(name, ip) {
      let headers: Readonly<Record<string, string>> = {}
      for (const { limiter, keyOf, max } of rules[name]) {
        const left = await limiter.consume(keyOf(ip)).catch((error: unknown) => {
          if (error instanceof RateLimiterRes) return error
          throw error
        })
        const seconds = Math.max(1, Math.ceil(left.msBeforeNext / 1_000))
        if (left.consumedPoints > max)
          throw new PulihError('TOO_MANY_REQUESTS', 'too many requests', {
            retryAfter: seconds,
            headers: headersOf(name, max, 0, seconds),
          })
        // The first rule is the caller's own; what is left for everybody is nobody's business.
        if (Object.keys(headers).length === 0) headers = headersOf(name, max, left.remainingPoints, seconds)
      }
      return headers
    },
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
