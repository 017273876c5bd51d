import { describe, expect, it } from 'vitest'
import {
  addBusinessDays,
  addBusinessMinutes,
  addBusinessMs,
  businessTimeBetween,
  CalendarError,
  checkCalendar,
  closingOf,
  compileCalendar,
  fromExchange,
  isOpen,
  MAX_CACHED_YEARS,
  nextOpening,
  subtractBusinessMinutes,
  type CalendarSpec,
} from '../../src/calendar/index.js'
import { office, utc, wib } from './helpers.js'

function refusal(run: () => unknown): CalendarError {
  try {
    run()
  } catch (error) {
    if (error instanceof CalendarError) return error
    throw error
  }
  throw new Error('was not refused')
}
const refusedSpec = (changes: Partial<CalendarSpec>) => refusal(() => compileCalendar(office(changes)))
const holiday = (date: string) => ({ date, name: 'Libur', kind: 'libur', source: 'test' }) as const
const bad = (value: unknown) => value as never

describe('a calendar that is refused says where and why', () => {
  it.each<[string, Partial<CalendarSpec>, string, string]>([
    ['an unknown zone', { zone: 'Asia/Bandung' }, 'ZONE_UNKNOWN', 'zone'],
    ['an offset for a zone', { zone: '+07:00' }, 'ZONE_UNKNOWN', 'zone'],
    ['an hour that does not exist', { weekly: { 1: [['08:00', '25:00']] } }, 'TIME_INVALID', 'weekly.1[0][1]'],
    ['24:00 as an opening', { weekly: { 1: [['24:00', '24:00']] } }, 'TIME_INVALID', 'weekly.1[0][0]'],
    ['a time without a leading zero', { weekly: { 2: [['8:00', '12:00']] } }, 'TIME_INVALID', 'weekly.2[0][0]'],
    ['an interval over midnight', { weekly: { 1: [['22:00', '06:00']] } }, 'INTERVAL_EMPTY', 'weekly.1[0]'],
    ['an empty interval', { weekly: { 1: [['08:00', '08:00']] } }, 'INTERVAL_EMPTY', 'weekly.1[0]'],
    [
      'overlapping intervals',
      {
        weekly: {
          5: [
            ['08:00', '12:00'],
            ['11:59', '17:00'],
          ],
        },
      },
      'INTERVALS_OVERLAP',
      'weekly.5[1]',
    ],
    [
      'unsorted intervals',
      {
        weekly: {
          5: [
            ['13:00', '17:00'],
            ['08:00', '12:00'],
          ],
        },
      },
      'INTERVALS_OVERLAP',
      'weekly.5[1]',
    ],
    ['a weekday 8', { weekly: bad({ 8: [] }) }, 'SHAPE_INVALID', 'weekly'],
    ['version 0', { version: 0 }, 'SHAPE_INVALID', 'version'],
    ['an id with the separator in it', { id: 'a@1' }, 'SHAPE_INVALID', 'id'],
    ['a date that does not exist', { holidays: [holiday('2026-02-29')] }, 'DATE_INVALID', 'holidays[0].date'],
    ['a date out of all reason', { holidays: [holiday('0026-02-28')] }, 'DATE_INVALID', 'holidays[0].date'],
    [
      'a holiday listed twice',
      { holidays: [holiday('2026-01-01'), holiday('2026-01-01')] },
      'HOLIDAY_DUPLICATE',
      'holidays[1].date',
    ],
    [
      'a season that ends first',
      { seasons: [{ from: '2026-02-02', to: '2026-02-01', weekly: {} }] },
      'SEASON_REVERSED',
      'seasons[0]',
    ],
    [
      'a season without real dates',
      { seasons: [{ from: '2026-13-01', to: '2026-02-01', weekly: {} }] },
      'DATE_INVALID',
      'seasons[0].from',
    ],
    [
      'seasons that share a day',
      {
        seasons: [
          { from: '2026-03-01', to: '2026-03-09', weekly: {} },
          { from: '2026-02-01', to: '2026-03-01', weekly: {} },
        ],
      },
      'SEASONS_OVERLAP',
      'seasons[0]',
    ],
    [
      'bad hours in a season',
      { seasons: [{ from: '2026-03-01', to: '2026-03-09', weekly: { 3: [['1', '2']] } }] },
      'TIME_INVALID',
      'seasons[0].weekly.3[0][0]',
    ],
  ])('%s', (_case, changes, code, path) => {
    const error = refusedSpec(changes)
    expect([error.code, error.path]).toEqual([code, path])
    expect(error.message).toContain(path)
  })

  it('lists every problem, not only the first', () => {
    const { problems } = checkCalendar(
      office({ zone: 'Nowhere', holidays: [holiday('x'), holiday('x')], weekly: { 1: [['a', 'b']] } }),
    )
    expect(problems.map(({ code }) => code)).toEqual([
      'ZONE_UNKNOWN',
      'DATE_INVALID',
      'HOLIDAY_DUPLICATE',
      'TIME_INVALID',
    ])
  })

  it('names what of the exchange format is missing', () => {
    const error = refusal(() => fromExchange('x', { weekly: {}, holidays: [1] }))
    expect(error.problems.map(({ path }) => path)).toEqual(['zone', 'holidays[0]'])
  })
})

