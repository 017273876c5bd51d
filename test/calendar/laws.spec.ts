import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { BusinessCalendar } from '../../src/calendar/businessCalendar.js'
import {
  addBusinessDays,
  addBusinessMinutes,
  addBusinessMs,
  businessTimeBetween,
  closingOf,
  compileCalendar,
  explain,
  isOpen,
  nextOpening,
  subtractBusinessMinutes,
  subtractBusinessMs,
} from '../../src/calendar/index.js'
import { world } from './arbitraries.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const examples = exampleCalendars.map(compileCalendar)
const examplesWorld = fc.record({
  calendar: fc.constantFrom(...examples),
  from: fc.constant(Date.UTC(2023, 0, 2)),
  span: fc.constant(4 * 365 * DAY),
})
/** 200 hours back at less than 5 minutes a week end before the first covered year, which is OUT_OF_RANGE and no answer. */
const ENOUGH_A_WEEK = 5 * 60_000
const openInPlainWeek = (calendar: BusinessCalendar): number =>
  businessTimeBetween(calendar, Date.UTC(2001, 0, 8), Date.UTC(2001, 0, 15))
/** Half the time an example calendar over four years, half the time a random one near something awkward. */
const place = fc
  .oneof(
    examplesWorld,
    world(30)
      .map(({ spec, from }) => ({ calendar: new BusinessCalendar(spec), from, span: 30 * DAY }))
      .filter(({ calendar }) => openInPlainWeek(calendar) >= ENOUGH_A_WEEK),
  )
  .chain(({ calendar, from, span }) =>
    fc.record({
      calendar: fc.constant(calendar),
      x: fc.integer({ min: from, max: from + span }),
      y: fc.integer({ min: from, max: from + span }),
      z: fc.integer({ min: from, max: from + span }),
    }),
  )
const amount = fc.integer({ min: 0, max: 200 * HOUR })
const counting = fc.constantFrom('deemed' as const, 'calendar' as const)
const law = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, holds), { numRuns: 400 })
const refusalOf = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}
const both = <T>(extra: fc.Arbitrary<T>) => fc.tuple(place, extra)

