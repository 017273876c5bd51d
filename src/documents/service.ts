import type { DocumentRow } from '../../db/intake/documents.js'
import { PulihError } from '../engine/errors.js'
import { disarm, DrawingTimedOut, hashDistance } from './disarm.js'
import { Gate } from './gate.js'
import { LIMITS } from './limits.js'
import type { Media } from './media.js'
import { namePlace, originalPlace, pagePlace } from './places.js'
import { proveFiles } from './prove.js'
import { openQuarantine } from './quarantine.js'
import { HEAVY_ADVICE, Refused } from './refusals.js'
import { accept, refuseLater, removeFiles, uploaderOf } from './settle.js'
import { tidy } from './tidy.js'
import type { DocumentParts, DocumentService, DocumentView } from './types.js'
import { createUploads, SCAN_TASK, type UploadParts } from './uploads.js'

/** Pictures whose hashes differ in no more bits than this look alike. */
const ALIKE_BITS = 5
const COMPARED = 5_000
/** What was not drawn in time so often is too heavy for this machine. */
const DRAWN_AT_MOST = 4

/** Documents of tickets: taken in, disarmed, sealed, shown page by page, and destroyed when their time is over. */
export function createDocuments(parts: DocumentParts): DocumentService {
  const bounds = { ...LIMITS, ...parts.limits }
  const quarantine = openQuarantine(parts.quarantineFolder)
  const all: UploadParts = { ...parts, bounds, quarantine, gate: new Gate(bounds.conversions) }
  return {
    ...createUploads(all),
    ...early(all),
    ...readings(parts),
    ...purges(parts),
    scan: { kind: SCAN_TASK, run: ({ ref, attempts }) => scanAgain(all, ref, attempts) },
    tidy: (options) => tidy(all, options),
    prove: (onProgress) => proveFiles(parts, onProgress),
    clearQuarantine: () => quarantine.sweep(Infinity),
  }
}

function readings({ store, vault, files }: DocumentParts): Pick<DocumentService, 'of' | 'page' | 'reuse'> {
  const { documents } = store.intake
  const view = async (row: DocumentRow): Promise<DocumentView> => {
    const { id, kind, state, code, media, bytes, sha256, pages, receivedAt, decidedAt, nameSealed } = row
    const name = nameSealed === null ? null : (await vault.open(namePlace(row), nameSealed)).toString('utf8')
    return { id, kind, state, code, media, bytes, sha256, pages, receivedAt, decidedAt, name }
  }
  return {
    of: async (ticketId) => Promise.all((await documents.documentsOf(ticketId)).map(view)),
    async page(ticketId, documentId, page) {
      const row = await documents.findDocument(documentId)
      // Another ticket's, waiting and refused ones: for whoever asks there is none of them (A19).
      const shown = row?.ticketId === ticketId && row.state === 'accepted'
      const found = shown ? (await documents.pagesOf(documentId)).find((it) => it.page === page) : undefined
      const sealed = found === undefined ? null : await files.get(found.fileRef)
      if (row === null || sealed === null) throw new PulihError('NOT_FOUND', 'no such page')
      return vault.openFile(pagePlace(row, page), sealed)
    },
    async reuse(ticketId) {
      const own = (await documents.documentsOf(ticketId)).filter(({ state }) => state === 'accepted')
      if (own.length === 0) return []
      const indexesOf = new Map(
        own.map((row) => [row.id, vault.indexes('content', row.sha256).map(({ value }) => value)]),
      )
      const others = await documents.documentsLike([...indexesOf.values()].flat(), ticketId, COMPARED)
      return own.flatMap((row) =>
        others.flatMap((other) => {
          const same = indexesOf.get(row.id)?.includes(other.contentIndex) === true
          if (!same && !alike(row.perceptualHash, other.perceptualHash)) return []
          const how = same ? ('same' as const) : ('alike' as const)
          return [{ documentId: row.id, otherTicketId: other.ticketId, otherDocumentId: other.id, how }]
        }),
      )
    },
  }
}

const alike = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && hashDistance(one, other) <= ALIKE_BITS

function purges(parts: DocumentParts): Pick<DocumentService, 'purgeOriginals' | 'purgePages'> {
  const { documents } = parts.store.intake
  return {
    async purgeOriginals(ticketId) {
      const rows = (await documents.documentsOf(ticketId)).filter(({ originalRef }) => originalRef !== null)
      for (const row of rows) {
        await documents.dropOriginal(row.id)
        await removeFiles(parts, row, [])
      }
      return rows.length
    },
    async purgePages(ticketId) {
      const rows = (await documents.documentsOf(ticketId)).filter(({ state }) => state !== 'erased')
      for (const row of rows) {
        const pages = await documents.pagesOf(row.id)
        await documents.eraseDocument(row.id, parts.clock.now())
        await removeFiles(parts, row, pages)
      }
      return rows.length
    },
  }
}

/** What came before its ticket. */
function early(parts: UploadParts): Pick<DocumentService, 'adopt' | 'discardEarly'> {
  const { store, tasks, clock } = parts
  const { documents } = store.intake
  return {
    async adopt(ticketId) {
      for (const { id, state } of await documents.documentsOf(ticketId))
        if (state === 'pending') await tasks.ask(SCAN_TASK, ticketId, id)
    },
    async discardEarly(ticketId, documentId) {
      const row = (await documents.documentsOf(ticketId)).find(
        ({ id, state }) => id === documentId && state === 'pending',
      )
      if (row === undefined || (await store.findTicket(ticketId)) !== null) return false
      await documents.eraseDocument(row.id, clock.now())
      await removeFiles(parts, row, [])
      return true
    },
  }
}

/** What waits is scanned and drawn; what was accepted is scanned with what the scanner knows today. Throws ScannerUnavailable and DrawingTimedOut: try again. */
async function scanAgain(parts: UploadParts, documentId: string, attempts: number): Promise<void> {
  const { store, files, vault, scanner, bounds, gate } = parts
  const row = await store.intake.documents.findDocument(documentId)
  if (row === null || row.originalRef === null || !(row.state === 'pending' || row.state === 'accepted')) return
  const sealed = await files.get(row.originalRef)
  if (sealed === null) throw new PulihError('SEALED_UNREADABLE', 'the original of a document is missing')
  const bytes = await vault.openFile(originalPlace(row), sealed)
  try {
    const { verdict } = await scanner.scan(chunksOf(bytes))
    if (verdict === 'infected') throw new Refused('DOCUMENT_INFECTED')
    if (row.state === 'accepted') return
    await gate.run(async () => {
      const disarmed = await disarm(bytes, row.media as Media, bounds)
      const ticket = await store.findTicket(row.ticketId)
      if (ticket !== null) await accept(parts, row, disarmed, uploaderOf(row, ticket.participantRef))
    })
  } catch (error) {
    const heavy = error instanceof DrawingTimedOut && attempts >= DRAWN_AT_MOST
    const refused = heavy ? new Refused('DOCUMENT_UNREADABLE', HEAVY_ADVICE) : error
    if (!(refused instanceof Refused)) throw error
    await refuseLater(parts, row, refused)
  }
}

const CHUNK = 65_536
// eslint-disable-next-line @typescript-eslint/require-await -- a scanner reads streams, and this is one
async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}
