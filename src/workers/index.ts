import type { Logger } from 'pino'
import { embeddedSink, type EffectSink } from '../ports/sink.js'
import { letterForTimer, replayDeadLetter } from './deadLetters.js'
import { createDeliverer, type Deliverer } from './deliver.js'
import type { World } from './world.js'
import { createLoop } from './loop.js'
import { maintenanceProcessor, scheduleMaintenance, type MaintenanceSettings } from './maintenance.js'
import { reasonOf, type QueueHealth, type QueueName, type Queues, type QueueWorker } from './queues/index.js'
import { withLimit } from './queues/limit.js'
import { relayOutbox } from './relay.js'
import { sweep, sweepTimers, type Swept, type SweepSettings } from './sweeper.js'
import { TimerWindow, type WindowSettings } from './timers.js'

export type { World } from './world.js'
export type { Swept } from './sweeper.js'

/** All durations in milliseconds. */
export interface WorkerOptions extends SweepSettings, MaintenanceSettings, WindowSettings {
  readonly sink: EffectSink
  readonly relayPollMs: number
  readonly sweepMs: number
  /** Tries of an outbox row in all; with the default first wait of 2 s the last one comes after about an hour. */
  readonly deliveryAttempts: number
  readonly concurrency: Readonly<Record<QueueName, number>>
}
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DEFAULTS: WorkerOptions = {
  sink: embeddedSink,
  windowMs: 48 * HOUR,
  windowMoveMs: 10 * MINUTE,
  relayPollMs: SECOND,
  sweepMs: 15 * SECOND,
  timerGraceMs: 5 * SECOND,
  outboxGraceMs: 30 * SECOND,
  deliveryAttempts: 12,
  backoffMs: 2 * SECOND,
  nightly: '0 3 * * *',
  timeZone: 'Asia/Jakarta',
  idempotencyMs: 7 * 24 * HOUR,
  concurrency: { 'sla-timers': 16, verification: 16, notifications: 8, maintenance: 1 },
}
const STOP_LIMIT_MS = 20 * SECOND

export interface WorkersHealth {
  readonly ok: boolean
  readonly queue: QueueHealth
  /** Loops whose last run failed, with the stable reason. */
  readonly failing: readonly { readonly loop: string; readonly reason: string }[]
}
export interface Workers {
  /** Takes no new work, waits for what runs (at most `limitMs`, default 20 s). True if all of it finished. The queues stay open. */
  stop(limitMs?: number): Promise<boolean>
  /** Empties the outbox into the queue now; returns how many rows. */
  relayOnce(): Promise<number>
  /** Delivers what is overdue now; with a grace of 0 it stands in for the queue, as on a virtual clock. */
  sweepOnce(grace?: Partial<Pick<SweepSettings, 'timerGraceMs' | 'outboxGraceMs'>>): Promise<Swept>
  /** See `replayDeadLetter`. */
  replay(letterId: string): Promise<boolean>
  health(): Promise<WorkersHealth>
}

export interface WorkersContext extends World {
  readonly queues: Queues
  readonly logger: Logger
  readonly options?: Partial<WorkerOptions>
}

/**
 * Starts everything that happens without a request. First the timers of an outage are delivered in due order, then the
 * queue is filled and the workers begin; forgotten outbox rows follow at once. Rejects only when the database does.
 */
export async function startWorkers(context: WorkersContext): Promise<Workers> {
  const { engine, store, clock, queues, logger } = context
  const world: World = { engine, store, clock }
  const options: WorkerOptions = { ...DEFAULTS, ...context.options }
  const deliverer = createDeliverer(world, options.sink, options.deliveryAttempts)
  const window = new TimerWindow(world, queues, options, logger)
  const relay = () => relayOutbox(world, queues, { attempts: options.deliveryAttempts, backoffMs: options.backoffMs })

  const stopping = new AbortController()
  const sweeping = { world, deliverer, logger, signal: stopping.signal }

  await sweepTimers(sweeping, 0)
  const relayLoop = createLoop('relay', options.relayPollMs, logger, async () => {
    await relay()
  })
  // What an earlier process left is on nobody's way any more: the first sweep gives it no grace.
  let firstSweep = true
  const sweepLoop = createLoop('sweeper', options.sweepMs, logger, async () => {
    await sweep(sweeping, firstSweep ? { ...options, outboxGraceMs: 0 } : options)
    firstSweep = false
    // A flushed or restarted queue has lost its schedules, and then its timers as well.
    const lost = (await queues.ensureSchedules()) > 0
    if (lost || window.gap) await window.move(true)
  })
  const unsubscribe = world.engine.onCommitted(({ timers, outbox }) => {
    window.hint(timers)
    if (outbox.length > 0) void relayLoop.wake()
  })
  await window.move().catch((error: unknown) => logger.warn({ err: error }, 'queue not filled, the sweeper stands in'))
  await scheduleMaintenance(queues, options).catch((error: unknown) => logger.warn({ err: error }, 'not scheduled'))
  const workers = startQueueWorkers(world, context, options, deliverer, window)
  void relayLoop.wake()
  void sweepLoop.wake()

  return {
    async stop(limitMs = STOP_LIMIT_MS) {
      unsubscribe()
      stopping.abort()
      const loops = withLimit(Promise.all([relayLoop.stop(), sweepLoop.stop(), window.settle()]), limitMs)
      const ended = await Promise.all([
        loops.then(() => true).catch(() => false),
        ...workers.map((worker) => worker.close(limitMs)),
      ])
      return ended.every(Boolean)
    },
    relayOnce: relay,
    sweepOnce: (grace) => sweep(sweeping, { ...options, ...grace }),
    replay: (letterId) => replayDeadLetter(world, deliverer, letterId),
    async health() {
      const queue = await queues.health()
      const loops = { relay: relayLoop, sweeper: sweepLoop }
      const failing = Object.entries(loops).flatMap(([loop, { failure }]) =>
        failure === null ? [] : [{ loop, reason: reasonOf(failure) }],
      )
      return { ok: queue.ok && failing.length === 0, queue, failing }
    },
  }
}

function startQueueWorkers(
  world: World,
  { queues, logger }: WorkersContext,
  options: WorkerOptions,
  deliverer: Deliverer,
  window: TimerWindow,
): readonly QueueWorker[] {
  const { concurrency } = options
  const timerWorker = (queue: 'sla-timers' | 'verification') =>
    queues.worker(queue, window.ring, {
      concurrency: concurrency[queue],
      onFinalFailure: (job, error) => letterForTimer(world, queue, job, error),
    })
  const outboxKey = (data: Readonly<Record<string, string | number>>) => ({
    ticketId: String(data['ticketId']),
    seq: Number(data['seq']),
  })
  return [
    timerWorker('sla-timers'),
    timerWorker('verification'),
    queues.worker(
      'notifications',
      async ({ data }) => {
        await deliverer.deliver(outboxKey(data))
      },
      {
        concurrency: concurrency.notifications,
        onFinalFailure: (job, error) => deliverer.giveUp(outboxKey(job.data), reasonOf(error), job.attempt),
      },
    ),
    queues.worker('maintenance', maintenanceProcessor(world, window, options, logger), {
      concurrency: concurrency.maintenance,
    }),
  ]
}
