import type { Logger } from 'pino'
import type { Bell } from './bell.js'
import { createLoop, type Loop } from './loop.js'
import type { Queues } from './queues/index.js'
import { withLimit } from './queues/limit.js'
import { relayOutbox, type RelaySettings } from './relay.js'
import { TimerWindow, type WindowSettings } from './timers.js'
import type { World } from './world.js'

/** All durations in milliseconds. */
export interface ProducerSettings extends WindowSettings, RelaySettings {
  readonly relayPollMs: number
}
/** While many timers are due their messages follow after them, at the latest so long after. */
const RELAY_PATIENCE_MS = 5_000

/** The side of a process that feeds the queue: what the engine commits here goes there at once. */
export interface Producer {
  readonly window: TimerWindow
  readonly relayLoop: Loop
  /** Empties the outbox into the queue now; returns how many rows. */
  relayOnce(): Promise<number>
  /** Takes no new hint and waits for what is being added, at most `limitMs`. True if that finished. */
  stop(limitMs: number): Promise<boolean>
}

/** Starts feeding. `filled`: other processes run the workers, which fill the queue and move its window. */
export function startProducer(
  parts: { world: World; queues: Queues; logger: Logger; settings: ProducerSettings; bell?: Bell },
  { filled = false } = {},
): Producer {
  const { world, queues, logger, settings, bell } = parts
  const window = new TimerWindow(world, queues, settings, logger, { filled, bell })
  const relayOnce = () => relayOutbox(world, queues, settings)
  const relayPatiently = async () => {
    const until = world.clock.now() + RELAY_PATIENCE_MS
    await relayOutbox(world, queues, settings, () => bell?.quiet(until - world.clock.now()))
  }
  const relayLoop = createLoop('relay', settings.relayPollMs, logger, async () => {
    await relayPatiently()
    // Timers that could not be added: where nobody else can know, this process fills the queue once more.
    if (filled && window.gap) await window.move(true)
  })
  const unsubscribe = world.engine.onCommitted(({ timers, outbox }) => {
    window.hint(timers)
    if (outbox.length > 0) void relayLoop.wake()
  })
  return {
    window,
    relayLoop,
    relayOnce,
    stop(limitMs) {
      unsubscribe()
      return withLimit(Promise.all([relayLoop.stop(), window.stop()]), limitMs)
        .then(() => true)
        .catch(() => false)
    },
  }
}
