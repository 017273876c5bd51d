import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { folderFileStore, type FileStore } from '../../src/ports/fileStore.js'
import { embeddedScanner } from '../../src/ports/scanner.js'
import * as samples from './samples.js'
import { startDocuments } from './world.js'

const FILERS = 4

/** The files of a folder, and how many uploads were keeping something in it at a time. Keeping takes long while `slow` does. */
function watched(folder: string, slow: () => Promise<unknown>): FileStore & { most(): number } {
  const files = folderFileStore(folder)
  let [now, most] = [0, 0]
  return {
    ...files,
    most: () => most,
    async put(ref, bytes) {
      most = Math.max(most, ++now)
      await slow()
      await files.put(ref, bytes)
      now--
    },
  }
}

it('many files are received and scanned at a time, but one is held whole, drawn and sealed (R-FILE-4)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-gate-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const bytes = await samples.jpeg(60)
  let scans = 0
  let allScanned: () => void = () => undefined
  const scanned = new Promise<void>((resolve) => (allScanned = resolve))
  // The first is not done with before all are scanned, and what drawing another takes has passed.
  const files = watched(folder, async () => {
    await scanned
    for (let drawn = 0; drawn < FILERS; drawn++) await samples.jpeg(61 + drawn)
  })
  const scanner = {
    async scan(stream: AsyncIterable<Uint8Array>) {
      const verdict = await embeddedScanner.scan(stream)
      if (++scans === FILERS) allScanned()
      return verdict
    },
  }
  const world = await startDocuments({ files, scanner })
  onTestFinished(() => world.close())
  const filers = await Promise.all(Array.from({ length: FILERS }, () => world.filer()))
  const answers = await Promise.all(filers.map((filer) => world.upload(filer, [{ bytes }])))
  expect(answers.map(({ body }) => body.documents[0]?.state)).toEqual(filers.map(() => 'accepted'))
  expect([scans, files.most()]).toEqual([FILERS, 1])
  expect(await world.waiting()).toEqual([])
})
