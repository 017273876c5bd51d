import { z } from 'zod'
import { CalendarError } from './errors.js'
import type { CalendarSpec } from './types.js'
import { calendarSpecSchema } from './validate.js'

const exchangeSchema = z.object({
  zone: z.string(),
  weekly: calendarSpecSchema.shape.weekly,
  holidays: z.array(z.string()).default([]),
  seasons: z.array(z.object({ from: z.string(), to: z.string(), weekly: calendarSpecSchema.shape.weekly })).default([]),
})

/**
 * Reads a calendar of the plain exchange format `{zone, weekly, holidays: date[], seasons, minutesPerDay}`. Its holidays
 * are local dates that close all day; `minutesPerDay` belongs to a rule, not to a calendar, and is left aside (D4).
 *
 * @throws CalendarError SHAPE_INVALID; everything finer is `compileCalendar`'s to find.
 */
export function fromExchange(id: string, json: unknown): CalendarSpec {
  const parsed = exchangeSchema.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      code: 'SHAPE_INVALID' as const,
      path: z.core.toDotPath(path),
      message,
    }))
    const first = problems[0] ?? { code: 'SHAPE_INVALID', path: '', message: 'not a calendar' }
    throw CalendarError.ofProblems(id, first, problems)
  }
  const { zone, weekly, holidays, seasons } = parsed.data
  return {
    id,
    version: 1,
    name: id,
    zone,
    weekly,
    seasons,
    // A date named twice closes the same day: harmless in a plain list.
    holidays: [...new Set(holidays)].map((date) => ({ date, name: 'Libur', kind: 'libur', source: 'exchange' })),
    collectiveLeaveCloses: true,
    example: false,
  }
}
