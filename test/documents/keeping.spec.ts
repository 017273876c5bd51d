import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { areTooMany } from '../../src/documents/index.js'
import { HOUR } from '../api/harness.js'
import * as samples from './samples.js'
import { startDocuments, type DocumentWorld, type Upload } from './world.js'

let world: DocumentWorld
beforeAll(async () => {
  world = await startDocuments()
})
afterAll(() => world.close())

async function filed(...files: Upload[]) {
  const filer = await world.filer()
  const { body } = await world.upload(filer, files)
  const ids = body.documents.map(({ documentId }) => documentId)
  return { filer, ids }
}
const statusOfPage = async (ticketId: string, id: string) =>
  (await world.get(`/v1/tickets/${ticketId}/documents/${id}/pages/1`, 'agent')).status

describe('what is kept', () => {
  it('is noise on disk: neither the picture nor its name stands anywhere (R-ENC-1, R-FILE-5)', async () => {
    const bytes = await samples.jpeg(60)
    const { filer, ids } = await filed({ bytes, name: 'kartu-budi.jpg' })
    const { documents } = world.api.store.intake
    const row = await documents.findDocument(ids[0]!)
    const [page] = await documents.pagesOf(ids[0]!)
    expect(JSON.stringify(row)).not.toContain('budi')
    const shown = await world.get(`/v1/tickets/${filer.ticketId}/documents/${ids[0]}/pages/1`, 'agent')
    for (const ref of [row!.originalRef!, page!.fileRef]) {
      const file = await readFile(join(world.api.dataDir, 'files', ref.slice(0, 2), ref))
      expect(file.includes(Buffer.from('JFIF'))).toBe(false)
      expect(file.includes(bytes.subarray(200, 232))).toBe(false)
      expect(file.includes(shown.bytes.subarray(200, 232))).toBe(false)
    }
  })

  it('A44: a page in the place of another does not open', async () => {
    const { filer, ids } = await filed({ bytes: samples.pdf({ pages: 2 }), name: 'a.pdf' })
    const [first, second] = await world.api.store.intake.documents.pagesOf(ids[0]!)
    const moved = await world.files.get(second!.fileRef)
    await world.files.remove(first!.fileRef)
    await world.files.put(first!.fileRef, moved!)
    expect(await statusOfPage(filer.ticketId, ids[0]!)).toBe(500)
    const alert = world.api.log.map((it) => JSON.parse(it) as Record<string, unknown>)
    expect(alert.filter((it) => it['code'] === 'SEALED_UNREADABLE' && it['level'] === 50)).not.toEqual([])
    expect((await world.get(`/v1/tickets/${filer.ticketId}/documents/${ids[0]}/pages/2`, 'agent')).status).toBe(200)
  })

  it('originals go first, pages and names later; both again and again', async () => {
    const { filer, ids } = await filed(
      { bytes: await samples.jpeg(61) },
      { bytes: await samples.png(62), name: 'a.png' },
    )
    const refs = async () => new Set(await world.stored())
    const before = await refs()
    expect(await world.documents.purgeOriginals(filer.ticketId)).toBe(2)
    expect(await world.documents.purgeOriginals(filer.ticketId)).toBe(0)
    expect(before.size - (await refs()).size).toBe(2)
    expect(await statusOfPage(filer.ticketId, ids[0]!)).toBe(200)
    expect(await world.documents.purgePages(filer.ticketId)).toBe(2)
    expect(await world.documents.purgePages(filer.ticketId)).toBe(0)
    expect(before.size - (await refs()).size).toBe(4)
    expect(await statusOfPage(filer.ticketId, ids[0]!)).toBe(404)
    expect(await world.list(filer.ticketId)).toMatchObject([
      { state: 'erased', name: null, seenBefore: [] },
      { state: 'erased', name: null, seenBefore: [] },
    ])
  })

  it('A30: the same file, or a picture that looks alike, under another ticket is shown to officers', async () => {
    const bytes = await samples.jpeg(63)
    const first = await filed({ bytes })
    const same = await filed({ bytes })
    const alike = await filed({ bytes: await samples.smaller(63) })
    const other = await filed({ bytes: await samples.jpeg(64) })
    const seen = async ({ filer }: typeof first) =>
      (await world.list(filer.ticketId))[0]!.seenBefore
        .filter(({ ticketId }) => [first, same, alike].some((it) => it.filer.ticketId === ticketId))
        .map(({ how }) => how)
        .toSorted()
    expect(await seen(same)).toEqual(['alike', 'same'])
    expect(await seen(alike)).toEqual(['alike', 'alike'])
    expect(await seen(other)).toEqual([])
  })

  it('what a crash left half done is finished, and files without a row go after an hour', async () => {
    const { filer, ids } = await filed({ bytes: await samples.jpeg(65) })
    const { documents } = world.api.store.intake
    const row = await documents.findDocument(ids[0]!)
    // As if the process had died between writing the row and accepting it.
    const half = { ...row!, id: world.api.deps.ids.id(), state: 'pending' as const, pages: 0, perceptualHash: null }
    const { vault } = world.api.deps.services
    const ref = 'ab'.repeat(16)
    const place = { ticketId: filer.ticketId, table: 'documents', column: 'original', row: half.id }
    await world.files.put(ref, await vault.sealFile(place, await samples.jpeg(66)))
    await documents.addDocument({ ...half, nameSealed: null, originalRef: ref })
    await world.files.put('cd'.repeat(16), Buffer.from('an orphan'))
    expect(await world.documents.tidy()).toMatchObject({ resumed: 0 })
    world.api.clock.advance(HOUR)
    const tidied = await world.documents.tidy()
    expect(tidied.resumed).toBe(1)
    const task = (await world.api.store.intake.tasks.claimTasks(['scan_document'], world.api.clock.now(), 1, 9)).find(
      (it) => it.ref === half.id,
    )
    await world.documents.scan.run(task!)
    expect(await statusOfPage(filer.ticketId, half.id)).toBe(200)
    // The clock of this test is ahead of the one that files are dated by, so the first look found it already.
    expect(await world.files.get('cd'.repeat(16))).toBeNull()
    expect(await world.files.get(ref)).not.toBeNull()
  })

  it('files that no row names in numbers that no crash leaves are kept, and said: the database may be an older copy', async () => {
    const own = (await world.stored()).length
    const strays = Array.from({ length: 21 }, (_, n) => n.toString(16).padStart(32, '0'))
    for (const ref of strays) await world.files.put(ref, Buffer.from('of a row that a restored copy does not have'))
    world.api.clock.advance(HOUR)
    expect(await world.documents.tidy()).toMatchObject({ orphans: 0, kept: 21 })
    const said = world.api.log.filter((line) => line.includes('is this the right database?'))
    expect(said).toHaveLength(1)
    expect(JSON.parse(said[0]!)).toMatchObject({ level: 50, orphans: 21, files: own + 21 })
    expect(await world.stored()).toHaveLength(own + 21)
    // Twenty may be left over by killed processes; and so may a tenth of however many there are.
    await world.files.remove(strays[0]!)
    expect(await world.documents.tidy()).toMatchObject({ orphans: 20, kept: 0 })
    expect([
      areTooMany({ orphans: 21, files: 209 }),
      areTooMany({ orphans: 21, files: 210 }),
      areTooMany({ orphans: 20, files: 20 }),
    ]).toEqual([true, false, false])
  })
})