describe('an opening or closing inside a change of clocks (D7)', () => {
  const sunday = (start: string, end: string, zone = 'Europe/Berlin') => office({ zone, weekly: { 7: [[start, end]] } })

  it.each([
    [
      'opens in the gap and the fold',
      sunday('02:30', '10:00'),
      ['EDGE_IN_GAP', 'EDGE_IN_FOLD'],
      '2020-03-29 02:30 in Europe/Berlin',
    ],
    [
      'closes in the gap and the fold',
      sunday('00:00', '02:00'),
      ['EDGE_IN_GAP', 'EDGE_IN_FOLD'],
      '2020-03-29 02:00 in Europe/Berlin',
    ],
    [
      'New York: only the fold at 01:15',
      sunday('01:15', '10:00', 'America/New_York'),
      ['EDGE_IN_FOLD'],
      '2020-11-01 01:15 in America/New_York',
    ],
    [
      'Lord Howe: half an hour',
      sunday('02:29', '10:00', 'Australia/Lord_Howe'),
      ['EDGE_IN_GAP'],
      '2020-10-04 02:29 in Australia/Lord_Howe',
    ],
  ])('%s', (_case, spec, codes, where) => {
    const { problems } = checkCalendar(spec)
    expect(problems.map(({ code }) => code)).toEqual(codes)
    expect(problems[0]?.message).toContain(where)
    expect(problems[0]?.path).toBe('weekly.7')
  })

  it('finds one that only a season has', () => {
    const weekly = { 7: [['02:15', '04:00']] } as const
    const spec = office({ zone: 'Europe/Berlin', seasons: [{ from: '2027-03-01', to: '2027-03-31', weekly }] })
    expect(checkCalendar(spec).problems.map(({ path }) => path)).toEqual(['seasons[0].weekly.7'])
  })

  it.each([
    ['right after the gap', sunday('03:00', '10:00')],
    ['right before both', sunday('00:30', '01:59')],
    ['around both', sunday('00:00', '24:00')],
    [
      'touching inside: no opening, no closing',
      office({
        zone: 'Europe/Berlin',
        weekly: {
          7: [
            ['00:00', '02:30'],
            ['02:30', '09:00'],
          ],
        },
      }),
    ],
    ['midnight itself in the gap', sunday('00:00', '24:00', 'America/Santiago')],
    ['another weekday', office({ zone: 'Europe/Berlin', weekly: { 1: [['02:30', '10:00']] } })],
    ['a zone that never changes', sunday('02:30', '10:00', 'Asia/Jayapura')],
  ])('lets pass: %s', (_case, spec) => {
    expect(checkCalendar(spec).problems).toEqual([])
  })
})

