import { getNextTransitions, type AnyMachineSnapshot } from 'xstate'
import { policies } from '../../db/seeds/policies.js'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { offices } from '../../db/seeds/offices.js'
import { movesTime, plan, type PlanWorld } from '../../src/engine/plan.js'
import { ReferenceData } from '../../src/engine/reference.js'
import { copySchedule, emptySchedule, pendingTimers, type PendingTimer } from '../../src/engine/schedule.js'
import type { Schedule } from '../../src/engine/types.js'
import type { Effect } from '../../src/machines/effects.js'
import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'
import { begin, step } from '../../src/machines/snapshots.js'
import type { TicketEvent, TicketType } from '../../src/machines/ticketType.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import { EVENTS, NOW, timerEvents, type Start } from './events.js'
import { afterEvent, ghostKey, newGhost, type Ghost } from './ghost.js'

const policy = policies[0]!
export const reference = new ReferenceData({ calendars: exampleCalendars, policies, offices })
const world: PlanWorld = {
  at: NOW,
  policy,
  reference,
  officeCalendar: (office) => reference.calendar(reference.office(office).calendarId),
}

/** One configuration: a snapshot, what a bystander wrote down, and the time it implies. */
export interface Node {
  readonly index: number
  readonly snapshot: AnyMachineSnapshot
  readonly context: PengaduanContext
  readonly leaf: string
  readonly ghost: Ghost
  readonly schedule: Schedule
  readonly pending: readonly PendingTimer[]
  readonly terminal: boolean
  readonly from: number
  readonly via: string
}
export interface Edge {
  readonly from: Node
  readonly to: Node
  readonly name: string
  readonly event: TicketEvent
  /** The very snapshot of this step; `to` may be an equal configuration met before. */
  readonly snapshot: AnyMachineSnapshot
  readonly effects: readonly Effect[]
  /** The bystander's notes and the pending timers after this very step (a node keeps those of its first visit). */
  readonly ghost: Ghost
  readonly pending: readonly PendingTimer[]
}
export interface Exploration {
  readonly nodes: readonly Node[]
  readonly transitions: number
  readonly refused: number
  /** How to get to a node, for a message that helps. */
  readonly pathTo: (node: Node) => string
}

const bit = (value: boolean) => (value ? '1' : '0')
const SETTLED = new Set(['met', 'metLate', 'voided', 'breachStands'])
const settled = (state: string) => (SETTLED.has(state) ? 'settled' : state)

/**
 * Two configurations are one when nothing that follows can tell them apart: state values and every fact that a guard reads, without
 * instants, generations, cycle numbers, office names and coded reasons. A settled clock's verdict is left out (checked on the way in).
 */
function keyOf(snapshot: AnyMachineSnapshot, leaf: string, context: PengaduanContext, ghost: Ghost): string {
  const { firstReview, resolution, objectionReview } = snapshot.value as Record<string, string>
  const kept =
    `${leaf}|${settled(firstReview!)}|${settled(resolution!)}|${settled(objectionReview!)}|${context.route}|` +
    bit(context.elevated) +
    bit(context.extended) +
    bit(context.erased) +
    bit(context.uploaders.includes('c'))
  const waits = `${context.pauseCauses.join('+')}|${Object.keys(context.armed).sort().join('+')}`
  // A closed ticket keeps only what reopening does not forget (a test compares: reopening either of two merged ones leads to the same).
  if (snapshot.hasTag('terminal')) return `${kept}|${waits}|${context.closedAt}`
  const facts =
    bit(context.provenEmail) +
    bit(context.provenPhone) +
    bit(context.identityVerified) +
    bit(context.reviewStarted) +
    bit(context.objectionOpen) +
    bit(context.holdEnded) +
    bit(context.released) +
    bit(context.inPerson) +
    bit(context.requestedDocuments.includes('KTP')) +
    bit(context.requestedDocuments.includes('SLIP_GAJI'))
  const officers = `${context.maker}|${context.checker}|${context.referredBy}`
  return `${kept}|${waits}|${facts}|${officers}|${ghostKey(ghost)}`
}

export interface Options {
  readonly type?: TicketType
  /** Leaves events out: a smaller world for one question. */
  readonly without?: (name: string) => boolean
  readonly withTime?: boolean
}

type Time = Pick<Node, 'schedule' | 'pending'>

/** Breadth first over every configuration that events can reach; `visit` sees each accepted step and may stop with a message. */
export function explore(
  start: Start,
  visit: (edge: Edge, exploration: Exploration) => void,
  { type = ticketType, without = () => false, withTime = false }: Options = {},
): Exploration {
  const people = Object.entries(EVENTS).filter(([name]) => !without(name))
  const left = new Map<string, boolean>()
  const asked = ([name]: readonly [string, unknown]): boolean => {
    let answer = left.get(name)
    if (answer === undefined) left.set(name, (answer = !without(name)))
    return answer
  }
  const nodes: Node[] = []
  const known = new Map<string, Node>()
  let transitions = 0
  let refused = 0
  const timed = (before: Time, effects: readonly Effect[]): Time => {
    // Every effect is planned; a copy is needed only where one moves a clock or a deadline.
    if (!withTime || effects.length === 0) return before
    const moves = effects.some(movesTime)
    const schedule = moves ? copySchedule(before.schedule) : before.schedule
    plan(schedule, effects, world)
    return moves ? { schedule, pending: pendingTimers(schedule) } : before
  }
  const arrive = (snapshot: AnyMachineSnapshot, ghost: Ghost, time: Time, from: number, via: string): Node => {
    const context = snapshot.context as PengaduanContext
    const leaf = type.stateOf(snapshot)
    const key = keyOf(snapshot, leaf, context, ghost)
    const there = known.get(key)
    if (there !== undefined) return there
    const node = {
      index: nodes.length,
      snapshot,
      context,
      leaf,
      ghost,
      schedule: time.schedule,
      pending: time.pending,
      terminal: snapshot.hasTag('terminal'),
      from,
      via,
    }
    known.set(key, node)
    nodes.push(node)
    return node
  }
  const exploration: Exploration = {
    nodes,
    get transitions() {
      return transitions
    },
    get refused() {
      return refused
    },
    pathTo: (node) => {
      const names: string[] = []
      for (let it: Node | undefined = node; it !== undefined && it.from >= 0; it = nodes[it.from]) names.unshift(it.via)
      return [start.name, ...names, node.leaf].join(' > ')
    },
  }

  const input = type.input({ filing: type.filing.parse(start.filing) as never, policy, actor: start.filer, at: NOW })
  const first = begin(type, input)
  arrive(first.snapshot, newGhost(start), timed({ schedule: emptySchedule(), pending: [] }, first.effects), -1, '')
  for (let next = 0; next < nodes.length; next++) {
    const from = nodes[next]!
    const timers = timerEvents(from.context).filter(asked)
    const heard = new Set(getNextTransitions(from.snapshot).map((it: { eventType: string }) => it.eventType))
    for (const [name, event] of [...people, ...timers]) {
      const stepped = heard.has(event.type) ? step(type, from.snapshot, event) : null
      if (stepped?.taken !== true) {
        refused += 1
        continue
      }
      transitions += 1
      const { snapshot, effects } = stepped
      const ghost = afterEvent(from.ghost, event, from.leaf, from.context)
      const time = timed(from, effects)
      const to = arrive(snapshot, ghost, time, from.index, name)
      visit({ from, to, name, event, snapshot, effects, ghost, pending: time.pending }, exploration)
    }
  }
  return exploration
}
