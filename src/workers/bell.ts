import type { Logger } from 'pino'
import type { TimerRow } from '../engine/types.js'
import { AHEAD_MS, BUCKET_MS, type TimerQueue } from './alarms.js'
import { Bucket, PAGE } from './bucket.js'
import { withLimit } from './queues/limit.js'
import { ringAll } from './ring.js'
import type { World } from './world.js'

/** `again`: this stretch of time is not over; its alarm should ring once more. */
export type Outcome = 'done' | 'again'
/** A timer that needs a job of its own: it failed, or it rang early by the engine's clock. */
export interface Left {
  readonly timer: TimerRow
  readonly failed: boolean
}

/** Tickets read ahead in one go: what falls due meanwhile waits no longer than that takes. */
const FORESEEN = 16
/** Timers known ahead, at most; the rest is read when its turn comes. */
const MAX_KNOWN = 10_000
/** The clock may be set at any time, so nobody sleeps longer. */
const MAX_SLEEP_MS = 100
/** So many timers about to fall due are a burst: what is not urgent lets it pass. */
const BURST = 256

interface Open {
  readonly bucket: Bucket
  readonly outcome: Promise<Outcome>
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: Error) => void
}

/**
 * Delivers timers when their alarms ring. An alarm stands for a stretch of time: what SQL holds as due in it is read shortly before,
 * with its tickets, and delivered at its instants, many to a commit. The row is the truth; an alarm only says when to look.
 */
export class Bell {
  readonly #world: World
  /** Ends it after the timers being delivered. */
  readonly #signal: AbortSignal
  readonly #logger: Logger
  /** Earliest first. */
  #open: Open[] = []
  #running: Promise<void> | null = null
  #wake: () => void = () => undefined
  /** Resolves when a burst has passed. */
  #burst: { readonly passed: Promise<void>; readonly end: () => void } | null = null
  readonly #leave: (left: readonly Left[]) => Promise<void>

  /** `leave` takes over timers that failed or rang early; what it rejects with is logged, and the sweeper stands in. */
  constructor(world: World, signal: AbortSignal, logger: Logger, leave: (left: readonly Left[]) => Promise<void>) {
    this.#world = world
    this.#signal = signal
    this.#logger = logger
    this.#leave = leave
    signal.addEventListener('abort', () => {
      this.#wake()
    })
  }

  /** Many timers are due, or about to be. */
  get busy(): boolean {
    return this.#burst !== null
  }

  /** Resolves when it is not busy, or after `limitMs`: for work that should not slow down timers that are due. */
  async quiet(limitMs: number): Promise<void> {
    if (this.#burst !== null) await withLimit(this.#burst.passed, limitMs).catch(() => undefined)
  }

  /**
   * Delivers what falls due from `start` on and before `end`, each at its instant. Resolves when all of it is delivered or left
   * to jobs of its own; rejects when SQL could not be read. `queue`: only what rings there.
   */
  ring(queue: TimerQueue | null, start: number, end = start + BUCKET_MS): Promise<Outcome> {
    if (this.#signal.aborted) return Promise.resolve('again')
    const same = this.#open.find(({ bucket: it }) => it.queue === queue && it.start === start && it.end === end)
    if (same !== undefined) {
      same.bucket.stir()
      this.#wake()
      return same.outcome
    }
    const open = openBucket(new Bucket(queue, start, end))
    this.#open.push(open)
    this.#open.sort((a, b) => a.bucket.start - b.bucket.start)
    if (this.#running === null) this.#running = this.#run()
    else this.#wake()
    return open.outcome
  }

  async #run(): Promise<void> {
    // A turn of its own, so that alarms that ring together are seen together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#open.length > 0 && !this.#signal.aborted) await this.#step()
    for (const { resolve } of this.#open) resolve('again')
    this.#open = []
    this.#calm()
    this.#running = null
  }

  async #step(): Promise<void> {
    const now = this.#world.clock.now()
    const due = await this.#dueBy(now)
    if (due.length > 0) {
      if (due.length >= BURST) this.#rush()
      await this.#deliver(due)
    } else if (!(await this.#foresee(now))) await this.#sleep(now)
  }

  /** A page of what is due, in due order by stretch; closes what is over. */
  async #dueBy(now: number): Promise<readonly TimerRow[]> {
    const due: TimerRow[] = []
    for (const open of [...this.#open]) {
      const { bucket } = open
      if (bucket.start > now || due.length >= PAGE) break
      try {
        await bucket.refresh(this.#world.store, now)
        for (const timer of bucket.take(now, PAGE - due.length)) due.push(timer)
        if (bucket.over) this.#close(open, 'done')
      } catch (thrown) {
        this.#close(open, thrown instanceof Error ? thrown : new Error(String(thrown)))
      }
    }
    return due
  }

  #close(open: Open, outcome: Outcome | Error): void {
    this.#open = this.#open.filter((it) => it !== open)
    if (outcome instanceof Error) open.reject(outcome)
    else open.resolve(outcome)
  }

  async #deliver(due: readonly TimerRow[]): Promise<void> {
    const left: Left[] = []
    for (const rung of await ringAll(this.#world, due, 'queue')) {
      const failed = 'error' in rung
      if (!failed && (rung.verdict === 'fired' || rung.verdict === 'dropped')) continue
      for (const { bucket } of this.#open) if (bucket.holds(rung.timer)) bucket.leave(rung.timer)
      if (failed || rung.verdict === 'early') left.push({ timer: rung.timer, failed })
    }
    if (left.length === 0) return
    await this.#leave(left).catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'timers that failed could not be queued again, the sweeper stands in')
    })
  }

  /** Reads a little of what is about to fall due. False when there is nothing to read. */
  async #foresee(now: number): Promise<boolean> {
    const { store, engine } = this.#world
    let known = 0
    for (const { bucket } of this.#open) {
      const ids = bucket.upcoming(FORESEEN)
      if (ids.length > 0) {
        await engine.foresee(ids)
        return true
      }
      known += bucket.known
      // What cannot be read ahead is read, or complained of, when it is due.
      if (bucket.start > now && known < MAX_KNOWN && (await bucket.readOn(store).catch(() => false))) return true
    }
    if (known >= BURST) this.#rush()
    else this.#calm()
    return false
  }

  /** Until something is to be done, or an alarm rings. */
  async #sleep(now: number): Promise<void> {
    for (const open of this.#open) if (open.bucket.start - now > 2 * AHEAD_MS) this.#close(open, 'again')
    const next = Math.min(...this.#open.map(({ bucket }) => bucket.nextAt))
    if (this.#open.length === 0 || this.#signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, Math.min(MAX_SLEEP_MS, next - now)))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => undefined
  }

  #rush(): void {
    if (this.#burst !== null) return
    let end!: () => void
    this.#burst = { passed: new Promise((resolve) => (end = resolve)), end }
  }
  #calm(): void {
    this.#burst?.end()
    this.#burst = null
  }
}

function openBucket(bucket: Bucket): Open {
  let resolve!: (outcome: Outcome) => void
  let reject!: (error: Error) => void
  const outcome = new Promise<Outcome>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { bucket, outcome, resolve, reject }
}
