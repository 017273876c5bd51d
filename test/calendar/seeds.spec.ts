import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { holidaysId } from '../../db/seeds/holidays-id.js'
import { compileCalendar } from '../../src/calendar/index.js'

const fixture = new URL('../fixtures/business-time/calendars.json', import.meta.url)
const exchange = JSON.parse(readFileSync(fixture, 'utf8')) as Record<
  string,
  { holidays: string[]; seasons: { from: string; to: string }[] }
>

const { days } = holidaysId

describe('seeded calendars', () => {
  it('compile, and own up to being examples (D5)', () => {
    const calendars = exampleCalendars.map(compileCalendar)
    expect(calendars.map(({ ref, zone, spec }) => [ref, zone, spec.example])).toEqual([
      ['pusat@1', 'Asia/Jakarta', true],
      ['wita@1', 'Asia/Makassar', true],
      ['wit@1', 'Asia/Jayapura', true],
    ])
  })

  it('close on the same dates as the independent vectors, with and without cuti bersama', () => {
    expect(days.map(({ date }) => date)).toEqual(exchange['wib-breaks']!.holidays)
    expect(days.filter(({ kind }) => kind === 'libur').map(({ date }) => date)).toEqual(
      exchange['wib-nocuti']!.holidays,
    )
    const ramadan = exchange['wib-breaks-ramadan']!.seasons.map(({ from, to }) => [from, to])
    expect(exampleCalendars[0]!.seasons.map(({ from, to }) => [from, to])).toEqual(ramadan)
  })

  it('name a decree for every day, and mark only days that wait for a decision', () => {
    expect(days.filter(({ source, name }) => !/^(SKB|Keppres) /.test(source) || name === '')).toEqual([])
    const tentative = days.filter((day) => day.tentative === true)
    expect(tentative.map(({ date }) => date)).toEqual(
      ['03-09', '03-10', '03-11', '03-12', '03-15', '05-17', '05-18'].map((d) => `2027-${d}`),
    )
  })
})
