import { describe, expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import {
  addBusinessDays,
  businessTimeBetween,
  closingOf,
  compileCalendar,
  isOpen,
  nextOpening,
} from '../../src/calendar/index.js'
import { office, utc, wib } from './helpers.js'

const pusat = compileCalendar(exampleCalendars[0]!)

describe('the promise in business days (D1, D2, D3)', () => {
  it.each([
    ['Monday morning', '2026-06-08T09:00', 1, '2026-06-09T17:00', '2026-06-09T17:00'],
    ['Monday after closing', '2026-06-08T17:00', 1, '2026-06-10T17:00', '2026-06-09T17:00'],
    ['Monday before opening', '2026-06-08T06:00', 1, '2026-06-09T17:00', '2026-06-09T17:00'],
    ['Saturday', '2026-06-06T10:00', 1, '2026-06-09T17:00', '2026-06-08T17:00'],
    ['Friday in the prayer break', '2026-06-05T12:00', 3, '2026-06-10T17:00', '2026-06-10T17:00'],
    ['the last minute of Friday', '2026-06-05T16:59', 1, '2026-06-08T17:00', '2026-06-08T17:00'],
    ['before the Lebaran of 2026', '2026-03-17T14:00', 3, '2026-03-27T17:00', '2026-03-27T17:00'],
    ['inside the Lebaran of 2026', '2026-03-20T10:00', 1, '2026-03-26T17:00', '2026-03-25T17:00'],
    ['a Ramadan Monday after the shorter closing', '2026-03-02T15:30', 1, '2026-03-04T15:00', '2026-03-03T15:00'],
    ['over the turn of the year', '2026-12-31T16:00', 1, '2027-01-04T17:00', '2027-01-04T17:00'],
  ])('%s', (_case, at, days, deemed, calendar) => {
    expect(addBusinessDays(pusat, wib(at), days, 'deemed')).toBe(wib(deemed))
    expect(addBusinessDays(pusat, wib(at), days, 'calendar')).toBe(wib(calendar))
  })

  it('switches with cuti bersama (D6)', () => {
    const open = compileCalendar({ ...exampleCalendars[0]!, collectiveLeaveCloses: false })
    expect(addBusinessDays(open, wib('2026-03-17T14:00'), 1, 'deemed')).toBe(wib('2026-03-18T15:00'))
  })
})

describe('the same-day promise, N = 0 (D24)', () => {
  it.each([
    ['exactly sixty minutes left', '2026-06-08T16:00', '2026-06-08T17:00', '2026-06-08T17:00'],
    ['fifty-nine minutes left', '2026-06-08T16:01', '2026-06-09T17:00', '2026-06-09T17:00'],
    ['before opening', '2026-06-08T05:00', '2026-06-08T17:00', '2026-06-08T17:00'],
    ['in the break', '2026-06-08T12:30', '2026-06-08T17:00', '2026-06-08T17:00'],
    ['after closing: deemed tomorrow', '2026-06-08T18:00', '2026-06-09T17:00', '2026-06-09T17:00'],
    ['Friday late', '2026-06-05T16:30', '2026-06-08T17:00', '2026-06-08T17:00'],
    ['Saturday', '2026-06-06T10:00', '2026-06-08T17:00', '2026-06-08T17:00'],
  ])('%s', (_case, at, deemed, calendar) => {
    expect(addBusinessDays(pusat, wib(at), 0, 'deemed')).toBe(wib(deemed))
    expect(addBusinessDays(pusat, wib(at), 0, 'calendar')).toBe(wib(calendar))
  })

  it('takes the minimum as a parameter', () => {
    const late = wib('2026-06-08T16:50')
    expect(addBusinessDays(pusat, late, 0, 'deemed', 10)).toBe(wib('2026-06-08T17:00'))
    expect(addBusinessDays(pusat, late, 0, 'deemed', 11)).toBe(wib('2026-06-09T17:00'))
    expect(addBusinessDays(pusat, wib('2026-06-08T18:00'), 0, 'calendar', 0)).toBe(wib('2026-06-09T17:00'))
  })

  it('moves on when the whole deemed day is shorter than the minimum', () => {
    const sparse = compileCalendar(office({ weekly: { 1: [['09:00', '09:30']], 2: [['08:00', '17:00']] } }))
    expect(addBusinessDays(sparse, wib('2026-06-06T10:00'), 0, 'deemed')).toBe(wib('2026-06-09T17:00'))
  })
})

describe('days that are longer or shorter than a day', () => {
  const allDay = [['00:00', '24:00']] as const
  const always = { 1: allDay, 2: allDay, 3: allDay, 4: allDay, 5: allDay, 6: allDay, 7: allDay }
  const hoursOn = (zone: string, from: string, until: string) =>
    businessTimeBetween(compileCalendar(office({ zone, weekly: always })), utc(from), utc(until)) / 3_600_000

  it('a 24x7 day has 23 or 25 hours when the clocks change', () => {
    const berlin = compileCalendar(office({ zone: 'Europe/Berlin', weekly: always }))
    expect(addBusinessDays(berlin, utc('2026-03-28T12:00'), 1, 'deemed')).toBe(utc('2026-03-29T22:00'))
    expect(hoursOn('Europe/Berlin', '2026-03-28T23:00', '2026-03-29T22:00')).toBe(23)
    expect(closingOf(berlin, utc('2026-10-25T12:00'))).toBe(utc('2026-10-25T23:00'))
    expect(hoursOn('Europe/Berlin', '2026-10-24T22:00', '2026-10-25T23:00')).toBe(25)
  })

  it('a night shift over the change of clocks works an hour less, or more', () => {
    const night = { 6: [['22:00', '24:00']], 7: [['00:00', '06:00']] } as const
    const nyc = compileCalendar(office({ zone: 'America/New_York', weekly: night }))
    expect(businessTimeBetween(nyc, utc('2026-03-07T12:00'), utc('2026-03-08T20:00'))).toBe(7 * 3_600_000)
    expect(businessTimeBetween(nyc, utc('2026-10-31T12:00'), utc('2026-11-01T20:00'))).toBe(9 * 3_600_000)
    expect(closingOf(nyc, utc('2026-11-01T05:30'))).toBe(utc('2026-11-01T11:00'))
  })

  it('a skipped midnight opens when the day begins', () => {
    const santiago = compileCalendar(
      office({ zone: 'America/Santiago', weekly: always, holidays: [holiday('2026-09-05')] }),
    )
    expect(isOpen(santiago, utc('2026-09-06T03:59'))).toBe(false)
    expect(nextOpening(santiago, utc('2026-09-05T12:00'))).toEqual({
      opening: utc('2026-09-06T04:00'),
      alreadyOpen: false,
    })
    expect(closingOf(santiago, utc('2026-09-06T12:00'))).toBe(utc('2026-09-07T03:00'))
  })
})

const holiday = (date: string) => ({ date, name: 'Libur', kind: 'libur', source: 'test' }) as const
