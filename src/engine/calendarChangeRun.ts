import { isDeepStrictEqual } from 'node:util'
import type { Store, TicketPage } from '../../db/types.js'
import { CalendarError, type BusinessCalendar } from '../calendar/index.js'
import type { Label, Role } from '../machines/ticketType.js'
import type { PlannedChange } from './calendarChangePlan.js'
import { differenceOf } from './calendarChangeReason.js'
import { PulihError } from './errors.js'
import { calendarOf, concerns, NotMeasurable } from './redate.js'
import type {
  CalendarChange,
  ChangeFailure,
  ChangeProgress,
  DueMove,
  Engine,
  Redated,
  RedateOrder,
  Reference,
  TicketRow,
} from './types.js'

/** Tickets of one page share commits; between pages others get their turn. */
const PAGE = 256
/** A process that died is followed by another after this, ms. */
const LEASE_MS = 30_000
/** Beside other processes: by then each of them has asked for new versions, ms. */
export const QUIET_MS = 15_000
const NAMED_FAILURES = 100
/** Open tickets, in the order of the worklist's index. */
const OPEN = ['waitingOnUs', 'waitingOnParticipant'] as const

export interface RunOptions {
  /** Ends after the page being worked on; what is left is taken up by the next run. */
  readonly signal?: AbortSignal | undefined
  /** Nobody else can be at work: leases of processes that died are void. True for SQLite on the command line. */
  readonly exclusive?: boolean | undefined
  /** No change ends sooner than this after it began, ms: by then every process must have learned the version. 0 where there is but one. */
  readonly quietMs?: number | undefined
  readonly onProgress?: ((progress: ChangeProgress) => void) | undefined
}

type Cursor = TicketPage['next']
/** One page of what a change would do, and where the next one begins. */
export interface PreviewPage {
  readonly items: readonly PreviewedTicket[]
  readonly seen: number
  readonly next: { readonly standing: number; readonly after: Cursor } | null
}
export interface PreviewedTicket {
  readonly ticketId: string
  readonly ticketNumber: string
  readonly type: string
  readonly moves: readonly DueMove[]
  /** Why they move; null when it stays on its old version. */
  readonly reason: Label | null
  /** The stable code of why it stays on its old version; null when it does not. */
  readonly failed: string | null
}

/** What would move, page by page; reads only. */
export async function previewCalendarChange(
  engine: Engine,
  store: Store,
  { calendar, order }: PlannedChange,
  from: PreviewPage['next'] = null,
  limit = PAGE,
): Promise<PreviewPage> {
  const { standing, after } = from ?? { standing: 0, after: null }
  const page = await store.listTickets({ standing: OPEN[standing] }, 'due', limit, after)
  const items = page.items.flatMap((row) => previewOf(engine, row, calendar, order))
  const following = standing + 1 < OPEN.length ? { standing: standing + 1, after: null } : null
  const next = page.next === null ? following : { standing, after: page.next }
  return { items, seen: page.items.length, next }
}

function previewOf(
  engine: Engine,
  row: TicketRow,
  calendar: BusinessCalendar,
  order: RedateOrder,
): readonly PreviewedTicket[] {
  const { id: ticketId, ticketNumber, type } = row
  if (!isConcerned(row, calendar, engine)) return []
  try {
    const redated = engine.previewRedate(row, order, calendar)
    return redated === null ? [] : [{ ticketId, ticketNumber, type, ...redated, failed: null }]
  } catch (error) {
    if (!(error instanceof NotMeasurable)) throw error
    return [{ ticketId, ticketNumber, type, moves: [], reason: null, failed: error.code }]
  }
}

/** Asked of the row alone, so that a walk over tickets that are done costs reading. What cannot be asked is for the decision to say. */
function isConcerned(
  row: TicketRow,
  calendar: BusinessCalendar,
  engine: { clock: Engine['clock']; reference: Reference },
) {
  try {
    return concerns(calendar, row, Math.max(engine.clock.now(), row.updatedAt), engine.reference) !== null
  } catch (error) {
    if (error instanceof CalendarError || error instanceof PulihError) return true
    throw error
  }
}

/** Adds up what a change did to one ticket. */
export function tally(progress: ChangeProgress, moves: readonly Pick<DueMove, 'from' | 'to'>[]): ChangeProgress {
  const [first] = moves
  const way = first === undefined ? 'unchanged' : first.to > (first.from ?? first.to) ? 'later' : 'earlier'
  return { ...progress, concerned: progress.concerned + 1, [way]: progress[way] + 1 }
}

/**
 * Measures every open ticket on an older version anew, walk after walk, until one finds nothing more: a process that had not learned of
 * the version may have promised by the old one meanwhile. Tickets themselves say how far it came, so it can be stopped or killed anywhere
 * and run again. Gives the change as it stands: unfinished when stopped, or when another process is at it.
 * Throws what the store throws (STORE_BUSY); then it is to be run again.
 */
export async function runCalendarChange(
  engine: Engine,
  store: Store,
  change: CalendarChange,
  options: RunOptions = {},
): Promise<CalendarChange> {
  const now = engine.clock.now()
  const until = now + LEASE_MS
  const leased = await store.leaseCalendarChange(
    change,
    options.exclusive === true ? Number.MAX_SAFE_INTEGER : now,
    until,
  )
  if (leased === null) return (await store.findCalendarChange(change.calendarId, change.toVersion)) ?? change
  await engine.refreshReference()
  const run = new Run(engine, store, leased, until, options)
  try {
    await run.toEnd()
  } finally {
    // A store that does not answer keeps the lease until it runs out.
    await run.release().catch(() => undefined)
  }
  return run.change
}

