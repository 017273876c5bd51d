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

/**
 * Opens BullMQ's PostgreSQL tables in `<dataDir>/queue`, inside this process. The caller holds the lock of the data
 * directory: two processes on one folder diverge without a word. A folder that does not open is moved aside and made
 * anew, since every job in it can be rebuilt from SQL. Throws QUEUE_MISCONFIGURED when not even a new one opens.
 */
export async function openEmbedded(dataDir: string, clock: Clock, logger: Logger): Promise<EmbeddedDatabase> {
  const folder = join(dataDir, 'queue')
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
    const pool = new EmbeddedPool(db)
    const client = await pool.connect()
    await runMigrations(client)
    client.release()
    // BullMQ's commands name no schema; a pool it did not make must point them there.
    await pool.query('SET search_path TO bullmq')
    return {
      pool,
      async close() {
        await pool.end()
        await db.close()
      },
    }
  } catch (error) {
    await db.close().catch(() => undefined)
    throw error
  }
}
