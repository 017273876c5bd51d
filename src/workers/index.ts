import type { Logger } from 'pino'
import { embeddedSink, type EffectSink } from '../ports/sink.js'
import { letterForTimer, replayDeadLetter } from './deadLetters.js'
import { createDeliverer, type Deliverer } from './deliver.js'
import { Bell } from './bell.js'
import { followCalendars, type CalendarSettings } from './calendars.js'
import { AHEAD_MS, ALARM, TIMER_QUEUES } from './alarms.js'
import type { World } from './world.js'
import { createLoop, STOP_LIMIT_MS, stopped, type Loop } from './loop.js'
import { maintenanceProcessor, scheduleMaintenance, type MaintenanceSettings } from './maintenance.js'
import { startProducer, type ProducerSettings } from './producer.js'
import { reasonOf, type QueueHealth, type QueueName, type Queues, type QueueWorker } from './queues/index.js'
import { sweep, sweepTimers, type Sweeping, type Swept, type SweepSettings } from './sweeper.js'
import { traceOf } from './relay.js'
import type { TimerWindow, WindowSettings } from './timers.js'

export type { World } from './world.js'
export type { Swept } from './sweeper.js'

/** All durations in milliseconds. */
export interface WorkerOptions extends SweepSettings, MaintenanceSettings, WindowSettings, CalendarSettings {
  readonly sink: EffectSink
  readonly relayPollMs: number
  readonly sweepMs: number
  /** Tries of an outbox row in all; with the default first wait of 2 s the last one comes after about an hour. */
  readonly deliveryAttempts: number
  readonly concurrency: Readonly<Record<QueueName, number>>
  /** No other process works on this database. */
  readonly alone: boolean
}
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** What holds where `options` say nothing. */
export const workerDefaults: WorkerOptions = {
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
  concurrency: { 'sla-timers': 32, verification: 32, notifications: 16, maintenance: 1 },
  calendarPollMs: 3 * SECOND,
  alone: true,
}

export interface WorkersHealth {
  readonly ok: boolean
  readonly queue: QueueHealth
  /** Loops whose last run failed, with the stable reason. */
  readonly failing: readonly { readonly loop: string; readonly reason: string }[]
}
/** What a process without workers has running: it feeds the queue and can replay by hand. */
export interface Feeding {
  /** Takes no new work, waits for what runs (at most `limitMs`, default 20 s). True if all of it finished. The queues stay open. */
  stop(limitMs?: number): Promise<boolean>
  /** Empties the outbox into the queue now; returns how many rows. */
  relayOnce(): Promise<number>
  /** See `replayDeadLetter`. */
  replay(letterId: string): Promise<boolean>
  health(): Promise<WorkersHealth>
}
export interface Workers extends Feeding {
  /** Resolves when what was overdue at the start is delivered and the queue holds the timers of the window, or neither was possible. */
  settled(): Promise<void>
  /** Delivers what is overdue now; with a grace of 0 it stands in for the queue, as on a virtual clock. */
  sweepOnce(grace?: Partial<Pick<SweepSettings, 'timerGraceMs' | 'outboxGraceMs'>>): Promise<Swept>
}

export interface WorkersContext extends World {
  readonly queues: Queues
  readonly logger: Logger
  readonly options?: Partial<WorkerOptions>
}

/** For a process that serves the API alone: commits reach the queue from here, the work is done where `startWorkers` runs. */
export function startFeeding(context: WorkersContext): Feeding {
  const { world, options, deliverer } = assemble(context)
  const producer = startProducer(
    { world, queues: context.queues, logger: context.logger, settings: producerSettings(options) },
    { filled: true },
  )
  const calendars = followCalendars(world, options, context.logger, null)
  void producer.relayLoop.wake()
  void calendars.wake()
  return {
    async stop(limitMs = STOP_LIMIT_MS) {
      const ended = await Promise.all([producer.stop(limitMs), stopped(calendars, limitMs)])
      return ended.every(Boolean)
    },
    relayOnce: () => producer.relayOnce(),
    replay: (letterId) => replayDeadLetter(world, deliverer, letterId),
    health: () => healthOf(context.queues, { relay: producer.relayLoop, calendars }),
  }
}

/**
 * Starts everything that happens without a request, and does not wait for it: a backlog of any size keeps nobody from being served,
 * for whoever touches a ticket settles its timers first. Behind it the timers of an outage are delivered in due order, then
 * the alarms begin, and the queue is filled, what is due first before the rest; forgotten outbox rows follow at once.
 */
