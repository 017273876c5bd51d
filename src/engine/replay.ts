import { begin } from '../machines/snapshots.js'
import type { Role, TicketEvent, TicketType } from '../machines/ticketType.js'
import { CALENDAR_CHANGE, type CalendarStep } from './calendarChange.js'
import { PulihError } from './errors.js'
import { pendingTimers } from './schedule.js'
import { typeOfTicket, type TicketTypes } from './ticketTypes.js'
import { isTimerEvent, timerEvent } from './timerEvents.js'
import type { Change, LogEntry, OutboxRow, Reference, Retold, RetoldHead, TicketRow, TimerRow } from './types.js'
import { Working } from './working.js'

/** What a log says a ticket must be: the row, every timer row it ever had, every outbox row, and the log again as a fold would write it. */
export interface Replayed {
  readonly row: TicketRow
  readonly timers: readonly TimerRow[]
  readonly outbox: readonly OutboxRow[]
  readonly log: readonly LogEntry[]
}

/**
 * Folds a ticket's log from nothing, commit by commit, each entry on the machine, calendar and policy version that wrote it.
 * Throws PulihError INTERNAL where the log cannot have been written by this engine. `seen` is shown each entry with the ticket as it stood after it;
 * what it wants to keep of that it copies.
 */
export function replay(
  log: readonly LogEntry[],
  head: RetoldHead,
  types: TicketTypes,
  reference: Reference,
  seen?: (entry: LogEntry, ticket: Retold) => void,
): Replayed {
  const current = typeOfTicket(types, head)
  const timers = new Map<string, TimerRow>()
  const outbox: OutboxRow[] = []
  const entries: LogEntry[] = []
  let row: TicketRow | null = null
  for (const commit of commits(log)) {
    const working: Working = openCommit(commit, row, head, current, reference)
    for (const [index, entry] of commit.entries()) {
      if (row !== null || index > 0) run(working, entry)
      seen?.(entry, working)
    }
    const change: Change = working.change(null)
    row = change.ticket
    outbox.push(...change.outbox)
    entries.push(...change.log)
    for (const timer of change.timersAdded) timers.set(timerName(timer), timer)
    for (const closed of change.timersClosed) {
      const known = timers.get(timerName(closed))
      if (known !== undefined)
        timers.set(timerName(closed), { ...known, state: closed.state, closedAt: closed.closedAt })
    }
  }
  if (row === null) throw new PulihError('INTERNAL', 'a ticket without a log')
  return { row, timers: [...timers.values()], outbox, log: entries }
}

export const timerName = (it: { family: string; threshold: string; generation: number }): string =>
  `${it.family}|${it.threshold}|${it.generation}`

/** Entries grouped by the commit that wrote them. */
function* commits(log: readonly LogEntry[]): Generator<readonly LogEntry[]> {
  let group: LogEntry[] = []
  for (const entry of log) {
    if (group.length > 0 && group[0]?.revision !== entry.revision) {
      yield group
      group = []
    }
    group.push(entry)
  }
  if (group.length > 0) yield group
}

/** The machine of a version: today's, or one kept for old logs. */
function machineOf(type: TicketType, version: number): TicketType {
  if (version === type.version) return type
  const earlier = type.earlier?.[version]
  if (earlier === undefined)
    throw new PulihError('INTERNAL', `version ${version} of ${type.type} is no longer in the tree`)
  return earlier
}

function openCommit(
  commit: readonly LogEntry[],
  row: TicketRow | null,
  head: Pick<TicketRow, 'id' | 'ticketNumber' | 'policyId'>,
  current: TicketType,
  reference: Reference,
): Working {
  const [first] = commit
  if (first === undefined) throw new PulihError('INTERNAL', 'an empty commit')
  const type = machineOf(current, first.machineVersion)
  if (row !== null) return Working.load(type, reference, row, versionsOf(first), first.recordedAt)
  const event = eventOf(first)
  const policy = reference.policy(head.policyId, first.policyVersion)
  const filing = event['filing'] as Readonly<Record<string, unknown>>
  const decision = begin(type, type.input({ filing, policy, actor: event.actor, at: event.at }))
  return Working.file(type, reference, head, versionsOf(first), decision, event, {
    recordedAt: first.recordedAt,
    commandId: first.commandId,
  })
}

const versionsOf = (entry: LogEntry) => ({ policyVersion: entry.policyVersion, calendar: entry.calendar })
const eventOf = (entry: LogEntry): TicketEvent => ({
  ...entry.event,
  at: entry.at,
  actor: { id: entry.actorId, role: entry.actorRole as Role },
})

/** Runs one entry again: an upgrade was done by loading, a calendar measures anew, a timer rings, anything else is applied. */
function run(working: Working, entry: LogEntry): void {
  if (entry.event.type === 'machine.upcast') return
  working.useVersions(versionsOf(entry))
  if (entry.event.type === CALENDAR_CHANGE) {
    const { from, calendar, reason, gates, message } = entry.event as unknown as CalendarStep
    working.remeasure({ from, calendar, reason, gates, message: message ?? null }, entry.at, eventOf(entry).actor)
    return
  }
  const timer = pendingTimers(working.schedule).find((it) => isTimerEntry(working, it, entry))
  if (timer !== undefined) {
    if (entry.event.type === 'timer.dropped') working.drop(timer)
    else working.ring(timer)
    return
  }
  const event = eventOf(entry)
  if (event.type === 'timer.dropped' || isTimerEvent(working.type, event.type))
    throw new PulihError('INTERNAL', `entry ${entry.seq} (${entry.fact}) rings a timer that was not due then`)
  if (!working.apply(event, entry.commandId))
    throw new PulihError('INTERNAL', `entry ${entry.seq} (${entry.fact}) was not possible`)
}

function isTimerEntry(working: Working, timer: ReturnType<typeof pendingTimers>[number], entry: LogEntry): boolean {
  if (working.instantOf(timer) !== entry.at) return false
  const { family, threshold, generation } = timer
  if (entry.event.type === 'timer.dropped') {
    return (
      entry.event['family'] === family &&
      entry.event['threshold'] === threshold &&
      entry.event['generation'] === generation
    )
  }
  const { type, generation: rung, target, threshold: name } = timerEvent(working.type, timer, entry.at)
  const { event } = entry
  return (
    event.type === type && event['generation'] === rung && event['target'] === target && event['threshold'] === name
  )
}
