import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { CounterStore } from '../../db/intake/counters.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import { readLimits, type Limits } from '../intake/limits.js'
import type { Logger } from '../logging.js'
import type { Vault } from '../privacy/index.js'
import { networkOf, siteOf } from '../networks.js'
import type { HttpObserver } from './observer.js'

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

/** Told when everybody together asked for more than seems right; once an hour for each limit. */
type Alarm = (limit: RouteLimit) => void

interface Rule {
  readonly count: (key: string) => Promise<Left>
  /** Null: this rule is not about such an address. */
  readonly keyOf: (ip: string) => string | null
  readonly max: number
}
interface Left {
  readonly used: number
  readonly ms: number
}
const HOUR_S = 3_600

interface LimiterDeps {
  readonly config: { readonly limits?: Limits; readonly databaseUrl?: string | null }
  readonly services: { readonly vault: Pick<Vault, 'macs'> }
  readonly store: { readonly intake: { readonly counters: CounterStore } }
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
  readonly observer?: Pick<HttpObserver, 'flooded'> | undefined
}

/** The one limiter of a process, for API and pages alike. Processes that share a database count together; one alone counts in memory. */
export function requestLimiterOf(deps: LimiterDeps): RequestLimiter {
  const { config, services, store, clock, logger, observer } = deps
  const shared = config.databaseUrl == null ? null : { counters: store.intake.counters, vault: services.vault, clock }
  return createRequestLimiter(config.limits ?? readLimits().limits, shared, (limit) => {
    observer?.flooded(limit)
    logger.warn({ limit }, 'everybody together asks for more than expected; nobody is refused for it')
  })
}

/**
 * An address of the network is shared by many behind one provider, so it only bounds floods (section 1.6 of the trust anchors); what protects
 * people is counted with the codes. Nothing is refused for what everybody does together: whoever floods would lock out all others. Askings
 * for access are watched over everybody (numbers are guessed from many places), and an alarm is raised. Without `shared` in memory, which is
 * right for one process; else in the database, and only refusals are remembered here.
 */
export function createRequestLimiter(
  limits: Limits,
  shared: SharedCounts | null = null,
  alarm: Alarm = () => undefined,
): RequestLimiter {
  const counter = (name: string, max: number, failClosed: boolean) =>
    shared === null ? alone(max) : together(shared, { name, max, failClosed })
  const rule = (name: keyof Limits, keyOf: Rule['keyOf'], failClosed = false, times = 1): Rule => {
    const max = limits[name] * times
    return { count: counter(times === 1 ? name : `${name}OfSite`, max, failClosed), keyOf, max }
  }
  // By /64, and by /48 for whoever has many of them: that one is wide enough for a mobile network.
  const networks = (name: keyof Limits, failClosed = false): readonly Rule[] => [
    rule(name, networkOf, failClosed),
    rule(name, siteOf, failClosed, Math.max(2, limits.networksPerSite)),
  ]
  const rules: Readonly<Record<RouteLimit, readonly Rule[]>> = {
    filing: networks('filingsPerIpHour'),
    codes: networks('codeRequestsPerIpHour', true),
    access: networks('accessPerIpHour', true),
    uploads: networks('uploadsPerIpHour'),
    objections: networks('objectionsPerIpHour'),
  }
  const byTicket: Readonly<Partial<Record<RouteLimit, Rule>>> = { uploads: rule('uploadsPerTicketHour', (it) => it) }
  const watched: Readonly<Partial<Record<RouteLimit, Rule>>> = { access: rule('accessPerHour', () => 'all') }
  const told = new RateLimiterMemory({ points: 1, duration: HOUR_S })
  const watch = async (name: RouteLimit, { count, max }: Rule): Promise<void> => {
    const { used } = await count('all')
    if (used <= max) return
    const isFirst = await told.consume(name).then(
      () => true,
      () => false,
    )
    if (isFirst) alarm(name)
  }
  return {
    async take(name, ip) {
      let headers: Readonly<Record<string, string>> | null = null
      for (const it of rules[name]) {
        const key = it.keyOf(ip)
        if (key === null) continue
        const left = await taken(name, it, key)
        // The first rule is the caller's own; what is left for a whole site is nobody's business.
        headers ??= left
      }
      const all = watched[name]
      if (all !== undefined) await watch(name, all)
      return headers ?? {}
    },
    async takeFor(name, ticketId) {
      const it = byTicket[name]
      if (it !== undefined) await taken(name, it, ticketId)
    },
  }
}

async function taken(name: RouteLimit, { count, max }: Rule, key: string) {
  const { used, ms } = await count(key)
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
