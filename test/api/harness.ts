import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openStore, type DeadLetter, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import {
  apiRoutes,
  createApi,
  Health,
  startHttp,
  type ApiDeps,
  type HttpServer,
  type Route,
} from '../../src/api/index.js'
import { ProblemShape } from '../../src/api/shapes.js'
import { digestToken, type TokenRole } from '../../src/config.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock, type TicketEngine } from '../../src/engine/index.js'
import type { CodeObserver } from '../../src/intake/codeObserver.js'
import { readLimits } from '../../src/intake/limits.js'
import { createLogger } from '../../src/logging.js'
import { servicesFor } from '../support/services.js'

/** Monday 23 November 2026, 09.00 WIB. */
export const MONDAY_9 = Date.parse('2026-11-23T02:00:00Z')
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** Who calls: each has a token of its own. */
const PEOPLE = {
  portal: 'portal',
  participant: 'participant',
  agent: 'agent',
  checker: 'checker',
  checker2: 'checker',
  supervisor: 'supervisor',
  admin: 'admin',
  auditor: 'auditor',
} as const satisfies Record<string, TokenRole>
export type Person = keyof typeof PEOPLE
export const actorIdOf = (person: Person): string => (person === 'participant' ? 'peserta_budi01' : `${person}-1`)
export const tokenOf = (person: Person): string => `token-of-${person}-0123456789`

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers freely; their shape is checked on arrival
  readonly body: any
}
interface RequestOptions {
  readonly as?: Person | null
  readonly body?: unknown
  readonly raw?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** The whole API over a real engine, a real SQLite store and real HTTP; only the clock stands still until it is moved. */
export interface Harness {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly store: Store
  readonly engine: TicketEngine
  readonly health: Health
  readonly http: HttpServer
  readonly deps: ApiDeps
  readonly routes: readonly Route[]
  readonly log: string[]
  readonly replayed: DeadLetter[]
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  get(path: string, as?: Person | null, headers?: Readonly<Record<string, string>>): Promise<Answer>
  file(options?: RequestOptions & { filing?: Readonly<Record<string, unknown>>; key?: string }): Promise<Answer>
  send(id: string, type: string, options?: SendOptions): Promise<Answer>
  /** Files a ticket, proves both contacts and starts its verification. Answers its id. */
  underVerification(): Promise<string>
  close(): Promise<void>
}
interface SendOptions extends RequestOptions {
  readonly payload?: Readonly<Record<string, unknown>>
  readonly key?: string | null
  /** A content version; `current` (default) reads it first; null sends no If-Match. */
  readonly version?: number | 'current' | null
}

export const FILING = {
  route: 'layanan_digital',
  cause: 'EMAIL_DAN_HP_HILANG',
  participantRef: 'peserta_budi01',
  declaration: true,
}

/** One field of every row of a list. */
export const pluck = (rows: unknown, name: string): readonly unknown[] =>
  (rows as readonly Record<string, unknown>[]).map((it) => it[name])
/** The row of a list whose field has this value. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see Answer.body
export const rowWith = (rows: unknown, name: string, value: string): any =>
  (rows as readonly Record<string, unknown>[]).find((it) => it[name] === value)

let keys = 0
export const newKey = (): string => `"test-key-${++keys}"`

/** Opens everything on a free port in a folder of its own. */
export async function startHarness(
  options: {
    mailbox?: boolean
    at?: number
    level?: 'debug' | 'info'
    databaseUrl?: string
    limits?: string
    codes?: CodeObserver
    /** Files of ticket types beside the own ones. */
    typeFiles?: readonly string[]
  } = {},
): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pulih-api-'))
  const clock = new VirtualClock(options.at ?? MONDAY_9)
  const store = await openStore({ dataDir, databaseUrl: options.databaseUrl ?? null, clock })
  const types = await loadTicketTypes(undefined, options.typeFiles)
  await seedReference(store, clock.now(), options.typeFiles === undefined ? undefined : types)
  const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
  const engine = await createEngine({ store, types, clock, ids })
  const log: string[] = []
  const replayed: DeadLetter[] = []
  const health = new Health()
  const logger = createLogger({
    level: options.level ?? 'debug',
    destination: { write: (line: string) => void log.push(line) },
  })
  const { limits } = readLimits(options.limits)
  const observed = options.codes === undefined ? {} : { codes: options.codes }
  const tokens = (Object.keys(PEOPLE) as Person[]).map((person) => ({
    role: PEOPLE[person],
    actorId: actorIdOf(person),
    sha256: digestToken(tokenOf(person)),
  }))
  const services = servicesFor(dataDir, { store, clock, ids, engine, logger, ...observed }, { limits, tokens })
  const deps: ApiDeps = {
    engine,
    store,
    services,
    types,
    clock,
    ids,
    health,
    logger,
    config: {
      production: false,
      limits,
      databaseUrl: options.databaseUrl ?? null,
      mailbox: options.mailbox ?? true,
      trustProxyHops: 0,
      tokens,
    },
    replayDeadLetter: async (letter) => {
      replayed.push(letter)
      return Promise.resolve()
    },
  }
  const http = await startHttp({ app: createApi(deps), host: '127.0.0.1', port: 0 })
  const routes = apiRoutes(deps)
  const url = `http://127.0.0.1:${http.port}`

