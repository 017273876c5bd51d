import { Redis } from 'ioredis'
import { aheadOf } from './findings.js'
import type { Probes, RedisLook } from './types.js'

const LIMIT_MS = 3_000

/** Asks Redis about itself; never throws, and its answer repeats nothing of the URL. */
export async function lookAtRedis(url: string, { clock }: Probes): Promise<RedisLook> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT_MS,
    commandTimeout: LIMIT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  })
  let heard = ''
  redis.on('error', (error: Error) => (heard = error.message))
  // A server that takes the connection and says nothing would be waited for without end.
  const patience = setTimeout(() => {
    redis.disconnect()
  }, LIMIT_MS)
  try {
    await redis.connect()
    const askedAt = clock.now()
    const [seconds, micros] = await redis.time()
    const answeredAt = clock.now()
    const info = await redis.info()
    const told = (name: string): string | null => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? null
    // Hosted servers often forbid CONFIG.
    const fsync = await redis.config('GET', 'appendfsync').catch(() => null)
    return {
      facts: {
        version: told('redis_version') ?? 'unknown',
        policy: told('maxmemory_policy'),
        aof: told('aof_enabled') === '1',
        fsync: Array.isArray(fsync) && typeof fsync[1] === 'string' ? fsync[1] : null,
        used: Number(told('used_memory') ?? 0),
        limit: Number(told('maxmemory') ?? 0),
        aheadMs: aheadOf(askedAt, answeredAt, Number(seconds) * 1000 + Number(micros) / 1000),
      },
    }
  } catch (error) {
    return { fault: faultOf(`${heard} ${error instanceof Error ? error.message : ''}`) }
  } finally {
    clearTimeout(patience)
    redis.disconnect()
  }
}

function faultOf(text: string): string {
  if (/NOAUTH|WRONGPASS|NOPERM|AUTH/.test(text)) return 'user or password is missing or wrong'
  if (text.includes('ECONNREFUSED')) return 'nothing listens there'
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'its host name is not known'
  return /LOADING/.test(text) ? 'it still reads its data' : 'it does not answer in time'
}