/** Goes on with every change that did not come to its end; harmless beside others that do the same. Cheap when there is none. */
export async function resumeCalendarChanges(
  engine: Engine,
  store: Store,
  options: RunOptions = {},
): Promise<readonly CalendarChange[]> {
  const unfinished = await store.unfinishedCalendarChanges()
  const results: CalendarChange[] = []
  for (const change of unfinished)
    if (options.signal?.aborted !== true) results.push(await runCalendarChange(engine, store, change, options))
  return results
}

class Run {
  readonly #engine: Engine
  readonly #store: Store
  readonly #options: RunOptions
  readonly #calendar: BusinessCalendar
  readonly #order: RedateOrder
  #change: CalendarChange
  #held: number
  #lost = false

  constructor(engine: Engine, store: Store, change: CalendarChange, held: number, options: RunOptions) {
    this.#engine = engine
    this.#store = store
    this.#change = change
    this.#held = held
    this.#options = options
    const { calendarId, fromVersion, toVersion, reason, actorId, actorRole, startedAt } = change
    const calendar = `${calendarId}@${toVersion}`
    const actor = { id: actorId, role: actorRole as Role }
    this.#calendar = calendarOf({ calendar }, engine.reference)
    // Not stored: a reason that nobody gave is the one that the two versions give.
    const own = differenceOf(engine.reference.calendar(calendarId, fromVersion).spec, this.#calendar.spec, startedAt)
    this.#order = {
      calendar,
      reason,
      since: isDeepStrictEqual(own, reason) ? { version: fromVersion, at: startedAt } : null,
      actor,
    }
  }

  /** As this run left it. */
  get change(): CalendarChange {
    return this.#change
  }

  async toEnd(): Promise<void> {
    const open = await Promise.all(OPEN.map((standing) => this.#store.countTickets({ standing })))
    this.#change = withProgress(this.#change, { open: open.reduce((sum, it) => sum + it, 0) })
    for (;;) {
      const began = this.#engine.clock.now()
      const redated = await this.#walk()
      if (redated === null) return
      const quiet = began - this.#change.startedAt >= (this.#options.quietMs ?? 0)
      if (redated > 0) continue
      if (quiet) await this.#save({ finishedAt: this.#engine.clock.now(), leasedUntil: null })
      return
    }
  }

  async release(): Promise<void> {
    if (!this.#lost && this.#change.finishedAt === null) await this.#save({ leasedUntil: null })
  }

  /** How many tickets this walk measured anew; null when it was stopped before its end. */
  async #walk(): Promise<number | null> {
    let redated = 0
    this.#change = withProgress(this.#change, { seen: 0, failed: 0, failures: [] })
    for (const standing of OPEN) {
      let after: Cursor = null
      do {
        const page = await this.#store.listTickets({ standing }, 'due', PAGE, after)
        redated += await this.#page(page.items)
        if (this.#lost || this.#options.signal?.aborted === true) return null
        after = page.next
      } while (after !== null)
    }
    return redated
  }

  async #page(rows: readonly TicketRow[]): Promise<number> {
    const concerned = rows.filter((row) => isConcerned(row, this.#calendar, this.#engine))
    // All of them have ended before one that failed stops the run: nothing goes on behind its back, and the tally stays true.
    const outcomes = await Promise.allSettled(concerned.map((row) => this.#redate(row)))
    let progress: ChangeProgress = { ...this.#change.progress, seen: this.#change.progress.seen + rows.length }
    let redated = 0
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' || outcome.value === null) continue
      if ('code' in outcome.value) progress = withFailure(progress, outcome.value)
      else {
        redated += 1
        progress = tally(progress, outcome.value.moves)
      }
    }
    this.#change = { ...this.#change, progress }
    this.#options.onProgress?.(progress)
    const broken = outcomes.find((it) => it.status === 'rejected')
    if (broken !== undefined) throw broken.reason as Error
    if (concerned.length > 0) await this.#save({ leasedUntil: this.#engine.clock.now() + LEASE_MS })
    return redated
  }

  async #redate({ id, ticketNumber }: TicketRow): Promise<Redated | ChangeFailure> {
    try {
      return await this.#engine.redate(id, this.#order)
    } catch (error) {
      if (error instanceof NotMeasurable) return { ticketId: id, ticketNumber, code: error.code }
      // Others were quicker, time and again: the next walk meets it.
      if (error instanceof PulihError && error.code === 'CONFLICT') return { moves: [], reason: this.#order.reason }
      throw error
    }
  }

  async #save(set: Partial<Pick<CalendarChange, 'leasedUntil' | 'finishedAt'>>): Promise<void> {
    const { progress } = this.#change
    if (await this.#store.saveCalendarChange(this.#change, this.#held, { progress, ...set })) {
      this.#change = { ...this.#change, ...set }
      this.#held = set.leasedUntil ?? this.#held
    } else this.#lost = true
  }
}

const withProgress = (change: CalendarChange, progress: Partial<ChangeProgress>): CalendarChange => ({
  ...change,
  progress: { ...change.progress, ...progress },
})
const withFailure = (progress: ChangeProgress, failure: ChangeFailure): ChangeProgress => ({
  ...progress,
  failed: progress.failed + 1,
  failures: [...progress.failures, failure].slice(0, NAMED_FAILURES),
})
