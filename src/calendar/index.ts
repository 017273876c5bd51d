/** Business time: pure arithmetic on operating hours. Instants are epoch ms, durations ms; nothing here reads a clock. */
export { BusinessCalendar, MAX_CACHED_YEARS } from './businessCalendar.js'
export { compileCalendar } from './compile.js'
export { addBusinessDays } from './days.js'
export {
  addBusinessMinutes,
  addBusinessMs,
  businessTimeBetween,
  subtractBusinessMinutes,
  subtractBusinessMs,
} from './durations.js'
export { CalendarError, type CalendarProblem } from './errors.js'
export { fromExchange } from './exchange.js'
export { explain } from './explain.js'
export { closingOf, isOpen, nextOpening, opensForGood, opensFrom } from './openings.js'
export { checkCalendar } from './validate.js'
export type { CalendarSpec, Counting, ExplainedDay, Explanation, Instant, Interval, Season, Weekly } from './types.js'
export { knowsHolidays, yearView } from './yearView.js'
export { answerMatches, answerVector, vectorSchema, type Vector } from './vectors.js'
