import type { DocumentRow } from '../../db/intake/documents.js'
import { PulihError } from '../engine/errors.js'
import type { Actor } from '../machines/ticketType.js'
import { ScannerUnavailable, type Verdict } from '../ports/scanner.js'
import { disarm, DrawingTimedOut, type Disarmed } from './disarm.js'
import type { Gate } from './gate.js'
import type { Limits } from './limits.js'
import { mediaOf, type Media } from './media.js'
import { displayName, extensionOf } from './names.js'
import { namePlace } from './places.js'
import type { Quarantine, Quarantined } from './quarantine.js'
import { discard, receive, type Part } from './receive.js'
import { HEIF_ADVICE, KIND_ADVICE, Refused } from './refusals.js'
import { accept, keepOriginal, removeFiles } from './settle.js'
import { Shares } from './shares.js'
import type { DocumentParts, DocumentService, Outcome, UploadRequest } from './types.js'

export const SCAN_TASK = 'scan_document'

export interface UploadParts extends DocumentParts {
  readonly bounds: Limits
  readonly quarantine: Quarantine
  /** For whatever holds a whole file or picture. */
  readonly gate: Gate
}
interface Sender {
  readonly ticketId: string
  /** Null: before there is a ticket to tell. */
  readonly actor: Actor | null
  readonly uploaderId: string
}
/** A file that passed every look from outside. */
interface Looked {
  readonly kind: string
  readonly name: string
  readonly media: Media
  readonly file: Quarantined
}

/** Requests with files: one at a time per ticket, so many at a time in all and of each network; fewer being received than drawn. */
export function createUploads(parts: UploadParts): Pick<DocumentService, 'upload' | 'uploadEarly'> {
  const busy = new Set<string>()
  const held = new Shares(parts.bounds.held)
  const receiving = new Shares(parts.bounds.uploads)
  const take = async (sender: Sender, request: UploadRequest): Promise<readonly Outcome[]> => {
    const { ticketId } = sender
    const network = parts.networkOf(request.ip ?? '')
    const received = () => receiving.run(network, () => receive(request, parts.quarantine, parts.bounds))
    if (busy.has(ticketId)) throw new PulihError('TOO_MANY_REQUESTS', 'an upload is on its way', { retryAfter: 1 })
    busy.add(ticketId)
    try {
      return await held.run(network, async () => takeAll(parts, sender, await received()))
    } finally {
      busy.delete(ticketId)
    }
  }
  return {
    async upload(ticketId, actor, request) {
      await mayUpload(parts, ticketId, actor)
      return take({ ticketId, actor, uploaderId: actor.id }, request)
    },
    async uploadEarly(ticketId, uploaderId, request) {
      const [ticket, key] = await Promise.all([
        parts.store.findTicket(ticketId),
        parts.store.intake.keys.findKey(ticketId),
      ])
      if (ticket !== null) throw new PulihError('CONFLICT', 'the ticket is filed')
      if (key === null || key.destroyedAt !== null) throw new PulihError('ERASED', 'nothing is kept under this id')
      return take({ ticketId, actor: null, uploaderId }, request)
    },
  }
}

/** Before a byte of the body is read. */
async function mayUpload({ store, engine }: UploadParts, ticketId: string, actor: Actor): Promise<void> {
  const [ticket, key] = await Promise.all([store.findTicket(ticketId), store.intake.keys.findKey(ticketId)])
  if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
  if (key?.destroyedAt != null) throw new PulihError('ERASED', 'the personal data of this ticket are erased')
  const allowed = engine.allowed(ticket, actor).map(({ type }) => type)
  // Without a key of its own the ticket keeps no personal data at all.
  if (key === null || !allowed.includes('documents.upload'))
    throw new PulihError('EVENT_NOT_ALLOWED', 'the ticket takes no documents now', { allowed })
}

async function takeAll(parts: UploadParts, sender: Sender, received: readonly Part[]): Promise<readonly Outcome[]> {
  try {
    const outcomes: Outcome[] = []
    for (const part of received) outcomes.push(await takeOne(parts, sender, part))
    return outcomes
  } finally {
    await discard(received)
  }
}

/** Whatever becomes of this file, the next one is looked at. */
async function takeOne(parts: UploadParts, sender: Sender, part: Part): Promise<Outcome> {
  try {
    const looked = await look(parts, part)
    return (await repeated(parts, sender, looked)) ?? (await add(parts, sender, looked))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { state: 'refused', kind: knownKind(parts, part), refused: error }
  }
}

const knownKind = ({ kinds }: UploadParts, { kind }: Part): string | null =>
  kind !== null && kinds.includes(kind) ? kind : null

async function look(parts: UploadParts, part: Part): Promise<Looked> {
  const { file, name } = part
  if (file instanceof Refused) throw file
  const kind = knownKind(parts, part)
  if (kind === null) throw new Refused('VALIDATION_FAILED', KIND_ADVICE(parts.kinds))
  // A form whose file was not chosen sends a part without name and content.
  if (file.size === 0) throw new Refused(name === '' ? 'DOCUMENT_MISSING' : 'DOCUMENT_EMPTY')
  const media = await mediaOf(file.head, extensionOf(name))
  if (media === 'heif') throw new Refused('DOCUMENT_TYPE_REFUSED', HEIF_ADVICE)
  if (media === null) throw new Refused('DOCUMENT_TYPE_REFUSED')
  return { kind, name: displayName(name), media, file }
}

