import { BusinessCalendar } from './businessCalendar.js'
import { CalendarError } from './errors.js'
import type { CalendarSpec } from './types.js'
import { checkCalendar } from './validate.js'

/**
 * Makes a calendar ready for arithmetic: checks it, copies and freezes its spec. A calendar that never opens is valid
 * data (D35); only searching it for open time fails.
 *
 * @throws CalendarError with the first problem's code and path, and all `problems`: bad hours, overlaps, bad or doubled
 * dates, an unknown zone, an opening or closing that a clock change skips or repeats (D7).
 */
export function compileCalendar(spec: CalendarSpec): BusinessCalendar {
  const checked = checkCalendar(spec)
  if (checked.spec === null) throw CalendarError.ofProblems(spec.id, checked.problems[0], checked.problems)
  return new BusinessCalendar(deepFreeze(checked.spec))
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part as object)
  return Object.freeze(value)
}