  const request: Harness['request'] = async (method, path, { as = 'portal', body, raw, headers = {} } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${tokenOf(as)}` }),
        ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(raw === undefined ? (body === undefined ? {} : { body: JSON.stringify(body) }) : { body: raw }),
    })
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    const parsed: unknown = type.includes('json') && text !== '' ? JSON.parse(text) : null
    checkShape(routes, method, path, response, parsed)
    return { status: response.status, headers: response.headers, text, body: parsed }
  }
  const get: Harness['get'] = (path, as = 'agent', headers = {}) => request('GET', path, { as, headers })
  const file: Harness['file'] = ({ filing = {}, key = newKey(), headers = {}, ...rest } = {}) =>
    request('POST', '/v1/tickets', {
      body: { type: 'pengaduan', ...FILING, ...filing },
      headers: { 'idempotency-key': key, ...headers },
      ...rest,
    })
  const send: Harness['send'] = async (
    id,
    type,
    { payload = {}, key = newKey(), version = 'current', headers = {}, ...rest } = {},
  ) => {
    const current = version === 'current' ? (await store.findTicket(id))?.contentVersion : version
    return request('POST', `/v1/tickets/${id}/events`, {
      body: { type, ...payload },
      headers: {
        ...(key === null ? {} : { 'idempotency-key': key }),
        ...(current === null || current === undefined ? {} : { 'if-match': `"v${current}"` }),
        ...headers,
      },
      ...rest,
    })
  }
  const underVerification = async (): Promise<string> => {
    const id = String((await file()).body.ticketId)
    clock.advance(MINUTE)
    for (const channel of ['email', 'phone']) await send(id, 'contact.prove', { payload: { channel } })
    clock.advance(MINUTE)
    const started = await send(id, 'verification.start', { as: 'agent' })
    expect(started.status, started.text).toBe(200)
    return id
  }
  const close = async (): Promise<void> => {
    services.live.close()
    await http.stop(1000)
    await engine.stop()
    await store.close()
    await rm(dataDir, { recursive: true })
  }
  return {
    url,
    port: http.port,
    dataDir,
    clock,
    store,
    engine,
    health,
    http,
    deps,
    routes,
    log,
    replayed,
    request,
    get,
    file,
    send,
    underVerification,
    close,
  }
}

/** Every answer of every test is held against the schema that the OpenAPI document shows. */
function checkShape(routes: readonly Route[], method: string, path: string, response: Response, body: unknown): void {
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9A-Za-z-]{16,64}$/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    if (method === 'HEAD') return
    const problem = ProblemShape.parse(body)
    expect(problem.status).toBe(response.status)
    expect(problem.instance).toBe(response.headers.get('x-request-id'))
    return
  }
  if (body === null) return
  const { pathname } = new URL(path, 'http://localhost')
  const route = routes.find((it) => it.method === method.toLowerCase() && matches(it.path, pathname))
  expect(route, `${method} ${pathname} is not in the table of routes`).toBeDefined()
  expect(response.status).toBe(route?.reply.status)
  route?.reply.schema.parse(body)
}
const matches = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`).test(path)
