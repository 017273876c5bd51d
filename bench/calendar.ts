import { fileURLToPath } from 'node:url'
import { exampleCalendars } from '../db/seeds/calendars.js'
import {
  addBusinessDays,
  addBusinessMs,
  businessTimeBetween,
  compileCalendar,
  type BusinessCalendar,
} from '../src/calendar/index.js'

const FROM = Date.UTC(2023, 0, 2)
const UNTIL = Date.UTC(2027, 10, 1)
const INPUTS = 1 << 14
const ROUNDS = 64

export interface CalendarBench {
  readonly addBusinessDaysPerSecond: number
  readonly addBusinessMsPerSecond: number
  readonly businessTimeBetweenPerSecond: number
  readonly coldCompileMs: number
  readonly coldYearMs: number
  readonly cacheBytes: number
  readonly cachedYears: number
}

/** Business time on one core, warm, on instants spread over five years of the central example calendar. */
export function benchCalendar(): CalendarBench {
  const [spec] = exampleCalendars
  if (spec === undefined) throw new Error('no example calendar')
  const compileStart = performance.now()
  const calendar = compileCalendar(spec)
  const coldCompileMs = performance.now() - compileStart
  const yearStart = performance.now()
  addBusinessDays(calendar, FROM, 3, 'deemed')
  const coldYearMs = performance.now() - yearStart
  // A fixed stride walks every time of day and day of year, the same on every run.
  const instants = Float64Array.from({ length: INPUTS }, (_, i) => FROM + ((i * 7_919_333_111) % (UNTIL - FROM)))
  return {
    addBusinessDaysPerSecond: rate(calendar, instants, (c, at, i) => addBusinessDays(c, at, 1 + (i % 14), 'deemed')),
    addBusinessMsPerSecond: rate(calendar, instants, (c, at, i) => addBusinessMs(c, at, 60_000 * (1 + (i % 4000)))),
    businessTimeBetweenPerSecond: rate(calendar, instants, (c, at) => businessTimeBetween(c, at, at + 12 * 86_400_000)),
    coldCompileMs,
    coldYearMs,
    cacheBytes: calendar.cacheBytes,
    cachedYears: calendar.cachedYears,
  }
}

/** Calls a second, and the sum is used so that nothing is optimised away. */
function rate(
  calendar: BusinessCalendar,
  instants: Float64Array,
  run: (calendar: BusinessCalendar, at: number, i: number) => number,
): number {
  let sum = 0
  const round = () => {
    for (let i = 0; i < INPUTS; i++) sum += run(calendar, instants[i] ?? FROM, i)
  }
  for (let i = 0; i < 8; i++) round()
  const start = performance.now()
  for (let i = 0; i < ROUNDS; i++) round()
  const seconds = (performance.now() - start) / 1000
  if (!Number.isFinite(sum)) throw new Error('a call gave no number')
  return Math.round((INPUTS * ROUNDS) / seconds)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(benchCalendar())
