import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, type TicketEngine } from '../../src/engine/index.js'
import type { Actor } from '../../src/machines/ticketType.js'
import { startWorkers, type WorkerOptions, type Workers, type World } from '../../src/workers/index.js'
import { openQueues, type Queues } from '../../src/workers/queues/index.js'
import { hasRedis, startRedis, type RunningServer } from '../support/servers.js'

export const logger = pino({ level: 'silent' })

/** Runs at the pace of the real clock from wherever it was set: queues ring in real time, deadlines are days away. */
export class ShiftedClock {
  #offset: number
  constructor(start: number) {
    this.#offset = start - Date.now()
  }
  now(): number {
    return Date.now() + this.#offset
  }
  set(instant: number): void {
    this.#offset = instant - Date.now()
  }
}

/** Tuesday 17 March 2026, 09:00 in Jakarta: an open morning. */
export const MORNING = Date.UTC(2026, 2, 17, 2, 0)
/** The Saturday before, 09:00 in Jakarta: closed until Monday. */
export const SATURDAY = Date.UTC(2026, 2, 14, 2, 0)

export const portal: Actor = { id: 'portal', role: 'portal' }
export const maker: Actor = { id: 'agent-1', role: 'agent' }
export const checker: Actor = { id: 'checker-1', role: 'checker' }

/** The real engine over the real store in a folder of its own, with real queues. */
export class TestWorld implements World {
  readonly clock: ShiftedClock
  readonly store: Store
  readonly queues: Queues
  readonly engine: TicketEngine
  readonly #cleanups: (() => Promise<unknown>)[]
  #keys = 0

  private constructor(
    parts: Pick<TestWorld, 'clock' | 'store' | 'queues' | 'engine'>,
    cleanups: (() => Promise<unknown>)[],
  ) {
    this.clock = parts.clock
    this.store = parts.store
    this.queues = parts.queues
    this.engine = parts.engine
    this.#cleanups = cleanups
  }

  /** Redis when it is installed (it starts faster), else the embedded queue: the contract suite says that they are alike. */
  static async open(start: number, wrap: (store: Store) => Store = (store) => store): Promise<TestWorld> {
    const clock = new ShiftedClock(start)
    const dataDir = await mkdtemp(join(tmpdir(), 'pulih-workers-'))
    const redis: RunningServer | null = hasRedis ? await startRedis() : null
    const real = await openStore({ dataDir, clock })
    await seedReference(real, clock.now())
    const store = wrap(real)
    const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
    const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
    const queues = await openQueues({ queueUrl: redis?.url, dataDir, clock, logger })
    return new TestWorld({ clock, store, queues, engine }, [
      () => engine.stop(),
      () => queues.close(2_000),
      () => real.close(),
      () => redis?.stop() ?? Promise.resolve(),
      () => rm(dataDir, { recursive: true, force: true }),
    ])
  }

  async start(options: Partial<WorkerOptions> = {}): Promise<Workers> {
    const workers = startWorkers({ ...this.parts, queues: this.queues, logger, options })
    await workers.settled()
    this.#cleanups.unshift(() => workers.stop(5_000))
    return workers
  }
  get parts(): World {
    return { engine: this.engine, store: this.store, clock: this.clock }
  }
  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) await cleanup()
  }

  /** A submitted ticket whose contacts are not proven yet. */
  async file(): Promise<string> {
    const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ref_abcdef1', declaration: true }
    const command = { type: 'pengaduan', filing, actor: portal, key: `portal:${++this.#keys}`, fingerprint: '' }
    return (await this.engine.file(command)).ticketId
  }
  async send(ticketId: string, actor: Actor, type: string, payload: Record<string, unknown> = {}): Promise<void> {
    const ticket = await this.store.findTicket(ticketId)
    await this.engine.handle({
      ticketId,
      event: { type, ...payload },
      actor,
      key: `${actor.id}:${++this.#keys}`,
      fingerprint: '',
      expectedContentVersion: ticket!.contentVersion,
    })
  }
  /** A ticket that waits in the hold before its contacts are changed; the answer is when the hold ends. */
  async approve(): Promise<{ ticketId: string; holdEnds: number }> {
    const ticketId = await this.file()
    await this.send(ticketId, portal, 'contact.prove', { channel: 'email' })
    await this.send(ticketId, portal, 'contact.prove', { channel: 'phone' })
    await this.send(ticketId, maker, 'verification.start')
    const checklist = [{ item: 'NIK_COCOK', matched: true }]
    await this.send(ticketId, maker, 'identity.verify', { verdict: 'matched', checklist })
    await this.send(ticketId, maker, 'approval.propose')
    await this.send(ticketId, checker, 'approval.confirm')
    const hold = (await this.store.timersOf(ticketId)).find((it) => it.family === 'hold' && it.state === 'pending')
    return { ticketId, holdEnds: hold!.dueAt }
  }
  async state(ticketId: string): Promise<string> {
    return (await this.store.findTicket(ticketId))!.state
  }
  /** Rows of a ticket that are delivered, and what the embedded receivers got. */
  async deliveries(ticketId: string) {
    const outbox = await this.store.outboxOf(ticketId)
    const received = await this.store.listDeliveries(null, ticketId, 1_000)
    return {
      rows: outbox.length,
      marked: outbox.filter((row) => row.deliveredAt !== null).length,
      received: received.length,
    }
  }
}

interface Reply {
  readonly status: number
  readonly body?: unknown
}

/** A receiver outside: keeps what it is sent and answers what the test says. */
export class Receiver {
  readonly got: { key: string; kind: string; body: Record<string, unknown> }[] = []
  answer: (outgoing: { kind: string }) => Reply | Promise<Reply> = () => ({ status: 200 })
  readonly #server: Server
  private constructor(server: Server) {
    this.#server = server
  }
  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => {
      void receiver.#take(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
      })
    })
    const receiver = new Receiver(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return receiver
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }
  async #take(request: IncomingMessage) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const sent = JSON.parse(Buffer.concat(chunks).toString()) as { kind: string; body: Record<string, unknown> }
    this.got.push({ key: String(request.headers['idempotency-key']), ...sent })
    return this.answer(sent)
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
