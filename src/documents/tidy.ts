import type { Tidied } from './types.js'
import { SCAN_TASK, type UploadParts } from './uploads.js'

/** Longer than any request may take: what is older in the quarantine belongs to nobody. */
const QUARANTINE_MS = 600_000
/** A file is stored before the row that names it. */
const ORPHAN_MS = 3_600_000
/** A document is settled within its request, or waits with a task of its own. */
const HALF_DONE_MS = 600_000
const BATCH = 200

/** What a killed process left behind. Harmless while others work. */
export async function tidy(parts: UploadParts): Promise<Tidied> {
  const { clock, quarantine } = parts
  return {
    quarantined: await quarantine.sweep(clock.now() - QUARANTINE_MS),
    orphans: await removeOrphans(parts),
    resumed: await resume(parts),
  }
}

async function removeOrphans({ files, store, clock }: UploadParts): Promise<number> {
  const before = clock.now() - ORPHAN_MS
  let removed = 0
  let batch: string[] = []
  const clear = async () => {
    const used = await store.intake.documents.usedRefs(batch)
    const orphans = batch.filter((ref) => !used.has(ref))
    await Promise.all(orphans.map((ref) => files.remove(ref)))
    removed += orphans.length
    batch = []
  }
  for await (const { ref, storedAt } of files.list()) {
    if (storedAt < before) batch.push(ref)
    if (batch.length >= BATCH) await clear()
  }
  await clear()
  return removed
}

/** Asked twice is done once, so what waits for the scanner already is left to its own task. */
async function resume({ store, tasks, clock }: UploadParts): Promise<number> {
  const waiting = await store.intake.documents.pendingDocuments(clock.now() - HALF_DONE_MS, BATCH)
  for (const { id, ticketId } of waiting) await tasks.ask(SCAN_TASK, ticketId, id)
  return waiting.length
}
