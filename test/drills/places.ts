import { once } from 'node:events'
import { Redis } from 'ioredis'
import { startRedis, type RunningServer } from '../support/servers.js'
import type { Place } from './evidence.js'
import { startDrillPostgres, type DrillPostgres } from './postgres.js'

export type { DrillPostgres } from './postgres.js'
export type StoreName = 'sqlite' | 'postgres'
type Undo = (() => Promise<unknown>)[]

/** Where the data lie; a PostgreSQL of its own is started when asked for. */
export async function openPlace(
  store: StoreName,
  dataDir: string,
  undo: Undo,
): Promise<{ place: Place; postgres: DrillPostgres | null }> {
  if (store === 'sqlite') return { place: { dataDir }, postgres: null }
  const postgres = await startDrillPostgres()
  undo.push(() => postgres.stop())
  return { place: { dataDir, databaseUrl: postgres.url }, postgres }
}

export interface DrillQueue {
  readonly url: string | null
  /** The redis-server that the drill started. */
  readonly redis: RunningServer | null
  flush(): Promise<void>
  /** How many keys Redis holds. */
  size(): Promise<number>
}

/** Where BullMQ's jobs lie. */
export async function openQueue(queue: string, postgres: DrillPostgres | null, undo: Undo): Promise<DrillQueue> {
  const refuse = () => Promise.reject(new Error('only Redis can be flushed: give --queue redis'))
  const noRedis = { redis: null, flush: refuse, size: refuse }
  if (queue === 'embedded' && postgres === null) return { url: null, ...noRedis }
  if (queue === 'embedded') throw new Error('PostgreSQL goes with --queue postgres or redis')
  if (queue === 'postgres') {
    if (postgres !== null) return { url: postgres.url, ...noRedis }
    const own = await startDrillPostgres()
    undo.push(() => own.stop())
    return { url: own.url, ...noRedis }
  }
  if (queue !== 'redis') return queue.startsWith('redis') ? flushable(queue, null, undo) : { url: queue, ...noRedis }
  const redis = await startRedis({ persistent: true })
  undo.push(() => redis.stop())
  return flushable(redis.url, redis, undo)
}

async function flushable(url: string, redis: RunningServer | null, undo: Undo): Promise<DrillQueue> {
  const client = new Redis(url, { maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  await once(client, 'ready')
  undo.push(() => {
    client.disconnect()
    return Promise.resolve()
  })
  if (redis !== null) await client.config('SET', 'appendfsync', 'everysec')
  return {
    url,
    redis,
    async flush() {
      await client.flushall()
    },
    size: () => client.dbsize(),
  }
}
