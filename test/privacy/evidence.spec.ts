import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { registerDoctor } from '../../src/cli/doctor.js'
import { registerRetention } from '../../src/cli/retention.js'
import { registerVerify } from '../../src/cli/verify.js'
import { pagePlace } from '../../src/documents/places.js'
import { proveFiles } from '../../src/documents/prove.js'
import { folderFileStore } from '../../src/ports/fileStore.js'
import { jpeg, pdf } from '../documents/samples.js'
import { command } from '../support/command.js'
import { hasPostgres } from '../support/postgres.js'
import { databaseOfTest } from '../support/sharedPostgres.js'
import { proveBoth, upload } from './papers.js'
import { newFolder, openPrivacyWorld, type Place } from './world.js'

const pulih = (...args: string[]) => command([registerVerify, registerDoctor, registerRetention], args)

/** A card in one page and a letter in two, of one ticket: five files. */
async function withEvidence(place: Place) {
  const world = await openPrivacyWorld(place)
  const ticketId = await world.file()
  await proveBoth(world, ticketId)
  const outcomes = await upload(world, ticketId, [
    { kind: 'KTP', name: 'ktp.jpg', bytes: await jpeg(11) },
    { kind: 'SLIP_GAJI', name: 'slip.pdf', bytes: pdf({ pages: 2 }) },
  ])
  expect(outcomes.map(({ state }) => state)).toEqual(['accepted', 'accepted'])
  const [card, letter] = await world.store.intake.documents.documentsOf(ticketId)
  const [one, two] = await world.store.intake.documents.pagesOf(letter!.id)
  return { world, ticketId, card: card!, letter: letter!, one: one!, two: two! }
}

