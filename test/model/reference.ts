import { exampleCalendars } from '../../db/seeds/calendars.js'
import type { Schedule } from '../../src/engine/types.js'
import { Reference } from '../calendar/reference.js'

/**
 * What a ticket and its timers must be, written a second time: small, slow, and without a line of the engine or of the
 * statechart. Whether an event is possible is the statechart's business, so the model is told the state it led to; when
 * things are due, what fires, in which order, and every version and log entry it says itself.
 */
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** The window in which the model can tell business time: from Ramadan over Lebaran into June. */
export const WINDOW = { from: Date.UTC(2026, 2, 1), days: 105 }
const calendars = new Map<string, Reference>()
const CALENDAR_OF: Readonly<Record<string, string>> = { 'cabang-makassar': 'wita', 'cabang-jayapura': 'wit' }
/** Made when it is first asked for: every minute of the window is looked at. */
export function calendarOf(office: string): Reference {
  const id = CALENDAR_OF[office] ?? 'pusat'
  const known = calendars.get(id)
  if (known !== undefined) return known
  const made = new Reference(
    exampleCalendars.find((it) => it.id === id)!,
    WINDOW.from,
    WINDOW.days,
  )
  calendars.set(id, made)
  return made
}

/** The shipped policy on the digital route, said again. */
const PROMISES: Readonly<Record<string, { days: number; warnings: number[]; ladder: number }>> = {
  firstReview: { days: 1, warnings: [75], ladder: 1 },
  resolution: { days: 3, warnings: [50, 80], ladder: 2 },
  objectionReview: { days: 1, warnings: [75], ladder: 1 },
}
const NO_REPLY = { remind1: 3 * DAY, remind2: 7 * DAY, expire: 14 * DAY }
const TERMINAL = ['contactUpdated', 'rejected', 'withdrawn', 'expired']
const THEIRS = ['contactUnproven', 'reopened', 'documentsRequested', 'correctionNeeded', 'referredToBranch']
const WORK = ['submitted', 'documentsUploaded', 'underVerification', 'approvalProposed']
/** Events that ask for a due date anew: the model takes the new one as it finds it, and goes on from there. */
const REDATES = ['branch.arrive', 'office.transfer', 'promise.extend']

export interface Said {
  readonly type: string
  readonly at: number
  readonly about: string
}
export interface Due {
  readonly family: string
  readonly threshold: string
  readonly at: number
}
interface Promised {
  thresholds: Map<string, number>
  pausedAt: number | null
  dueAt: number
}

export class ModelTicket {
  revision = 0
  contentVersion = 1
  state = ''
  lastAt = 0
  readonly log: Said[] = []
  /** How often a timer fired, over the whole life. */
  fired = 0
  readonly #clocks = new Map<string, Promised>()
  readonly #deadlines = new Map<string, Map<string, number>>()
  #office = 'pusat'
  #route = 'layanan_digital'
  #elevated = false
  #objection = false
  #released = false

  get terminal(): boolean {
    return TERMINAL.includes(this.state)
  }

  file(at: number, state: string): void {
    this.revision = 1
    this.lastAt = at
    this.log.push({ type: 'ticket.file', at, about: '' }, { type: 'submit', at, about: '' })
    this.contentVersion = 2
    this.#enter('submit', at, state)
    for (const target of ['firstReview', 'resolution']) this.#promise(target, at)
  }

