import {
  addBusinessDays,
  businessTimeBetween,
  explain,
  nextOpening,
  type BusinessCalendar,
  type ExplainedDay,
} from '../calendar/index.js'
import type { DueMove, LogEntry, Reference, SlaClock, TicketRow } from '../engine/types.js'
import { calendarOf } from './lateness.js'
import type { Refusal } from './live.js'
import { END } from './period.js'
import type { TicketRecord } from './record.js'

/** Why a due date is where it is: N business days, which ones, and what was passed over. */
export interface Because {
  readonly businessDays: number
  readonly counted: readonly string[]
  readonly skipped: readonly Pick<ExplainedDay, 'date' | 'reason' | 'label'>[]
}
/** The resolution promise of one ticket, from one instant to the next that changed it. */
export type Beat =
  | { readonly type: 'promised'; readonly at: number; readonly dueAt: number; readonly because: Because | null }
  | {
      readonly type: 'moved'
      readonly at: number
      readonly from: number
      readonly dueAt: number
      readonly reason: string
      readonly openMs: number
      readonly because: Because | null
    }
  | { readonly type: 'noted'; readonly at: number; readonly fact: string }
  | { readonly type: 'refused'; readonly at: number; readonly event: string; readonly codes: readonly string[] }
  | { readonly type: 'reminded' | 'warned' | 'escalated'; readonly at: number; readonly times: readonly number[] }
  | { readonly type: 'held'; readonly at: number; readonly until: number }
  | {
      readonly type: 'settled'
      readonly at: number
      /** False: open when the period ends. */
      readonly closed: boolean
      readonly outcome: string
      readonly by: string
      readonly fact: string
      /** Operating time left (positive) or past due (negative). */
      readonly spareMs: number
    }

/** A ticket told in full. */
export interface Story {
  readonly ticketNumber: string
  readonly kind: string
  readonly office: string
  readonly zone: string
  readonly filedAt: number
  /** When it counts as received (D2). */
  readonly deemedAt: number
  readonly state: string
  readonly beats: readonly Beat[]
}

const TOLD = 'resolution'

/** The tickets worth telling: of each kind as many as it asks for, those first whose promise moved most. */
export function tellStories(
  records: readonly TicketRecord[],
  refusals: readonly Refusal[],
  reference: Reference,
): readonly Story[] {
  const kinds = [...new Set(records.map((it) => it.kind))]
  return kinds
    .flatMap((kind) =>
      records
        .filter((it) => it.kind === kind)
        .sort(byInterest)
        .slice(0, kind.told),
    )
    .sort((a, b) => a.ticket.filedAt - b.ticket.filedAt)
    .map((record) =>
      tell(
        record,
        refusals.filter((it) => it.ticketId === record.ticket.id),
        reference,
      ),
    )
}

/** Fixed instants first in their own order; elsewhere the longest distance between filing and due says most about the calendar. */
const byInterest = (a: TicketRecord, b: TicketRecord): number =>
  a.kind.id === 'jumat_tutup' ? b.ticket.filedAt - a.ticket.filedAt : distance(b) - distance(a)
const distance = ({ ticket }: TicketRecord): number =>
  Math.max(0, ...ticket.schedule.clocks.filter((it) => it.target === TOLD).map((it) => it.dueAt - it.startedAt))

function tell({ kind, ticket, log }: TicketRecord, refusals: readonly Refusal[], reference: Reference): Story {
  const office = filedAtOffice(log) ?? ticket.officeId
  const firstMove = log.flatMap((it) => (it.calendar === null ? [] : [it.calendar]))[0]
  const promisedBy = firstMove === undefined ? officeCalendar(reference, office) : calendarOf(reference, firstMove)
  return {
    ticketNumber: ticket.ticketNumber,
    kind: kind.label,
    office,
    zone: promisedBy.zone,
    filedAt: ticket.filedAt,
    deemedAt: nextOpening(promisedBy, ticket.filedAt).opening,
    state: ticket.state,
    beats: [
      ...log.flatMap((entry) => beatsOf(entry, log, ticket, reference)),
      ...prevented(refusals),
      ...grouped(log),
      ...unsettled(ticket, log, reference),
    ].sort((a, b) => a.at - b.at),
  }
}

function filedAtOffice(log: readonly LogEntry[]): string | null {
  const filing = log[0]?.event['filing']
  const office = typeof filing === 'object' && filing !== null && 'officeId' in filing ? filing.officeId : null
  return typeof office === 'string' ? office : null
}

/** Facts that explain what a promise does next. */
const NOTED: ReadonlySet<string> = new Set([
  ...['DocumentsRequested', 'DocumentsUploaded', 'CorrectionRequested', 'CorrectionSubmitted', 'ReferredToBranch'],
  ...['RiskElevated', 'ObjectionRaised', 'ObjectionDismissed', 'ObjectionUpheld', 'TicketReopened', 'ApplyRefused'],
])

