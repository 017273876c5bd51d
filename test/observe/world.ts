import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { createApi, Health, startHttp, type ApiDeps } from '../../src/api/index.js'
import { digestToken, type TokenRole } from '../../src/config.js'
import { createEngine, createIds, loadTicketTypes, verifyStore, type TicketEngine } from '../../src/engine/index.js'
import { createLogger } from '../../src/logging.js'
import type { MetricsConfig, TracingConfig } from '../../src/observe/config.js'
import { openObserve } from '../../src/observe/index.js'
import { embeddedSink, httpSink } from '../../src/ports/sink.js'
import { startWorkers, type WorkerOptions, type Workers } from '../../src/workers/index.js'
import { openQueues, type Queues } from '../../src/workers/queues/index.js'
import { hasRedis, startRedis, type RunningServer } from '../support/servers.js'
import { servicesFor } from '../support/services.js'
import { MORNING, ShiftedClock } from '../workers/world.js'

const ROLES: readonly TokenRole[] = ['portal', 'participant', 'agent', 'checker', 'supervisor']
const tokenOf = (role: string) => `token-of-${role}-0123456789`
const actorOf = (role: string) => (role === 'participant' ? 'ref_abcdef1' : `${role}-1`)
let keys = 0

interface Call {
  readonly as?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
interface Options {
  readonly metrics?: MetricsConfig
  readonly trustProxyHops?: number
  readonly tracing?: TracingConfig
  readonly sinkUrl?: string
  readonly workers?: Partial<WorkerOptions>
}

/** A whole Pulih that is watched, with real HTTP, store and queue; only its clock can be moved. */
export class Watched {
  readonly clock = new ShiftedClock(MORNING)
  readonly log: string[] = []
  redis: RunningServer | null = null
  declare store: Store
  declare engine: TicketEngine
  declare queues: Queues
  declare deps: ApiDeps
  declare url: string
  #options: Options = {}
  #observe!: Awaited<ReturnType<typeof openObserve>>
  readonly #cleanups: (() => Promise<unknown>)[] = []

  static async open(options: Options = {}): Promise<Watched> {
    const world = new Watched()
    world.#options = options
    await world.#open(options)
    return world
  }

  async #open({ metrics, tracing, trustProxyHops = 0 }: Options): Promise<void> {
    const { clock } = this
    const dataDir = await mkdtemp(join(tmpdir(), 'pulih-observe-'))
    this.#cleanups.push(() => rm(dataDir, { recursive: true, force: true }))
    if (hasRedis) this.redis = await startRedis()
    this.#cleanups.unshift(async () => this.redis?.stop())
    this.store = await openStore({ dataDir, clock })
    this.#cleanups.unshift(() => this.store.close())
    await seedReference(this.store, clock.now())
    const types = await loadTicketTypes()
    const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
    const logger = createLogger({ level: 'debug', destination: { write: (line) => void this.log.push(line) } })
    const observe = await openObserve({ tracing: tracing ?? null, clock })
    this.#observe = observe
    this.engine = await createEngine({ store: this.store, types, clock, ids, observer: observe.engine })
    this.#cleanups.unshift(() => this.engine.stop())
    this.queues = await openQueues({ queueUrl: this.redis?.url, dataDir, clock, logger })
    this.#cleanups.unshift(() => this.queues.close(1_000))
    const tokens = ROLES.map((role) => ({ role, actorId: actorOf(role), sha256: digestToken(tokenOf(role)) }))
    this.deps = {
      engine: this.engine,
      store: this.store,
      services: servicesFor(dataDir, { store: this.store, clock, ids, engine: this.engine, logger }),
      types,
      clock,
      ids,
      logger,
      health: new Health(),
      observer: observe.http,
      config: {
        production: false,
        mailbox: false,
        trustProxyHops,
        tokens,
        metrics: metrics ?? { access: 'loopback', tokenSha256: null, port: null },
      },
      replayDeadLetter: () => Promise.resolve(),
    }
    const { audit } = this.deps.services
    observe.watch(
      { store: this.store, clock, engine: this.engine, queues: this.queues, audit },
      this.engine.reference.policies(),
    )
    const http = await startHttp({ app: createApi(this.deps), host: '127.0.0.1', port: 0 })
    this.#cleanups.unshift(() => http.stop(1_000))
    this.url = `http://127.0.0.1:${http.port}`
  }

  startWorkers(): Workers {
    const { store, engine, queues, clock } = this
    const { sinkUrl } = this.#options
    const sink = sinkUrl === undefined ? embeddedSink : httpSink({ url: sinkUrl })
    const options = { sink, backoffMs: 50, ...this.#options.workers }
    const observer = this.#observe.work
    const workers = startWorkers({ store, engine, queues, clock, observer, options, logger: this.deps.logger })
    this.#cleanups.unshift(() => workers.stop(5_000))
    return workers
  }

  /** Sends what is left of the spans; gives how long that took in ms. */
  async flush(): Promise<number> {
    const startedAt = performance.now()
    await this.#observe.stop()
    return performance.now() - startedAt
  }
  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) await cleanup()
    await this.#observe.stop()
  }

  async request(method: string, path: string, { as = 'portal', body, headers = {} }: Call = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(as === '' ? {} : { authorization: `Bearer ${tokenOf(as)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text }
  }

  async file(headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ref_abcdef1', declaration: true }
    const { status, text } = await this.request('POST', '/v1/tickets', {
      body: { type: 'pengaduan', ...filing },
      headers: { 'idempotency-key': `"key-${++keys}"`, ...headers },
    })
    expect(status, text).toBe(202)
    return (JSON.parse(text) as { ticketId: string }).ticketId
  }
  async send(id: string, as: string, type: string, payload: object = {}, headers: Call['headers'] = {}) {
    const version = (await this.store.findTicket(id))!.contentVersion
    return this.request('POST', `/v1/tickets/${id}/events`, {
      as,
      body: { type, ...payload },
      headers: { 'idempotency-key': `"key-${++keys}"`, 'if-match': `"v${version}"`, ...headers },
    })
  }
  /** A ticket whose change is held back. */
  async onHold(): Promise<string> {
    const id = await this.file()
    const matched = { verdict: 'matched', checklist: [{ item: 'NIK_COCOK', matched: true }] }
    const steps: [string, string, object?][] = [
      ['portal', 'contact.prove', { channel: 'email' }],
      ['portal', 'contact.prove', { channel: 'phone' }],
      ['agent', 'verification.start'],
      ['agent', 'identity.verify', matched],
      ['agent', 'approval.propose'],
      ['checker', 'approval.confirm'],
    ]
    for (const [as, type, payload] of steps) {
      const { status, text } = await this.send(id, as, type, payload)
      expect(status, text).toBe(200)
    }
    return id
  }
  async verify(): Promise<readonly string[]> {
    const { store, engine } = this
    const { problems } = await verifyStore({ store, types: this.deps.types, reference: engine.reference })
    return problems.map((it) => it.what)
  }
  scrape() {
    return this.request('GET', '/metrics', { as: '' })
  }
}

/** A server that keeps what it is sent; `answer` null never answers. */
export class Collector {
  readonly bodies: string[] = []
  readonly headers: IncomingHttpHeaders[] = []
  readonly #server: Server
  private constructor(server: Server) {
    this.#server = server
  }
  static async open(answer: number | null = 200): Promise<Collector> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        collector.bodies.push(Buffer.concat(chunks).toString())
        collector.headers.push(request.headers)
        if (answer !== null) response.writeHead(answer, { 'content-type': 'application/json' }).end('{}')
      })
    })
    const collector = new Collector(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return collector
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
