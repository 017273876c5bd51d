import { Temporal } from 'temporal-polyfill'
import { DAY_MS } from './civil.js'

/** A stretch of instants `[from, until)` that share one offset: wall clock = instant + `offset`, all in ms. */
export interface OffsetPiece {
  readonly from: number
  readonly until: number
  readonly offset: number
}

/** A change of offset at instant `at`. */
export interface Transition {
  readonly at: number
  readonly before: number
  readonly after: number
}

const zoned = (at: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)

const offsetOf = (time: Temporal.ZonedDateTime): number => time.offsetNanoseconds / 1e6

/** A named IANA zone this runtime knows. Bare offsets (`+07:00`) are refused: they have no history and no rules. */
export function zoneExists(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return zoned(0, zone).timeZoneId.length > 0
  } catch {
    return false
  }
}

/** Every change of offset in `[from, until)`, in order. */
export function transitionsBetween(zone: string, from: number, until: number): Transition[] {
  const found: Transition[] = []
  let before = zoned(from, zone)
  for (;;) {
    const after = before.getTimeZoneTransition('next')
    if (after === null || after.epochMilliseconds >= until) return found
    found.push({ at: after.epochMilliseconds, before: offsetOf(before), after: offsetOf(after) })
    before = after
  }
}

/** The offsets in force over the local days `[firstDay, endDay)`, with a margin of two days on both sides. */
export function offsetPieces(zone: string, firstDay: number, endDay: number): OffsetPiece[] {
  const from = (firstDay - 2) * DAY_MS
  const until = (endDay + 2) * DAY_MS
  const pieces: OffsetPiece[] = []
  let start = from
  let offset = offsetOf(zoned(from, zone))
  for (const change of transitionsBetween(zone, from, until)) {
    pieces.push({ from: start, until: change.at, offset })
    start = change.at
    offset = change.after
  }
  pieces.push({ from: start, until, offset })
  return pieces
}
