import { randomInt } from 'node:crypto'
import type { Store } from '../db/types.js'
import type { Clock } from './engine/clock.js'
import type { Logger } from './logging.js'
import type { Services } from './services.js'
import { createLoop, stopped, type Loop } from './workers/loop.js'
import type { WorkObserver } from './workers/observer.js'
import { startTasks } from './workers/tasks.js'

/** How often what was left behind by uploads, and counts of requests that are over, are looked for. */
const TIDY_MS = 600_000
/** How often claims that have run out are closed; nothing waits for it. */
const CLAIMS_MS = 60_000
/** How often bulk work is looked for: nobody waits at a screen for it to begin. */
const BULK_MS = 1_000
/** How long the tickets' log stands unsealed. */
const SEAL_MS = 1_000
/** How long what happened to a promise may be missing in the ledger; who asks for a report has it taken in first. */
const FOLD_MS = 2_000
const FOLD_AT_ONCE = 1_000
/** How often personal data are looked through for what has to go, or has to be sealed under a newer key. */
const CARE_MS = 3_600_000

export interface DutyParts {
  readonly services: Services
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly observer: WorkObserver
}
export interface Duties {
  /** Takes nothing new and waits for what runs, at most `limitMs`. True if all of it finished. */
  stop(limitMs?: number): Promise<boolean>
}

/** What goes on around personal data without a request: tasks, leftovers of uploads, retention and keys. For processes that work. */
export function startDuties({ services, store, clock, logger, observer }: DutyParts): Duties {
  const { tasks: board, handlers, documents, care, audit, worklist, bulk, staff, ledger } = services
  const stopping = new AbortController()
  const tidying = createLoop('documents', TIDY_MS, logger, async () => {
    await documents.tidy()
    await store.intake.counters.removeExpired(clock.now())
  })
  const caring = createLoop('privacy', CARE_MS, logger, async () => {
    const duties = await care.retain({ dryRun: false })
    await staff.prune()
    const rotated = await care.rotate(undefined, stopping.signal)
    logger.info({ removed: Object.fromEntries(duties.map((it) => [it.duty, it.removed])), rotated }, 'personal data')
  })
  const sealing = createLoop('audit', SEAL_MS, logger, async () => {
    await audit.seal(stopping.signal)
  })
  const random = () => randomInt(2 ** 20) / 2 ** 20
  const runner = startTasks({ world: { store, clock, observer }, board, handlers, logger, random })
  const closing = createLoop('claims', CLAIMS_MS, logger, async () => {
    await worklist.tidy()
  })
  const many = createLoop('bulk', BULK_MS, logger, async () => {
    await bulk.run(stopping.signal)
  })
  const folding = createLoop('ledger', FOLD_MS, logger, async () => {
    await ledger.catchUp(FOLD_AT_ONCE)
  })
  const loops: readonly Loop[] = [sealing, many, tidying, caring, closing, folding]
  for (const loop of loops) void loop.wake()
  return {
    async stop(limitMs) {
      stopping.abort()
      const ended = await Promise.all([runner.stop(limitMs), ...loops.map((loop) => stopped(loop, limitMs))])
      return ended.every(Boolean)
    },
  }
}
