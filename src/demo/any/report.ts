import { isTimerEvent } from '../../engine/timerEvents.js'
import type { LogEntry, OutboxRow, SlaClock, TicketRow, TimerRow } from '../../engine/types.js'
import { PulihError } from '../../engine/errors.js'
import { verifyStore } from '../../engine/verify.js'
import type { Label, TicketType } from '../../machines/ticketType.js'
import type { Refusal } from '../live.js'
import { openWorld, type DemoWorld } from '../world.js'
import { liveAny, type AnyLived, type AnyTicket } from './lives.js'

export interface AnyOptions {
  readonly type: string
  /** Files of further ticket types. */
  readonly files: readonly string[]
  readonly tickets: number
  readonly seed: number
  readonly folder?: string
  readonly onStep?: (now: number) => void
}
interface Checked {
  readonly label: string
  readonly looked: number
  readonly violations: number
}
/** What a demonstration of any type found out; the same options give the same report. */
export interface AnyReport {
  readonly type: string
  readonly label: Label
  readonly tickets: number
  readonly seed: number
  readonly calendarExample: boolean
  readonly states: readonly { readonly state: string; readonly label: string; readonly tickets: number }[]
  readonly stories: readonly { readonly name: string; readonly tickets: number; readonly asTold: number }[]
  /** Verdicts by target: met, metLate, breached, void, running. */
  readonly promises: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Longest wait for a participant, in the clock's own time. */
  readonly longestPause: { readonly ticketNumber: string; readonly target: string; readonly ms: number } | null
  readonly messages: Readonly<Record<string, number>>
  readonly commands: Readonly<Record<string, number>>
  readonly timers: { readonly fired: number; readonly superseded: number; readonly pending: number }
  readonly refusals: Readonly<Record<string, number>>
  readonly surprises: readonly Refusal[]
  readonly rules: readonly Checked[]
  readonly verified: { readonly tickets: number; readonly entries: number; readonly problems: readonly string[] }
}

interface Told {
  readonly ticket: AnyTicket
  readonly row: TicketRow
  readonly log: readonly LogEntry[]
  readonly timers: readonly TimerRow[]
  readonly outbox: readonly OutboxRow[]
}

/** Plays a type that nobody wrote a demonstration for, in a folder of its own. Throws NOT_FOUND for a type that is not loaded. */
export async function runAny(options: AnyOptions): Promise<AnyReport> {
  const world = await openWorld(options.seed, options.folder, options.files)
  try {
    const type = world.types.get(options.type)
    if (type === undefined) {
      const known = [...world.types.keys()].join(', ')
      throw new PulihError('NOT_FOUND', `There is no ticket type of this name; loaded are: ${known}.`)
    }
    return await reportOn(world, type, options, await liveAny(world, type, options))
  } finally {
    await world.close()
  }
}

async function reportOn(
  world: DemoWorld,
  type: TicketType,
  { tickets, seed }: AnyOptions,
  lived: AnyLived,
): Promise<AnyReport> {
  const { store, types, engine } = world
  const told = await readAll(world, lived)
  const clocks = told.flatMap(({ row }) => row.schedule.clocks.map((clock) => ({ row, clock })))
  const timers = told.flatMap((it) => it.timers)
  const outbox = told.flatMap((it) => it.outbox)
  const inState = (state: TimerRow['state']) => timers.filter((it) => it.state === state).length
  const { tickets: replayed, entries, problems } = await verifyStore({ store, types, reference: engine.reference })
  const { reference } = engine
  return {
    ...{ type: type.type, label: type.label, tickets, seed },
    calendarExample: reference.offices().some((it) => reference.calendar(it.calendarId).spec.example),
    states: Object.entries(countBy(told, ({ row }) => row.state)).map(([state, count]) => ({
      ...{ state, label: type.states[state]?.id ?? state, tickets: count },
    })),
    stories: scoreStories(type, told),
    promises: Object.fromEntries(
      Object.keys(type.targets).map((target) => [
        target,
        countBy(
          clocks.filter(({ clock }) => clock.target === target),
          ({ clock }) => clock.outcome ?? 'running',
        ),
      ]),
    ),
    longestPause: longestPause(clocks),
    messages: countBy(
      outbox.filter((it) => it.kind === 'message'),
      (it) => String(it.body['template']),
    ),
    commands: countBy(
      outbox.filter((it) => it.kind === 'port'),
      (it) => `${String(it.body['port'])} ${String(it.body['operation'])}`,
    ),
    timers: { fired: inState('fired'), superseded: inState('superseded'), pending: inState('pending') },
    refusals: countBy(lived.refusals, (it) => it.code),
    surprises: lived.surprises,
    rules: checkRules(type, told),
    verified: { tickets: replayed, entries, problems: problems.map((it) => it.what) },
  }
}

