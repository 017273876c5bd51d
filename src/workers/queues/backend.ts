import {
  createPostgresBackend,
  Queue,
  runMigrations,
  type PgPool,
  withBackend,
  Worker,
  type Processor as BullProcessor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import { isAway } from './away.js'
import { openEmbedded } from './embedded.js'
import { connectRedis, evictionHint, evictionPolicy } from './redis.js'
import type { JobData, QueueKind } from './types.js'

export interface BackendOptions {
  /** `redis://`, `rediss://`, `postgres://`; absent or empty: embedded. */
  readonly queueUrl?: string | null | undefined
  readonly dataDir: string
  readonly clock: Clock
  readonly logger: Logger
  /** Ends an opening of the embedded queue that still runs: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** No `queueUrl`: the queue is inside the process. */
export const isEmbedded = ({ queueUrl }: Pick<BackendOptions, 'queueUrl'>): boolean =>
  queueUrl === undefined || queueUrl === null || queueUrl === ''

type Ids = Omit<QueueOptions, 'connection'>
type Settings = Omit<WorkerOptions, 'connection'>

/** Where BullMQ keeps its jobs. This file alone knows that there are three such places. */
export interface Backend {
  readonly kind: QueueKind
  queue(name: string, options: Ids): Queue<JobData, void>
  worker(name: string, processor: BullProcessor<JobData, void>, options: Settings): Worker<JobData, void>
  /** Resolves when a job could be stored now; rejects with the reason otherwise. */
  probe(): Promise<void>
  close(): Promise<void>
}

export const isRedis = (queueUrl: string | null | undefined): boolean => /^rediss?:\/\//.test(queueUrl ?? '')

/** Opens the place that `queueUrl` names. Throws QUEUE_MISCONFIGURED, with how to put it right. */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const { queueUrl } = options
  if (queueUrl === undefined || queueUrl === null || queueUrl === '') return embedded(options)
  if (isRedis(queueUrl)) return redis(queueUrl, options.logger)
  if (/^postgres(ql)?:\/\//.test(queueUrl)) return postgres(queueUrl, options.logger)
  throw new PulihError(
    'QUEUE_MISCONFIGURED',
    'QUEUE_URL starts with redis://, rediss:// or postgres://, or is left empty for the embedded queue.',
  )
}

/** Keys in Redis start with this, so that Pulih can share a server. */
const REDIS_PREFIX = 'pulih'

async function redis(url: string, logger: Logger): Promise<Backend> {
  const { producer, worker, close } = await connectRedis(url, logger)
  return {
    kind: 'redis',
    queue: (name, options) => new Queue(name, { ...options, connection: producer, prefix: REDIS_PREFIX }),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: worker, prefix: REDIS_PREFIX }),
    async probe() {
      const policy = await evictionPolicy(producer)
      if (policy !== null && policy !== 'noeviction') throw new Error(evictionHint(policy))
    },
    close() {
      close()
      return Promise.resolve()
    },
  }
}

async function embedded({ dataDir, ...options }: BackendOptions): Promise<Backend> {
  const { pool, close } = await openEmbedded(dataDir, options)
  return overPool('embedded', pool, close)
}

/** Each worker holds one connection to listen on; the rest serve queries. */
const POSTGRES_CONNECTIONS = 16
const CONNECT_MS = 5_000
/** Wait of a worker whose connection broke; BullMQ's own 15 s would make every timer of that time late. */
const RETRY_MS = 500

async function postgres(connectionString: string, logger: Logger): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString,
    max: POSTGRES_CONNECTIONS,
    application_name: 'pulih-queue',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    options: '-c search_path=bullmq',
  })
  // One listener for each queue and worker is by design, not a leak.
  pool.setMaxListeners(0)
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', (error) => logger.warn({ reason: error.message }, 'queue database connection lost'))
  try {
    const client = await pool.connect()
    try {
      await runMigrations(client)
    } finally {
      client.release()
    }
  } catch (cause) {
    await pool.end()
    throw new PulihError(
      'QUEUE_MISCONFIGURED',
      'PostgreSQL at QUEUE_URL does not answer, or this user may not create the schema `bullmq` in it.',
      { away: isAway(cause) },
      { cause },
    )
  }
  // pg's overloads and BullMQ's structural copy of them do not unify; the object is what BullMQ documents.
  return overPool('postgres', pool as unknown as PgPool, () => pool.end())
}

function overPool(kind: QueueKind, connection: PgPool, close: () => Promise<void>): Backend {
  const { Queue: PoolQueue, Worker: PoolWorker } = withBackend(createPostgresBackend)
  return {
    kind,
    // The two classes differ in a type parameter that nobody outside this file looks at.
    queue: (name, options) =>
      new PoolQueue<JobData, void>(name, { ...options, connection }) as unknown as Queue<JobData, void>,
    worker: (name, processor, options) =>
      new PoolWorker<JobData, void>(name, processor, {
        ...options,
        connection,
        runRetryDelay: RETRY_MS,
      }) as unknown as Worker<JobData, void>,
    async probe() {
      await connection.query('SELECT 1')
    },
    close,
  }
}