describe('a calendar without open time (D8, D35)', () => {
  const at = utc('2026-06-08T09:00')
  const never = compileCalendar(office({ weekly: {} }))

  it('is valid data: only searching it fails', () => {
    expect(isOpen(never, at)).toBe(false)
    expect(closingOf(never, at)).toBeNull()
    expect(businessTimeBetween(never, at, utc('2030-01-01T00:00'))).toBe(0)
    expect(addBusinessMs(never, at, 0)).toBe(at)
    const searches = [
      () => nextOpening(never, at),
      () => addBusinessMinutes(never, at, 1),
      () => subtractBusinessMinutes(never, at, 1),
      () => addBusinessDays(never, at, 1, 'deemed'),
      () => addBusinessDays(never, at, 0, 'calendar'),
    ]
    expect(searches.map((search) => refusal(search).code)).toEqual(searches.map(() => 'NO_OPEN_TIME'))
  })

  it.each([
    ['fourteen months', '2024-06-01', '2025-07-31', '2025-08-01T08:00'],
    ['nine years', '2024-06-01', '2033-05-31', '2033-06-01T08:00'],
  ])('looks past a gap of %s', (_case, from, to, opening) => {
    const gap = compileCalendar(office({ seasons: [{ from, to, weekly: {} }] }))
    expect(nextOpening(gap, wib('2024-06-01T00:00')).opening).toBe(wib(opening))
    expect(addBusinessDays(gap, wib('2024-05-31T09:00'), 1, 'calendar')).toBe(wib(opening.replace('08:00', '17:00')))
    expect(subtractBusinessMinutes(gap, wib(opening), 1)).toBe(wib('2024-05-31T16:59'))
  })

  it('finds a season eight years ahead of a closed week, and stops searching after it', () => {
    const once = compileCalendar(
      office({ weekly: {}, seasons: [{ from: '2034-01-02', to: '2034-01-02', weekly: { 1: [['09:00', '10:00']] } }] }),
    )
    expect(addBusinessDays(once, at, 1, 'calendar')).toBe(wib('2034-01-02T10:00'))
    expect(addBusinessMinutes(once, at, 60)).toBe(wib('2034-01-02T10:00'))
    expect(refusal(() => addBusinessMinutes(once, at, 61)).code).toBe('NO_OPEN_TIME')
    expect(refusal(() => addBusinessDays(once, at, 1, 'deemed')).code).toBe('NO_OPEN_TIME')
  })
})

describe('input that makes no sense', () => {
  const calendar = compileCalendar(office())
  const at = wib('2026-06-08T09:00')

  it.each([
    ['NaN days', () => addBusinessDays(calendar, at, NaN, 'deemed')],
    ['negative days', () => addBusinessDays(calendar, at, -1, 'deemed')],
    ['half a day', () => addBusinessDays(calendar, at, 0.5, 'deemed')],
    ['infinitely many days', () => addBusinessDays(calendar, at, Infinity, 'calendar')],
    ['a negative minimum', () => addBusinessDays(calendar, at, 0, 'deemed', -1)],
    ['half a millisecond', () => addBusinessMs(calendar, at, 0.5)],
    ['negative minutes', () => addBusinessMinutes(calendar, at, -5)],
    ['negative minutes back', () => subtractBusinessMinutes(calendar, at, -5)],
    ['an instant that is NaN', () => isOpen(calendar, NaN)],
    ['an instant that is a string', () => nextOpening(calendar, bad('2026-06-08'))],
    ['until before from', () => businessTimeBetween(calendar, at, at - 1)],
    ['until NaN', () => businessTimeBetween(calendar, at, NaN)],
  ])('%s', (_case, run) => {
    expect(refusal(run).code).toBe('INPUT_INVALID')
  })

  it.each([
    ['an instant long ago', () => isOpen(calendar, utc('1969-12-31T00:00'))],
    ['an instant far ahead', () => isOpen(calendar, utc('2200-01-01T00:00'))],
    ['a due date far ahead', () => addBusinessDays(calendar, at, 1_000_000, 'deemed')],
    ['a start far back', () => subtractBusinessMinutes(calendar, at, 100_000_000)],
  ])('out of range: %s', (_case, run) => {
    expect(refusal(run).code).toBe('OUT_OF_RANGE')
  })
})

describe('a compiled calendar', () => {
  it('is a frozen copy: what happens to the source later does not reach it', () => {
    const holidays = [holiday('2026-06-08')]
    const calendar = compileCalendar(office({ holidays }))
    holidays.pop()
    expect(isOpen(calendar, wib('2026-06-08T09:00'))).toBe(false)
    expect(Object.isFrozen(calendar.spec.holidays)).toBe(true)
    expect(() => Object.assign(calendar.spec.weekly, { 1: [] })).toThrow(TypeError)
    expect([calendar.id, calendar.version, calendar.zone, calendar.ref]).toEqual([
      'office',
      1,
      'Asia/Jakarta',
      'office@1',
    ])
  })

  it('keeps a bounded number of years, and answers the same after forgetting', () => {
    const calendar = compileCalendar(office())
    const answers = () =>
      Array.from({ length: 220 }, (_, i) => addBusinessDays(calendar, Date.UTC(1975 + i, 11, 30), 5, 'deemed'))
    const first = answers()
    expect(calendar.cachedYears).toBe(MAX_CACHED_YEARS)
    expect(calendar.cacheBytes).toBeLessThan(1_000_000)
    expect(answers()).toEqual(first)
    expect(businessTimeBetween(calendar, utc('1980-01-01T00:00'), utc('2180-01-01T00:00'))).toBeGreaterThan(0)
    expect(calendar.cachedYears).toBe(MAX_CACHED_YEARS)
  })
})
