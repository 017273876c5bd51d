import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { z } from 'zod'
import { digestToken } from '../config.js'
import type { AccountService } from '../ports/accounts.js'
import {
  ACCOUNT_PATHS,
  ContactsLookup,
  ReplacementKey,
  ReplacementLookup,
  ReplacementOrder,
  Revocation,
} from '../ports/accounts.http.js'
import type { ParticipantDirectory } from '../ports/directory.js'
import { Lookup, LOOKUP_PATH } from '../ports/directory.http.js'
import { HEALTH_PATH } from '../ports/upstream.js'

export interface ReferenceParts {
  readonly directory: ParticipantDirectory
  readonly accounts: AccountService
  /** SHA-256 of the bearer token that callers must bring. */
  readonly tokenSha256: Buffer
}
interface Reply {
  readonly status: number
  readonly body: unknown
}
type Handler = (body: unknown, key: string | null) => Promise<Reply>

const LARGEST_BODY = 16 * 1024

/** A request that the contract does not allow; the code says which part of it. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code)
  }
}

/**
 * The reference of both contracts (docs/contracts): a small HTTP server over whatever directory and accounts it is given. For trying out
 * and for testing adapters over a real connection; it holds no data of its own.
 */
export async function startReferenceServer(
  parts: ReferenceParts,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const handlers = handlersOf(parts)
  const server = createServer((request, response) => {
    answer(parts, handlers, request)
      .catch((error: unknown) => problemOf(error))
      .then((reply) => {
        send(response, reply)
      })
      .catch(() => response.destroy())
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function handlersOf({ directory, accounts }: ReferenceParts): ReadonlyMap<string, Handler> {
  const found = (body: unknown): Reply => ({ status: 200, body })
  return new Map<string, Handler>([
    [
      LOOKUP_PATH,
      async (body) => {
        const asked = read(Lookup, body)
        if ('nik' in asked) return found({ participant: await directory.findByNik(asked.nik) })
        if ('kpj' in asked) return found({ participant: await directory.findByKpj(asked.kpj) })
        return found({ participant: await directory.findById(asked.id) })
      },
    ],
    [
      ACCOUNT_PATHS.contacts,
      async (body) => found({ contacts: await accounts.contactsOf(read(ContactsLookup, body).participantId) }),
    ],
    [
      ACCOUNT_PATHS.replacement,
      async (body, key) => {
        const said = await accounts.replaceContacts({ ...read(ReplacementOrder, body), key: needed(key) })
        if (said.outcome === 'refused') return { status: 422, body: { code: said.code } }
        return found({ accountId: said.accountId })
      },
    ],
    [
      ACCOUNT_PATHS.replacementLookup,
      async (body) => {
        const done = await accounts.replacementUnder(read(ReplacementLookup, body).key)
        return found({ accountId: done?.accountId ?? null })
      },
    ],
    [
      ACCOUNT_PATHS.revocation,
      async (body, key) => {
        await accounts.revokeSessions(read(Revocation, body).accountId, needed(key))
        return { status: 204, body: null }
      },
    ],
  ])
}

async function answer(
  { tokenSha256 }: ReferenceParts,
  handlers: ReadonlyMap<string, Handler>,
  request: IncomingMessage,
): Promise<Reply> {
  const { url = '', method, headers } = request
  const token = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  if (!timingSafeEqual(digestToken(token), tokenSha256)) throw new Refusal(401, 'UNAUTHENTICATED')
  if (url === HEALTH_PATH && method === 'GET') return { status: 204, body: null }
  const handler = handlers.get(url)
  if (handler === undefined) throw new Refusal(404, 'NOT_FOUND')
  if (method !== 'POST') throw new Refusal(405, 'METHOD_NOT_ALLOWED')
  if (!/^application\/json(;|$)/i.test(headers['content-type'] ?? '')) throw new Refusal(415, 'MEDIA_TYPE_UNSUPPORTED')
  return handler(await bodyOf(request), keyOf(headers['idempotency-key']))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new Refusal(413, 'BODY_TOO_LARGE')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    throw new Refusal(400, 'BODY_MALFORMED')
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Refusal(400, 'BODY_MALFORMED')
  return parsed.data
}

/** A quoted string, as RFC 8941 writes them. */
function keyOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null
  const parsed = ReplacementKey.safeParse(/^"(.*)"$/.exec(header)?.[1])
  if (!parsed.success) throw new Refusal(400, 'IDEMPOTENCY_KEY_MALFORMED')
  return parsed.data
}
function needed(key: string | null): string {
  if (key === null) throw new Refusal(400, 'IDEMPOTENCY_KEY_REQUIRED')
  return key
}

const problemOf = (error: unknown): Reply =>
  error instanceof Refusal
    ? { status: error.status, body: { code: error.code } }
    : { status: 503, body: { code: 'UNAVAILABLE' } }

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(status === 204 ? undefined : JSON.stringify(body))
}
