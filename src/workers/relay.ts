import type { World } from './world.js'
import { outboxJobId } from './deliver.js'
import type { Queues } from './queues/index.js'

const BATCH = 500

export interface RelaySettings {
  /** Tries per message in all, and the first wait between two, doubling. */
  readonly attempts: number
  readonly backoffMs: number
}

/**
 * Hands committed outbox rows to the `notifications` queue, oldest first, until none is left; returns how many. A crash
 * between adding and marking adds the same job id again: ignored while it is pending, and delivered already otherwise.
 */
export async function relayOutbox(world: World, queues: Queues, settings: RelaySettings): Promise<number> {
  let relayed = 0
  for (;;) {
    const rows = await world.store.unrelayedOutbox(BATCH)
    if (rows.length === 0) return relayed
    await queues.addBulk(
      'notifications',
      rows.map((row) => ({
        name: 'deliver',
        data: { ticketId: row.ticketId, seq: row.seq },
        jobId: outboxJobId(row),
        attempts: settings.attempts,
        backoffMs: settings.backoffMs,
      })),
    )
    await world.store.markRelayed(rows, world.clock.now())
    relayed += rows.length
    if (rows.length < BATCH) return relayed
  }
}