async function readAll({ store }: DemoWorld, { tickets }: AnyLived): Promise<readonly Told[]> {
  const told: Told[] = []
  for (const ticket of tickets) {
    if (ticket.ticketId === null) continue
    const [row, log, timers, outbox] = await Promise.all([
      store.findTicket(ticket.ticketId),
      store.readLog(ticket.ticketId, 0, 1000),
      store.timersOf(ticket.ticketId),
      store.outboxOf(ticket.ticketId),
    ])
    if (row !== null) told.push({ ticket, row, log, timers, outbox })
  }
  return told
}

const scoreStories = ({ stories = [] }: TicketType, told: readonly Told[]): AnyReport['stories'] => {
  const wandered = told.filter(({ ticket }) => ticket.story === null)
  const played = stories.map((story) => {
    const own = told.filter(({ ticket }) => ticket.story === story)
    const asTold = own.filter(({ row }) => row.state === story.ends).length
    return { name: story.name.id, tickets: own.length, asTold }
  })
  return [...played, { name: 'Jalan acak', tickets: wandered.length, asTold: wandered.length }].filter(
    (it) => it.tickets > 0,
  )
}

function longestPause(clocks: readonly { row: TicketRow; clock: SlaClock }[]): AnyReport['longestPause'] {
  const pauses = clocks.flatMap(({ row, clock }) =>
    clock.pauses.map(({ ms }) => ({ ticketNumber: row.ticketNumber, target: clock.target, ms })),
  )
  return pauses.reduce<AnyReport['longestPause']>((a, b) => (a !== null && a.ms >= b.ms ? a : b), null)
}

/** What must hold of every type, judged on what was stored. */
function checkRules(type: TicketType, told: readonly Told[]): readonly Checked[] {
  const rule = (label: string, look: (it: Told) => readonly boolean[]): Checked => {
    const answers = told.flatMap(look)
    return { label, looked: answers.length, violations: answers.filter((it) => !it).length }
  }
  return [
    rule('setiap pengatur waktu berbunyi paling banyak satu kali', ({ log, timers }) => [
      log.filter((it) => isTimerEvent(type, it.event.type)).length ===
        timers.filter((it) => it.state === 'fired').length,
    ]),
    rule('setiap pengatur waktu berbunyi tepat pada saatnya', ({ timers }) =>
      timers.filter((it) => it.state === 'fired').map((it) => it.closedAt === it.dueAt),
    ),
    rule('tepat waktu berarti paling lambat pada tenggat, terlambat berarti sesudahnya', ({ row }) =>
      row.schedule.clocks.map(({ outcome, settledAt, dueAt }) =>
        outcome === 'met' ? (settledAt ?? Infinity) <= dueAt : outcome !== 'metLate' || (settledAt ?? 0) > dueAt,
      ),
    ),
    rule('tiket yang selesai tidak menyisakan pengatur waktu', ({ row, timers }) =>
      row.standing === 'terminal' ? [timers.every((it) => it.state !== 'pending')] : [],
    ),
    rule('setiap pesan dan perintah terkirim satu kali', ({ outbox }) => outbox.map((it) => it.deliveredAt !== null)),
    rule('setiap kisah berakhir seperti yang tertulis', ({ ticket, row }) =>
      ticket.story === null ? [] : [row.state === ticket.story.ends],
    ),
  ]
}

function countBy<T>(list: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const item of list) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Does everything hold? */
export const isAnySound = ({ surprises, rules, verified }: AnyReport): boolean =>
  surprises.length === 0 && verified.problems.length === 0 && rules.every((it) => it.violations === 0)
