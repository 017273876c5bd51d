import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMigrations } from 'bullmq'
import type { Logger } from 'pino'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import { EmbeddedPool } from './embeddedPool.js'
import { EmbeddedThread } from './embeddedThread.js'

export interface EmbeddedDatabase {
  readonly pool: EmbeddedPool
  readonly close: () => Promise<void>
}

/** A PostgreSQL inside the process that meets a full disk repeats its error for ever and stops the process: it must not get there. */
const ROOM_BYTES = 64 * 1024 * 1024
/** A new data folder, packed by the build: unpacking takes a quarter of the time and less than half of the memory of making one. */
const TEMPLATE = fileURLToPath(new URL('embedded.tar.br', import.meta.url))

/** A folder that does not say counts as roomy: whoever uses it next says better what is wrong. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return true
  }
}

const folderOf = (dataDir: string): string => join(dataDir, 'queue')

/** Throws QUEUE_MISCONFIGURED where an embedded queue cannot be: what can be told without opening it. */
export function assertEmbeddable(dataDir: string): void {
  if (!hasRoom(dataDir))
    throw new PulihError(
      'QUEUE_MISCONFIGURED',
      'The disk of the data directory is too full for the embedded queue: free some space, or set QUEUE_URL.',
    )
  try {
    const folder = folderOf(dataDir)
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw unusable(cause)
  }
}

const unusable = (cause: unknown) =>
  new PulihError(
    'QUEUE_MISCONFIGURED',
    'The embedded queue cannot be opened in the folder `queue` of the data directory, nor moved aside and made anew. Check the permissions and free space of that directory, or set QUEUE_URL.',
    {},
    { cause },
  )

/**
 * Opens BullMQ's PostgreSQL tables in `<dataDir>/queue`, on a thread of this process. The caller holds the lock of the data
 * directory: two processes on one folder diverge without a word. A folder that does not open is moved aside and made
 * anew, since every job in it can be rebuilt from SQL. Throws QUEUE_MISCONFIGURED when not even a new one opens, and the
 * reason of `signal` when that ends it.
 */
export async function openEmbedded(
  dataDir: string,
  { clock, logger, signal }: { clock: Clock; logger: Logger; signal?: AbortSignal | undefined },
): Promise<EmbeddedDatabase> {
  assertEmbeddable(dataDir)
  const folder = folderOf(dataDir)
  try {
    return await open(folder, TEMPLATE, signal)
  } catch (error) {
    signal?.throwIfAborted()
    try {
      const aside = `${folder}.unreadable-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
      await rename(folder, aside)
      logger.warn({ err: error, aside }, 'embedded queue did not open: moved aside, rebuilding from the database')
      mkdirSync(folder)
      // Made from nothing: whatever was wrong, it is not the packed one.
      return await open(folder, null, signal)
    } catch (second) {
      signal?.throwIfAborted()
      throw unusable(second)
    }
  }
}

async function open(folder: string, packed: string | null, signal: AbortSignal | undefined): Promise<EmbeddedDatabase> {
  const fresh = !existsSync(join(folder, 'PG_VERSION'))
  const template = fresh && packed !== null && existsSync(packed) ? packed : null
  let session: EmbeddedThread | null = null
  try {
    session = await EmbeddedThread.open({ folder, template, signal })
    return await migrated(session, folder)
  } catch (error) {
    await session?.close({ write: false })
    // Half made, it would be taken for a broken one at the next start.
    if (fresh && signal?.aborted === true) await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function migrated(session: EmbeddedThread, folder: string): Promise<EmbeddedDatabase> {
  const pool = new EmbeddedPool(session, () => {
    if (!hasRoom(folder)) throw new Error('the disk is too full for the embedded queue')
  })
  const client = await pool.connect()
  await runMigrations(client)
  client.release()
  // BullMQ's commands name no schema; a pool it did not make must point them there.
  await pool.query('SET search_path TO bullmq')
  return {
    pool,
    async close() {
      await pool.end()
      // Closing writes; what is not written is recovered at the next start.
      await session.close({ write: hasRoom(folder) })
    },
  }
}
