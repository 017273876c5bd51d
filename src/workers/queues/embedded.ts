import { statfsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { runMigrations } from 'bullmq'
import type { Logger } from 'pino'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import { EmbeddedPool } from './embeddedPool.js'

export interface EmbeddedDatabase {
  readonly pool: EmbeddedPool
  readonly close: () => Promise<void>
}

/** A PostgreSQL inside the process that meets a full disk repeats its error for ever and stops the process: it must not get there. */
const ROOM_BYTES = 64 * 1024 * 1024

/** A folder that does not say counts as roomy: whoever uses it next says better what is wrong. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return true
  }
}

/**
 * Opens BullMQ's PostgreSQL tables in `<dataDir>/queue`, inside this process. The caller holds the lock of the data
 * directory: two processes on one folder diverge without a word. A folder that does not open is moved aside and made
 * anew, since every job in it can be rebuilt from SQL. Throws QUEUE_MISCONFIGURED when not even a new one opens.
 */
export async function openEmbedded(dataDir: string, clock: Clock, logger: Logger): Promise<EmbeddedDatabase> {
  const folder = join(dataDir, 'queue')
  if (!hasRoom(dataDir))
    throw new PulihError(
      'QUEUE_MISCONFIGURED',
      'The disk of the data directory is too full for the embedded queue: free some space, or set QUEUE_URL.',
    )
  try {
    return await open(folder)
  } catch (error) {
    try {
      const aside = `${folder}.unreadable-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
      await rename(folder, aside)
      logger.warn({ err: error, aside }, 'embedded queue did not open: moved aside, rebuilding from the database')
      return await open(folder)
    } catch (second) {
      throw new PulihError(
        'QUEUE_MISCONFIGURED',
        'The embedded queue cannot be opened in the folder `queue` of the data directory, nor moved aside and made anew. Check the permissions and free space of that directory, or set QUEUE_URL.',
        {},
        { cause: second },
      )
    }
  }
}

async function open(folder: string): Promise<EmbeddedDatabase> {
  await mkdir(folder, { recursive: true })
  const db = await PGlite.create({ dataDir: folder })
  try {
    const pool = new EmbeddedPool(db, () => {
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
        if (hasRoom(folder)) await db.close()
      },
    }
  } catch (error) {
    await db.close().catch(() => undefined)
    throw error
  }
}
