import { z } from 'zod'
import type { BusinessCalendar } from './businessCalendar.js'
import { MINUTE_MS } from './civil.js'
import { addBusinessDays } from './days.js'
import { addBusinessMinutes, businessTimeBetween } from './durations.js'
import { CalendarError } from './errors.js'
import { isOpen, nextOpening } from './openings.js'
import type { Instant } from './types.js'

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const amount = z.int().min(0)
const common = { id: z.string(), calendar: z.string(), at: instant, expect: z.record(z.string(), z.unknown()) }

/** One question of the exchange format with its expected answer; reading aids (`local`, `tags`, ...) are ignored. */
export const vectorSchema = z.discriminatedUnion('op', [
  z.object({ ...common, op: z.literal('addBusinessDays'), days: amount }),
  z.object({ ...common, op: z.literal('addWorkingDuration'), days: amount, minutesPerDay: amount }),
  z.object({ ...common, op: z.literal('addBusinessMinutes'), minutes: amount }),
  z.object({ ...common, op: z.literal('businessTimeBetween'), until: instant }),
  z.object({ ...common, op: z.literal('nextOpening') }),
  z.object({ ...common, op: z.literal('isOpen') }),
])
export type Vector = z.infer<typeof vectorSchema>
export type VectorAnswer = Readonly<Record<string, string | number | boolean | null>>

/** Answers a vector in the exchange format; what the arithmetic refuses becomes `{error: code}`. */
export function answerVector(calendar: BusinessCalendar, vector: Vector): VectorAnswer {
  try {
    return answer(calendar, vector)
  } catch (error) {
    if (error instanceof CalendarError) return { error: error.code }
    throw error
  }
}

function answer(calendar: BusinessCalendar, vector: Vector): VectorAnswer {
  const { at } = vector
  switch (vector.op) {
    case 'addBusinessDays':
      return {
        deemed: iso(addBusinessDays(calendar, at, vector.days, 'deemed')),
        calendar: iso(addBusinessDays(calendar, at, vector.days, 'calendar')),
      }
    case 'addWorkingDuration':
      return { due: iso(addBusinessMinutes(calendar, at, vector.days * vector.minutesPerDay)) }
    case 'addBusinessMinutes':
      return { due: iso(addBusinessMinutes(calendar, at, vector.minutes)) }
    case 'businessTimeBetween': {
      const ms = businessTimeBetween(calendar, at, vector.until)
      return { seconds: ms / 1000, minutes: ms % MINUTE_MS === 0 ? ms / MINUTE_MS : null }
    }
    case 'nextOpening': {
      const { opening, alreadyOpen } = nextOpening(calendar, at)
      return { opening: iso(opening), alreadyOpen }
    }
    case 'isOpen':
      return { open: isOpen(calendar, at) }
  }
}

/** Does an answer say what the vector expects? Every expected field counts, and no other may be there. */
export function answerMatches(expected: Readonly<Record<string, unknown>>, got: VectorAnswer): boolean {
  const keys = Object.keys(expected)
  return (
    keys.length === Object.keys(got).length && keys.every((key) => key in got && Object.is(expected[key], got[key]))
  )
}

/** `2026-03-25T10:00:00Z`: UTC, with fractions of a second only where there are some. */
const iso = (at: Instant): string => new Date(at).toISOString().replace('.000Z', 'Z')
