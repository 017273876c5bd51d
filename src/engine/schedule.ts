import { slaFamily } from '../machines/generations.js'
import { PulihError } from './errors.js'
import type { Schedule, TimerKey, TimerRow } from './types.js'

/** A timer as the schedule implies it; rows in SQL are a projection of these. */
export interface PendingTimer {
  readonly family: string
  readonly threshold: string
  readonly generation: number
  readonly dueAt: number
}

export const emptySchedule = (): Schedule => ({ clocks: [], deadlines: [] })

/** A copy that may be changed while a decision is made. */
export const copySchedule = (schedule: Schedule): Schedule => ({
  clocks: schedule.clocks.map((it) => ({ ...it, thresholds: [...it.thresholds], fired: [...it.fired] })),
  deadlines: schedule.deadlines.map((it) => ({ ...it, thresholds: [...it.thresholds] })),
})

/** Every pending timer, in the order in which they are delivered: due instant, then family, then threshold. Paused and settled clocks have none. */
export function pendingTimers(schedule: Schedule): readonly PendingTimer[] {
  const timers: PendingTimer[] = []
  for (const clock of schedule.clocks) {
    if (clock.settledAt !== null || clock.pausedAt !== null) continue
    for (const { name, at } of clock.thresholds) {
      timers.push({ family: slaFamily(clock.target), threshold: name, generation: clock.generation, dueAt: at })
    }
  }
  for (const deadline of schedule.deadlines) {
    for (const { name, at } of deadline.thresholds) {
      timers.push({ family: deadline.name, threshold: name, generation: deadline.generation, dueAt: at })
    }
  }
  return timers.sort(
    (a, b) =>
      a.dueAt - b.dueAt || (a.family < b.family ? -1 : a.family > b.family ? 1 : a.threshold < b.threshold ? -1 : 1),
  )
}

/** Takes a threshold out of the schedule, because it fired or because its event was refused. Fired ones stay fired in their cycle (D18). */
export function takeThreshold(
  schedule: Schedule,
  timer: Pick<PendingTimer, 'family' | 'threshold' | 'generation'>,
): void {
  for (const clock of schedule.clocks) {
    if (slaFamily(clock.target) !== timer.family || clock.generation !== timer.generation) continue
    clock.thresholds = clock.thresholds.filter((it) => it.name !== timer.threshold)
    clock.fired.push(timer.threshold)
  }
  for (const deadline of schedule.deadlines) {
    if (deadline.name !== timer.family || deadline.generation !== timer.generation) continue
    deadline.thresholds = deadline.thresholds.filter((it) => it.name !== timer.threshold)
  }
}

/** Earliest due date among promises that run (also late ones): the worklist's order. */
export function nextDueAt(schedule: Schedule): number | null {
  const due = schedule.clocks.filter((it) => it.settledAt === null && it.pausedAt === null).map((it) => it.dueAt)
  return due.length === 0 ? null : Math.min(...due)
}

const keyOf = (timer: Pick<PendingTimer, 'family' | 'threshold' | 'generation'>): string =>
  `${timer.family}|${timer.threshold}|${timer.generation}`

type Pending = ReadonlyMap<string, PendingTimer>

function pendingByKey(schedule: Schedule): Pending {
  const pending = new Map<string, PendingTimer>()
  for (const timer of pendingTimers(schedule)) pending.set(keyOf(timer), timer)
  return pending
}

/**
 * Follows the timer rows of one ticket through one commit: which are added, which close, and how.
 * A timer that is planned and superseded inside the same commit was never there.
 */
export class TimerLedger {
  readonly #before: Pending
  /** What the schedule implies, in due order: a map keeps the order in which keys were put in. */
  #pending: Pending
  readonly #closed = new Map<string, { timer: PendingTimer; state: 'fired' | 'superseded'; at: number }>()

  constructor(schedule: Schedule) {
    this.#before = pendingByKey(schedule)
    this.#pending = this.#before
  }

  /** The pending timer that rings first. */
  get next(): PendingTimer | undefined {
    return this.find(() => true)
  }
  /** The first pending timer, in due order, for which `test` says yes. */
  find(test: (timer: PendingTimer) => boolean): PendingTimer | undefined {
    for (const timer of this.#pending.values()) if (test(timer)) return timer
    return undefined
  }
  isPending(timer: Pick<PendingTimer, 'family' | 'threshold' | 'generation'>): boolean {
    return this.#pending.has(keyOf(timer))
  }

  hasFired(timer: Pick<PendingTimer, 'family' | 'threshold' | 'generation'>): boolean {
    return this.#closed.get(keyOf(timer))?.state === 'fired'
  }

  /** Notes that a timer fired at its own instant. */
  fired(timer: PendingTimer): void {
    this.#close(timer, 'fired', timer.dueAt)
  }
  /** Notes that a timer's event was refused: its row closes all the same. */
  dropped(timer: PendingTimer, at: number): void {
    this.#close(timer, 'superseded', at)
  }
  /** Takes over the schedule after an event at `at`; what is gone from it is superseded. */
  sync(schedule: Schedule, at: number): void {
    const now = pendingByKey(schedule)
    for (const [key, timer] of this.#pending) {
      const same = now.get(key)
      if (same === undefined) this.#note(key, timer, 'superseded', at)
      else if (same.dueAt !== timer.dueAt) throw new PulihError('INTERNAL', `${key} moved under its old generation`)
    }
    this.#pending = now
  }
  #close(timer: PendingTimer, state: 'fired' | 'superseded', at: number): void {
    const key = keyOf(timer)
    const left = new Map(this.#pending)
    left.delete(key)
    this.#pending = left
    this.#note(key, timer, state, at)
  }
  #note(key: string, timer: PendingTimer, state: 'fired' | 'superseded', at: number): void {
    if (!this.#closed.has(key)) this.#closed.set(key, { timer, state, at })
  }

  /** The rows to insert (pending, or fired within this very commit) and the rows to close. */
  rows(ticketId: string): {
    added: TimerRow[]
    closed: (TimerKey & { state: 'fired' | 'superseded'; closedAt: number })[]
  } {
    const row = (it: PendingTimer, state: TimerRow['state'], closedAt: number | null): TimerRow => ({
      ticketId,
      ...it,
      state,
      closedAt,
    })
    const added = []
    if (this.#pending !== this.#before)
      for (const [key, it] of this.#pending) if (!this.#before.has(key)) added.push(row(it, 'pending', null))
    const closed = []
    for (const [key, { timer, state, at }] of this.#closed) {
      const { family, threshold, generation } = timer
      if (this.#before.has(key)) closed.push({ ticketId, family, threshold, generation, state, closedAt: at })
      else if (state === 'fired') added.push(row(timer, 'fired', at))
    }
    return { added, closed }
  }
}
