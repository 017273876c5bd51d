import { and, asc, desc, eq, exists, gt, inArray, isNotNull, lte, ne } from 'drizzle-orm'
import type { Sql } from '../sql.js'

export type DocumentState = 'pending' | 'accepted' | 'refused' | 'erased'
export interface DocumentRow {
  readonly id: string
  readonly ticketId: string
  readonly kind: string
  readonly state: DocumentState
  /** Why it was refused. */
  readonly code: string | null
  readonly nameSealed: string | null
  readonly media: string
  readonly bytes: number
  /** Of the bytes as they came, hex. */
  readonly sha256: string
  readonly contentIndex: string
  /** Of the first page, 16 hex digits. */
  readonly perceptualHash: string | null
  readonly pages: number
  readonly originalRef: string | null
  readonly uploaderId: string
  readonly receivedAt: number
  readonly decidedAt: number | null
}
export interface PageRow {
  readonly documentId: string
  readonly page: number
  readonly fileRef: string
  readonly sha256: string
  readonly bytes: number
  readonly width: number
  readonly height: number
}
/** Where the same picture, or one that looks like it, came in before. */
export interface SharedDocument {
  readonly id: string
  readonly ticketId: string
  readonly contentIndex: string
  readonly perceptualHash: string | null
}

export interface DocumentStore {
  addDocument(row: DocumentRow): Promise<void>
  findDocument(id: string): Promise<DocumentRow | null>
  /** In the order in which they came. */
  documentsOf(ticketId: string): Promise<readonly DocumentRow[]>
  pagesOf(documentId: string): Promise<readonly PageRow[]>
  /** Pending → accepted with its pages, all or none; false when it is pending no more. */
  acceptDocument(id: string, perceptualHash: string | null, at: number, pages: readonly PageRow[]): Promise<boolean>
  /** Pending or accepted → refused; its pages and names of files are gone with it. False when it was decided otherwise already. */
  refuseDocument(id: string, code: string, at: number): Promise<boolean>
  /** Forgets the original, whose file is gone. */
  dropOriginal(id: string): Promise<void>
  /** Forgets everything of a document but that it was there: files, name, what it looked like. */
  eraseDocument(id: string, at: number): Promise<void>
  /** Documents of tickets that wait and came before this instant, oldest first: what waits under an id that has no ticket yet waits for that. */
  pendingDocuments(receivedBefore: number, limit: number): Promise<readonly DocumentRow[]>
  /** Accepted ones of other tickets: those under one of these content indexes, then others with a perceptual hash, newest first; so many of each. */
  documentsLike(contentIndexes: readonly string[], except: string, limit: number): Promise<readonly SharedDocument[]>
  /** All documents in the order of their ids, behind this one. */
  documentsAfter(id: string, limit: number): Promise<readonly DocumentRow[]>
  /** File names of the newest documents that wait or were accepted, document by document. */
  newestRefs(documents: number): Promise<readonly (readonly string[])[]>
  /** Which of these file names a row still uses. */
  usedRefs(refs: readonly string[]): Promise<ReadonlySet<string>>
}

export function documentStore(store: Sql): DocumentStore {
  return { ...rows(store), ...decisions(store), ...searches(store), ...walks(store) }
}

function rows({
  t,
  read,
  write,
}: Sql): Pick<DocumentStore, 'addDocument' | 'findDocument' | 'documentsOf' | 'pagesOf'> {
  const { documents, documentPages } = t
  return {
    async addDocument(row) {
      await write.insert(documents).values(row)
    },
    async findDocument(id) {
      const [row] = await read.select().from(documents).where(eq(documents.id, id))
      return row ?? null
    },
    documentsOf: async (ticketId) =>
      read
        .select()
        .from(documents)
        .where(eq(documents.ticketId, ticketId))
        .orderBy(asc(documents.receivedAt), asc(documents.id)),
    pagesOf: async (documentId) =>
      read
        .select()
        .from(documentPages)
        .where(eq(documentPages.documentId, documentId))
        .orderBy(asc(documentPages.page)),
  }
}

