import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BusinessCalendar } from '../../src/calendar/businessCalendar.js'
import {
  addBusinessDays,
  addBusinessMs,
  businessTimeBetween,
  CalendarError,
  isOpen,
  nextOpening,
  subtractBusinessMs,
} from '../../src/calendar/index.js'
import { world } from './arbitraries.js'
import { Reference } from './reference.js'

const DAY = 86_400_000
const DAYS = 16

/** Null where the engine finds no open time, or none in the covered years (a week may open for a minute): "not in this window" on both sides. */
const orNull = (run: () => number): number | null => {
  try {
    return run()
  } catch (error) {
    if (error instanceof CalendarError && ['NO_OPEN_TIME', 'OUT_OF_RANGE'].includes(error.code)) return null
    throw error
  }
}

describe('the engine against a minute-by-minute clock', () => {
  // Built without validation on purpose: an opening inside a gap or fold must still read as the wall clock does.
  it('agrees on random calendars, zones and clock changes', () => {
    let compared = 0
    const instant = fc.oneof(
      fc.integer({ min: 2 * 1440, max: (DAYS - 3) * 1440 }).map((minute) => minute * 60_000),
      fc.integer({ min: 2 * DAY, max: (DAYS - 3) * DAY }),
    )
    const question = fc.record({
      a: instant,
      b: instant,
      ms: fc.integer({ min: 0, max: 2 * DAY }),
      days: fc.integer({ min: 1, max: 6 }),
    })
    fc.assert(
      fc.property(world(DAYS), fc.array(question, { minLength: 25, maxLength: 25 }), ({ spec, from }, questions) => {
        const calendar = new BusinessCalendar(spec)
        const slow = new Reference(spec, from, DAYS)
        const end = from + DAYS * DAY
        const same = (name: string, got: number | null, wanted: number | null) => {
          // Beyond the window the slow clock knows nothing; the engine must not claim an answer inside it.
          const seen = got !== null && got >= from && got < end ? got : null
          if (wanted !== null) compared++
          expect([name, seen]).toEqual([name, wanted])
        }
        for (const question of questions) {
          const at = from + Math.min(question.a, question.b)
          const until = from + Math.max(question.a, question.b)
          expect(isOpen(calendar, at)).toBe(slow.isOpen(at))
          expect(businessTimeBetween(calendar, at, until)).toBe(slow.between(at, until))
          same(
            'nextOpening',
            orNull(() => nextOpening(calendar, at).opening),
            slow.nextOpening(at),
          )
          same(
            'add',
            orNull(() => addBusinessMs(calendar, at, question.ms)),
            slow.add(at, question.ms),
          )
          same(
            'subtract',
            orNull(() => subtractBusinessMs(calendar, at, question.ms)),
            slow.subtract(at, question.ms),
          )
          for (const counting of ['deemed', 'calendar'] as const) {
            const wanted = slow.addDays(at, question.days, counting)
            if (wanted !== null) same(counting, addBusinessDays(calendar, at, question.days, counting), wanted)
          }
        }
      }),
      { numRuns: 75 },
    )
    expect(compared).toBeGreaterThan(3500)
  }, 120_000)
})