/** A request that comes again, because its answer was lost, adds nothing. */
async function repeated({ store }: UploadParts, { ticketId }: Sender, { kind, file }: Looked): Promise<Outcome | null> {
  const rows = await store.intake.documents.documentsOf(ticketId)
  const known = rows.find((it) => counts(it) && it.kind === kind && it.sha256 === file.sha256)
  if (known === undefined || !(known.state === 'accepted' || known.state === 'pending')) return null
  return { state: known.state, documentId: known.id, kind, pages: known.pages, repeated: true }
}
const counts = ({ state }: DocumentRow): boolean => state === 'accepted' || state === 'pending'

async function add(parts: UploadParts, sender: Sender, looked: Looked): Promise<Outcome> {
  const { store, gate, logger } = parts
  await keepWithinCase(parts, sender.ticketId, looked.file.size, null)
  const row = await rowOf(parts, sender, looked)
  const verdict = await scan(parts, looked.file)
  if (verdict?.verdict === 'infected') {
    logger.warn({ ticketId: row.ticketId, documentId: row.id, signature: verdict.signature }, 'file.rejected.malware')
    await store.intake.documents.addDocument(asRefused(row))
    await parts.onMalware?.(row)
    throw new Refused('DOCUMENT_INFECTED')
  }
  return gate.run(() => keep(parts, sender, looked, row, verdict !== null))
}

/** The only place that holds a whole file in memory, and what is drawn from it: behind the gate, so for few at a time. */
async function keep(
  parts: UploadParts,
  { actor }: Sender,
  { kind, media, file }: Looked,
  row: DocumentRow,
  clean: boolean,
): Promise<Outcome> {
  const { store, tasks } = parts
  const bytes = await bytesOf(file)
  const disarmed = clean ? await inTime(parts, bytes, media) : null
  const kept = { ...row, originalRef: await keepOriginal(parts, row, bytes) }
  await store.intake.documents.addDocument(kept)
  await undoing(parts, kept, async () => {
    await keepWithinCase(parts, row.ticketId, 0, row.id)
    if (disarmed !== null && actor !== null) await accept(parts, kept, disarmed, actor)
  })
  const answer = { documentId: row.id, kind, repeated: false }
  if (actor === null) return { ...answer, state: 'pending', pages: disarmed?.pages.length ?? 0 }
  if (disarmed !== null) return { ...answer, state: 'accepted', pages: disarmed.pages.length }
  await tasks.ask(SCAN_TASK, row.ticketId, row.id)
  return { ...answer, state: 'pending', pages: 0 }
}

/** Null when the machine had no time for it: then the file waits, as for the scanner. */
async function inTime({ bounds, logger }: UploadParts, bytes: Buffer, media: Media): Promise<Disarmed | null> {
  try {
    return await disarm(bytes, media, bounds)
  } catch (error) {
    if (!(error instanceof DrawingTimedOut)) throw error
    logger.warn({ reason: error.message }, 'file waits to be drawn')
    return null
  }
}

/** Null when the scanner cannot say: then the file waits, and nobody sees it (R-FILE-3). */
async function scan({ scanner, logger }: UploadParts, file: Quarantined): Promise<Verdict | null> {
  try {
    return await scanner.scan(file.read())
  } catch (error) {
    if (!(error instanceof ScannerUnavailable)) throw error
    logger.warn({ reason: error.message }, 'scanner unavailable')
    return null
  }
}

/** Files and bytes of the whole case. Another request may have come in between, so it is asked again once the row is there. */
async function keepWithinCase(
  { store, bounds }: UploadParts,
  ticketId: string,
  more: number,
  counted: string | null,
): Promise<void> {
  const held = (await store.intake.documents.documentsOf(ticketId)).filter(counts)
  if (held.length + (counted === null ? 1 : 0) > bounds.files) throw new Refused('DOCUMENT_TOO_MANY')
  if (held.reduce((sum, { bytes }) => sum + bytes, more) > bounds.caseBytes) throw new Refused('DOCUMENT_TOO_LARGE')
}

async function rowOf({ ids, vault, clock }: UploadParts, sender: Sender, looked: Looked): Promise<DocumentRow> {
  const { kind, name, media, file } = looked
  const place = { ticketId: sender.ticketId, id: ids.id() }
  return {
    ...place,
    kind,
    state: 'pending',
    code: null,
    nameSealed: await vault.seal(namePlace(place), name),
    media,
    bytes: file.size,
    sha256: file.sha256,
    contentIndex: vault.index('content', file.sha256).value,
    perceptualHash: null,
    pages: 0,
    originalRef: null,
    uploaderId: sender.uploaderId,
    receivedAt: clock.now(),
    decidedAt: null,
  }
}
const asRefused = (row: DocumentRow): DocumentRow => ({
  ...row,
  state: 'refused',
  code: 'DOCUMENT_INFECTED',
  nameSealed: null,
  decidedAt: row.receivedAt,
})

async function bytesOf(file: Quarantined): Promise<Buffer> {
  const bytes = Buffer.alloc(file.size)
  let at = 0
  for await (const chunk of file.read()) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** The ticket did not take the document after all: its row says why, its file goes. What failed otherwise is looked at again later. */
async function undoing(parts: UploadParts, row: DocumentRow, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refused) {
      await parts.store.intake.documents.refuseDocument(row.id, error.code, parts.clock.now())
      await removeFiles(parts, row, [])
    }
    throw error
  }
}
