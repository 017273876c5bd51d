import fc from 'fast-check'
import type { CalendarSpec, Interval, Season, Weekly } from '../../src/calendar/index.js'

const DAY = 86_400_000
const hhmm = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Sorted cuts of a day, taken in pairs: intervals that may touch midnight and, by doubling a cut, each other. */
const intervals: fc.Arbitrary<Interval[]> = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.constantFrom(0, 60, 120, 150, 180, 1440)), {
    maxLength: 6,
  })
  .map((cuts) => cuts.sort((a, b) => a - b))
  .chain((cuts) =>
    fc.boolean().map((touching) => {
      const pairs: Interval[] = []
      for (let i = 0; i + 1 < cuts.length; i += touching ? 1 : 2) pairs.push([hhmm(cuts[i]!), hhmm(cuts[i + 1]!)])
      return pairs
    }),
  )

const allDay: Interval[] = [['00:00', '24:00']]
const dayHours = fc.oneof({ weight: 4, arbitrary: intervals }, { weight: 1, arbitrary: fc.constant(allDay) })
const weekly: fc.Arbitrary<Weekly> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { 1: dayHours, 2: dayHours, 3: dayHours, 4: dayHours, 5: dayHours, 6: dayHours, 7: dayHours },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Weekly>({ 1: allDay, 2: allDay, 3: allDay, 4: allDay, 5: allDay, 6: allDay, 7: allDay }),
  },
)

/** Windows that hold something awkward: clock changes of many kinds, a year's end, a leap day. */
const WINDOWS: readonly (readonly [zone: string, from: string])[] = [
  ['Europe/Berlin', '2026-03-24'],
  ['Europe/Berlin', '2026-10-20'],
  ['America/New_York', '2026-03-03'],
  ['America/New_York', '2026-10-27'],
  // Half an hour of daylight saving.
  ['Australia/Lord_Howe', '2026-03-31'],
  ['Australia/Lord_Howe', '2026-09-29'],
  // The clocks change at midnight: the first day has no 00:00, the second has 23:00 twice.
  ['America/Santiago', '2026-09-01'],
  ['America/Santiago', '2026-03-31'],
  ['Africa/Cairo', '2026-04-20'],
  ['Africa/Casablanca', '2026-02-10'],
  ['Asia/Kathmandu', '2027-12-26'],
  ['Asia/Jakarta', '2024-02-24'],
  ['Asia/Makassar', '2026-12-27'],
  ['Asia/Jayapura', '2026-06-01'],
  ['UTC', '2027-12-26'],
]

export interface World {
  readonly spec: CalendarSpec
  /** UTC midnight that begins the window. */
  readonly from: number
}

/** A random calendar in one of the windows, with holidays and perhaps a season inside it. */
export const world = (days: number): fc.Arbitrary<World> =>
  fc.constantFrom(...WINDOWS).chain(([zone, start]) => {
    const from = Date.parse(start)
    const inside = fc.integer({ min: 0, max: days }).map((n) => date(from + n * DAY))
    const season: fc.Arbitrary<Season[]> = fc.oneof(
      fc.constant<Season[]>([]),
      fc
        .tuple(inside, inside, weekly)
        .map(([a, b, hours]) => [{ from: a < b ? a : b, to: a < b ? b : a, weekly: hours }]),
    )
    return fc
      .record({
        weekly,
        seasons: season,
        dates: fc.uniqueArray(fc.tuple(inside, fc.constantFrom('libur' as const, 'cuti_bersama' as const)), {
          maxLength: 4,
          selector: ([day]) => day,
        }),
        collectiveLeaveCloses: fc.boolean(),
      })
      .map(({ dates, ...rest }) => ({
        from,
        spec: {
          ...{ id: 'random', version: 1, name: 'Random', zone, example: false },
          ...rest,
          holidays: dates.map(([day, kind]) => ({ date: day, name: 'Libur', kind, source: 'test' })),
        },
      }))
  })
