import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'

export interface Asked {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly retryAfter: string | null
}
const LIMIT_MS = 30_000

/**
 * Asks once, on a connection of its own: one that was kept (as `fetch` keeps them, whatever its headers say) may be closed by the server while the
 * question is on its way. Rejects when nothing answers within 30 s.
 */
export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Asked> {
  const request = get(url, { agent: false, headers, signal: AbortSignal.timeout(LIMIT_MS) })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const body = (await json(response)) as Record<string, unknown>
  return { status: response.statusCode ?? 0, body, retryAfter: response.headers['retry-after'] ?? null }
}