describe('evidence files', () => {
  it('that are gone, altered, cut short, moved or replaced are told one by one; restored, all is well', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const { world, ticketId, card, letter, one, two } = await withEvidence(place)
    const [folder, kept] = [join(place.dataDir, 'files'), join(newFolder(), 'kept')]
    const { documents, vault } = world.services
    const pathOf = (ref: string) => join(folder, ref.slice(0, 2), ref)
    cpSync(folder, kept, { recursive: true })
    const well = { documents: 2, files: 5, faults: 0, gone: false, problems: [], orphans: 0 }
    const attacked = async (attack: () => void): Promise<readonly string[]> => {
      attack()
      const { problems, faults, files } = await documents.prove()
      expect({ files, faults }).toEqual({ files: 5, faults: problems.length })
      expect(problems.filter((it) => it.ticketId !== ticketId)).toEqual([])
      rmSync(folder, { recursive: true, force: true })
      cpSync(kept, folder, { recursive: true })
      expect(await documents.prove()).toEqual(well)
      return problems.map(({ what }) => what)
    }
    expect(await documents.prove()).toEqual(well)
    const SHUT = 'its file does not open at its place (SEALED_UNREADABLE)'

    expect(await attacked(() => rmSync(pathOf(two.fileRef)))).toEqual([
      `document ${letter.id} page 2: its file is missing`,
    ])
    const flipped = attacked(() => {
      const bytes = readFileSync(pathOf(card.originalRef!))
      bytes[bytes.length - 1]! ^= 1
      writeFileSync(pathOf(card.originalRef!), bytes)
    })
    expect(await flipped).toEqual([`document ${card.id} as it came: ${SHUT}`])
    const copied = await attacked(() => copyFileSync(pathOf(one.fileRef), pathOf(two.fileRef)))
    expect(copied).toEqual([`document ${letter.id} page 2: ${SHUT}`])
    const swapped = await attacked(() => {
      writeFileSync(pathOf(one.fileRef), readFileSync(join(kept, two.fileRef.slice(0, 2), two.fileRef)))
      writeFileSync(pathOf(two.fileRef), readFileSync(join(kept, one.fileRef.slice(0, 2), one.fileRef)))
    })
    expect(swapped).toEqual([`document ${letter.id} page 1: ${SHUT}`, `document ${letter.id} page 2: ${SHUT}`])
    for (const size of [0, 29, 200])
      expect(await attacked(() => truncateSync(pathOf(one.fileRef), size))).toEqual([
        `document ${letter.id} page 1: ${SHUT}`,
      ])
    const other = await vault.sealFile(pagePlace(letter, 1), await jpeg(12))
    expect(await attacked(() => writeFileSync(pathOf(one.fileRef), other))).toEqual([
      `document ${letter.id} page 1: its file is another: not of the size and SHA-256 in its row`,
    ])
    const unreadable = await attacked(() => {
      rmSync(pathOf(one.fileRef))
      mkdirSync(pathOf(one.fileRef))
    })
    expect(unreadable).toEqual([`document ${letter.id} page 1: its file cannot be read (EISDIR)`])
  })

  it('that vanished: `verify` and `doctor` fail, with all of them or one; with none of them touched both are content', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const { world, ticketId, letter, two } = await withEvidence(place)
    await world.close()
    const folder = join(place.dataDir, 'files')
    const data = ['--data', place.dataDir]
    const left = join(folder, 'aa', 'a'.repeat(32))
    mkdirSync(join(folder, 'aa'), { recursive: true })
    writeFileSync(left, 'left by a killed process')
    utimesSync(left, 1, 1)
    const verified = await pulih('verify', ...data)
    expect(verified.said).toContain(
      'looked at 5 evidence files of 2 documents: 0 problems\nnote: 1 evidence files that',
    )
    expect(verified.code).toBe(0)
    expect((await pulih('doctor', ...data)).said).toMatch(/ok +evidence +The files of the newest 2 documents are there/)

    rmSync(join(folder, two.fileRef.slice(0, 2), two.fileRef))
    const one = await pulih('verify', ...data)
    expect(one.said).toContain(`${ticketId}  document ${letter.id} page 2: its file is missing\n`)
    expect([one.code, one.said.includes('not one of')]).toEqual([1, false])
    const lacking = await pulih('doctor', ...data)
    expect(lacking.said).toMatch(/FAIL +evidence +Of the newest 2 documents 1 lack files/)
    expect(lacking.code).toBe(1)

    // The folder itself, and what is in it: the same to whoever restores.
    for (const empty of [
      () => readdirSync(folder).forEach((it) => rmSync(join(folder, it), { recursive: true })),
      () => rmSync(folder, { recursive: true }),
    ]) {
      empty()
      const { said, code } = await pulih('verify', ...data)
      expect(said).toContain('not one of 5 evidence files is there')
      expect(said).toContain('looked at 5 evidence files of 2 documents: 5 problems')
      expect(code).toBe(1)
      expect((await pulih('doctor', ...data)).said).toMatch(/FAIL +evidence +Of the newest 2 documents 2 lack files/)
    }
  })

  it('of a newer database than the one that was restored stay; `doctor` says so, and only who is sure has them removed', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const { world } = await withEvidence(place)
    await world.close()
    const data = ['--data', place.dataDir]
    const strays = Array.from({ length: 25 }, (_, n) =>
      join(place.dataDir, 'files', 'ff', `ff${String(n).padStart(30, '0')}`),
    )
    mkdirSync(join(place.dataDir, 'files', 'ff'), { recursive: true })
    for (const path of strays) {
      writeFileSync(path, 'sealed under a key that this database does not have')
      utimesSync(path, 1, 1)
    }
    const left = () => strays.filter((path) => existsSync(path)).length
    expect((await pulih('doctor', ...data)).said).toMatch(
      /evidence +Of 30 evidence files looked at, no row names 25: is this the/,
    )
    expect((await pulih('retention', ...data, '--dry-run', '--orphan-files')).code).toBe(0)
    const again = await openPrivacyWorld(place)
    expect(await again.services.documents.tidy()).toMatchObject({ orphans: 0, kept: 25 })
    await again.close()
    expect(left()).toBe(25)
    expect((await pulih('retention', ...data, '--orphan-files')).said).toMatch(/files +25 that no row names removed/)
    expect(left()).toBe(0)
    expect((await pulih('doctor', ...data)).said).not.toContain('is this the right database')
    expect((await pulih('verify', ...data)).said).toContain('looked at 5 evidence files of 2 documents: 0 problems')
  })

  it('of documents that were removed are missing by right; rows that say otherwise are told', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const { world, ticketId, card, letter } = await withEvidence(place)
    const { documents, vault } = world.services
    const files = folderFileStore(join(place.dataDir, 'files'))
    // Retention runs between the row and its file.
    const meanwhile = {
      ...files,
      get: async (ref: string) => {
        await documents.purgeOriginals(ticketId)
        return files.get(ref)
      },
    }
    const during = await proveFiles({ store: world.store, vault, files: meanwhile, clock: world.clock })
    expect(during.problems).toEqual([])
    expect(await documents.prove()).toMatchObject({ files: 3, faults: 0 })

    await world.raw(`DELETE FROM document_pages WHERE document_id = '${letter.id}' AND page = 2`)
    await world.raw(`UPDATE documents SET state = 'erased' WHERE id = '${card.id}'`)
    expect((await documents.prove()).problems).toEqual([
      { ticketId, what: `document ${card.id} is erased, and names files still` },
      { ticketId, what: `document ${letter.id} has 2 pages, and rows of 1` },
    ])
    await documents.purgePages(ticketId)
    expect(await documents.prove()).toMatchObject({ files: 0, faults: 1, gone: false })
  })

  it.skipIf(!hasPostgres)(
    'that lie on another machine than this one are not looked at, and not said to be missing',
    async () => {
      const place = { dataDir: newFolder(), databaseUrl: await databaseOfTest() }
      const { world } = await withEvidence(place)
      expect(await world.services.documents.prove()).toMatchObject({ files: 5, faults: 0 })
      const elsewhere = newFolder()
      copyFileSync(join(place.dataDir, 'keys.json'), join(elsewhere, 'keys.json'))
      process.env['DATABASE_URL'] = place.databaseUrl
      onTestFinished(() => {
        delete process.env['DATABASE_URL']
        delete process.env['PULIH_FILES']
      })
      const away = await pulih('verify', '--data', elsewhere)
      expect(away.said).toMatch(/^not looked at: evidence files; they lie with the servers/m)
      expect(away.code).toBe(0)
      expect((await pulih('doctor', '--data', elsewhere)).said).toMatch(/- +evidence +The files of documents lie with/)

      process.env['PULIH_FILES'] = join(place.dataDir, 'files')
      expect((await pulih('verify', '--data', elsewhere)).said).toContain(
        'looked at 5 evidence files of 2 documents: 0 pr',
      )
      process.env['PULIH_FILES'] = join(elsewhere, 'not mounted')
      const unmounted = await pulih('verify', '--data', elsewhere)
      expect([unmounted.code, unmounted.said.includes('not one of 5 evidence files is there')]).toEqual([1, true])
    },
  )
})
