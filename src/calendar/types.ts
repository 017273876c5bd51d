/**
 * Shapes of business time. Instants are epoch milliseconds (UTC), durations milliseconds, local dates `YYYY-MM-DD`,
 * local times `HH:MM` (an end may be `24:00`). Intervals are half-open: open AT the opening, closed AT the closing (D3, D16).
 */
export type Instant = number
export type LocalDate = string
export type Interval = readonly [start: string, end: string]
/** Keys "1".."7" are ISO weekdays (1 = Monday); a missing key is a closed day. */
export type Weekly = Readonly<Partial<Record<'1' | '2' | '3' | '4' | '5' | '6' | '7', readonly Interval[]>>>

/** Inclusive local dates whose hours replace `weekly` (Ramadan, say). Seasons never overlap. */
export interface Season {
  readonly from: LocalDate
  readonly to: LocalDate
  readonly name?: string | undefined
  readonly weekly: Weekly
}

/** `libur` closes always; `cuti_bersama` (collective leave) closes only where the calendar's switch says so (D6). */
export interface Holiday {
  readonly date: LocalDate
  readonly name: string
  readonly kind: 'libur' | 'cuti_bersama'
  /** The decree (SKB, Keppres) that made the day. */
  readonly source: string
  /** Still waits for a ministerial decision. */
  readonly tentative?: boolean | undefined
}

/** A calendar version: immutable once published; a clock records which version promised what. */
export interface CalendarSpec {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly zone: string
  readonly weekly: Weekly
  readonly seasons: readonly Season[]
  readonly holidays: readonly Holiday[]
  /** Does cuti bersama close the desk? (D6, default true) */
  readonly collectiveLeaveCloses: boolean
  /** An example, not confirmed by the institution: shown wherever it is used, refused in production (D5). */
  readonly example: boolean
}

/** How day 0 is chosen (D2): `deemed` = local date of the first open instant at or after submission; `calendar` = local date of submission. */
export type Counting = 'deemed' | 'calendar'

/** One local day of an explanation: counted or not, and why. */
export interface ExplainedDay {
  readonly date: LocalDate
  readonly weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7
  /** Does the day count towards the N business days? */
  readonly counted: boolean
  /** 1-based number of the counted day, null where not counted. */
  readonly number: number | null
  /** `business` without `counted` is the submission day of a complaint that came after closing: deemed received later (D2). */
  readonly reason: 'dayZero' | 'business' | 'weekend' | 'libur' | 'cuti_bersama' | 'seasonClosed'
  /** Name of the holiday or season behind the reason. */
  readonly label: string | null
  readonly tentative: boolean
  readonly opening: Instant | null
  readonly closing: Instant | null
  readonly openMs: number
}

export interface NextOpening {
  readonly opening: Instant
  readonly alreadyOpen: boolean
}

/** Why a due date is what it is: every local day from submission to the due day. */
export interface Explanation {
  /** The first open instant at or after submission. */
  readonly deemedAt: Instant
  readonly dayZero: LocalDate
  readonly due: Instant
  readonly days: readonly ExplainedDay[]
}
