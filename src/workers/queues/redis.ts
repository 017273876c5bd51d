import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { PulihError } from '../../engine/errors.js'
import { isAway } from './away.js'

const CONNECT_LIMIT_MS = 5_000
const COMMAND_LIMIT_MS = 5_000

export interface RedisConnections {
  /** Fails fast: a command waits for no reconnect. */
  readonly producer: Redis
  /** Waits for Redis to come back; BullMQ makes its blocking connections from it. */
  readonly worker: Redis
  readonly close: () => void
}

/**
 * Connects and checks the eviction policy. Later losses only degrade: both connections come back by themselves.
 * Throws QUEUE_MISCONFIGURED when Redis does not answer now (`away`: it may come back) or may evict jobs.
 */
export async function connectRedis(url: string, logger: Logger): Promise<RedisConnections> {
  const producer = client(url, logger, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_LIMIT_MS,
  })
  const worker = client(url, logger, { maxRetriesPerRequest: null })
  const close = () => {
    producer.disconnect()
    worker.disconnect()
  }
  try {
    await connect(producer)
    await connect(worker)
    const policy = await evictionPolicy(producer)
    if (policy !== null && policy !== 'noeviction') throw evictionRefused(policy)
    if (policy === null) logger.warn('Redis does not tell its maxmemory-policy: make sure that it is noeviction')
    return { producer, worker, close }
  } catch (error) {
    close()
    throw error
  }
}

/** The `maxmemory-policy` in force (INFO, since CONFIG is forbidden on many hosted servers); null if the server does not tell. */
export async function evictionPolicy(redis: Redis): Promise<string | null> {
  return /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1] ?? null
}

export const evictionHint = (policy: string): string =>
  `Redis runs with maxmemory-policy ${policy} and may throw timers away when memory is short. ` +
  'Set `maxmemory-policy noeviction` in redis.conf, or run: redis-cli config set maxmemory-policy noeviction'

const evictionRefused = (policy: string) => new PulihError('QUEUE_MISCONFIGURED', evictionHint(policy))

/** Back within a second of Redis being back. */
const retryStrategy = (times: number): number => Math.min(times * 100, 1_000)

interface Patience {
  readonly enableOfflineQueue?: boolean
  readonly maxRetriesPerRequest: number | null
  readonly commandTimeout?: number
}

function client(url: string, logger: Logger, options: Patience): Redis {
  const redis = new Redis(url, { ...options, lazyConnect: true, connectTimeout: CONNECT_LIMIT_MS, retryStrategy })
  // Without a listener a lost connection would end the process; the log line is kept to one for each loss. One that never was is not lost: whoever
  // asked for it is told, and may ask again every few seconds.
  let state: 'never' | 'there' | 'lost' = 'never'
  redis.on('error', (error: Error) => {
    if (state !== 'there') return
    logger.warn({ reason: error.message }, 'redis connection lost')
    state = 'lost'
  })
  redis.on('ready', () => {
    if (state === 'lost') logger.info('redis connection is back')
    state = 'there'
  })
  return redis
}

async function connect(redis: Redis): Promise<void> {
  let said: unknown = null
  // What `connect` rejects with is only that the connection is closed.
  redis.once('error', (error) => (said = error))
  try {
    await redis.connect()
  } catch (cause) {
    throw new PulihError(
      'QUEUE_MISCONFIGURED',
      'Redis does not answer at QUEUE_URL. Start it, or correct QUEUE_URL.',
      { away: isAway(said) },
      { cause },
    )
  }
}
