import type { DocumentParts, Tidied } from './types.js'
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

async function removeOrphans(parts: UploadParts): Promise<number> {
  let removed = 0
  for await (const refs of orphansOf(parts)) {
    await Promise.all(refs.map((ref) => parts.files.remove(ref)))
    removed += refs.length
  }
  return removed
}

/** Names of files that no row names and nobody is about to name, some at a time. */
export async function* orphansOf({
  files,
  store,
  clock,
}: Pick<DocumentParts, 'files' | 'store' | 'clock'>): AsyncGenerator<readonly string[]> {
  const before = clock.now() - ORPHAN_MS
  const unnamed = async (refs: readonly string[]) => {
    const used = await store.intake.documents.usedRefs(refs)
    return refs.filter((ref) => !used.has(ref))
  }
  let batch: string[] = []
  for await (const { ref, storedAt } of files.list()) {
    if (storedAt >= before) continue
    batch.push(ref)
    if (batch.length < BATCH) continue
    yield await unnamed(batch)
    batch = []
  }
  yield await unnamed(batch)
}

/** Asked twice is done once, so what waits for the scanner already is left to its own task. */
async function resume({ store, tasks, clock }: UploadParts): Promise<number> {
  const waiting = await store.intake.documents.pendingDocuments(clock.now() - HALF_DONE_MS, BATCH)
  for (const { id, ticketId } of waiting) await tasks.ask(SCAN_TASK, ticketId, id)
  return waiting.length
}
