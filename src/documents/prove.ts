import { createHash } from 'node:crypto'
import type { DocumentRow, PageRow } from '../../db/intake/documents.js'
import { PulihError } from '../engine/errors.js'
import type { Place } from '../privacy/index.js'
import { originalPlace, pagePlace } from './places.js'
import { orphansOf } from './tidy.js'
import type { DocumentParts, FilesProof } from './types.js'

type ProofParts = Pick<DocumentParts, 'store' | 'vault' | 'files' | 'clock'>
/** A file as its row tells of it. */
interface Named {
  readonly part: string
  readonly ref: string
  readonly place: Place
  readonly sha256: string
  readonly bytes: number
}

const BATCH = 100
const TOLD = 100
const PROGRESS_EVERY = 500
const MISSING = 'is missing'

/**
 * Proves that every file that a row names is there, opens with its ticket's key at its place and is what the row says it is, and that rows
 * of refused and erased documents name none. Holds one file at a time; changes nothing, also beside a running server.
 */
export async function proveFiles(parts: ProofParts, onProgress?: (files: number) => void): Promise<FilesProof> {
  const told: FilesProof['problems'][number][] = []
  const count = { documents: 0, files: 0, missing: 0, faults: 0 }
  const tell = ({ id, ticketId }: DocumentRow, what: string) => {
    count.faults += 1
    if (told.length < TOLD) told.push({ ticketId, what: `document ${id} ${what}` })
  }
  for await (const row of documentsOf(parts)) {
    count.documents += 1
    const { fault, named } = await namedBy(parts, row)
    if (fault !== null) tell(row, fault)
    for (const it of named) {
      const wrong = await faultOf(parts, it)
      if (++count.files % PROGRESS_EVERY === 0) onProgress?.(count.files)
      if (wrong === null) continue
      if (wrong === MISSING) count.missing += 1
      tell(row, `${it.part}: its file ${wrong}`)
    }
  }
  const { documents, files, missing, faults } = count
  const gone = files > 0 && missing === files
  return { documents, files, faults, gone, problems: told, orphans: await orphans(parts) }
}

async function* documentsOf({ store }: ProofParts): AsyncGenerator<DocumentRow> {
  for (let after = ''; ;) {
    const page = await store.intake.documents.documentsAfter(after, BATCH)
    yield* page
    if (page.length < BATCH) return
    after = page.at(-1)?.id ?? after
  }
}

/** What seems wrong is read once more: a document may have been decided or removed since its row was read. */
async function namedBy(
  { store }: ProofParts,
  row: DocumentRow,
): Promise<{ readonly fault: string | null; readonly named: readonly Named[] }> {
  const { documents } = store.intake
  const pages = await documents.pagesOf(row.id)
  if (disagreement(row, pages) === null) return { fault: null, named: namesOf(row, pages) }
  const now = (await documents.findDocument(row.id)) ?? row
  const newer = await documents.pagesOf(row.id)
  const fault = disagreement(now, newer)
  return { fault, named: over(now) ? [] : namesOf(now, newer) }
}

const over = ({ state }: DocumentRow): boolean => state === 'refused' || state === 'erased'

function disagreement(row: DocumentRow, pages: readonly PageRow[]): string | null {
  if (over(row)) return namesOf(row, pages).length === 0 ? null : `is ${row.state}, and names files still`
  if (row.state !== 'accepted' || pages.length === row.pages) return null
  return `has ${row.pages} pages, and rows of ${pages.length}`
}

const namesOf = (row: DocumentRow, pages: readonly PageRow[]): readonly Named[] => [
  ...(row.originalRef === null
    ? []
    : [
        {
          ...{ part: 'as it came', ref: row.originalRef, place: originalPlace(row) },
          ...{ sha256: row.sha256, bytes: row.bytes },
        },
      ]),
  ...pages.map(({ page, fileRef, sha256, bytes }) => ({
    ...{ part: `page ${page}`, ref: fileRef, place: pagePlace(row, page) },
    ...{ sha256, bytes },
  })),
]

/** Rows go before files: what no row names any more is missing by right. */
async function faultOf(parts: ProofParts, named: Named): Promise<string | null> {
  const wrong = await looked(parts, named)
  if (wrong === null) return null
  return (await parts.store.intake.documents.usedRefs([named.ref])).has(named.ref) ? wrong : null
}

async function looked({ files, vault }: ProofParts, { ref, place, sha256, bytes }: Named): Promise<string | null> {
  let sealed: Buffer | null
  try {
    sealed = await files.get(ref)
  } catch (error) {
    return `cannot be read (${reasonOf(error)})`
  }
  if (sealed === null) return MISSING
  try {
    const plain = await vault.openFile(place, sealed)
    const same = plain.length === bytes && createHash('sha256').update(plain).digest('hex') === sha256
    return same ? null : 'is another: not of the size and SHA-256 in its row'
  } catch (error) {
    if (!(error instanceof PulihError)) throw error
    return `does not open at its place (${error.code})`
  }
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : 'unknown')

/** Null where the store cannot be listed; each file that a row names was told of by then. */
async function orphans(parts: ProofParts): Promise<number | null> {
  let found = 0
  try {
    for await (const refs of orphansOf(parts)) found += refs.length
    return found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    return null
  }
}
