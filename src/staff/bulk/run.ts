import type { BulkItem, BulkJob } from '../../../db/staff/bulk.js'
import { judge } from './actions.js'
import type { BulkParts } from './parts.js'

/** A worker that says nothing for so long is gone; its job is taken up where the verdicts end. */
const LEASE_MS = 60_000
/** So many at once: they share commits. */
const AT_ONCE = 16
const CANCELLED = 'CANCELLED'

/** Takes jobs one after the other until none is left or `signal` says stop; how many items got a verdict. */
export async function runJobs(parts: BulkParts, signal: AbortSignal): Promise<number> {
  const { store, clock } = parts
  const { bulk } = store.work
  let judged = await bulk.settleCancelled(clock.now() - LEASE_MS, CANCELLED, clock.now())
  while (!signal.aborted) {
    const now = clock.now()
    const job = await bulk.leaseBulk(now, now + LEASE_MS)
    if (job === null) break
    judged += await work(parts, job, signal)
  }
  return judged
}

async function work(parts: BulkParts, job: BulkJob, signal: AbortSignal): Promise<number> {
  const { store, clock } = parts
  const { bulk } = store.work
  let held = job.leasedUntil ?? 0
  let judged = 0
  for (;;) {
    if (signal.aborted) {
      await bulk.extendBulk(job.id, held, null)
      return judged
    }
    const items = await bulk.pendingItems(job.id, AT_ONCE)
    if (items.length === 0) break
    // Assignments go to one person: together they would only stand in each other's way.
    if (job.action === 'assign') for (const item of items) await settle(parts, job, item)
    else await Promise.all(items.map((item) => settle(parts, job, item)))
    judged += items.length
    const until = clock.now() + LEASE_MS
    // On a clock that stands still the same instant is the same lease.
    if (until !== held && !(await bulk.extendBulk(job.id, held, until))) return judged + (await given(parts, job))
    held = until
    if ((await bulk.findBulk(job.id))?.state !== 'running') return judged + (await given(parts, job))
  }
  const at = clock.now()
  if (await bulk.finishBulk(job.id, 'done', at)) await recordEnd(parts, job, at)
  return judged
}

/** A cancelled job's rest is skipped by whoever worked on it: only they know that nothing is under way. */
async function given({ store, clock }: BulkParts, { id }: BulkJob): Promise<number> {
  const job = await store.work.bulk.findBulk(id)
  return job?.state === 'cancelled' ? store.work.bulk.skipPending(id, CANCELLED, clock.now()) : 0
}

async function settle(parts: BulkParts, job: BulkJob, item: BulkItem): Promise<void> {
  const { verdict, code } = await judge(parts, job, item)
  await parts.store.work.bulk.judgeItem(job.id, item.seq, verdict, code, parts.clock.now())
}

async function recordEnd({ audit, store }: BulkParts, job: BulkJob, at: number): Promise<void> {
  const { done = 0, refused = 0, skipped = 0 } = await store.work.bulk.tallyBulk(job.id)
  await audit.record({
    ...{ at, actorId: job.actorId, actorRole: job.actorRole, action: 'bulk.end', subject: job.id },
    detail: { done, refused, skipped },
  })
}
