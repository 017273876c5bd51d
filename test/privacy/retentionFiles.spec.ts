import { cpSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backupSqlite } from '../../db/backup.sqlite.js'
import { folderFileStore } from '../../src/ports/fileStore.js'
import { RETENTION } from '../../src/privacy/retentionConfig.js'
import { restoreSqlite } from '../../db/backupRestore.sqlite.js'
import { jpeg, pdf } from '../documents/samples.js'
import { filesOf, onDisk, proveBoth, upload } from './papers.js'
import { HOUR, newFolder, onBothDatabases, openPrivacyWorld, type PrivacyWorld } from './world.js'

const sorted = (names: Iterable<string>) => [...names].toSorted()
/** Runs retention, and gives exactly the files that went. */
async function gone(world: PrivacyWorld): Promise<readonly string[]> {
  const before = onDisk(world)
  await world.services.care.retain({ dryRun: false })
  const after = onDisk(world)
  return sorted([...before].filter((it) => !after.has(it)))
}
async function withPapers(world: PrivacyWorld, seed: number): Promise<string> {
  const ticketId = await world.file()
  await proveBoth(world, ticketId)
  const outcomes = await upload(world, ticketId, [
    { kind: 'KTP', name: 'ktp.jpg', bytes: await jpeg(seed) },
    { kind: 'SLIP_GAJI', name: 'slip.pdf', bytes: pdf({ pages: 2, content: `0.${seed} g 10 10 m 90 9${seed} l S` }) },
  ])
  expect(outcomes.map((it) => it.state)).toEqual(['accepted', 'accepted'])
  return ticketId
}
const after = (world: PrivacyWorld, closedAt: number, ms: number) =>
  world.clock.advance(closedAt + ms - world.clock.now())

onBothDatabases('retention of documents', (newPlace) => {
  it('A47: originals, then pages, then the person go at their own deadline, not a millisecond early, and nothing else ever', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const { services, clock, end } = world
    const [closed, held, open] = [await withPapers(world, 1), await withPapers(world, 2), await withPapers(world, 3)]
    await end(closed)
    const closedAt = clock.now()
    await end(held)
    await services.care.erasure.placeHold(held, 'court', 'legal-1')
    const [files, heldFiles] = [await filesOf(world, closed), await filesOf(world, held)]
    expect([files.originals.length, files.pages.length, onDisk(world).size]).toEqual([2, 3, 15])

    for (const [duty, expected] of [
      ['originals', files.originals],
      ['pages', files.pages],
    ] as const) {
      after(world, closedAt, RETENTION[duty])
      expect(await gone(world)).toEqual([])
      clock.advance(1)
      expect(await gone(world)).toEqual(sorted(expected))
      expect(await gone(world)).toEqual([])
    }
    expect((await services.documents.of(closed)).map(({ state, name }) => [state, name])).toEqual([
      ['erased', null],
      ['erased', null],
    ])
    expect((await services.people.identityOf(closed))?.version).toBe(1)
    after(world, closedAt, RETENTION.person + 1)
    expect(await gone(world)).toEqual([])
    await expect(services.people.identityOf(closed)).rejects.toMatchObject({ code: 'ERASED' })

    // Under a hold all is there; once it is lifted all goes at once. The open one is never touched.
    expect([...onDisk(world)]).toEqual(expect.arrayContaining([...heldFiles.originals, ...heldFiles.pages]))
    await services.care.erasure.liftHold(held)
    expect(await gone(world)).toEqual(sorted([...heldFiles.originals, ...heldFiles.pages]))
    expect(await gone(world)).toEqual([])
    const [row] = await services.documents.of(open)
    expect((await services.documents.page(open, row!.id, 1)).subarray(0, 2).toString('hex')).toBe('ffd8')
    expect(onDisk(world).size).toBe(5)
  })

  it('A47: erased on request, all of its files go at once, and nobody else loses one', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const [one, other] = [await withPapers(world, 4), await withPapers(world, 5)]
    await world.end(one)
    const files = await filesOf(world, one)
    expect(await world.services.care.erasure.erase(one, 'asked')).toBe(true)
    const left = onDisk(world)
    expect([...files.originals, ...files.pages].filter((it) => left.has(it))).toEqual([])
    const others = await filesOf(world, other)
    expect(sorted(left)).toEqual(sorted([...others.originals, ...others.pages]))
  })

  it('files that no row names go after an hour, and only they', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const ticketId = await withPapers(world, 6)
    const folder = join(world.place.dataDir, 'files')
    const files = folderFileStore(folder)
    const [old, young] = ['ab'.repeat(16), 'cd'.repeat(16)]
    for (const [ref, age] of [
      [old, HOUR + 1_000],
      [young, HOUR - 1_000],
    ] as const) {
      await files.put(ref, Buffer.from('left by a crash'))
      const at = (world.clock.now() - age) / 1_000
      utimesSync(join(folder, ref.slice(0, 2), ref), at, at)
    }
    for (const { originals, pages } of [await filesOf(world, ticketId)])
      for (const ref of [...originals, ...pages]) utimesSync(join(folder, ref.slice(0, 2), ref), 1, 1)
    expect(await world.services.documents.tidy()).toMatchObject({ orphans: 1 })
    expect(await world.services.documents.tidy()).toMatchObject({ orphans: 0 })
    expect(onDisk(world).has(old)).toBe(false)
    expect(onDisk(world).has(young)).toBe(true)
    expect(onDisk(world).size).toBe(6)
  })
})

it('A47: a backup from before, database and files, comes back without the erased, and what was due goes again', async () => {
  const place = { dataDir: newFolder(), databaseUrl: null }
  const world = await openPrivacyWorld(place)
  const [erased, aged] = [await withPapers(world, 7), await withPapers(world, 8)]
  await world.end(erased)
  await world.end(aged)
  const closedAt = world.clock.now()
  const [erasedFiles, agedFiles] = [await filesOf(world, erased), await filesOf(world, aged)]
  const kept = newFolder()
  await backupSqlite({ ...place, file: join(kept, 'before.db'), clock: world.clock, onProgress: () => undefined })
  cpSync(join(place.dataDir, 'files'), join(kept, 'files'), { recursive: true })
  after(world, closedAt, RETENTION.originals + 1)
  expect(await gone(world)).toEqual(sorted([...erasedFiles.originals, ...agedFiles.originals]))
  await world.services.care.erasure.erase(erased, 'asked')
  await world.close()

  await restoreSqlite({ dataDir: place.dataDir, file: join(kept, 'before.db'), replace: true, clock: world.clock })
  cpSync(join(kept, 'files'), join(place.dataDir, 'files'), { recursive: true })
  const restored = await openPrivacyWorld(place, {}, world.clock)
  expect(onDisk(restored).size).toBe(10)
  expect(await restored.services.care.start()).toEqual({ erased: 1, held: 0 })
  expect(sorted(onDisk(restored))).toEqual(sorted([...agedFiles.originals, ...agedFiles.pages]))
  await expect(restored.services.people.identityOf(erased)).rejects.toMatchObject({ code: 'ERASED' })
  expect(await gone(restored)).toEqual(sorted(agedFiles.originals))
  expect(await gone(restored)).toEqual([])
  const [row] = await restored.services.documents.of(aged)
  expect((await restored.services.documents.page(aged, row!.id, 1)).length).toBeGreaterThan(0)
})
