import { createHash, randomBytes } from 'node:crypto'
import type { DocumentRow, PageRow } from '../../db/intake/documents.js'
import { PulihError } from '../engine/errors.js'
import type { Actor } from '../machines/ticketType.js'
import type { Disarmed } from './disarm.js'
import { originalPlace, pagePlace } from './places.js'
import { Refused } from './refusals.js'
import type { DocumentParts } from './types.js'

/** A name for a file of the store. */
export const newRef = (): string => randomBytes(16).toString('hex')

/** How events name a document: an id may hold ten digits in a row, which look like a phone number and are refused. */
export const eventRef = (id: string): string => `doc_${id.slice(0, 30)}-${id.slice(30)}`

/** The role of whoever uploaded it: the participant of the ticket, or an officer at the counter. */
export const uploaderOf = (row: DocumentRow, participantRef: string): Actor => ({
  id: row.uploaderId,
  role: row.uploaderId === participantRef ? 'participant' : 'agent',
})

/** Seals the original under its row's place. Gives the name of its file. */
export async function keepOriginal(
  { vault, files }: DocumentParts,
  row: Pick<DocumentRow, 'id' | 'ticketId'>,
  bytes: Uint8Array,
): Promise<string> {
  const ref = newRef()
  await files.put(ref, await vault.sealFile(originalPlace(row), bytes))
  return ref
}

/**
 * A document that waits becomes one that counts: pages sealed, then the ticket told, then the row accepted. Each step may be repeated, so
 * a crash in between only means doing it again. Throws Refused EVENT_NOT_ALLOWED when the ticket takes no documents any more.
 */
export async function accept(parts: DocumentParts, row: DocumentRow, disarmed: Disarmed, actor: Actor): Promise<void> {
  const { store, files, clock, onAccepted } = parts
  const pages = await sealPages(parts, row, disarmed)
  const undo = () => Promise.all(pages.map(({ fileRef }) => files.remove(fileRef)))
  try {
    await tellTicket(parts, row, actor)
    const { documents } = store.intake
    if (!(await documents.acceptDocument(row.id, disarmed.perceptualHash, clock.now(), pages))) {
      await undo()
      return
    }
  } catch (error) {
    await undo()
    throw error
  }
  await onAccepted?.(row.ticketId, row.id)
}

async function sealPages(
  { vault, files }: DocumentParts,
  row: DocumentRow,
  { pages }: Disarmed,
): Promise<readonly PageRow[]> {
  const sealed: PageRow[] = []
  for (const [index, { jpeg, width, height }] of pages.entries()) {
    const page = index + 1
    const fileRef = newRef()
    await files.put(fileRef, await vault.sealFile(pagePlace(row, page), jpeg))
    const sha256 = createHash('sha256').update(jpeg).digest('hex')
    sealed.push({ documentId: row.id, page, fileRef, sha256, bytes: jpeg.length, width, height })
  }
  return sealed
}

/** The uploader's own event, once per document (its id is the key). */
async function tellTicket({ engine }: DocumentParts, row: DocumentRow, actor: Actor): Promise<void> {
  const { id, kind, sha256, ticketId } = row
  try {
    await engine.handle({
      ticketId,
      event: { type: 'documents.upload', documents: [{ kind, ref: eventRef(id), sha256 }] },
      actor,
      key: `${actor.id}:document:${id}`,
      fingerprint: sha256,
    })
  } catch (error) {
    if (error instanceof PulihError && error.code === 'EVENT_NOT_ALLOWED') throw new Refused('EVENT_NOT_ALLOWED')
    throw error
  }
}

/** Refuses a document that was taken before: its files go, and the ticket asks for it anew where it still matters (D34). */
export async function refuseLater(parts: DocumentParts, row: DocumentRow, refused: Refused): Promise<void> {
  const { store, engine, clock } = parts
  const { documents } = store.intake
  const pages = await documents.pagesOf(row.id)
  if (!(await documents.refuseDocument(row.id, refused.code, clock.now()))) return
  await removeFiles(parts, row, pages)
  if (refused.code === 'DOCUMENT_INFECTED') await parts.onMalware?.(row)
  try {
    await engine.system({
      ticketId: row.ticketId,
      event: { type: 'documents.revoke', documents: [{ kind: row.kind, reason: refused.code }] },
      actor: { id: 'system', role: 'system' },
      key: `system:document-revoked:${row.id}`,
      fingerprint: row.sha256,
    })
  } catch (error) {
    // A ticket that is over, or was never told of the document, asks for nothing.
    if (!(error instanceof PulihError && error.code === 'EVENT_NOT_ALLOWED')) throw error
  }
}

/** Rows first, files after: a crash in between leaves files that no row names, which are swept. */
export async function removeFiles(
  { files }: Pick<DocumentParts, 'files'>,
  row: Pick<DocumentRow, 'originalRef'>,
  pages: readonly Pick<PageRow, 'fileRef'>[],
): Promise<void> {
  const refs = [...pages.map(({ fileRef }) => fileRef), ...(row.originalRef === null ? [] : [row.originalRef])]
  await Promise.all(refs.map((ref) => files.remove(ref)))
}
