import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../support/servers.js'
import { Notebook, startClients } from './clients.js'
import { drained, pengaduanRules, readLetters, readTickets, type Place } from './evidence.js'
import { openPlace, openQueue, type DrillPostgres, type DrillQueue, type StoreName } from './places.js'
import { preload } from './preload.js'
import { Dice, pause } from './random.js'
import { ask, type Asked } from './ask.js'
import { pulih, Server, type Ended } from './server.js'
import { Sink } from './sink.js'
import { tally, type Tally, type TicketRecord } from './tally.js'
import type { TimerRow } from '../../src/engine/types.js'

export interface StageOptions {
  readonly store: StoreName
  /** `embedded`, `redis` or `postgres` (each started by the drill), or a URL. */
  readonly queue: string
  /** One process, or the API and the workers apart. */
  readonly processes: 'serve' | 'api,work'
  readonly seed: number
  readonly clients: number
  readonly share: number
  /** Timers of the preload fall due from a little before the start until so much later. */
  readonly horizonMs: number
  /** How far the servers' clock is off the real one at the start. */
  readonly offsetMs?: number
  readonly kinds?: 'both' | 'weekend'
  /** Before anything is written under the data folder; what it gives is undone at the end. */
  readonly prepare?: (dataDir: string) => Promise<() => Promise<void>>
  /** The queue's URL as the servers see it, when something stands in between. */
  readonly queueUrl?: (url: string) => Promise<string>
}

/** What a drill counted at its end. */
export interface Count extends Tally {
  readonly tickets: number
  readonly cutOff: number
  readonly retried: number
  readonly replayed: number
  readonly unavailable: ReadonlyMap<string, number>
  /** Timers known before the first start that fell due. */
  readonly foreseenDue: number
  readonly faults: readonly string[]
  readonly exit: string
  readonly verify: { readonly code: number | null; readonly problems: readonly string[] }
  readonly dataDir: string
  readonly records: readonly TicketRecord[]
}

const DRAIN_LIMIT_MS = 120_000
const SINK_FAULTS = { refuses: 0.01, silent: 0.02 }
const SOON_MS = 180_000

/** All processes of one Pulih. */
export class Service {
  readonly api: Server
  readonly servers: readonly Server[]
  constructor(servers: readonly [Server, ...Server[]]) {
    this.api = servers[0]
    this.servers = servers
  }
  async ready(): Promise<void> {
    await Promise.all(this.servers.map((it) => it.ready()))
  }
  /** `kill -9`, all of them or one. False when one had ended by itself. */
  async kill(which: readonly Server[] = this.servers): Promise<boolean> {
    const killed = await Promise.all(which.map((it) => it.kill()))
    return killed.every(Boolean)
  }
  /** SIGTERM; the first that did not end well speaks for all. */
  async stop(): Promise<Ended> {
    const ends = await Promise.all(this.servers.map((it) => it.stop()))
    return ends.find((it) => it.code !== 0) ?? ends[0]!
  }
}

/** A Pulih under load with everything around it: what all drills have in common. */
export class Stage {
  readonly dice: Dice
  readonly say: (line: string) => void
  readonly options: StageOptions
  folder = ''
  place: Place = { dataDir: '' }
  postgres: DrillPostgres | null = null
  queue!: DrillQueue
  sink!: Sink
  notebook!: Notebook
  foreseen: readonly TimerRow[] = []
  #port = 0
  #env: Record<string, string> = {}
  #offsetMs: number
  #service: Service | null = null
  #stopClients: (() => Promise<void>) | null = null
  #cutOff = 0
  #loads = 0
  readonly #all: Server[] = []
  readonly #undo: (() => Promise<unknown>)[] = []

  private constructor(options: StageOptions, say: (line: string) => void) {
    this.options = options
    this.say = say
    this.dice = new Dice(options.seed)
    this.#offsetMs = options.offsetMs ?? 0
  }