function decisions({
  t,
  write,
  atomically,
}: Sql): Pick<DocumentStore, 'acceptDocument' | 'refuseDocument' | 'dropOriginal' | 'eraseDocument'> {
  const { documents, documentPages } = t
  return {
    async acceptDocument(id, perceptualHash, at, pages) {
      const set = { state: 'accepted' as const, perceptualHash, pages: pages.length, decidedAt: at }
      const [accepted = []] = await atomically((db) => [
        db
          .update(documents)
          .set(set)
          .where(and(eq(documents.id, id), eq(documents.state, 'pending')))
          .returning({ id: documents.id }),
        // Whoever decided first wrote the same pages under other file names: theirs stay.
        db
          .insert(documentPages)
          .values([...pages])
          .onConflictDoNothing()
          .returning({ page: documentPages.page }),
      ])
      if (accepted.length > 0) return true
      const written = pages.map(({ fileRef }) => fileRef)
      await write.delete(documentPages).where(inArray(documentPages.fileRef, written))
      return false
    },
    async refuseDocument(id, code, at) {
      const open = inArray(documents.state, ['pending', 'accepted'])
      const set = { state: 'refused' as const, code, originalRef: null, pages: 0, decidedAt: at }
      const [refused = []] = await atomically((db) => [
        db
          .update(documents)
          .set(set)
          .where(and(eq(documents.id, id), open))
          .returning({ id: documents.id }),
        db.delete(documentPages).where(eq(documentPages.documentId, id)).returning({ page: documentPages.page }),
      ])
      return refused.length > 0
    },
    async dropOriginal(id) {
      await write.update(documents).set({ originalRef: null }).where(eq(documents.id, id))
    },
    async eraseDocument(id, at) {
      await atomically((db) => [
        db.delete(documentPages).where(eq(documentPages.documentId, id)).returning({ page: documentPages.page }),
        db
          .update(documents)
          .set({
            state: 'erased',
            code: null,
            nameSealed: null,
            perceptualHash: null,
            originalRef: null,
            decidedAt: at,
          })
          .where(and(eq(documents.id, id), ne(documents.state, 'erased')))
          .returning({ id: documents.id }),
      ])
    },
  }
}

function searches({ t, read }: Sql): Pick<DocumentStore, 'pendingDocuments' | 'documentsLike' | 'usedRefs'> {
  const { documents, documentPages } = t
  const { id, ticketId, contentIndex, perceptualHash } = documents
  const shared = { id, ticketId, contentIndex, perceptualHash }
  const filed = read.select({ id: t.tickets.id }).from(t.tickets).where(eq(t.tickets.id, documents.ticketId))
  return {
    pendingDocuments: async (receivedBefore, limit) =>
      read
        .select()
        .from(documents)
        .where(and(eq(documents.state, 'pending'), lte(documents.receivedAt, receivedBefore), exists(filed)))
        .orderBy(asc(documents.receivedAt))
        .limit(limit),
    async documentsLike(contentIndexes, except, limit) {
      const others = and(ne(documents.ticketId, except), eq(documents.state, 'accepted'))
      const newest = desc(documents.receivedAt)
      const [same, hashed] = await Promise.all([
        read
          .select(shared)
          .from(documents)
          .where(and(others, inArray(documents.contentIndex, [...contentIndexes])))
          .orderBy(newest)
          .limit(limit),
        read
          .select(shared)
          .from(documents)
          .where(and(others, isNotNull(documents.perceptualHash)))
          .orderBy(newest)
          .limit(limit),
      ])
      const known = new Set(same.map(({ id }) => id))
      return [...same, ...hashed.filter(({ id }) => !known.has(id))]
    },
    async usedRefs(refs) {
      if (refs.length === 0) return new Set()
      const [originals, pages] = await Promise.all([
        read
          .select({ ref: documents.originalRef })
          .from(documents)
          .where(inArray(documents.originalRef, [...refs])),
        read
          .select({ ref: documentPages.fileRef })
          .from(documentPages)
          .where(inArray(documentPages.fileRef, [...refs])),
      ])
      return new Set([...originals, ...pages].flatMap(({ ref }) => (ref === null ? [] : [ref])))
    },
  }
}

function walks({ t, read }: Sql): Pick<DocumentStore, 'documentsAfter' | 'newestRefs'> {
  const { documents, documentPages } = t
  return {
    documentsAfter: async (id, limit) =>
      read.select().from(documents).where(gt(documents.id, id)).orderBy(asc(documents.id)).limit(limit),
    async newestRefs(limit) {
      // Ids begin with the instant they were made at: newest first without an index of its own.
      const newest = await read
        .select({ id: documents.id, ref: documents.originalRef })
        .from(documents)
        .where(inArray(documents.state, ['pending', 'accepted']))
        .orderBy(desc(documents.id))
        .limit(limit)
      if (newest.length === 0) return []
      const ids = newest.map(({ id }) => id)
      const pages = await read
        .select({ id: documentPages.documentId, ref: documentPages.fileRef })
        .from(documentPages)
        .where(inArray(documentPages.documentId, ids))
      return newest.map(({ id, ref }) => [
        ...(ref === null ? [] : [ref]),
        ...pages.filter((it) => it.id === id).map((it) => it.ref),
      ])
    },
  }
}
