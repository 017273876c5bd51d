import { describe, expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { compileCalendar, explain, type Explanation } from '../../src/calendar/index.js'
import { office, wib } from './helpers.js'

const pusat = compileCalendar(exampleCalendars[0]!)
const brief = ({ days }: Explanation) =>
  days.map(({ date, reason, number }) => `${date.slice(5)} ${number ?? '-'} ${reason}`)

describe('explaining a due date', () => {
  it('walks over the Lebaran of 2026', () => {
    const why = explain(pusat, wib('2026-03-17T14:00'), 3, 'deemed')
    expect(brief(why)).toEqual([
      '03-17 - dayZero',
      '03-18 - cuti_bersama',
      '03-19 - libur',
      '03-20 - cuti_bersama',
      '03-21 - libur',
      '03-22 - libur',
      '03-23 - cuti_bersama',
      '03-24 - cuti_bersama',
      '03-25 1 business',
      '03-26 2 business',
      '03-27 3 business',
    ])
    expect(why).toMatchObject({
      dayZero: '2026-03-17',
      due: wib('2026-03-27T17:00'),
      deemedAt: wib('2026-03-17T14:00'),
    })
    expect(why.days[0]).toMatchObject({
      label: 'Jam kerja Ramadan 1447 H',
      openMs: 6.5 * 3_600_000,
      closing: wib('2026-03-17T15:00'),
    })
    expect(why.days[3]).toMatchObject({
      label: 'Cuti Bersama Idulfitri 1447 Hijriah',
      weekday: 5,
      opening: null,
      openMs: 0,
    })
    expect(why.days[10]).toMatchObject({
      opening: wib('2026-03-27T08:00'),
      closing: wib('2026-03-27T17:00'),
      openMs: 7 * 3_600_000,
    })
  })

  it('starts at submission and says where day 0 went', () => {
    const why = explain(pusat, wib('2026-06-05T18:00'), 1, 'deemed')
    expect(brief(why)).toEqual([
      '06-05 - business',
      '06-06 - weekend',
      '06-07 - weekend',
      '06-08 - dayZero',
      '06-09 1 business',
    ])
    expect(why.deemedAt).toBe(wib('2026-06-08T08:00'))
    expect(brief(explain(pusat, wib('2026-06-06T18:00'), 1, 'calendar'))).toEqual([
      '06-06 - weekend',
      '06-07 - weekend',
      '06-08 1 business',
    ])
  })

  it('marks days that still wait for a decision', () => {
    const why = explain(pusat, wib('2027-03-05T10:00'), 1, 'deemed')
    expect(why.days.filter(({ tentative }) => tentative).map(({ date }) => date)).toEqual([
      '2027-03-09',
      '2027-03-10',
      '2027-03-11',
      '2027-03-12',
      '2027-03-15',
    ])
    expect(why.due).toBe(wib('2027-03-16T17:00'))
  })

  it('tells a closed season from a closed weekday', () => {
    const seasons = [{ from: '2026-06-09', to: '2026-06-15', name: 'Renovasi', weekly: {} }]
    const why = explain(compileCalendar(office({ seasons })), wib('2026-06-08T10:00'), 1, 'deemed')
    expect(brief(why).slice(1)).toEqual([
      ...['06-09', '06-10', '06-11', '06-12'].map((day) => `${day} - seasonClosed`),
      '06-13 - weekend',
      '06-14 - weekend',
      '06-15 - seasonClosed',
      '06-16 1 business',
    ])
    expect(why.days[1]?.label).toBe('Renovasi')
  })

  it('explains the same day (D24)', () => {
    expect(brief(explain(pusat, wib('2026-06-08T10:00'), 0, 'deemed'))).toEqual(['06-08 - dayZero'])
    expect(brief(explain(pusat, wib('2026-06-08T16:30'), 0, 'deemed'))).toEqual(['06-08 - dayZero', '06-09 1 business'])
  })
})
