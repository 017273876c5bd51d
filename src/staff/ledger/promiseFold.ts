import type { SlaFact, SlaPause } from '../../../db/staff/ledger.js'
import { elapsed } from '../../engine/promise.js'
import type { SlaClock } from '../../engine/types.js'
import { dayOf, MINUTE_MS, type Calendars } from './days.js'

interface When {
  readonly at: number
  readonly officeId: string
  readonly policy: string
}

/**
 * One promise: its fact and its pauses. A promise that runs is written down as what it becomes if nobody does anything, late at its due
 * instant; so the ledger says the same before and after the timer of that instant has rung (docs/adr/0003).
 */
export class PromiseFold {
  readonly pauses: SlaPause[] = []
  readonly #place: Pick<SlaFact, 'ticketId' | 'type' | 'cycle'>
  readonly #calendars: Calendars
  #fact: SlaFact | null = null
  /** The pause that is under way: since when, for what, counted by which calendar. */
  #pausing: { from: number; since: number; cause: string } | null = null

  constructor(place: Pick<SlaFact, 'ticketId' | 'type' | 'cycle'>, calendars: Calendars) {
    this.#place = place
    this.#calendars = calendars
  }

  get fact(): SlaFact {
    if (this.#fact === null) throw new TypeError('a promise is folded from at least one entry')
    return this.#fact
  }

  take(clock: Readonly<SlaClock>, when: When): void {
    const known = this.#fact
    // What is over stays as it was, wherever the ticket goes.
    if (known !== null && known.settledAt !== null) return
    this.#pause(clock, when)
    const broken = known !== null && known.verdict === 'late' && isLate(clock)
    this.#fact = broken ? { ...known, ...endingOf(clock) } : this.#open(clock, when)
  }

  #open(clock: Readonly<SlaClock>, { officeId, policy }: When): SlaFact {
    const { target, route, startedAt, dueAt, outcome, settledAt } = clock
    const runs = clock.pausedAt === null || isLate(clock)
    const verdict = outcome === 'met' || outcome === 'void' ? outcome : runs ? 'late' : null
    const verdictAt = verdict === null ? null : verdict === 'late' ? dueAt : settledAt
    return {
      ...this.#place,
      ...{ target, route, officeId, policy, calendar: clock.calendar, promisedAt: startedAt, dueAt },
      ...{ verdict, verdictAt, settledAt, ended: isLate(clock) ? endingOf(clock).ended : null },
      verdictDay: verdictAt === null ? null : dayOf(this.#calendars.named(clock.calendar), verdictAt),
      pausedMinutes: Math.floor(clock.pausedMs / MINUTE_MS),
    }
  }

  /** Ends the pause under way when the clock goes on, ends, begins anew, or waits for something else; and notes the one that begins. */
  #pause(clock: Readonly<SlaClock>, when: When): void {
    const cause = clock.pausedAt === null ? null : clock.pauseCauses.join('+')
    const before = this.#pausing
    if (before !== null && (cause !== before.cause || clock.pausedAt !== before.since)) {
      this.#note(before, clock, when)
      this.#pausing = null
    }
    if (cause !== null && clock.pausedAt !== null && this.#pausing === null)
      this.#pausing = { from: Math.max(clock.pausedAt, before === null ? 0 : when.at), since: clock.pausedAt, cause }
  }

  #note({ from, cause }: { from: number; cause: string }, clock: Readonly<SlaClock>, { at, officeId, policy }: When) {
    if (at <= from) return
    const calendar = this.#calendars.named(clock.calendar)
    const { ticketId, cycle } = this.#place
    this.pauses.push({
      ...{ ticketId, target: clock.target, cycle, n: this.pauses.length + 1, cause },
      ...{ officeId, route: clock.route, policy, fromAt: from, untilAt: at, untilDay: dayOf(calendar, at) },
      minutes: Math.floor(elapsed(calendar, from, at, clock.unit) / MINUTE_MS),
    })
  }
}

const isLate = ({ outcome }: Readonly<SlaClock>): boolean => outcome === 'breached' || outcome === 'metLate'
/** A broken promise is counted where and when it was broken; only how it ended is still to come. */
const endingOf = ({ outcome, settledAt }: Readonly<SlaClock>): Pick<SlaFact, 'settledAt' | 'ended'> => ({
  settledAt,
  ended: settledAt === null ? null : outcome === 'metLate' ? 'metLate' : 'breached',
})