  /** Starts the servers around it and fills the store; Pulih itself is not started. */
  static async open(options: StageOptions, say: (line: string) => void): Promise<Stage> {
    const stage = new Stage(options, say)
    try {
      await stage.#build()
      return stage
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  async #build(): Promise<void> {
    const { store, queue, horizonMs, share, prepare, queueUrl } = this.options
    this.folder = await mkdtemp(join(tmpdir(), 'pulih-drill-'))
    const dataDir = join(this.folder, 'data')
    if (prepare !== undefined) this.#undo.push(await prepare(dataDir))
    const opened = await openPlace(store, dataDir, this.#undo)
    this.place = opened.place
    this.postgres = opened.postgres
    this.queue = await openQueue(queue, this.postgres, this.#undo)
    const { dice, place } = this
    const kinds = this.options.kinds ?? 'both'
    this.foreseen = await preload({ ...place, dice: dice.fork(), horizonMs, share, now: this.now(), kinds })
    const tickets = new Set(this.foreseen.map((it) => it.ticketId)).size
    this.say(`preloaded ${tickets} tickets with ${this.foreseen.length} pending timers`)
    this.sink = await Sink.open(dice.fork())
    this.#undo.push(() => this.sink.close())
    this.sink.misbehave(SINK_FAULTS)
    this.notebook = new Notebook(join(this.folder, 'acknowledged.jsonl'))
    this.#port = await freePort()
    const seen = this.queue.url === null ? null : ((await queueUrl?.(this.queue.url)) ?? this.queue.url)
    this.#env = {
      SINK_URL: this.sink.url,
      MAILBOX: 'off',
      ...(seen === null ? {} : { QUEUE_URL: seen }),
      ...(place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl }),
    }
    this.#undo.push(async () => {
      await this.#service?.kill()
    })
  }

  /** What the servers' clock says. */
  now(): number {
    return Date.now() + this.#offsetMs
  }
  /** From here on the evidence is judged by a clock so far off. */
  set offsetMs(ms: number) {
    this.#offsetMs = ms
  }
  get lastWords(): string {
    return this.#all
      .slice(-2)
      .map((it) => it.output)
      .join('\n')
  }
  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** The next life of the service; `ready` is not waited for. */
  next(more: { inject?: readonly string[]; env?: Record<string, string> } = {}): Service {
    const { dataDir } = this.place
    const env = { ...this.#env, ...more.env }
    const start = (command: 'serve' | 'api' | 'work') => {
      const server = new Server({ dataDir, port: this.#port, command, env, inject: more.inject ?? [] })
      this.#all.push(server)
      return server
    }
    this.#service = new Service(this.options.processes === 'serve' ? [start('serve')] : [start('api'), start('work')])
    return this.#service
  }
  /** One half of a service that was killed comes back. */
  again(service: Service, dead: Server): Service {
    const { dataDir } = this.place
    const command = dead === service.api ? 'api' : 'work'
    const server = new Server({ dataDir, port: this.#port, command, env: this.#env })
    this.#all.push(server)
    const [first, ...rest] = service.servers.map((it) => (it === dead ? server : it))
    return (this.#service = new Service([first!, ...rest]))
  }
  async kill(service: Service, which?: readonly Server[]): Promise<void> {
    this.#cutOff += this.notebook.inFlight
    const victims = which ?? service.servers
    if (!(await service.kill(victims)))
      throw new Error(`the server ended by itself:\n${victims.map((it) => it.output).join('\n')}`)
  }

  startLoad(): void {
    const { dice, notebook, url } = this
    const name = 'abcdefgh'.charAt(this.#loads++)
    this.#stopClients = startClients({ url, name, clients: this.options.clients, dice: dice.fork(), notebook })
  }
  /** No client starts another ticket; all commands under way are answered. */
  async stopLoad(): Promise<void> {
    await this.#stopClients?.()
    this.#stopClients = null
  }
  /** Resolves when so many more commands were acknowledged. Throws when that takes too long. */
  async acknowledged(more: number): Promise<void> {
    const goal = this.notebook.acknowledged.length + more
    await until(() => this.notebook.acknowledged.length >= goal, `${more} more acknowledgements`)
  }
  /** Asks, without a key unless it is among the headers: status and body. */
  look(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Asked> {
    return ask(this.url + path, headers)
  }

  /** The load stops, everything due is waited for, SIGTERM, `pulih verify`, the count. */
  async finish(service: Service): Promise<Count> {
    await this.stopLoad()
    this.say('no more load; waiting until everything due is done')
    const isReady = async () => (await this.look('/readyz')).body['status'] === 'ready'
    await until(isReady, '/readyz to say ready at the end')
    const drainedAt = await drained(this.place, DRAIN_LIMIT_MS, () => this.now())
    const { code, signal } = await service.stop()
    const verified = await verify(this.place)
    const tickets = await readTickets(this.place)
    const { sent, refused, acknowledged, retried, replayed, faults, unavailable } = this.notebook
    const { foreseen } = this
    const evidence = { drainedAt, sent, refused, acknowledged, foreseen, tickets, arrivals: this.sink.arrivals }
    return {
      ...tally(evidence, pengaduanRules),
      tickets: tickets.length,
      cutOff: this.#cutOff,
      retried: retried.size,
      replayed,
      unavailable,
      foreseenDue: foreseen.filter((it) => it.dueAt <= drainedAt).length,
      faults: [...faults, ...(await readLetters(this.place))],
      exit: signal ?? String(code),
      verify: verified,
      dataDir: this.place.dataDir,
      records: tickets,
    }
  }

  /** Whatever happened, nothing that was started outlives the drill; what was written stays. */
  async close(): Promise<void> {
    for (const step of this.#undo.splice(0).reverse()) await step()
  }
}

/** Removes what a drill left. */
export const cleanUp = ({ dataDir }: Pick<Count, 'dataDir'>): Promise<void> =>
  rm(join(dataDir, '..'), { recursive: true, force: true })

/** Looks again and again; throws, saying what for, after three minutes. */
export async function until(done: () => boolean | Promise<boolean>, what: string, limitMs = SOON_MS): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`)
    await pause(20)
  }
}

async function verify(place: Place): Promise<Count['verify']> {
  const env = place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl }
  const { code, out, err } = await pulih(['verify', '--data', place.dataDir, '--json'], env)
  try {
    const { problems } = JSON.parse(out) as { problems: { ticketId: string; what: string }[] }
    return { code, problems: problems.map(({ ticketId, what }) => `${ticketId} ${what}`) }
  } catch {
    return { code, problems: [`verify gave no report: ${err}`] }
  }
}
