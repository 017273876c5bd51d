import type { CommandSource, Written } from '../engine/observer.js'
import type { SlaClock, TimerRow } from '../engine/types.js'
import { slaFamily } from '../machines/generations.js'
import type { Metrics } from './registry.js'

const OBJECTION = 'ObjectionRaised'
const HOLD = 'hold'

/**
 * Counts what a commit made true: facts from its log entries, promises from the schedule before and after, timers from
 * the rows it closed. Only committed changes come here, each once. `now` in epoch ms.
 */
export function countFacts(metrics: Metrics, written: readonly Written[], now: number): void {
  for (const { source, before, change } of written) {
    const { type, schedule } = change.ticket
    for (const { fact } of change.log) metrics.facts.inc({ type, fact })
    const held = before?.schedule.deadlines.some(({ name }) => name === HOLD) === true
    if (held && change.log.some(({ fact }) => fact === OBJECTION)) metrics.objections.inc({ type })
    // Clocks are only ever added at the end, so the same place is the same promise.
    for (const [index, clock] of schedule.clocks.entries())
      countClock(metrics, type, before?.schedule.clocks[index], clock)
    countTimers(metrics, source, change, now)
  }
}

/** A verdict can only fall once in a clock's life. */
function countClock(metrics: Metrics, type: string, before: SlaClock | undefined, after: SlaClock): void {
  if (after.settledAt === null || (before?.settledAt ?? null) !== null) return
  metrics.settled.inc({ type, target: after.target, route: after.route, outcome: after.outcome ?? 'void' })
}

type Fired = Pick<TimerRow, 'family' | 'threshold' | 'generation' | 'state' | 'closedAt'>

/** A command may settle timers that were due before it: no alarm rang for those. One whose event was refused did not fire. */
function countTimers(metrics: Metrics, source: CommandSource, change: Written['change'], now: number): void {
  const alarm = source === 'queue' || source === 'sweeper' ? source : 'command'
  const rows: readonly Fired[] = [...change.timersClosed, ...change.timersAdded]
  for (const row of rows) {
    const { family, threshold, state, closedAt } = row
    // A timer that fired is closed at its own due instant.
    if (state !== 'fired' || closedAt === null) continue
    const promise = promiseOf(change, row)
    metrics.lateness.observe(
      { family: promise === undefined ? family : 'sla', alarm },
      Math.max(0, now - closedAt) / 1_000,
    )
    if (promise === undefined) continue
    const labels = { type: change.ticket.type, target: promise.target, route: promise.route }
    if (threshold === 'due') metrics.breaches.inc(labels)
    else if (threshold.startsWith('ladder')) metrics.escalations.inc(labels)
    else metrics.warnings.inc(labels)
  }
}

/** The promise that a timer belongs to; undefined for a deadline. Its generation moves on when the clock is paused. */
function promiseOf({ ticket }: Written['change'], { family, generation }: Fired): SlaClock | undefined {
  const { clocks } = ticket.schedule
  const ours = clocks.filter(({ target }) => slaFamily(target) === family)
  return ours.find((clock) => clock.generation === generation) ?? ours.at(-1)
}