function beatsOf(entry: LogEntry, log: readonly LogEntry[], ticket: TicketRow, reference: Reference): readonly Beat[] {
  const moves = (entry.moves ?? []).filter((it) => it.target === TOLD)
  const noted: readonly Beat[] = NOTED.has(entry.fact) ? [{ type: 'noted', at: entry.at, fact: entry.fact }] : []
  return [
    ...noted,
    ...moves.map((move) => moved(move, entry, log, ticket, reference)),
    ...ticket.schedule.clocks
      .filter((it) => it.target === TOLD && it.settledAt === entry.at && endsIt(entry, log))
      .map((clock) => settled(clock, entry, reference)),
  ]
}
/** Of the entries of one instant the one a person made, else the last. */
const endsIt = (entry: LogEntry, log: readonly LogEntry[]): boolean => {
  const same = log.filter((it) => it.at === entry.at)
  return (same.find((it) => it.actorRole !== 'system') ?? same.at(-1)) === entry
}

function moved(
  move: DueMove,
  entry: LogEntry,
  log: readonly LogEntry[],
  ticket: TicketRow,
  reference: Reference,
): Beat {
  const ref = entry.calendar ?? log.findLast((it) => it.seq < entry.seq && it.calendar !== null)?.calendar
  const calendar = ref == null ? officeCalendar(reference, ticket.officeId) : calendarOf(reference, ref)
  const because = becauseOf(calendar, entry.at, move.to, ticket, reference)
  if (move.from === null) return { type: 'promised', at: entry.at, dueAt: move.to, because }
  const sign = move.to < move.from ? -1 : 1
  const openMs = sign * businessTimeBetween(calendar, Math.min(move.from, move.to), Math.max(move.from, move.to))
  return { type: 'moved', at: entry.at, from: move.from, dueAt: move.to, reason: move.reason, openMs, because }
}

/** Which of the policy's promises in business days gives this due date, and the calendar's reasons for it. */
function becauseOf(
  calendar: BusinessCalendar,
  at: number,
  dueAt: number,
  ticket: TicketRow,
  reference: Reference,
): Because | null {
  const policy = reference.policy(ticket.policyId, ticket.policyVersion)
  for (const { targets } of Object.values(policy.routes)) {
    const target = targets[TOLD]
    for (const amount of [target?.within, target?.extended]) {
      if (target === undefined || amount?.unit !== 'businessDays') continue
      const { amount: days, minimumOpenMinutes } = amount
      if (addBusinessDays(calendar, at, days, target.counting, minimumOpenMinutes) !== dueAt) continue
      const why = explain(calendar, at, days, target.counting, minimumOpenMinutes).days
      return {
        businessDays: days,
        counted: why.filter((it) => it.counted).map((it) => it.date),
        skipped: why
          .filter((it) => !it.counted && it.reason !== 'dayZero')
          .map(({ date, reason, label }) => ({ date, reason, label: reason === 'business' ? null : label })),
      }
    }
  }
  return null
}

function settled(clock: SlaClock, entry: LogEntry, reference: Reference): Beat {
  return {
    type: 'settled',
    at: entry.at,
    closed: true,
    outcome: clock.outcome ?? 'running',
    by: entry.actorId,
    fact: entry.fact,
    spareMs: spare(clock, entry.at, reference),
  }
}

/** A promise that stands open when the period ends. */
function unsettled({ schedule }: TicketRow, log: readonly LogEntry[], reference: Reference): readonly Beat[] {
  return schedule.clocks
    .filter((it) => it.target === TOLD && it.settledAt === null)
    .map((clock) => ({
      type: 'settled',
      at: END,
      closed: false,
      outcome: clock.outcome ?? 'running',
      by: log.at(-1)?.actorId ?? '-',
      fact: log.at(-1)?.fact ?? '-',
      spareMs: spare(clock, END, reference),
    }))
}

function spare({ calendar: ref, dueAt }: SlaClock, at: number, reference: Reference): number {
  const calendar = calendarOf(reference, ref)
  return at <= dueAt ? businessTimeBetween(calendar, at, dueAt) : -businessTimeBetween(calendar, dueAt, at)
}

/** What happened several times, told once. */
function grouped(log: readonly LogEntry[]): readonly Beat[] {
  const at = (fact: string, target?: string) =>
    log.filter((it) => it.fact === fact && (target === undefined || it.event['target'] === target)).map((it) => it.at)
  const holds = log.flatMap((entry): Beat[] => {
    if (entry.state !== 'onHold' || entry.fact !== 'TicketApproved') return []
    const end = log.find((it) => it.seq > entry.seq && it.fact === 'HoldEnded')
    return end === undefined ? [] : [{ type: 'held', at: entry.at, until: end.at }]
  })
  const told = [
    { type: 'reminded', times: at('ParticipantReminded') },
    { type: 'warned', times: at('SlaWarned', TOLD) },
    { type: 'escalated', times: at('SlaEscalated', TOLD) },
  ] as const
  return [...holds, ...told.flatMap((it) => (it.times[0] === undefined ? [] : [{ ...it, at: it.times[0] }]))]
}

function prevented(refusals: readonly Refusal[]): readonly Beat[] {
  const [first] = refusals
  if (first === undefined) return []
  return [{ type: 'refused', at: first.at, event: first.event, codes: refusals.map((it) => it.code) }]
}

const officeCalendar = (reference: Reference, office: string): BusinessCalendar =>
  reference.calendar(reference.office(office).calendarId)
