import type { BusinessCalendar } from '../calendar/index.js'
import { PulihError } from './errors.js'
import type { PlanWorld } from './plan.js'
import type { Reference } from './types.js'

/** Which versions a ticket is measured by. A replay hands in what the log recorded; life hands in what is in force. */
export interface Versions {
  readonly policyVersion: number
  /** `id@version`, or null for the version in force now. */
  readonly calendar: string | null
}

/** What one ticket's events are measured by, and which calendar each of them used: its log entry names it. */
export class Measure {
  readonly #reference: Reference
  readonly #policyId: string
  #versions: Versions
  #used: string | null = null

  constructor(reference: Reference, policyId: string, versions: Versions) {
    this.#reference = reference
    this.#policyId = policyId
    this.#versions = versions
  }

  get policyVersion(): number {
    return this.#versions.policyVersion
  }
  /** `id@version` of the calendar that the last event was measured by; null when it needed none. */
  get calendarUsed(): string | null {
    return this.#used
  }
  use(versions: Versions): void {
    this.#versions = versions
  }
  /** For an entry that measures nothing. */
  forget(): void {
    this.#used = null
  }

  /** What planning the event at `at` may read. */
  world(at: number): PlanWorld {
    this.#used = null
    const reference = this.#reference
    return {
      at,
      reference,
      policy: reference.policy(this.#policyId, this.#versions.policyVersion),
      officeCalendar: (office) => this.#calendarOf(office),
    }
  }

  /** What measuring anew by a calendar version at `at` may read; its entry names that version. */
  worldBy(calendar: string, at: number): PlanWorld {
    const world = this.world(at)
    this.#used = calendar
    return world
  }

  #calendarOf(office: string): BusinessCalendar {
    // An office may move to another calendar later; what the log recorded stays what it was measured by.
    const [recorded, version] = this.#versions.calendar?.split('@') ?? []
    const calendar =
      recorded === undefined
        ? this.#reference.calendar(this.#reference.office(office).calendarId)
        : this.#reference.calendar(recorded, Number(version))
    if (this.#used !== null && this.#used !== calendar.ref)
      throw new PulihError('INTERNAL', 'one event measured by two calendars: its log entry can name only one')
    this.#used = calendar.ref
    return calendar
  }
}
