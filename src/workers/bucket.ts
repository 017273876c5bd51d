import type { Store } from '../../db/types.js'
import type { TimerKey, TimerRow } from '../engine/types.js'
import { queueOf, type TimerQueue } from './alarms.js'

/** Timers read, and delivered, in one go; one commit of the engine. */
export const PAGE = 512
/** While its time lasts a stretch is looked through for newcomers this often; once more when it is over. */
const LOOK_EVERY_MS = 50

type PendingTimers = Pick<Store, 'pendingTimers'>
interface Place {
  readonly dueAt: number
  readonly key: TimerKey
}
/** Before every timer that is due at this instant. */
export const placeBefore = (dueAt: number): Place => ({
  dueAt,
  key: { ticketId: '', family: '', threshold: '', generation: 0 },
})
const idOf = (key: TimerKey): string => `${key.ticketId}|${key.family}|${key.threshold}|${key.generation}`

/**
 * The timers of one alarm: those of its queue that fall due within its stretch of time. Pages of them are read ahead, in due order;
 * the rows stay the truth, so it is over only when SQL holds none of them any more.
 */
export class Bucket {
  /** Null: of all queues. */
  readonly queue: TimerQueue | null
  readonly start: number
  readonly end: number
  /** Read and not yet taken, in due order, from `#next` on. */
  #rows: TimerRow[] = []
  #next = 0
  /** SQL may hold more than was read; null once the last page was read. */
  #place: Place | null
  /** Tried here and left to a job of their own. */
  readonly #left = new Set<string>()
  #lookedAt = Number.NEGATIVE_INFINITY
  /** How often its alarm rang once more. */
  #stirred = 0
  /** A look after its end found nothing. */
  #over = false
  #foreseen = 0

  constructor(queue: TimerQueue | null, start: number, end: number) {
    this.queue = queue
    this.start = start
    this.end = end
    this.#place = placeBefore(start)
  }

  get over(): boolean {
    return this.#over
  }
  /** How many are known and not taken yet. */
  get known(): number {
    return this.#rows.length - this.#next
  }
  /** When there is something to do for it next. */
  get nextAt(): number {
    const next = this.#rows[this.#next]
    return Math.max(this.start, Math.min(next?.dueAt ?? Infinity, this.end, this.#lookedAt + LOOK_EVERY_MS))
  }

  holds({ family, dueAt }: TimerRow): boolean {
    return dueAt >= this.start && dueAt < this.end && (this.queue === null || this.queue === queueOf(family))
  }
  /** Its alarm rang once more, so there may be something that no look has seen. */
  stir(): void {
    this.#stirred++
    this.#lookedAt = Number.NEGATIVE_INFINITY
  }
  /** Not to be found again here. */
  leave(timer: TimerRow): void {
    this.#left.add(idOf(timer))
  }

  /** Makes sure that what is due by `now` is known, as far as one page goes. */
  async refresh(store: PendingTimers, now: number): Promise<void> {
    while (this.known === 0 && this.#place !== null) await this.readOn(store)
    const due = (this.#rows[this.#next]?.dueAt ?? Infinity) <= now
    if (!due && (now >= this.end || now - this.#lookedAt >= LOOK_EVERY_MS)) await this.#look(store, now)
  }

  /** Reads the next page, due or not. False when there is none. */
  async readOn(store: PendingTimers): Promise<boolean> {
    if (this.#place === null) return false
    const page = await store.pendingTimers(this.end - 1, PAGE, this.#place)
    const last = page.at(-1)
    this.#place = last === undefined || page.length < PAGE ? null : { dueAt: last.dueAt, key: last }
    this.#compact()
    for (const timer of page) if (this.#isNew(timer)) this.#rows.push(timer)
    return true
  }

  /** What is due by `now`, at most `max`, in due order. */
  take(now: number, max: number): readonly TimerRow[] {
    const from = this.#next
    while (this.#next < this.#rows.length && this.#next - from < max) {
      const next = this.#rows[this.#next]
      if (next === undefined || next.dueAt > now) break
      this.#next++
    }
    return this.#rows.slice(from, this.#next)
  }

  /** Tickets of the next timers that nobody has asked for yet, at most `max`. */
  upcoming(max: number): readonly string[] {
    const from = Math.max(this.#next, this.#foreseen)
    this.#foreseen = Math.min(this.#rows.length, from + max)
    return this.#rows.slice(from, this.#foreseen).map((it) => it.ticketId)
  }

  /** Finds what is due and was planned after the pages were read; what is known is due later than that. */
  async #look(store: PendingTimers, now: number): Promise<void> {
    const found: TimerRow[] = []
    const stirred = this.#stirred
    let after = placeBefore(this.start)
    for (;;) {
      const page: readonly TimerRow[] = await store.pendingTimers(Math.min(now, this.end - 1), PAGE, after)
      for (const timer of page) if (this.#isNew(timer)) found.push(timer)
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE || found.length > 0) break
      after = { dueAt: last.dueAt, key: last }
    }
    this.#compact()
    this.#rows = [...found, ...this.#rows]
    this.#foreseen += found.length
    if (this.#stirred !== stirred) return
    this.#lookedAt = now
    this.#over = now >= this.end && this.known === 0
  }

  #isNew(timer: TimerRow): boolean {
    return (this.queue === null || this.queue === queueOf(timer.family)) && !this.#left.has(idOf(timer))
  }

  #compact(): void {
    if (this.#next === 0) return
    this.#rows = this.#rows.slice(this.#next)
    this.#foreseen = Math.max(0, this.#foreseen - this.#next)
    this.#next = 0
  }
}
