import { randomInt } from 'node:crypto'
import type { Store } from '../db/types.js'
import type { Clock } from './engine/clock.js'
import type { Logger } from './logging.js'
import type { Services } from './services.js'
import { createLoop, type Loop } from './workers/loop.js'
import type { WorkObserver } from './workers/observer.js'
import { startTasks } from './workers/tasks.js'

/** How often what was left behind by uploads is looked for. */
const TIDY_MS = 600_000
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
  const { tasks: board, handlers, documents, care } = services
  const stopping = new AbortController()
  const tidying = createLoop('documents', TIDY_MS, logger, async () => {
    await documents.tidy()
  })
  const caring = createLoop('privacy', CARE_MS, logger, async () => {
    const duties = await care.retain({ dryRun: false })
    const rotated = await care.rotate(undefined, stopping.signal)
    logger.info({ removed: Object.fromEntries(duties.map((it) => [it.duty, it.removed])), rotated }, 'personal data')
  })
  const random = () => randomInt(2 ** 20) / 2 ** 20
  const runner = startTasks({ world: { store, clock, observer }, board, handlers, logger, random })
  const loops: readonly Loop[] = [tidying, caring]
  for (const loop of loops) void loop.wake()
  return {
    async stop(limitMs) {
      stopping.abort()
      const [finished] = await Promise.all([runner.stop(limitMs), ...loops.map((loop) => loop.stop())])
      return finished
    },
  }
}
