import type { BulkItem, BulkJob } from '../../../db/staff/bulk.js'
import type { WorkRow } from '../../../db/staff/worklist.js'
import { PulihError } from '../../engine/errors.js'
import type { Worker, Worklist, WorklistChoice } from '../worklist/index.js'
import type { BulkAction } from './actions.js'
import type { BulkParts } from './parts.js'
import { runJobs } from './run.js'

export { BULK_ACTIONS, type BulkAction } from './actions.js'
export { csv } from './csv.js'

export type Selection = { readonly ids: readonly string[] } | { readonly filter: WorklistChoice }
export interface BulkOrder {
  readonly action: BulkAction
  readonly payload: Readonly<Record<string, unknown>>
  readonly selection: Selection
  readonly dryRun: boolean
  /** Scoped to the caller, with a hash of what was asked. */
  readonly key: string
  readonly fingerprint: string
}
export interface BulkProgress {
  readonly job: BulkJob
  readonly tally: Readonly<Partial<Record<BulkItem['state'], number>>>
}

export interface Bulk {
  /** Freezes the selection and starts; the same key again gives the same job. Throws IDEMPOTENCY_KEY_REUSED, VALIDATION_FAILED for too many or none. */
  start(worker: Worker, order: BulkOrder): Promise<{ readonly job: BulkJob; readonly replayed: boolean }>
  /** Throws NOT_FOUND for a job of somebody else. */
  progress(worker: Worker, id: string): Promise<BulkProgress>
  items(worker: Worker, id: string, afterSeq: number, limit: number): Promise<readonly BulkItem[]>
  /** What is under way is finished, the rest is skipped. Harmless when it is over. */
  cancel(worker: Worker, id: string): Promise<BulkProgress>
  /** Works until nothing is left or it is told to stop; how many items. For processes that work. */
  run(signal: AbortSignal): Promise<number>
}

export function createBulk(parts: BulkParts): Bulk {
  const { store, clock, ids, audit, worklist } = parts
  const { bulk } = store.work
  const own = async (worker: Worker, id: string): Promise<BulkJob> => {
    const job = await bulk.findBulk(id)
    const sees = job?.actorId === worker.id || worker.grants.some((it) => it.role === 'auditor' && it.officeId === null)
    if (job === null || !sees) throw new PulihError('NOT_FOUND', 'no such job of this person')
    return job
  }
  const progressOf = async (job: BulkJob): Promise<BulkProgress> => ({ job, tally: await bulk.tallyBulk(job.id) })
  return {
    async start(worker, order) {
      const key = `${worker.id}:${order.key}`
      const known = await bulk.findBulkByKey(key)
      if (known !== null) return replayed(known, order)
      const at = clock.now()
      const { policy } = await worklist.desk.policy()
      const chosen = await frozen(worklist, worker, order.selection, policy.bulkItems)
      const id = ids.id()
      const job: BulkJob = {
        ...{ id, key, fingerprint: order.fingerprint, action: order.action, payload: order.payload },
        ...{ dryRun: order.dryRun, actorId: worker.id, actorRole: 'supervisor', state: 'running' },
        ...{ total: chosen.length, createdAt: at, finishedAt: null, leasedUntil: null },
      }
      const rows = chosen.map((it, seq) => itemOf(id, seq + 1, it, at))
      // Before it counts: a job that nothing tells of is worse than an entry about one that did not start.
      await audit.record({
        ...{ at, actorId: worker.id, actorRole: 'supervisor', action: 'bulk.start', subject: id },
        detail: { action: order.action, total: chosen.length, dryRun: order.dryRun },
      })
      if (!(await bulk.startBulk(job, rows))) {
        const twin = await bulk.findBulkByKey(key)
        if (twin === null) throw new PulihError('STORE_BUSY', 'The job cannot be started now.')
        return replayed(twin, order)
      }
      return { job, replayed: false }
    },
    progress: async (worker, id) => progressOf(await own(worker, id)),
    async items(worker, id, afterSeq, limit) {
      await own(worker, id)
      return bulk.bulkItems(id, afterSeq, limit)
    },
    async cancel(worker, id) {
      const job = await own(worker, id)
      const at = clock.now()
      if (await bulk.finishBulk(job.id, 'cancelled', at))
        await audit.record({
          ...{ at, actorId: worker.id, actorRole: 'supervisor', action: 'bulk.cancel', subject: id },
        })
      return progressOf((await bulk.findBulk(id)) ?? job)
    },
    run: (signal) => runJobs(parts, signal),
  }
}

function replayed(job: BulkJob, { fingerprint }: BulkOrder) {
  if (job.fingerprint !== fingerprint) throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'This key started another job.')
  return { job, replayed: true }
}

type Chosen = Pick<WorkRow, 'id' | 'ticketNumber' | 'officeId' | 'contentVersion'> & { readonly known: boolean }

/** What the job is about, as it stands now: whatever is filed or changes later is not part of it. */
async function frozen(
  { listing }: Worklist,
  worker: Worker,
  selection: Selection,
  most: number,
): Promise<readonly Chosen[]> {
  const known = (row: WorkRow): Chosen => ({ ...row, known: true })
  const tooMany = () =>
    new PulihError('VALIDATION_FAILED', 'too many tickets, or none', {
      errors: [{ pointer: '/selection', code: 'size' }],
    })
  if ('filter' in selection) {
    const rows = await listing.select(worker, selection.filter, most + 1)
    if (rows.length === 0 || rows.length > most) throw tooMany()
    return rows.map(known)
  }
  const wanted = [...new Set(selection.ids)]
  if (wanted.length === 0 || wanted.length > most) throw tooMany()
  const rows = new Map<string, WorkRow>()
  for (let at = 0; at < wanted.length; at += 500)
    for (const row of await listing.bare(worker, wanted.slice(at, at + 500))) rows.set(row.id, row)
  // A ticket of another office is answered like one that does not exist (A19).
  return wanted.map((id) => {
    const row = rows.get(id)
    return row === undefined ? { id, ticketNumber: '', officeId: '', contentVersion: 0, known: false } : known(row)
  })
}

const itemOf = (jobId: string, seq: number, { id, known, ...row }: Chosen, at: number): BulkItem => ({
  ...{ jobId, seq, ticketId: id, ticketNumber: row.ticketNumber, officeId: row.officeId },
  contentVersion: row.contentVersion,
  ...(known ? { state: 'pending', code: null, at: null } : { state: 'refused', code: 'TICKET_NOT_FOUND', at }),
})
