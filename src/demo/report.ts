import { verifyStore } from '../engine/verify.js'
import type { Policy } from '../machines/policy.js'
import { OFFICES } from './cast.js'
import { lateOnes, type Late } from './lateness.js'
import { live, type Lived, type Refusal } from './live.js'
import { FIRST_DATE, LAST_DATE, ZONE } from './period.js'
import { readRecords, type TicketRecord } from './record.js'
import { checkRules, type Checked } from './rules.js'
import { scoreDays, scoreKinds, scoreTargets, type DayScore, type KindScore, type TargetScore } from './scores.js'
import { tellStories, type Story } from './stories.js'
import { openWorld, type DemoWorld } from './world.js'

export interface DemoOptions {
  readonly tickets: number
  readonly seed: number
  /** Where the thrown-away data folder is made. */
  readonly folder?: string
  /** Called after each step with the virtual instant reached. */
  readonly onStep?: (now: number) => void
}

/** What a route promises about its decision. */
export interface Promised {
  readonly route: string
  readonly businessDays: number
  readonly extendedTo: number | null
}

/** Everything the demonstration found out; no wall-clock time in it, so the same options give the same report. */
export interface DemoReport {
  readonly period: { readonly from: string; readonly to: string; readonly zone: string }
  readonly tickets: number
  readonly seed: number
  readonly policy: string
  readonly promises: readonly Promised[]
  readonly calendars: readonly {
    readonly ref: string
    readonly name: string
    readonly zone: string
    readonly example: boolean
  }[]
  readonly days: readonly DayScore[]
  readonly kinds: readonly KindScore[]
  readonly targets: readonly TargetScore[]
  readonly states: Readonly<Record<string, number>>
  readonly late: readonly Late[]
  readonly stories: readonly Story[]
  readonly totals: Readonly<Record<string, number>>
  /** Due dates moved, by reason. */
  readonly moves: Readonly<Record<string, number>>
  readonly refusals: Readonly<Record<string, number>>
  readonly surprises: readonly Refusal[]
  readonly rules: readonly Checked[]
  readonly verified: { readonly tickets: number; readonly entries: number; readonly problems: readonly string[] }
  readonly everyTicket: readonly string[]
}

const TARGETS = ['resolution', 'firstReview', 'objectionReview'] as const

/** Lives through the three weeks in a folder of its own, which is gone afterwards. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const world = await openWorld(options.seed, options.folder)
  try {
    return await reportOn(world, options, await live(world, options))
  } finally {
    await world.close()
  }
}

async function reportOn(world: DemoWorld, { tickets, seed }: DemoOptions, lived: Lived): Promise<DemoReport> {
  const { store, types, engine } = world
  const reference = engine.reference
  const records = await readRecords(world, lived)
  const { tickets: replayed, entries, problems } = await verifyStore({ store, types, reference })
  const policy = reference.policyFor('pengaduan')
  const calendars = OFFICES.map((it) => reference.calendar(reference.office(it).calendarId))
  const outbox = records.flatMap((it) => it.outbox)
  return {
    period: { from: FIRST_DATE, to: LAST_DATE, zone: ZONE },
    ...{ tickets, seed },
    policy: `${policy.id}@${policy.version}`,
    promises: promisesOf(policy),
    calendars: calendars.map(({ ref, spec, zone }) => ({ ref, name: spec.name, zone, example: spec.example })),
    days: scoreDays(records, reference.calendar('pusat')),
    kinds: scoreKinds(records),
    targets: scoreTargets(records, TARGETS),
    states: countBy(records, ({ ticket }) => ticket.state),
    late: lateOnes(records, reference),
    stories: tellStories(records, lived.refusals, reference),
    totals: {
      commands: lived.commands,
      timersFired: lived.timersFired,
      timersDropped: lived.timersDropped,
      timersSuperseded: records.flatMap((it) => it.timers.filter((timer) => timer.state === 'superseded')).length,
      timersPending: records.flatMap((it) => it.timers.filter((timer) => timer.state === 'pending')).length,
      messages: outbox.filter((it) => it.kind === 'message').length,
      accountCommands: outbox.filter((it) => it.kind === 'port').length,
      delivered: lived.delivered,
      logEntries: entries,
      deadLetters: (await store.listDeadLetters(100)).length,
    },
    moves: countBy(
      records.flatMap(({ log }) => log.flatMap((it) => it.moves ?? [])),
      (it) => it.reason,
    ),
    refusals: countBy(lived.refusals, (it) => it.code),
    surprises: lived.surprises,
    rules: checkRules(records, reference),
    verified: { tickets: replayed, entries, problems: problems.map((it) => it.what) },
    everyTicket: records.map(oneLine),
  }
}

function promisesOf(policy: Policy): readonly Promised[] {
  return Object.entries(policy.routes).flatMap(([route, { targets }]) => {
    const { within, extended } = targets['resolution'] ?? {}
    if (within?.unit !== 'businessDays') return []
    return [
      { route, businessDays: within.amount, extendedTo: extended?.unit === 'businessDays' ? extended.amount : null },
    ]
  })
}

function countBy<T>(list: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const item of list) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

/** A ticket in a line: number, kind, filing, state, and each promise with due date and verdict. */
function oneLine({ kind, ticket }: TicketRecord): string {
  const clocks = ticket.schedule.clocks.map(
    (it) =>
      `${it.target}#${it.cycle} due ${iso(it.dueAt)} ${it.outcome ?? 'running'}${it.settledAt === null ? '' : ` ${iso(it.settledAt)}`}`,
  )
  return [ticket.ticketNumber, kind.id, iso(ticket.filedAt), ticket.state, ...clocks].join(' | ')
}

/** Does everything hold? */
export const isSound = ({ surprises, rules, verified, totals }: DemoReport): boolean =>
  surprises.length === 0 &&
  verified.problems.length === 0 &&
  totals['deadLetters'] === 0 &&
  rules.every((it) => it.violations === 0)