describe('laws of business time', () => {
  it('refuses an answer outside the covered years', () => {
    const week = { 1: [['00:00', '00:01']] as const }
    const rare = { id: 'rare', version: 1, name: 'Rare', zone: 'UTC', weekly: week, seasons: [], holidays: [] }
    const calendar = compileCalendar({ ...rare, collectiveLeaveCloses: true, example: false })
    const outside = expect.objectContaining({ code: 'OUT_OF_RANGE' }) as unknown
    expect(refusalOf(() => addBusinessMs(calendar, Date.UTC(2026, 2, 1), 200 * HOUR))).toEqual(outside)
    expect(refusalOf(() => subtractBusinessMs(calendar, Date.UTC(2026, 2, 1), 200 * HOUR))).toEqual(outside)
  })

  it('adding then measuring gives what was added', () => {
    law(both(amount), ([{ calendar, x }, ms]) => {
      expect(businessTimeBetween(calendar, x, addBusinessMs(calendar, x, ms))).toBe(ms)
    })
  })

  it('subtracting then measuring gives what was subtracted', () => {
    law(both(amount), ([{ calendar, x }, ms]) => {
      expect(businessTimeBetween(calendar, subtractBusinessMs(calendar, x, ms), x)).toBe(ms)
    })
  })

  it('adding nothing changes nothing, even when closed', () => {
    law(place, ({ calendar, x }) => {
      expect(addBusinessMs(calendar, x, 0)).toBe(x)
      expect(subtractBusinessMinutes(calendar, x, 0)).toBe(x)
    })
  })

  it('a due instant is never in closed time: the moment before it was open', () => {
    law(both(amount.filter((ms) => ms > 0)), ([{ calendar, x }, ms]) => {
      expect(isOpen(calendar, addBusinessMs(calendar, x, ms) - 1)).toBe(true)
      expect(isOpen(calendar, subtractBusinessMs(calendar, x, ms))).toBe(true)
    })
  })

  it('order is kept', () => {
    law(both(fc.tuple(amount, fc.integer({ min: 0, max: 20 }), counting)), ([{ calendar, x, y }, [ms, days, rule]]) => {
      const [early, late] = [Math.min(x, y), Math.max(x, y)]
      expect(addBusinessMs(calendar, early, ms)).toBeLessThanOrEqual(addBusinessMs(calendar, late, ms))
      expect(subtractBusinessMs(calendar, early, ms)).toBeLessThanOrEqual(subtractBusinessMs(calendar, late, ms))
      expect(addBusinessDays(calendar, early, days, rule)).toBeLessThanOrEqual(
        addBusinessDays(calendar, late, days, rule),
      )
      expect(addBusinessDays(calendar, x, days + 1, rule)).toBeGreaterThan(addBusinessDays(calendar, x, days, rule) - 1)
    })
  })

  it('a pause split in two moves a due date as far as the whole pause (D13)', () => {
    law(both(fc.tuple(amount, amount)), ([{ calendar, x }, [one, two]]) => {
      const due = addBusinessDays(calendar, x, 3, 'deemed')
      const split = addBusinessMs(calendar, addBusinessMs(calendar, due, one), two)
      expect(split).toBe(addBusinessMs(calendar, due, one + two))
    })
  })

  it('subtracting undoes adding at open instants, and comes back to the next opening from closed ones', () => {
    law(both(amount.filter((ms) => ms > 0)), ([{ calendar, x }, ms]) => {
      expect(subtractBusinessMs(calendar, addBusinessMs(calendar, x, ms), ms)).toBe(nextOpening(calendar, x).opening)
    })
  })

  it('adding undoes subtracting where the moment before was open', () => {
    law(both(amount), ([{ calendar, x }, ms]) => {
      const at = addBusinessMs(calendar, x, 1)
      expect(addBusinessMs(calendar, subtractBusinessMs(calendar, at, ms), ms)).toBe(at)
    })
  })

  it('measuring is additive', () => {
    law(place, ({ calendar, x, y, z }) => {
      const [a, b, c] = [x, y, z].sort((p, q) => p - q) as [number, number, number]
      const parts = businessTimeBetween(calendar, a, b) + businessTimeBetween(calendar, b, c)
      expect(businessTimeBetween(calendar, a, c)).toBe(parts)
    })
  })

  it('minutes are sixty thousand milliseconds', () => {
    law(both(fc.integer({ min: 0, max: 5000 })), ([{ calendar, x }, minutes]) => {
      expect(addBusinessMinutes(calendar, x, minutes)).toBe(addBusinessMs(calendar, x, minutes * 60_000))
      expect(subtractBusinessMinutes(calendar, x, minutes)).toBe(subtractBusinessMs(calendar, x, minutes * 60_000))
    })
  })

  it('business days end at a closing, and the two readings differ by one business day at most (D2)', () => {
    law(both(fc.integer({ min: 1, max: 30 })), ([{ calendar, x }, days]) => {
      const deemed = addBusinessDays(calendar, x, days, 'deemed')
      const plain = addBusinessDays(calendar, x, days, 'calendar')
      expect(closingOf(calendar, deemed - 1)).toBe(deemed)
      expect([plain, addBusinessDays(calendar, x, days + 1, 'calendar')]).toContain(deemed)
      if (isOpen(calendar, x)) expect(deemed).toBe(plain)
    })
  })

  it('an explanation gives the same due date and counts exactly N days', () => {
    law(both(fc.tuple(fc.integer({ min: 1, max: 20 }), counting)), ([{ calendar, x }, [days, rule]]) => {
      const why = explain(calendar, x, days, rule)
      expect(why.due).toBe(addBusinessDays(calendar, x, days, rule))
      expect(why.days.filter(({ counted }) => counted).map(({ number }) => number)).toEqual(
        Array.from({ length: days }, (_, i) => i + 1),
      )
      expect(why.days.at(-1)).toMatchObject({ counted: true, closing: why.due })
      expect(why.deemedAt).toBe(nextOpening(calendar, x).opening)
    })
  })
})
