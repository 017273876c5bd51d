import type { Logger } from 'pino'
import { PulihError } from '../engine/errors.js'
import type { TimerKey, TimerRow, TimerVerdict } from '../engine/types.js'
import {
  AHEAD_MS,
  ALARM,
  alarm,
  alarmAgain,
  alarmsFor,
  BUCKET_MS,
  bucketOf,
  keyOf,
  queueOf,
  timerJob,
  TIMER_QUEUES,
} from './alarms.js'
import type { TimerQueue } from './alarms.js'
import type { Bell, Left } from './bell.js'
import { placeBefore } from './bucket.js'
import { nobody } from './observer.js'
import type { World } from './world.js'
import type { JobData, Processor, Queues } from './queues/index.js'

const PAGE = 500
/** More hints than this waiting to be added are dropped: the next full fill finds their rows. */
const MAX_HINTS = 20_000
/** All in milliseconds. */
export interface WindowSettings {
  readonly windowMs: number
  /** First wait before a timer that failed is rung again, doubling. */
  readonly backoffMs: number
}

interface Own {
  readonly timer: TimerKey & { readonly dueAt: number }
  readonly tried: number
  readonly again?: number
}

interface Feeds {
  readonly filled?: boolean
  readonly bell?: Bell | undefined
}

/**
 * Keeps alarms for the timers that fall due within a moving window in the queue; the rest wait in SQL. Ten million pending
 * timers then cost disk, not memory, and a million at one instant cost one job.
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

  readonly #bell: Bell | undefined

  /**
   * `filled`: another process has filled the queue and moves the window; this one only adds what it commits. `bell`: of this process,
   * which rings what is about to fall due without a way through the queue.
   */
  constructor(
    world: World,
    queues: Queues,
    settings: WindowSettings,
    logger: Logger,
    { filled = false, bell }: Feeds = {},
  ) {
    this.#bell = bell
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

  /** Processes the jobs of one queue: alarms through `bell`, and single timers that were left to a job of their own. */
  processor(queue: TimerQueue, bell: Bell): Processor {
    return ({ name, data }) => (name === ALARM ? this.#ring(queue, data, bell) : this.#retry(data))
  }

  async #ring(queue: TimerQueue, data: JobData, bell: Bell): Promise<void> {
    if ((await bell.ring(queue, Number(data['start']))) === 'done') return
    await this.#queues.addBulk(queue, [alarmAgain(data, this.#world.clock.now(), this.#settings.backoffMs)])
  }

  async #retry(data: JobData): Promise<void> {
    const { engine, observer = nobody } = this.#world
    const key = keyOf(data)
    if ((await known(observer.timer(key, 'queue', () => engine.deliverTimer(key, 'queue')))) !== 'early') return
    const timer = { ...key, dueAt: Number(data['dueAt']) }
    await this.#addOwn([{ timer, tried: Number(data['tried'] ?? 0), again: Number(data['again'] ?? 0) + 1 }])
  }

  /** Timers that an alarm could not deliver, each to a job of its own: one that fails holds up no other. */
  leave(left: readonly Left[]): Promise<void> {
    return this.#addOwn(left.map(({ timer, failed }) => ({ timer, tried: failed ? 1 : 0 })))
  }

  async #addOwn(jobs: readonly Own[]): Promise<void> {
    const now = this.#world.clock.now()
    for (const queue of TIMER_QUEUES) {
      const own = jobs.filter(({ timer }) => queueOf(timer.family) === queue)
      await this.#queues.addBulk(
        queue,
        own.map(({ timer, tried, again }) => timerJob(timer, now, this.#settings.backoffMs, tried, again)),
      )
    }
  }

  /** Adds nothing more; resolves when what is being added is in the queue. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([this.#adding, this.#moving])
  }

  /** Alarms for everything due after `from` and up to `until`; gives how many. */
  async #fill(from: number | null, until: number): Promise<number> {
    let after = from === null ? null : placeBefore(from + 1)
    let added = 0
    for (;;) {
      const page = await this.#world.store.pendingTimers(until, PAGE, after)
      added += await this.#add(page)
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE || this.#stopped) return added
      // Whatever else its stretch holds rings with the same alarms: a crowded instant costs one page.
      const start = bucketOf(last.dueAt)
      const now = this.#world.clock.now()
      for (const queue of TIMER_QUEUES) await this.#queues.addBulk(queue, [alarm(start, now, this.#settings.backoffMs)])
      after = placeBefore(start + BUCKET_MS)
    }
  }

  async #addHints(): Promise<void> {
    // The commit that hinted goes on first; what it and its neighbours hint is added in one go.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#hints.length > 0) {
      const batch = this.#hints.splice(0, PAGE)
      try {
        await this.#add(this.#ringHere(batch))
      } catch (error) {
        this.#gap = true
        this.#hints = []
        this.#logger.warn({ err: error }, 'timers could not be queued, the sweeper stands in')
      }
    }
  }

  /** Rings what is due in a moment from here; gives what is left for the queue. */
  #ringHere(timers: readonly TimerRow[]): readonly TimerRow[] {
    const bell = this.#bell
    if (bell === undefined) return timers
    const soon = this.#world.clock.now() + AHEAD_MS
    const near = timers.filter((it) => it.dueAt <= soon)
    const alarms = new Map(near.map((it) => [`${queueOf(it.family)}/${bucketOf(it.dueAt)}`, it]))
    for (const timer of alarms.values()) {
      const inQueue = () => this.#add([timer])
      bell
        .ring(queueOf(timer.family), bucketOf(timer.dueAt))
        .then((outcome) => (outcome === 'done' ? 0 : inQueue()), inQueue)
        .catch((error: unknown) => {
          this.#logger.warn({ err: error }, 'a timer could not be queued, the sweeper stands in')
        })
    }
    return near.length === 0 ? timers : timers.filter((it) => it.dueAt > soon)
  }

  async #add(timers: readonly TimerRow[]): Promise<number> {
    let added = 0
    for (const [queue, alarms] of alarmsFor(timers, this.#world.clock.now(), this.#settings.backoffMs)) {
      await this.#queues.addBulk(queue, alarms)
      added += alarms.length
    }
    return added
  }
}

/** A queue that is older than a restored database knows tickets that never were: nothing to ring, nothing to try again. */
async function known(ringing: Promise<TimerVerdict>): Promise<TimerVerdict> {
  try {
    return await ringing
  } catch (error) {
    if (error instanceof PulihError && error.code === 'TICKET_NOT_FOUND') return 'dropped'
    throw error
  }
}
