import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { BulkItem, BulkJob, Verdict } from '../../../db/staff/bulk.js'
import { PulihError } from '../../engine/errors.js'
import { OfficeId, ReasonCode } from '../../machines/events.js'
import { linkToIncident } from '../incidents/linking.js'
import { claimIdOf } from '../worklist/access.js'
import type { Worker } from '../worklist/index.js'
import type { BulkParts } from './parts.js'

/** What may be done to many at once. Deciding is not among them: nobody approves or rejects a list. */
export const BULK_ACTIONS = {
  assign: z.strictObject({ staffId: z.string().min(1).max(128), reason: ReasonCode }),
  transfer: z.strictObject({ officeId: OfficeId, reason: ReasonCode }),
  'documents.request': z.strictObject({
    documents: z
      .array(z.strictObject({ kind: z.string().min(1).max(64), reason: ReasonCode }))
      .min(1)
      .max(5),
  }),
  'promise.extend': z.strictObject({ flag: z.string().min(1).max(64) }),
  'incident.link': z.strictObject({ incidentId: z.uuid() }),
} as const
export type BulkAction = keyof typeof BULK_ACTIONS

/** The machine event behind an action; an assignment and a link are none. */
const EVENTS: Readonly<Record<Exclude<BulkAction, 'assign' | 'incident.link'>, string>> = {
  transfer: 'office.transfer',
  'documents.request': 'documents.request',
  'promise.extend': 'promise.extend',
}
const isAssign = (action: string): action is 'assign' => action === 'assign'

export interface Judged {
  readonly verdict: Verdict
  readonly code: string | null
}
const DONE: Judged = { verdict: 'done', code: null }

/**
 * Does one item of a job, or says what would become of it, under a key of its own: after a crash the same again gives the same.
 * Rejects only when the database cannot take it now; then the item waits.
 */
export async function judge(parts: BulkParts, job: BulkJob, item: BulkItem): Promise<Judged> {
  try {
    // Done before a crash, whatever became since of the ticket, or of the role of whoever started it.
    if (await wasDone(parts, job, item)) return DONE
    await refuseRevoked(parts, job, item)
    if (job.action === 'incident.link') return await link(parts, job, item)
    return await (isAssign(job.action) ? assign(parts, job, item) : send(parts, job, item))
  } catch (error) {
    if (!(error instanceof PulihError) || LATER.has(error.code)) throw error
    return { verdict: error.code === 'VERSION_STALE' ? 'skipped' : 'refused', code: error.code }
  }
}
const LATER = new Set(['STORE_BUSY', 'SHUTTING_DOWN', 'AUDIT_UNAVAILABLE'])

async function wasDone({ store }: BulkParts, job: BulkJob, item: BulkItem): Promise<boolean> {
  if (job.dryRun) return false
  const { assignments, incidents } = store.work
  if (isAssign(job.action)) return (await assignments.findClaim(claimIdOf(job.actorId, keyOf(item)))) !== null
  if (job.action !== 'incident.link') return (await store.findIdempotency(commandKeyOf(job, item))) !== null
  return incidents.isLinked(BULK_ACTIONS['incident.link'].parse(job.payload).incidentId, item.ticketId)
}

/** Whoever started it must still be allowed to, ticket by ticket: at the office that has it now. */
async function refuseRevoked({ authority, clock, store }: BulkParts, { actorId }: BulkJob, item: BulkItem) {
  const [row] = await store.work.worklist.workRows([item.ticketId])
  if (row === undefined) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
  if (!(await authority.holds(actorId, 'supervisor', row.officeId, clock.now())))
    throw new PulihError('ROLE_NOT_ALLOWED', 'no supervisor of its office')
}

async function send({ store, engine }: BulkParts, job: BulkJob, item: BulkItem): Promise<Judged> {
  const { ticketId, contentVersion } = item
  const actor = { id: job.actorId, role: 'supervisor' as const }
  const type = EVENTS[job.action as keyof typeof EVENTS]
  if (job.dryRun) {
    const ticket = await store.findTicket(ticketId)
    if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
    if (ticket.contentVersion !== contentVersion) throw new PulihError('VERSION_STALE', 'it changed meanwhile')
    if (!engine.allowed(ticket, actor).some((it) => it.type === type))
      throw new PulihError('EVENT_NOT_ALLOWED', 'not possible in its state')
    return DONE
  }
  await engine.handle({
    ...{ ticketId, actor, event: { ...job.payload, type }, expectedContentVersion: contentVersion },
    ...{ key: commandKeyOf(job, item), fingerprint: fingerprintOf(job) },
  })
  return DONE
}

async function assign({ store, worklist }: BulkParts, job: BulkJob, item: BulkItem): Promise<Judged> {
  const { ticketId } = item
  const { staffId, reason } = BULK_ACTIONS.assign.parse(job.payload)
  const worker: Worker = { id: job.actorId, grants: [{ role: 'supervisor', officeId: item.officeId }] }
  const key = keyOf(item)
  const [row] = await store.work.worklist.workRows([ticketId])
  if (row?.contentVersion !== item.contentVersion) throw new PulihError('VERSION_STALE', 'it changed meanwhile')
  const handover = { ticketId, agentId: staffId, reason }
  if (job.dryRun) await worklist.mayAssign(worker, handover)
  else await worklist.assign(worker, { ...handover, key })
  return DONE
}

/** Whatever became of the ticket meanwhile: what it came of stays true. */
async function link({ store, clock }: BulkParts, job: BulkJob, { ticketId }: BulkItem): Promise<Judged> {
  const { incidentId } = BULK_ACTIONS['incident.link'].parse(job.payload)
  const order = { incidentId, ticketId, by: job.actorId, at: clock.now(), dryRun: job.dryRun }
  await linkToIncident(store.work.incidents, order)
  return DONE
}

const keyOf = ({ jobId, seq }: BulkItem): string => `bulk:${jobId}:${seq}`
const commandKeyOf = ({ actorId }: BulkJob, item: BulkItem): string => `${actorId}:${keyOf(item)}`
const fingerprintOf = ({ action, payload }: BulkJob): string =>
  createHash('sha256')
    .update(`${action}\n${JSON.stringify(payload)}`)
    .digest('hex')
