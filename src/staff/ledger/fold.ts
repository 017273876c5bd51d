import type { Folded, LedgerAct, LedgerStay, SlaFact } from '../../../db/staff/ledger.js'
import type { LogEntry, Reference, SlaClock, TicketRow } from '../../engine/types.js'
import { elapsed } from '../../engine/promise.js'
import { dayOf, MINUTE_MS, type Calendars } from './days.js'
import { PromiseFold } from './promiseFold.js'

/** A ticket as it stood after one entry of its log. */
export interface Step {
  readonly entry: Pick<
    LogEntry,
    'seq' | 'at' | 'fact' | 'actorId' | 'actorRole' | 'policyVersion' | 'calendar' | 'state'
  >
  readonly officeId: string
  readonly route: string
  readonly closed: boolean
  /** It waits for officers. */
  readonly onUs: boolean
  readonly clocks: readonly Readonly<SlaClock>[]
}
type Head = Pick<TicketRow, 'id' | 'type' | 'policyId'>

/** Whose entries are officers' work; everything else is the participant's or the engine's. */
const OFFICERS: ReadonlySet<string> = new Set(['agent', 'checker', 'supervisor'])
/** Facts of a participant who says "that was not me" (R18). */
const OBJECTIONS: ReadonlySet<string> = new Set(['ObjectionRaised'])

/**
 * Folds one ticket's log into its rows of the ledger. Everything comes from the entries' own instants and from the versions that they name,
 * never from when they were written or read: folding again gives the same rows (docs/adr/0003).
 */
export class TicketFold {
  readonly #head: Head
  readonly #calendars: Calendars
  readonly #promises: PromiseFold[] = []
  readonly #stays: LedgerStay[] = []
  readonly #acts: LedgerAct[] = []
  #seq = 0
  #before: { at: number; onUs: boolean; officeId: string } | null = null
  #handledMs = 0

  constructor(head: Head, reference: Pick<Reference, 'office' | 'calendar'>) {
    this.#head = head
    this.#calendars = new OfficeCalendars(reference)
  }

  /** Entries in their order, each once. */
  take(step: Step): void {
    const { entry, clocks } = step
    this.#calendars.learn(entry.calendar)
    for (const clock of clocks) this.#calendars.learn(clock.calendar)
    this.#count(step)
    for (const [index, clock] of clocks.entries()) this.#promise(index, clock, step)
    this.#stay(step)
    this.#act(step)
    this.#seq = entry.seq
    this.#before = { at: entry.at, onUs: step.onUs, officeId: step.officeId }
  }

  rows(): Folded {
    const facts: readonly SlaFact[] = this.#promises.map((it) => it.fact)
    const pauses = this.#promises.flatMap((it) => it.pauses)
    return { ticketId: this.#head.id, seq: this.#seq, facts, pauses, stays: this.#stays, acts: this.#acts }
  }

  #promise(index: number, clock: Readonly<SlaClock>, step: Step): void {
    // Which time this target was promised: an objection may be raised twice within one cycle of its ticket.
    const earlier = this.#promises.slice(0, index).filter((it) => it.fact.target === clock.target).length
    const place = { ticketId: this.#head.id, type: this.#head.type, cycle: earlier + 1 }
    const promise = (this.#promises[index] ??= new PromiseFold(place, this.#calendars))
    promise.take(clock, { at: step.entry.at, officeId: step.officeId, policy: this.#policy(step) })
  }

  /** Adds what passed since the entry before, where it was officers' turn. */
  #count({ entry }: Step): void {
    const before = this.#before
    if (before?.onUs === true && entry.at > before.at)
      this.#handledMs += elapsed(this.#calendars.of(before.officeId), before.at, entry.at, 'business')
  }

  #stay(step: Step): void {
    const { entry, officeId, route, closed } = step
    const last = this.#stays.at(-1)
    const here = last !== undefined && last.ended === null ? last : null
    if (here === null && closed && last !== undefined) return
    if (here === null) this.#begin(step, last === undefined ? 'filed' : 'reopened', entry.at)
    else if (here.officeId !== officeId || here.route !== route) {
      this.#end(here, step, 'moved')
      this.#begin(step, 'moved', here.openedAt)
    }
    const current = this.#stays.at(-1)
    if (closed && current !== undefined) this.#end(current, step, 'closed')
  }

  #begin(step: Step, began: LedgerStay['began'], openedAt: number): void {
    const { entry, officeId, route } = step
    if (began !== 'moved') this.#handledMs = 0
    const fromDay = dayOf(this.#calendars.of(officeId), entry.at)
    this.#stays.push({
      ...{ ticketId: this.#head.id, n: this.#stays.length + 1, type: this.#head.type, policy: this.#policy(step) },
      ...{ officeId, route, began, ended: null, outcome: null, openedAt },
      ...{ fromAt: entry.at, untilAt: null, fromDay, untilDay: null, handlingMinutes: null },
    })
  }

  #end(stay: LedgerStay, { entry }: Step, ended: 'closed' | 'moved'): void {
    stay.ended = ended
    stay.untilAt = entry.at
    stay.untilDay = dayOf(this.#calendars.of(stay.officeId), entry.at)
    if (ended === 'moved') return
    stay.outcome = entry.state
    stay.handlingMinutes = Math.floor(this.#handledMs / MINUTE_MS)
  }

  #act(step: Step): void {
    const { entry, route } = step
    const objection = OBJECTIONS.has(entry.fact)
    if (!objection && !OFFICERS.has(entry.actorRole)) return
    // Where it was when somebody worked on it: handing it on is work of the office that had it.
    const officeId = this.#before?.officeId ?? step.officeId
    const { seq, fact, actorId, at } = entry
    const day = dayOf(this.#calendars.of(officeId), at)
    const again = this.#acts.some(
      (it) => it.kind !== 'objection' && it.actorId === actorId && it.officeId === officeId && it.day === day,
    )
    const kind = objection ? 'objection' : again ? 'more' : 'first'
    const place = { ticketId: this.#head.id, officeId, route, policy: this.#policy(step) }
    this.#acts.push({ ...place, seq, fact, kind, actorId, at, day })
  }

  #policy = ({ entry }: Step): string => `${this.#head.policyId}@${entry.policyVersion}`
}

/** The calendars of offices as the log names them so far: a version that came later says nothing about what was. */
class OfficeCalendars implements Calendars {
  readonly #reference: Pick<Reference, 'office' | 'calendar'>
  readonly #versions = new Map<string, number>()

  constructor(reference: Pick<Reference, 'office' | 'calendar'>) {
    this.#reference = reference
  }
  learn(ref: string | null): void {
    const [id = '', version] = ref?.split('@') ?? []
    if (version !== undefined) this.#versions.set(id, Math.max(this.#versions.get(id) ?? 0, Number(version)))
  }
  of(officeId: string) {
    const { calendarId } = this.#reference.office(officeId)
    return this.#reference.calendar(calendarId, this.#versions.get(calendarId) ?? 1)
  }
  named(ref: string) {
    const [id = '', version] = ref.split('@')
    return this.#reference.calendar(id, Number(version))
  }
}
