import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import type { DocumentRow, PageRow } from '../../db/intake/documents.js'
import { systemClock } from '../../src/engine/index.js'
import { filing, idOf } from '../db/rows.js'
import { newPlace, type TestPlace } from '../support/places.js'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const ref = (n: number) => n.toString(16).padStart(32, '0')
const rowOf = (n: number, changes: Partial<DocumentRow> = {}): DocumentRow => ({
  id: id(n),
  ticketId: id(900),
  kind: 'KTP',
  state: 'pending',
  code: null,
  nameSealed: 'v1.sealed',
  media: 'image/jpeg',
  bytes: 10,
  sha256: 'a'.repeat(64),
  contentIndex: `index-${n}`,
  perceptualHash: null,
  pages: 0,
  originalRef: ref(n),
  uploaderId: 'peserta_budi01',
  receivedAt: 1_000 + n,
  decidedAt: null,
  ...changes,
})
const pageOf = (n: number, page: number, file = n * 100 + page): PageRow => ({
  documentId: id(n),
  page,
  fileRef: ref(file),
  sha256: 'b'.repeat(64),
  bytes: 5,
  width: 2,
  height: 2,
})

/** What the store of documents promises, on whichever database. */
export function documentStoreFeatures(name: string): void {
  describe(`the store of documents on ${name}`, () => {
    let place: TestPlace
    let store: Store
    const documents = () => store.intake.documents
    beforeEach(async () => {
      place = await newPlace('documents')
      store = await openStore({ ...place, clock: systemClock })
      for (const ticketId of [id(900), id(901)])
        await store.intake.keys.addKey({ ticketId, keyId: 'k1', wrapped: 'w', createdAt: 1, destroyedAt: null })
    })
    afterEach(async () => {
      await store.close()
      await place.dispose()
    })

    it('a document that waits is accepted once, with its pages', async () => {
      await documents().addDocument(rowOf(1))
      expect(await documents().acceptDocument(id(1), '00ff00ff00ff00ff', 5, [pageOf(1, 2), pageOf(1, 1)])).toBe(true)
      expect(await documents().acceptDocument(id(1), null, 6, [pageOf(1, 1, 7), pageOf(1, 2, 8)])).toBe(false)
      expect(await documents().findDocument(id(1))).toMatchObject({ state: 'accepted', pages: 2, decidedAt: 5 })
      expect((await documents().pagesOf(id(1))).map(({ fileRef }) => fileRef)).toEqual([ref(101), ref(102)])
      const used = await documents().usedRefs([ref(1), ref(101), ref(7), ref(999)])
      expect([...used].toSorted()).toEqual([ref(1), ref(101)].toSorted())
    })

    it('all are walked through a few at a time; the newest files leave out what was refused', async () => {
      for (const n of [3, 1, 4, 2]) await documents().addDocument(rowOf(n))
      await documents().acceptDocument(id(2), null, 5, [pageOf(2, 1)])
      await documents().refuseDocument(id(4), 'DOCUMENT_INFECTED', 6)
      const idsAfter = async (after: string) => (await documents().documentsAfter(after, 3)).map((it) => it.id)
      expect([await idsAfter(''), await idsAfter(id(3)), await idsAfter(id(4))]).toEqual([
        [id(1), id(2), id(3)],
        [id(4)],
        [],
      ])
      expect(await documents().newestRefs(2)).toEqual([[ref(3)], [ref(2), ref(201)]])
    })

    it('a refused one keeps why and nothing else, and stays refused', async () => {
      await documents().addDocument(rowOf(1))
      await documents().acceptDocument(id(1), null, 5, [pageOf(1, 1)])
      expect(await documents().refuseDocument(id(1), 'DOCUMENT_INFECTED', 6)).toBe(true)
      expect(await documents().refuseDocument(id(1), 'DOCUMENT_EMPTY', 7)).toBe(false)
      expect(await documents().acceptDocument(id(1), null, 8, [pageOf(1, 1)])).toBe(false)
      const refused = await documents().findDocument(id(1))
      expect(refused).toMatchObject({ state: 'refused', code: 'DOCUMENT_INFECTED', pages: 0, originalRef: null })
      expect(await documents().pagesOf(id(1))).toEqual([])
    })

    it('an erased one is a mark that it was there', async () => {
      await documents().addDocument(rowOf(1))
      await documents().acceptDocument(id(1), '00ff00ff00ff00ff', 5, [pageOf(1, 1)])
      await documents().dropOriginal(id(1))
      expect((await documents().findDocument(id(1)))?.originalRef).toBeNull()
      await documents().eraseDocument(id(1), 9)
      await documents().eraseDocument(id(1), 10)
      const erased = await documents().findDocument(id(1))
      expect(erased).toMatchObject({ state: 'erased', nameSealed: null, perceptualHash: null, decidedAt: 9 })
      expect(await documents().pagesOf(id(1))).toEqual([])
    })

    it('finds what waits too long for its ticket, and where a document was seen before', async () => {
      const [one, two] = [idOf(1), idOf(2)]
      await store.commit([filing(1), filing(2)])
      for (const ticketId of [one, two])
        await store.intake.keys.addKey({ ticketId, keyId: 'k1', wrapped: 'w', createdAt: 1, destroyedAt: null })
      // Under an id that has no ticket yet nothing waits for the scanner.
      await documents().addDocument(rowOf(0))
      await documents().addDocument(rowOf(1, { ticketId: one }))
      await documents().addDocument(rowOf(2, { ticketId: two, contentIndex: 'index-1' }))
      await documents().addDocument(rowOf(3, { ticketId: two }))
      await documents().addDocument(rowOf(4, { ticketId: two }))
      expect((await documents().pendingDocuments(1_003, 2)).map((it) => it.id)).toEqual([id(1), id(2)])
      for (const n of [2, 3]) await documents().acceptDocument(id(n), 'f'.repeat(16), 5, [pageOf(n, 1)])
      const found = await documents().documentsLike(['index-1'], one, 10)
      expect(found.map((it) => it.id)).toEqual([id(2), id(3)])
      expect(await documents().documentsLike(['index-1'], two, 10)).toEqual([])
      expect((await documents().documentsOf(two)).map((it) => it.id)).toEqual([id(2), id(3), id(4)])
    })
  })
}
