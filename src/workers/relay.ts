import type { World } from './world.js'
import { outboxJobId } from './deliver.js'
import { nobody } from './observer.js'
import type { JobData, Queues } from './queues/index.js'

const BATCH = 500
/** Among several processes a row belongs to the relay that took it for so long: if that one dies, another takes it after this. */
const LEASE_MS = 10_000

export interface RelaySettings {
  /** Tries per message in all, and the first wait between two, doubling. */
  readonly attempts: number
  readonly backoffMs: number
}

/**
 * Hands committed outbox rows to the `notifications` queue, oldest first, until none is left; returns how many. A crash
 * between adding and marking adds the same job id again: ignored while it is pending, and delivered already otherwise.
 * `pause` is waited for before each batch.
 */
export async function relayOutbox(
  world: World,
  queues: Queues,
  settings: RelaySettings,
  pause?: () => Promise<void> | undefined,
): Promise<number> {
  const { observer = nobody } = world
  let relayed = 0
  for (;;) {
    await pause?.()
    const rows = await world.store.claimUnrelayed(BATCH, world.clock.now(), LEASE_MS)
    if (rows.length === 0) return relayed
    const seen = rows.map((row) => observer.relay(row))
    await queues.addBulk(
      'notifications',
      rows.map((row, index) => ({
        name: 'deliver',
        data: withTrace({ ticketId: row.ticketId, seq: row.seq }, seen[index]?.trace ?? null),
        jobId: outboxJobId(row),
        attempts: settings.attempts,
        backoffMs: settings.backoffMs,
      })),
    )
    await world.store.markRelayed(rows, world.clock.now())
    for (const it of seen) it.done()
    relayed += rows.length
    if (rows.length < BATCH) return relayed
  }
}

const withTrace = (data: JobData, trace: string | null): JobData => (trace === null ? data : { ...data, trace })
/** The traceparent that a job carries. */
export const traceOf = ({ trace }: JobData): string | null => (typeof trace === 'string' ? trace : null)
