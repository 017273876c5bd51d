import type { CalendarSpec, Interval, Season, Weekly } from '../../src/calendar/types.js'
import { holidaysId } from './holidays-id.js'

const FULL_DAY: readonly Interval[] = [
  ['08:00', '12:00'],
  ['13:00', '17:00'],
]
/** Friday with the longer break for Friday prayer. */
const FRIDAY: readonly Interval[] = [
  ['08:00', '11:30'],
  ['13:30', '17:00'],
]
const RAMADAN_DAY: readonly Interval[] = [
  ['08:00', '12:00'],
  ['12:30', '15:00'],
]
const RAMADAN_FRIDAY: readonly Interval[] = [
  ['08:00', '11:30'],
  ['12:30', '15:30'],
]

const week = (day: readonly Interval[], friday: readonly Interval[]): Weekly => ({
  1: day,
  2: day,
  3: day,
  4: day,
  5: friday,
})

const ramadan = (year: string, from: string, to: string): Season => ({
  from,
  to,
  name: `Jam kerja Ramadan ${year}`,
  weekly: week(RAMADAN_DAY, RAMADAN_FRIDAY),
})

const RAMADAN: readonly Season[] = [
  ramadan('1444 H', '2023-03-23', '2023-04-21'),
  ramadan('1445 H', '2024-03-12', '2024-04-09'),
  ramadan('1446 H', '2025-03-01', '2025-03-30'),
  ramadan('1447 H', '2026-02-19', '2026-03-20'),
  // Both ends of 1448 H are forecasts until the Minister's decision.
  ramadan('1448 H', '2027-02-08', '2027-03-09'),
]

const example = (id: string, name: string, zone: string): CalendarSpec => ({
  id,
  version: 1,
  name,
  zone,
  weekly: week(FULL_DAY, FRIDAY),
  seasons: RAMADAN,
  holidays: holidaysId.days,
  collectiveLeaveCloses: true,
  example: true,
})

/** Example calendars, one for each Indonesian zone: no source gives official operating hours (D5), so none is confirmed. */
export const exampleCalendars: readonly CalendarSpec[] = [
  example('pusat', 'Kantor pusat (WIB)', 'Asia/Jakarta'),
  example('wita', 'Wilayah WITA', 'Asia/Makassar'),
  example('wit', 'Wilayah WIT', 'Asia/Jayapura'),
]
