import type { Logger } from 'pino'
import { PulihError } from '../engine/errors.js'
import type { TimerKey, TimerRow, TimerVerdict } from '../engine/types.js'
import type { World } from './world.js'
import type { JobData, JobSpec, Processor, QueueName, Queues } from './queues/index.js'

/** Deadlines of this family release a ticket when its office opens (D26); they have a queue and a worker of their own. */
const GATE_FAMILY = 'release'
const queueOf = (family: string): QueueName => (family === GATE_FAMILY ? 'verification' : 'sla-timers')

/** Never with a colon: BullMQ refuses it. */
export const timerJobId = (key: TimerKey): string =>
  `timer-${key.ticketId}-${key.family}-${key.threshold}-${key.generation}`.replaceAll(':', '.')

const PAGE = 500
/** More hints than this waiting to be added are dropped: the next full fill finds their rows. */
const MAX_HINTS = 20_000
const ATTEMPTS = 5
/** All in milliseconds. */
export interface WindowSettings {
  readonly windowMs: number
  /** First wait before a timer that failed is rung again, doubling. */
  readonly backoffMs: number
}
/** An alarm that rang early is set again no sooner than this. */
const MIN_AGAIN_MS = 100

/**
 * Keeps the timers that fall due within a moving window in the queue; the rest wait in SQL. Ten million pending timers
 * then cost disk, not memory.
 */
export class TimerWindow {
  readonly #world: World
  readonly #queues: Queues
  readonly #settings: WindowSettings
  readonly #logger: Logger
  /** This process has put the timers due up to here into the queue. */
  #end = Number.NEGATIVE_INFINITY
  /** Something due inside the window may be missing in the queue. */
  #gap: boolean
  #hints: TimerRow[] = []
  #adding: Promise<void> | null = null
  #moving: Promise<unknown> = Promise.resolve()
  #stopped = false

  /** `filled`: another process has filled the queue and moves the window; this one only adds what it commits. */
  constructor(world: World, queues: Queues, settings: WindowSettings, logger: Logger, { filled = false } = {}) {
    this.#world = world
    this.#queues = queues
    this.#settings = settings
    this.#logger = logger
    this.#gap = !filled
  }

  /**
   * Committed timers: those inside the window go to the queue soon, without holding up the commit. Measured from now and not from the
   * window's end: whichever process moved the window last, what lies between its end and here is added twice at most, never missed.
   */
  hint(timers: readonly TimerRow[]): void {
    const until = this.#world.clock.now() + this.#settings.windowMs
    const near = timers.filter((timer) => timer.dueAt <= until)
    if (near.length === 0) return
    if (this.#hints.length + near.length > MAX_HINTS) this.#gap = true
    else this.#hints.push(...near)
    this.#adding ??= this.#addHints().finally(() => (this.#adding = null))
  }

  /** Moves the window on to now + its width and adds what came into it; all of it when `full` or when something was missed. */
  move(full = false): Promise<number> {
    const moved = this.#moving.then(() => this.#move(full))
    this.#moving = moved.catch(() => undefined)
    return moved
  }

  async #move(full: boolean): Promise<number> {
    const everything = full || this.#gap
    const from = everything ? null : this.#end
    // Set before reading: a commit from here on hints for itself, one before is already in SQL.
    this.#end = Math.max(this.#end, this.#world.clock.now() + this.#settings.windowMs)
    this.#gap = false
    try {
      return await this.#fill(from, this.#end)
    } catch (error) {
      this.#gap = true
      throw error
    }
  }

  /** True when the queue lacks something: `move` then fills all of it. */
  get gap(): boolean {
    return this.#gap
  }

  /** Processes an alarm through `ring`, and sets one that rang early again. The job's data are what `add` put there. */
  processor(ring: (key: TimerKey) => Promise<TimerVerdict>): Processor {
    return async ({ data }) => {
      if ((await known(ring(keyOf(data)))) === 'early') await this.#again(data)
    }
  }

  async #again(data: JobData): Promise<void> {
    const key = keyOf(data)
    // Its own id is taken while it runs, so the next one gets another.
    const again = Number(data['again'] ?? 0) + 1
    const dueAt = Number(data['dueAt'])
    await this.#queues.add(
      queueOf(key.family),
      'timer',
      { ...data, again },
      {
        jobId: `${timerJobId(key)}-again${again}`,
        delayMs: Math.max(MIN_AGAIN_MS, dueAt - this.#world.clock.now()),
        attempts: ATTEMPTS,
        backoffMs: this.#settings.backoffMs,
      },
    )
  }

  /** Adds nothing more; resolves when what is being added is in the queue. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([this.#adding, this.#moving])
  }

  async #fill(from: number | null, until: number): Promise<number> {
    let after = from === null ? null : { dueAt: from, key: { ticketId: '', family: '', threshold: '', generation: 0 } }
    let added = 0
    for (;;) {
      const page = await this.#world.store.pendingTimers(until, PAGE, after)
      await this.#add(page)
      added += page.length
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) return added
      if (this.#stopped) return added
      after = { dueAt: last.dueAt, key: last }
    }
  }

  async #addHints(): Promise<void> {
    // The commit that hinted goes on first; what it and its neighbours hint is added in one go.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#hints.length > 0) {
      const batch = this.#hints.splice(0, PAGE)
      try {
        await this.#add(batch)
      } catch (error) {
        this.#gap = true
        this.#hints = []
        this.#logger.warn({ err: error }, 'timers could not be queued, the sweeper stands in')
      }
    }
  }

  async #add(timers: readonly TimerRow[]): Promise<void> {
    const now = this.#world.clock.now()
    for (const queue of ['sla-timers', 'verification'] as const) {
      await this.#queues.addBulk(
        queue,
        timers
          .filter((timer) => queueOf(timer.family) === queue)
          .map((timer) => ({ ...jobOf(timer, now), backoffMs: this.#settings.backoffMs })),
      )
    }
  }
}

/** A queue that is older than a restored database knows tickets that never were: nothing to ring, nothing to try again. */
async function known<T>(ringing: Promise<T>): Promise<T | 'dropped'> {
  try {
    return await ringing
  } catch (error) {
    if (error instanceof PulihError && error.code === 'TICKET_NOT_FOUND') return 'dropped'
    throw error
  }
}

const jobOf = (timer: TimerRow, now: number): JobSpec => ({
  name: 'timer',
  data: {
    ticketId: timer.ticketId,
    family: timer.family,
    threshold: timer.threshold,
    generation: timer.generation,
    dueAt: timer.dueAt,
  },
  jobId: timerJobId(timer),
  delayMs: timer.dueAt - now,
  attempts: ATTEMPTS,
})

export const keyOf = (data: JobData): TimerKey => ({
  ticketId: String(data['ticketId']),
  family: String(data['family']),
  threshold: String(data['threshold']),
  generation: Number(data['generation']),
})
