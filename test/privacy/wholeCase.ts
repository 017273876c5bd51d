import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { openStore } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { policies } from '../../db/seeds/policies.js'
import { loadConfig } from '../../src/config.js'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'
import { systemClock } from '../../src/engine/index.js'
import { openVault } from '../../src/services.js'
import { ACTORS, tokenOf, type ActorName } from '../drills/server.js'
import { freePort } from '../support/servers.js'
import type { Place } from './world.js'

const BIN = fileURLToPath(new URL('../../bin/pulih.js', import.meta.url))
const PEOPLE = 60

/** Somebody of the directory, whose NIK the case is about. */
export function somebody() {
  const known = syntheticPeople(SYNTHETIC_SEED, PEOPLE, systemClock.now()).find(
    ({ participant, accounts }) =>
      participant.status === 'active' && participant.cards.length === 1 && accounts.length === 1,
  )
  if (known === undefined) throw new Error('nobody in the directory')
  return known
}

/** Everything before the first start: reference data, no hold (it is a day of real time), people in the directory. */
export async function prepare({ dataDir, databaseUrl }: Place): Promise<void> {
  const store = await openStore({ dataDir, databaseUrl, clock: systemClock })
  try {
    await seedReference(store, systemClock.now())
    const [shipped] = policies
    if (shipped === undefined) throw new Error('no policy')
    const hold = Object.fromEntries(Object.keys(shipped.deadlines['hold'] ?? {}).map((variant) => [variant, {}]))
    const deadlines = { ...shipped.deadlines, hold }
    await store.publishPolicy({ ...shipped, version: shipped.version + 1, deadlines }, systemClock.now())
    const vault = openVault(loadConfig({}, { data: dataDir }), { store, clock: systemClock })
    await seedDirectory({ store: store.intake.directory, vault, clock: systemClock }, { size: PEOPLE })
  } finally {
    await store.close()
  }
}

/** A server as people start it, everything it says kept, its traces caught. */
export class WholeServer {
  readonly url: string
  readonly said: Buffer[] = []
  readonly traced: Buffer[] = []
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess, traced: Buffer[]) {
    this.url = url
    this.traced = traced
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void this.said.push(chunk))
  }

  static async start({ dataDir, databaseUrl }: Place, queueUrl: string): Promise<WholeServer> {
    const traced: Buffer[] = []
    const collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => void traced.push(chunk))
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
    })
    collector.listen(0, '127.0.0.1')
    await once(collector, 'listening')
    onTestFinished(() => void collector.close())
    const port = await freePort()
    const tokens = (Object.keys(ACTORS) as ActorName[]).map(
      (it) => `${ACTORS[it].role}:${ACTORS[it].id}:${tokenOf(it)}`,
    )
    const child = spawn(process.execPath, [BIN, 'serve', '--port', String(port), '--data', dataDir], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', LOG_LEVEL: 'trace', QUEUE_URL: queueUrl },
        ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
        PULIH_TOKENS: tokens.join(','),
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
        MAILBOX: 'on',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const server = new WholeServer(`http://127.0.0.1:${port}`, child, traced)
    onTestFinished(() => server.stop())
    const ready = async () => (await fetch(`${server.url}/readyz`).catch(() => null))?.status
    await expect.poll(ready, { timeout: 60_000, interval: 100 }).toBe(200)
    return server
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'close')
    this.#child.kill('SIGTERM')
    await gone
  }

  async call(method: string, path: string, token: string | null, body?: unknown, etag?: string): Promise<Said> {
    const form = body instanceof FormData
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': `"${crypto.randomUUID()}"` } : {}),
        ...(etag === undefined ? {} : { 'if-match': etag }),
        accept: 'application/json',
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const json = response.headers.get('content-type')?.includes('json') === true
    const parsed = json ? JSON.parse(bytes.toString()) : {}
    return { status: response.status, etag: response.headers.get('etag') ?? undefined, body: parsed, bytes }
  }

  /** One event of a ticket, decided on it as it is now. */
  async send(ticketId: string, actor: ActorName, type: string, payload: object = {}): Promise<Said> {
    const { etag } = await this.call('GET', `/v1/tickets/${ticketId}`, tokenOf(actor))
    return this.call('POST', `/v1/tickets/${ticketId}/events`, tokenOf(actor), { type, ...payload }, etag)
  }
}
interface Said {
  readonly status: number
  readonly etag: string | undefined
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read freely here
  readonly body: any
  readonly bytes: Buffer
}

/** Every file below a folder, sockets left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name))
}

/** All that a Redis holds: every value of every key, its snapshot uncompressed and its append-only files. */
export async function redisDump(url: string): Promise<readonly (readonly [where: string, bytes: Buffer])[]> {
  const redis = new Redis(url)
  try {
    const values: string[] = []
    for await (const keys of redis.scanStream({ count: 1_000 }) as AsyncIterable<string[]>)
      for (const key of keys) values.push(key, JSON.stringify(await valueOf(redis, key)))
    await redis.config('SET', 'rdbcompression', 'no')
    await redis.save()
    const [, folder = ''] = await redis.config('GET', 'dir')
    const files = filesBelow(folder)
    return [['redis values', Buffer.from(values.join('\n'))], ...files.map((it) => [it, readFileSync(it)] as const)]
  } finally {
    redis.disconnect()
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return redis.get(key)
  }
}
