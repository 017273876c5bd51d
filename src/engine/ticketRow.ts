import type { AnyMachineSnapshot } from 'xstate'
import { persist, tagsOf } from '../machines/snapshots.js'
import type { TicketType } from '../machines/ticketType.js'
import { nextDueAt } from './schedule.js'
import type { Schedule, TicketRow } from './types.js'

type Counted = 'revision' | 'contentVersion' | 'policyVersion' | 'logSeq' | 'outboxSeq' | 'filedAt' | 'updatedAt'
type Known = Pick<TicketRow, Counted | 'id' | 'ticketNumber' | 'policyId' | 'nextTimerAt'>

/**
 * The row of a ticket in this state. Every column by name: spreading objects into one of this many names costs V8 ten kilobytes and
 * more time than anything else here.
 */
export function ticketRow(type: TicketType, snapshot: AnyMachineSnapshot, schedule: Schedule, known: Known): TicketRow {
  const columns = type.columns(snapshot.context)
  return {
    id: known.id,
    ticketNumber: known.ticketNumber,
    type: type.type,
    machineVersion: type.version,
    policyId: known.policyId,
    policyVersion: known.policyVersion,
    revision: known.revision,
    contentVersion: known.contentVersion,
    state: type.stateOf(snapshot),
    standing: tagsOf(snapshot).find((tag) => tag !== 'open') ?? 'waitingOnUs',
    route: columns.route,
    category: columns.category,
    cause: columns.cause,
    officeId: columns.officeId,
    participantRef: columns.participantRef,
    priority: columns.priority,
    releasedAt: columns.releasedAt,
    closedAt: columns.closedAt,
    makerId: columns.makerId,
    checkerId: columns.checkerId,
    snapshot: persist(snapshot),
    schedule,
    nextDueAt: nextDueAt(schedule),
    nextTimerAt: known.nextTimerAt,
    logSeq: known.logSeq,
    outboxSeq: known.outboxSeq,
    filedAt: known.filedAt,
    updatedAt: known.updatedAt,
  }
}