export function startWorkers(context: WorkersContext): Workers {
  const { queues, logger } = context
  const { world, options, deliverer } = assemble(context)
  const stopping = new AbortController()
  const bell: Bell = new Bell(world, stopping.signal, logger, (left) => window.leave(left))
  const sweeping = { world, deliverer, logger, signal: stopping.signal, bell }

  const producer = startProducer({ world, queues, logger, settings: producerSettings(options), bell })
  const { window, relayLoop } = producer
  // A queue that is still being opened when the process stops refuses all that waits for it.
  const warning = (text: string) => (error: unknown) => {
    if (!stopping.signal.aborted) logger.warn({ err: error }, text)
  }
  const startedAt = world.clock.now()
  const caughtUp = catchUp(sweeping)
  const workers = [notificationWorker(queues, deliverer, options), maintenanceWorker(world, context, options, window)]
  const settled = caughtUp.then(async () => {
    if (stopping.signal.aborted) return
    workers.push(...timerWorkers(world, context, options, window, bell))
    // Alarms that an earlier process had taken when it died are locked for a while yet: what they stood for rings from here.
    bell.ring(null, startedAt, startedAt + 2 * AHEAD_MS).catch(() => undefined)
    await scheduleMaintenance(queues, options).catch(warning('not scheduled'))
    await window.move().catch(warning('queue not filled, the sweeper stands in'))
  })
  // What an earlier process left is on nobody's way any more: the first sweep gives it no grace.
  let firstSweep = true
  const sweepLoop = createLoop('sweeper', options.sweepMs, logger, async () => {
    await caughtUp
    if (stopping.signal.aborted) return
    await sweep(sweeping, firstSweep && options.alone ? { ...options, outboxGraceMs: 0 } : options)
    firstSweep = false
    // A flushed or restarted queue has lost its schedules, and then its timers as well.
    const lost = (await queues.ensureSchedules()) > 0
    if (lost || window.gap) await window.move(true)
  })
  const calendars = followCalendars(world, options, logger, { signal: stopping.signal })
  for (const loop of [relayLoop, sweepLoop, calendars]) void loop.wake()

  return {
    async stop(limitMs = STOP_LIMIT_MS) {
      stopping.abort()
      const ended = await Promise.all([
        producer.stop(limitMs),
        stopped(sweepLoop, limitMs),
        stopped(calendars, limitMs),
        ...workers.map((worker) => worker.close(limitMs)),
      ])
      return ended.every(Boolean)
    },
    settled: () => settled,
    relayOnce: () => producer.relayOnce(),
    sweepOnce: (grace) => sweep(sweeping, { ...options, ...grace }),
    replay: (letterId) => replayDeadLetter(world, deliverer, letterId),
    health: () => healthOf(queues, { relay: relayLoop, sweeper: sweepLoop, calendars }),
  }
}

function assemble({ engine, store, clock, observer, options: given }: WorkersContext) {
  const world: World = { engine, store, clock, observer }
  const options: WorkerOptions = { ...workerDefaults, ...given }
  return { world, options, deliverer: createDeliverer(world, options.sink, options.deliveryAttempts) }
}

const producerSettings = (options: WorkerOptions): ProducerSettings => ({
  ...options,
  attempts: options.deliveryAttempts,
})

async function healthOf(queues: Queues, loops: Readonly<Record<string, Loop>>): Promise<WorkersHealth> {
  const queue = await queues.health()
  const failing = Object.entries(loops).flatMap(([loop, { failure }]) =>
    failure === null ? [] : [{ loop, reason: reasonOf(failure) }],
  )
  return { ok: queue.ok && failing.length === 0, queue, failing }
}

/** What fell due while nothing ran. Never rejects: what cannot be delivered now is the sweeper's. */
async function catchUp(sweeping: Sweeping): Promise<void> {
  try {
    const { done: fired, failed } = await sweepTimers(sweeping, 0)
    if (fired + failed > 0) sweeping.logger.info({ fired, failed }, 'overdue timers delivered')
  } catch (error) {
    sweeping.logger.error({ err: error }, 'overdue timers not delivered, the sweeper goes on')
  }
}

function timerWorkers(
  world: World,
  { queues, logger }: WorkersContext,
  { concurrency }: WorkerOptions,
  window: TimerWindow,
  bell: Bell,
): readonly QueueWorker[] {
  return TIMER_QUEUES.map((queue) =>
    queues.worker(queue, window.processor(queue, bell), {
      concurrency: concurrency[queue],
      async onFinalFailure(job, error) {
        if (job.name !== ALARM) await letterForTimer(world, queue, job, error)
        else logger.error({ queue, jobId: job.id, reason: reasonOf(error) }, 'alarm failed, the sweeper stands in')
      },
    }),
  )
}

function notificationWorker(queues: Queues, deliverer: Deliverer, { concurrency }: WorkerOptions): QueueWorker {
  const outboxKey = (data: Readonly<Record<string, string | number>>) => ({
    ticketId: String(data['ticketId']),
    seq: Number(data['seq']),
  })
  return queues.worker(
    'notifications',
    async ({ data }) => {
      await deliverer.deliver(outboxKey(data), traceOf(data))
    },
    {
      concurrency: concurrency.notifications,
      onFinalFailure: (job, error) => deliverer.giveUp(outboxKey(job.data), reasonOf(error), job.attempt),
    },
  )
}

const maintenanceWorker = (
  world: World,
  { queues, logger }: WorkersContext,
  options: WorkerOptions,
  window: TimerWindow,
): QueueWorker =>
  queues.worker('maintenance', maintenanceProcessor(world, window, options, logger), {
    concurrency: options.concurrency.maintenance,
  })
