import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { hasRedis } from '../../support/servers.js'
import { pause } from '../random.js'
import { perform, stageOf, type DrillOptions, type Played, type Scenario } from '../scenario.js'
import { until, type Service, type Stage } from '../stage.js'

const cannot = ({ queue }: DrillOptions): string | null => {
  if (!hasRedis) return 'redis-server is not installed'
  return queue === null || queue === 'redis' ? null : 'it is about a Redis of its own: leave --queue out'
}
const onRedis = (options: DrillOptions, horizonMs: number) => stageOf(options, { queue: 'redis', horizonMs })

async function started(stage: Stage): Promise<Service> {
  const service = stage.next()
  await service.ready()
  stage.startLoad()
  await stage.acknowledged(20)
  return service
}

export const redisFlush: Scenario = {
  name: 'redis-flush',
  summary: 'FLUSHALL while it works, again and again',
  rounds: 5,
  cannot,
  run: (options, say) =>
    perform('redis-flush', onRedis(options, options.rounds * 3_000), say, async (stage) => {
      const service = await started(stage)
      for (let round = 0; round < options.rounds; round++) {
        await stage.queue.flush()
        await stage.acknowledged(stage.dice.between(10, 60))
        // Every other time it is emptied again before a sweep has filled it.
        if (round % 2 === 0) await until(async () => (await stage.queue.size()) > 100, 'the queue to be filled again')
      }
      return { service, did: `flushes ${options.rounds}` }
    }),
}

export const redisRestartEmpty: Scenario = {
  name: 'redis-restart-empty',
  summary: 'Redis killed with -9 and started again with an empty folder',
  rounds: 3,
  cannot,
  run: (options, say) =>
    perform('redis-restart-empty', onRedis(options, options.rounds * 4_000), say, async (stage) => {
      const service = await started(stage)
      for (let round = 0; round < options.rounds; round++) {
        await stage.queue.redis!.kill()
        await stage.acknowledged(10)
        await stage.queue.redis!.restart({ empty: true })
        await stage.acknowledged(stage.dice.between(10, 60))
      }
      return { service, did: `restarts ${options.rounds}` }
    }),
}

/** Full length a minute each; one round is ten seconds. */
const ROUND_MS = 10_000

export const redisUnreachable: Scenario = {
  name: 'redis-unreachable',
  summary:
    'Redis frozen (SIGSTOP), then its port closed, a minute each (`--rounds 1`: ten seconds): intake goes on, /readyz says degraded',
  rounds: 6,
  cannot,
  run: async (options, say) => {
    const wire = new Wire()
    const stage = { ...onRedis(options, options.rounds * ROUND_MS), queueUrl: (url: string) => wire.open(url) }
    try {
      return await perform('redis-unreachable', stage, say, (it) => unreachable(it, wire, options.rounds * ROUND_MS))
    } finally {
      await wire.close()
    }
  },
}

async function unreachable(stage: Stage, wire: Wire, lastsMs: number): Promise<Played> {
  const service = await started(stage)
  const redis = stage.queue.redis!
  const outages: [name: string, begin: () => Promise<void>, end: () => Promise<void>][] = [
    ['frozen', () => signal(redis.pid, 'SIGSTOP'), () => signal(redis.pid, 'SIGCONT')],
    ['port closed', () => wire.cut(), () => wire.mend()],
  ]
  const faults: string[] = []
  for (const [name, begin, end] of outages) {
    await until(async () => (await readiness(stage)) === '200 ready', 'a ready queue')
    await begin()
    try {
      const over = Date.now() + lastsMs
      const before = stage.notebook.acknowledged.length
      await until(async () => (await readiness(stage)) === '200 degraded', `/readyz to say degraded (${name})`)
      await stage.acknowledged(20)
      await pause(Math.max(0, over - Date.now()))
      const said = await readiness(stage)
      if (said !== '200 degraded') faults.push(`${name}: /readyz said ${said}`)
      stage.say(`${name}: ${stage.notebook.acknowledged.length - before} commands acknowledged meanwhile`)
    } finally {
      await end()
    }
  }
  await until(async () => (await readiness(stage)) === '200 ready', 'the queue to be back')
  if (stage.notebook.unavailable.size > 0) faults.push('commands were turned away although only the queue was gone')
  return { service, did: `outages ${outages.length} of ${lastsMs / 1_000} s`, faults }
}

const signal = (pid: number, name: NodeJS.Signals): Promise<void> => {
  process.kill(pid, name)
  return Promise.resolve()
}
const readiness = async (stage: Stage): Promise<string> => {
  const { status, body } = await stage.look('/readyz')
  return `${status} ${String(body['status'])}`
}

/** A TCP connection to Redis that can be cut: then nobody listens on the port. */
class Wire {
  #server: Server | null = null
  #port = 0
  #target = 0
  readonly #sockets = new Set<Socket>()

  async open(url: string): Promise<string> {
    this.#target = Number(new URL(url).port)
    await this.mend()
    return `redis://127.0.0.1:${this.#port}`
  }
  async mend(): Promise<void> {
    this.#server = createServer((near) => {
      const far = createConnection(this.#target, '127.0.0.1')
      for (const [it, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(it)
        it.on('error', () => undefined)
        it.on('close', () => {
          this.#sockets.delete(it)
          other.destroy()
        })
        it.pipe(other)
      }
    })
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as { port: number }).port
  }
  async cut(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(server, 'close')
  }
  close(): Promise<void> {
    return this.cut()
  }
}
