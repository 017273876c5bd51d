import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { queueOf } from '../../config.js'
import { fail, ok, size, skipped, warn } from '../findings.js'
import type { Check, Finding, PostgresLook, RedisFacts, RedisLook } from '../types.js'

/** Measured: what the embedded queue takes when it is made, and when it is opened again. */
const FIRST_START = 835_000_000
const LATER_START = 307_000_000
const REDIS_MIN: readonly [number, number] = [6, 2]
const NEARLY_FULL = 0.8

/** The alarm clock. Losing it loses nothing, but lateness is what people feel. */
export const checkQueue: Check = ({ config, redis, database, queueDatabase, probes, file }) => {
  if (database !== null && queueOf(config) === config.databaseUrl) {
    const is = 'In the PostgreSQL that holds the data.'
    return ['facts' in database ? ok('queue', is) : skipped('queue', is)]
  }
  if (redis !== null) return ofRedis(redis)
  if (queueDatabase !== null) return [ofPostgres(queueDatabase)]
  const running = file !== null && 'facts' in file && (file.facts?.walBytes ?? 0) > 0
  return [embedded(config.dataDir, probes.availableMemory(), running)]
}

function embedded(dataDir: string, available: number | null, running: boolean): Finding {
  const first = !existsSync(join(dataDir, 'queue'))
  const needs = first ? FIRST_START : LATER_START
  const is = `Embedded: takes about ${size(needs)} of memory at ${first ? 'the first start (later ones 307 MB)' : 'a start'}`
  if (available === null) return skipped('queue', `${is}; this system does not tell what is free.`)
  if (available >= needs) return ok('queue', `${is}, ${size(available)} are free.`)
  if (running && !first) return ok('queue', `${is}; it seems to run already, ${size(available)} are free.`)
  return fail(
    'queue',
    `${is}, only ${size(available)} are free.`,
    'Give the process more memory, or set QUEUE_URL to a Redis.',
  )
}

function ofPostgres(look: PostgresLook): Finding {
  if ('fault' in look)
    return fail(
      'queue',
      `PostgreSQL at QUEUE_URL: ${look.fault.replace(/\.$/, '')}.`,
      'Start it, or correct QUEUE_URL. A service begins without it and is `degraded` until it is there.',
    )
  if (look.facts.recovering || look.facts.readOnly)
    return fail('queue', 'PostgreSQL at QUEUE_URL takes no writes.', 'Name the primary in QUEUE_URL.')
  return ok('queue', `PostgreSQL ${look.facts.versionText}.`)
}

function ofRedis(look: RedisLook): readonly Finding[] {
  if ('fault' in look)
    return [
      fail(
        'queue',
        `Redis at QUEUE_URL: ${look.fault}.`,
        'Start it, or correct QUEUE_URL. A service begins without it and is `degraded` until it is there.',
      ),
    ]
  const it = look.facts
  const [major = 0, minor = 0] = it.version.split('.').map(Number)
  const old = major < REDIS_MIN[0] || (major === REDIS_MIN[0] && minor < REDIS_MIN[1])
  return [
    old
      ? warn('queue', `Redis ${it.version} is old.`, `Use Redis ${REDIS_MIN.join('.')} or newer.`)
      : ok('queue', `Redis ${it.version}.`),
    eviction(it.policy),
    persistence(it),
    memory(it),
  ]
}

function eviction(policy: string | null): Finding {
  if (policy === 'noeviction') return ok('eviction', 'Redis throws nothing away when memory is short (noeviction).')
  if (policy !== null)
    return fail(
      'eviction',
      `Redis runs with maxmemory-policy ${policy} and may throw timers away when memory is short.`,
      'Set `maxmemory-policy noeviction` in redis.conf, or run: redis-cli config set maxmemory-policy noeviction',
    )
  return warn('eviction', 'Redis does not tell its maxmemory-policy.', 'Make sure that it is noeviction.')
}

function persistence({ aof, fsync }: RedisFacts): Finding {
  const meaning =
    'after a crash of Redis its jobs are gone and come back from SQL with the next sweep, up to 45 s late; nothing is lost'
  if (!aof)
    return warn(
      'persistence',
      `Redis keeps no append-only file: ${meaning}.`,
      'Set `appendonly yes` and `appendfsync everysec`.',
    )
  if (fsync === 'no')
    return warn(
      'persistence',
      `Redis lets the system decide when to write (appendfsync no): ${meaning}.`,
      'Set `appendfsync everysec`.',
    )
  return ok('persistence', `Append-only file, ${fsync === null ? 'appendfsync not told' : `appendfsync ${fsync}`}.`)
}

function memory({ used, limit }: RedisFacts): Finding {
  if (limit === 0) return ok('redis memory', `${size(used)} used, no limit set.`)
  const is = `${size(used)} of ${size(limit)} used.`
  if (used < limit * NEARLY_FULL) return ok('redis memory', is)
  return warn('redis memory', is, 'Raise maxmemory: a full Redis refuses jobs, and timers ring late.')
}
