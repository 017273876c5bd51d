import { Temporal } from 'temporal-polyfill'
import type { CalendarSpec, Counting } from '../../src/calendar/index.js'

const MINUTE = 60_000

interface Wall {
  readonly date: string
  readonly time: string
  readonly weekday: number
}

const windows = new Map<string, readonly Wall[]>()

const QUARTER = 15
const zoned = (zone: string, at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
const offsetAt = (zone: string, at: number): number => zoned(zone, at).offsetNanoseconds / 1e6

/**
 * What the wall clock reads at every minute of a window, once per window. Temporal is asked at each quarter of an hour, and at every minute
 * of a quarter during which the clocks change: no zone changes them twice within one.
 */
function wallClock(zone: string, from: number, days: number): readonly Wall[] {
  const key = `${zone} ${from} ${days}`
  const known = windows.get(key)
  if (known !== undefined) return known
  const walls: Wall[] = []
  let offset = offsetAt(zone, from)
  for (let minute = 0; minute < days * 1440; minute += QUARTER) {
    const next = offsetAt(zone, from + (minute + QUARTER) * MINUTE)
    for (let at = from + minute * MINUTE; at < from + (minute + QUARTER) * MINUTE; at += MINUTE)
      walls.push(wallOf(at, offset === next ? offset : offsetAt(zone, at)))
    offset = next
  }
  windows.set(key, walls)
  return walls
}

function wallOf(at: number, offset: number): Wall {
  const wall = new Date(at + offset)
  const text = wall.toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 16), weekday: wall.getUTCDay() || 7 }
}

/**
 * Business time the slow and obvious way: every minute of a window is asked what the wall clock reads and whether that
 * is open. Shares no code with the engine. Answers are null where they would lie outside the window.
 */
export class Reference {
  readonly from: number
  readonly #open: boolean[] = []
  readonly #dates: string[] = []
  /** When each date closes for the last time, dates in the order in which they first open. */
  readonly #closings = new Map<string, number>()

  constructor(spec: CalendarSpec, from: number, days: number) {
    this.from = from
    const closed = new Set(
      spec.holidays.filter(({ kind }) => kind === 'libur' || spec.collectiveLeaveCloses).map(({ date }) => date),
    )
    for (const { date, time, weekday } of wallClock(spec.zone, from, days)) {
      const season = spec.seasons.find((s) => s.from <= date && date <= s.to)
      const week = season?.weekly ?? spec.weekly
      const hours = week[String(weekday) as '1'] ?? []
      this.#open.push(!closed.has(date) && hours.some(([start, end]) => start <= time && time < end))
      this.#dates.push(date)
    }
    this.#dates.forEach((date, minute) => {
      if (this.#open[minute] === true) this.#closings.set(date, this.#instant(minute + 1))
    })
  }

  #at = (instant: number): number => Math.floor((instant - this.from) / MINUTE)
  #instant = (minute: number): number => this.from + minute * MINUTE

  isOpen(at: number): boolean {
    return this.#open[this.#at(at)] ?? false
  }

  nextOpening(at: number): number | null {
    if (this.isOpen(at)) return at
    const minute = this.#open.indexOf(true, this.#at(at) + 1)
    return minute === -1 ? null : this.#instant(minute)
  }

  between(from: number, until: number): number {
    let sum = 0
    for (let minute = this.#at(from); this.#instant(minute) < until; minute++)
      if (this.#open[minute] === true)
        sum += Math.min(until, this.#instant(minute + 1)) - Math.max(from, this.#instant(minute))
    return sum
  }

  add(at: number, ms: number): number | null {
    if (ms === 0) return at
    let left = ms
    for (let minute = this.#at(at); minute < this.#open.length; minute++) {
      if (this.#open[minute] !== true) continue
      const start = Math.max(at, this.#instant(minute))
      const length = this.#instant(minute + 1) - start
      if (left <= length) return start + left
      left -= length
    }
    return null
  }

  subtract(at: number, ms: number): number | null {
    if (ms === 0) return at
    let left = ms
    for (let minute = this.#at(at); minute >= 0; minute--) {
      if (this.#open[minute] !== true) continue
      const end = Math.min(at, this.#instant(minute + 1))
      const length = end - this.#instant(minute)
      if (left <= length) return end - left
      left -= length
    }
    return null
  }

  /** The closing of the N-th business day after day 0; N from 1. */
  addDays(at: number, days: number, counting: Counting): number | null {
    const start = counting === 'deemed' ? this.nextOpening(at) : at
    if (start === null) return null
    const dayZero = this.#dates[this.#at(start)] ?? ''
    const due = [...this.#closings].filter(([date]) => date > dayZero)[days - 1]?.[1]
    // The last date of the window may be cut short.
    return due === undefined || due > this.#instant(this.#open.length - 2 * 1440) ? null : due
  }
}
