import type { Logger } from 'pino'
import type { World } from './world.js'
import type { Processor, Queues } from './queues/index.js'
import type { TimerWindow } from './timers.js'

export interface MaintenanceSettings {
  readonly windowMoveMs: number
  /** Cron pattern of the nightly work, read in `timeZone`. */
  readonly nightly: string
  readonly timeZone: string
  /** How long the answer of a command is remembered. */
  readonly idempotencyMs: number
}

/** Registers the recurring work. What cannot be registered now is put back by `ensureSchedules`. */
export async function scheduleMaintenance(queues: Queues, settings: MaintenanceSettings): Promise<void> {
  const nightly = { cron: settings.nightly, timeZone: settings.timeZone }
  await Promise.all([
    queues.schedule('maintenance', 'move-window', { everyMs: settings.windowMoveMs }, 'move-window'),
    queues.schedule('maintenance', 'prune-idempotency', nightly, 'prune-idempotency'),
  ])
}

/** The recurring work itself; each job is harmless when it runs twice. */
export function maintenanceProcessor(
  world: World,
  window: TimerWindow,
  settings: MaintenanceSettings,
  logger: Logger,
): Processor {
  return async ({ name }) => {
    if (name === 'move-window') {
      const added = await window.move()
      logger.debug({ added }, 'timer window moved')
    }
    if (name === 'prune-idempotency') {
      const pruned = await world.store.pruneIdempotency(world.clock.now() - settings.idempotencyMs)
      logger.info({ pruned }, 'remembered answers pruned')
    }
  }
}
