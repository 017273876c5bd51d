import type { Assignment } from '../../db/staff/assignments.js'
import { PulihError } from '../engine/errors.js'
import { GROUP_LABELS, type Worker, type WorklistRow } from '../staff/worklist/index.js'
import type { ApiDeps, Call } from './context.js'
import { iso, isoOrNull, labelOf } from './words.js'

/** The person behind a call, with every grant. Throws UNAUTHENTICATED for a route that nobody signed in for. */
export function workerOf(call: Pick<Call, 'principal'>): Worker {
  if (call.principal === null) throw new PulihError('UNAUTHENTICATED', 'nobody signed in')
  return call.principal
}

export const assignmentView = (it: Assignment) => ({
  ticketId: it.ticketId,
  claimId: it.claimId,
  staffId: it.agentId,
  how: it.how,
  reason: it.reason,
  claimedAt: iso(it.claimedAt),
  leaseUntil: iso(it.leaseUntil),
  draft: it.draft,
})

export const rowView = ({ types }: Pick<ApiDeps, 'types'>, me: string, it: WorklistRow) => {
  const { row, due, holder } = it
  return {
    ticketId: row.id,
    ticketNumber: row.ticketNumber,
    type: row.type,
    state: row.state,
    stateLabel: labelOf(types.get(row.type)?.states ?? {}, row.state),
    route: row.route,
    category: row.category,
    cause: row.cause,
    officeId: row.officeId,
    priority: row.priority,
    contentVersion: row.contentVersion,
    filedAt: iso(row.filedAt),
    releasedAt: isoOrNull(row.releasedAt),
    group: it.group,
    due: { at: isoOrNull(due.at), remainingMs: due.remainingMs, text: due.text },
    holder:
      holder === null
        ? null
        : {
            staffId: holder.agentId,
            until: iso(holder.leaseUntil),
            mine: holder.agentId === me,
            draft: holder.draft,
          },
    flags: it.flags,
    blocked: it.blocked === null ? null : { code: it.blocked.code, label: it.blocked.label },
  }
}
export const groupView = (it: {
  readonly group: keyof typeof GROUP_LABELS
  readonly count: number
  readonly more: boolean
}) => ({
  ...it,
  label: GROUP_LABELS[it.group],
})
