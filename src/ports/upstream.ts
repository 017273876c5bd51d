import type { KeyObject } from 'node:crypto'
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import type { z } from 'zod'
import { PulihError } from '../engine/errors.js'

/** Where a system of the institution answers, and the secret that it knows us by; a key object, so that no printed configuration shows it. */
export interface UpstreamConfig {
  /** Without a slash at the end. */
  readonly url: string
  readonly token: KeyObject
}

/** Numbers that tests shorten; the defaults are for a system in the same country. */
export interface UpstreamLimits {
  readonly timeoutMs?: number
  /** Tries of a look-up in all. */
  readonly tries?: number
  readonly backOffMs?: number
  /** So many failures one after another open the breaker … */
  readonly breakAfter?: number
  /** … and this long nobody is asked, then one call tries again. */
  readonly openMs?: number
}
const DEFAULTS = { timeoutMs: 5_000, tries: 3, backOffMs: 200, breakAfter: 5, openMs: 10_000 }
/** No answer of the contract comes near. */
const LARGEST_ANSWER = 256 * 1024

type Reason = 'unreachable' | 'timeout' | 'resting' | 'redirected' | 'tooLarge' | 'malformed' | `answered${number}`

interface Call<T> {
  readonly path: string
  readonly body: unknown
  /** What a 200 or 422 must hold; null: 204 and nothing. */
  readonly answer: z.ZodType<T>
  /** A command carries its key and is not repeated here: the outbox does that, later and with the same key. */
  readonly key?: string
}

export interface Upstream {
  /** Throws UPSTREAM_UNAVAILABLE, with a reason and nothing of what was sent or answered. */
  call<T>(call: Call<T>): Promise<T>
}

/** What went wrong, by name only: the cause may hold an address or a value, so it is let go. */
class Failure extends Error {
  constructor(readonly reason: Reason) {
    super(reason)
  }
}
/** A second try may find it better. */
const passing = (error: Error): boolean =>
  error instanceof Failure
    ? /^(unreachable|answered(429|5\d\d))$/.test(error.reason)
    : error instanceof TaskCancelledError

/** One system behind HTTPS: time limit per try, look-ups repeated with back-off, a breaker over all calls. */
export function upstream(name: string, { url, token }: UpstreamConfig, limits: UpstreamLimits = {}): Upstream {
  const { timeoutMs, tries, backOffMs, breakAfter, openMs } = { ...DEFAULTS, ...limits }
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(breakAfter) })
  const once = wrap(breaker, timeout(timeoutMs, TimeoutStrategy.Cooperative))
  const again = retry(handleWhen(passing), {
    maxAttempts: tries - 1,
    backoff: new ExponentialBackoff({ initialDelay: backOffMs, maxDelay: backOffMs * 10 }),
  })
  const patient = wrap(again, once)
  return {
    async call({ path, body, answer, key }) {
      try {
        return await (key === undefined ? patient : once).execute(async ({ signal }) => {
          return parsed(await send(`${url}${path}`, { body, token, key, signal }), answer)
        })
      } catch (error) {
        throw unavailable(name, error)
      }
    },
  }
}

export const HEALTH_PATH = '/v1/health'

/** Whether the system answers and knows our secret; asks for nothing else. `limitMs`: how long this may take. */
export async function upstreamHealth(
  { url, token }: UpstreamConfig,
  limitMs: number,
): Promise<'well' | 'refused' | 'unwell' | 'unreachable'> {
  try {
    const { status } = await send(`${url}${HEALTH_PATH}`, { token, signal: AbortSignal.timeout(limitMs) })
    if (status === 401 || status === 403) return 'refused'
    return status === 204 ? 'well' : 'unwell'
  } catch {
    return 'unreachable'
  }
}

interface Sent {
  readonly token: KeyObject
  readonly signal: AbortSignal
  /** Absent: asked with GET. */
  readonly body?: unknown
  readonly key?: string | undefined
}
interface Answered {
  readonly status: number
  readonly text: string
}

async function send(url: string, { body, token, key, signal }: Sent): Promise<Answered> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token.export().toString('utf8')}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': `"${key}"` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // Followed, a redirect would carry the secret and the body to whoever is named there.
      redirect: 'manual',
      signal,
    })
    return { status: response.status, text: await read(response) }
  } catch (error) {
    if (signal.aborted) throw new TaskCancelledError()
    throw error instanceof Failure ? error : new Failure('unreachable')
  }
}

/** Counts while it reads: the length that a server announces need not be true. */
async function read(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > LARGEST_ANSWER) throw new Failure('tooLarge')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed<T>({ status, text }: Answered, answer: z.ZodType<T>): T {
  if (status >= 300 && status < 400) throw new Failure('redirected')
  if (status !== 200 && status !== 204 && status !== 422) throw new Failure(`answered${status}`)
  const result = answer.safeParse(status === 204 ? null : parseJson(text))
  if (!result.success) throw new Failure(status === 422 ? 'answered422' : 'malformed')
  return result.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('malformed')
  }
}

function unavailable(name: string, error: unknown): PulihError {
  const reason: Reason =
    error instanceof Failure ? error.reason : error instanceof BrokenCircuitError ? 'resting' : 'timeout'
  return new PulihError('UPSTREAM_UNAVAILABLE', `The ${name} does not answer as agreed: ${reason}.`, { reason })
}
