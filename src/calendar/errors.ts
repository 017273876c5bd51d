/** Stable codes of what business time refuses. */
export type CalendarErrorCode =
  /** The search found no open time within the horizon (D8, D35). */
  | 'NO_OPEN_TIME'
  /** An argument is not a whole number in its range. */
  | 'INPUT_INVALID'
  /** The instant, or the answer, lies outside the years a calendar covers. */
  | 'OUT_OF_RANGE'
  | CalendarProblemCode

type CalendarProblemCode =
  | 'SHAPE_INVALID'
  | 'ZONE_UNKNOWN'
  | 'TIME_INVALID'
  | 'INTERVAL_EMPTY'
  | 'INTERVALS_OVERLAP'
  | 'DATE_INVALID'
  | 'HOLIDAY_DUPLICATE'
  | 'SEASON_REVERSED'
  | 'SEASONS_OVERLAP'
  | 'EDGE_IN_GAP'
  | 'EDGE_IN_FOLD'

/** One thing wrong with a calendar, and where: `path` reads like `weekly.5[1]` or `seasons[0].from`. */
export interface CalendarProblem {
  readonly code: CalendarProblemCode
  readonly path: string
  readonly message: string
}

/** Thrown by everything in this room. An invalid calendar carries all its problems; `code` and `path` are the first one's. */
export class CalendarError extends Error {
  readonly code: CalendarErrorCode
  readonly path: string
  readonly problems: readonly CalendarProblem[]
  constructor(code: CalendarErrorCode, message: string, path = '', problems: readonly CalendarProblem[] = []) {
    super(message)
    this.name = 'CalendarError'
    this.code = code
    this.path = path
    this.problems = problems
  }

  static ofProblems(id: string, first: CalendarProblem, problems: readonly CalendarProblem[]): CalendarError {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
    return new CalendarError(first.code, `calendar ${id}: ${first.path}: ${first.message}${more}`, first.path, problems)
  }
}
