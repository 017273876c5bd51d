import type { DocumentStore } from '../../db/intake/documents.js'
import type { DocumentParts, Tidied, Tidying } from './types.js'
import { SCAN_TASK, type UploadParts } from './uploads.js'

/** Longer than any request may take: what is older in the quarantine belongs to nobody. */
const QUARANTINE_MS = 600_000
/** A file is stored before the row that names it. */
const ORPHAN_MS = 3_600_000
/** A document is settled within its request, or waits with a task of its own. */
const HALF_DONE_MS = 600_000
const BATCH = 200
const MANY = 20

/** What a killed process left behind. Harmless while others work. `evenMany`: somebody has made sure that the database is the right one. */
export async function tidy(parts: UploadParts, { evenMany = false }: Tidying = {}): Promise<Tidied> {
  const { clock, quarantine } = parts
  return {
    quarantined: await quarantine.sweep(clock.now() - QUARANTINE_MS),
    ...(await removeOrphans(parts, evenMany)),
    resumed: await resume(parts),
  }
}

/** So many that no row names, and more than a tenth of all: nobody left those. The database is an older copy, or another's. */
export const areTooMany = ({ orphans, files }: { readonly orphans: number; readonly files: number }): boolean =>
  orphans > MANY && orphans * 10 > files

async function removeOrphans(parts: UploadParts, evenMany: boolean): Promise<Pick<Tidied, 'orphans' | 'kept'>> {
  if (!evenMany) {
    const found = await countOrphans(parts)
    if (areTooMany(found)) {
      const why =
        'files that no row names are too many to be left over: nothing is removed; is this the right database?'
      parts.logger.error(found, why)
      return { orphans: 0, kept: found.orphans }
    }
  }
  let orphans = 0
  for await (const refs of orphansOf(parts)) {
    await Promise.all(refs.map((ref) => parts.files.remove(ref)))
    orphans += refs.length
  }
  return { orphans, kept: 0 }
}

/** Of the first `most` files (their names are random, so these stand for all): how many there are, and how many of them no row names. */
export async function countOrphans(parts: OrphanParts, most = Number.POSITIVE_INFINITY) {
  const seen = { files: 0 }
  let orphans = 0
  for await (const refs of orphansOf(parts, seen)) {
    orphans += refs.length
    if (seen.files >= most) break
  }
  return { files: seen.files, orphans }
}

export interface OrphanParts {
  readonly files: Pick<DocumentParts['files'], 'list'>
  readonly clock: DocumentParts['clock']
  readonly store: { readonly intake: { readonly documents: Pick<DocumentStore, 'usedRefs'> } }
}

/** Names of files that no row names and nobody is about to name, some at a time. */
export async function* orphansOf(
  { files, store, clock }: OrphanParts,
  seen = { files: 0 },
): AsyncGenerator<readonly string[]> {
  const before = clock.now() - ORPHAN_MS
  const unnamed = async (refs: readonly string[]) => {
    const used = await store.intake.documents.usedRefs(refs)
    return refs.filter((ref) => !used.has(ref))
  }
  let batch: string[] = []
  for await (const { ref, storedAt } of files.list()) {
    seen.files += 1
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