  /** All that waits, in the order in which it is delivered. */
  pending(): Due[] {
    const all: Due[] = []
    for (const [target, { thresholds, pausedAt }] of this.#clocks)
      if (pausedAt === null)
        for (const [threshold, at] of thresholds) all.push({ family: `sla:${target}`, threshold, at })
    for (const [family, thresholds] of this.#deadlines)
      for (const [threshold, at] of thresholds) all.push({ family, threshold, at })
    const text = (it: Due) => `${it.family}\n${it.threshold}`
    return all.sort((a, b) => a.at - b.at || (text(a) < text(b) ? -1 : 1))
  }

  /** Fires all that is due before `until` (gates: until then); true if anything was. */
  settle(until: number, inclusive: boolean): boolean {
    let any = false
    for (;;) {
      const next = this.pending().find(
        (it) => it.at < until || (it.at === until && (inclusive || it.family === 'release')),
      )
      if (next === undefined) return any
      any = true
      this.#fire(next)
    }
  }

  /** An event that was accepted at `at` and led to `state`; timers due before it were settled. */
  accept(
    type: string,
    at: number,
    state: string,
    payload: Readonly<Record<string, unknown>>,
    schedule: Schedule,
  ): void {
    this.lastAt = at
    this.log.push({ type, at, about: '' })
    this.contentVersion += 1
    const before = this.state
    if (type === 'risk.elevate') this.#elevated = true
    if (type === 'release.override') this.#release()
    if (type === 'objection.raise') this.#objection = true
    if (type === 'objection.dismiss' || type === 'objection.uphold') {
      this.#objection = false
      this.#clocks.delete('objectionReview')
    }
    if (type === 'branch.arrive') {
      this.#route = 'kantor_cabang'
      this.#release()
    }
    if (type === 'reopen') this.#released = false
    if (type === 'verification.start' || type === 'branch.arrive') this.#clocks.delete('firstReview')
    if (['approval.confirm', 'reject'].includes(type))
      for (const it of ['firstReview', 'resolution']) this.#clocks.delete(it)
    if (REDATES.includes(type)) this.#adopt(payload['officeId'] as string | undefined, type, at)
    this.#enter(type, at, state)
    if (type === 'objection.raise') this.#promise('objectionReview', at)
    if (type === 'reopen') for (const it of ['firstReview', 'resolution']) this.#promise(it, at)
    const backToWork = state === 'underVerification' && ['frozen', 'applying'].includes(before)
    if (backToWork) this.#promise('resolution', at)
    if (REDATES.includes(type) || this.#route === 'kantor_cabang') this.#takeOver(schedule)
  }

  #fire({ family, threshold, at: dueAt }: Due): void {
    const at = Math.max(dueAt, this.lastAt)
    this.lastAt = at
    this.fired += 1
    const target = family.startsWith('sla:') ? family.slice(4) : null
    if (target !== null) {
      const clock = this.#clocks.get(target)!
      clock.thresholds.delete(threshold)
      const name = threshold === 'due' ? 'sla.due' : threshold.startsWith('ladder') ? 'sla.escalate' : 'sla.warn'
      this.log.push({ type: name, at, about: `${target} ${threshold}` })
      if (threshold === 'due') clock.thresholds = this.#ladder(target, clock.dueAt)
      return
    }
    this.#deadlines.get(family)!.delete(threshold)
    const verb = threshold.startsWith('remind') ? 'remind' : threshold
    this.log.push({ type: `${family}.${verb}`, at, about: '' })
    if (family === 'release') this.#release()
    if (threshold === 'expire') this.#enter('', at, 'expired')
    if (family === 'hold') this.#enter('', at, 'applying')
  }

  #ladder(target: string, dueAt: number): Map<string, number> {
    const calendar = calendarOf(this.#office)
    const steps: [string, number][] = [['ladder1', calendar.add(dueAt, HOUR)!]]
    if (PROMISES[target]!.ladder === 2 && this.#route === 'layanan_digital')
      steps.push(['ladder2', calendar.addDays(dueAt, 1, 'calendar')!])
    return new Map(steps)
  }

  #promise(target: string, at: number): void {
    if (this.#route === 'kantor_cabang') return
    const calendar = calendarOf(this.#office)
    const { days, warnings } = PROMISES[target]!
    const dueAt = calendar.addDays(at, days, 'deemed')!
    const from = calendar.nextOpening(at)!
    const open = calendar.between(from, dueAt)
    const thresholds = new Map<string, number>(
      warnings
        .map((percent) => [`warn${percent}`, calendar.add(from, Math.floor((open * percent) / 100))!] as const)
        .filter(([, it]) => it > from && it > at && it < dueAt),
    ).set('due', dueAt)
    const waits = target !== 'objectionReview' && THEIRS.includes(this.state)
    this.#clocks.set(target, { thresholds, pausedAt: waits ? at : null, dueAt })
  }

  /** What being in a state, and having come there, does to the timers. */
  #enter(type: string, at: number, state: string): void {
    const moved = state !== this.state
    const again = state === 'documentsRequested' && ['documents.upload', 'documents.request'].includes(type)
    this.state = state
    if (TERMINAL.includes(state)) {
      this.#elevated ||= this.#objection
      this.#objection = false
      this.#clocks.clear()
      this.#deadlines.clear()
      return
    }
    if (moved || again) {
      this.#deadlines.delete('noReply')
      if (THEIRS.includes(state) && state !== 'referredToBranch') this.#arm('noReply', at, NO_REPLY)
    }
    if (moved) {
      this.#deadlines.delete('referral')
      if (state === 'referredToBranch') this.#arm('referral', at, NO_REPLY)
    }
    const gate = state === 'submitted' || state === 'documentsUploaded'
    if (gate && !this.#released && !this.#deadlines.has('release')) this.#gate(at)
    if (state !== 'onHold') this.#deadlines.delete('hold')
    else if (moved || type === 'risk.elevate') this.#arm('hold', at, { end: this.#holdMs() })
    if (THEIRS.includes(state)) this.#pause(at)
    else if (WORK.includes(state)) this.#resume(at)
  }

  #holdMs(): number {
    // At a branch there is a hold only for elevated risk, and nobody who came in person waits otherwise.
    if (this.#route === 'kantor_cabang') return DAY
    return this.#elevated ? 3 * DAY : DAY
  }
  #gate(at: number): void {
    this.#deadlines.set('release', new Map([['open', calendarOf(this.#office).nextOpening(at)!]]))
  }
  #release(): void {
    this.#released = true
    this.#deadlines.delete('release')
  }
  #arm(family: string, at: number, thresholds: Readonly<Record<string, number>>): void {
    this.#deadlines.set(family, new Map(Object.entries(thresholds).map(([name, ms]) => [name, at + ms])))
  }
  #pause(at: number): void {
    for (const [target, clock] of this.#clocks) if (target !== 'objectionReview') clock.pausedAt ??= at
  }
  #resume(at: number): void {
    const calendar = calendarOf(this.#office)
    for (const clock of this.#clocks.values()) {
      if (clock.pausedAt === null) continue
      const paused = calendar.between(clock.pausedAt, at)
      clock.pausedAt = null
      if (paused === 0) continue
      for (const [name, due] of clock.thresholds) clock.thresholds.set(name, calendar.add(due, paused)!)
      if (clock.thresholds.has('due')) clock.dueAt = clock.thresholds.get('due')!
    }
  }

  #adopt(office: string | undefined, type: string, at: number): void {
    if (type !== 'office.transfer' || office === undefined) return
    this.#office = office
    if (this.#deadlines.has('release')) this.#gate(at)
  }
  /** The clocks as they were dated anew. */
  #takeOver(schedule: Schedule): void {
    this.#clocks.clear()
    for (const { target, thresholds, pausedAt, dueAt, settledAt } of schedule.clocks)
      if (settledAt === null)
        this.#clocks.set(target, { thresholds: new Map(thresholds.map((it) => [it.name, it.at])), pausedAt, dueAt })
  }
}
