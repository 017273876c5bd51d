import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { TaskRow } from '../../db/intake/tasks.js'
import { ScannerUnavailable, type Scanner } from '../../src/ports/scanner.js'
import { clamdScanner } from '../../src/ports/scannerClamd.js'
import { hasClamd, startClamd, type Clamd } from '../support/clamd.js'
import * as samples from './samples.js'
import { startDocuments, type DocumentWorld, type Filer } from './world.js'

/** What the tasks of a ticket were asked to do. */
async function taskOf(world: DocumentWorld): Promise<TaskRow> {
  const [task] = await world.api.store.intake.tasks.claimTasks(['scan_document'], world.api.clock.now(), 1, 1)
  expect(task).toBeDefined()
  return task!
}
const stateOf = async (world: DocumentWorld, { ticketId }: Filer) => (await world.api.store.findTicket(ticketId))?.state
const factsOf = async (world: DocumentWorld, { ticketId }: Filer) =>
  (await world.api.store.readLog(ticketId, 0, 100)).map(({ fact }) => fact)
const isGone = async (world: DocumentWorld) => {
  expect(await world.waiting()).toEqual([])
  expect(await world.stored()).toEqual([])
}
const page = (world: DocumentWorld, { ticketId }: Filer, documentId: string) =>
  world.get(`/v1/tickets/${ticketId}/documents/${documentId}/pages/1`, 'agent')

const infectedPdf = () => samples.pdf({ content: `BT (${samples.EICAR.replaceAll(/[\\()]/g, '\\$&')}) Tj ET` })
/** The test string as it is, in a comment of the file. */
const eicarInPdf = () => Buffer.concat([samples.pdf(), Buffer.from(`\n%${samples.EICAR}\n`)])

async function rejectsMalware(world: DocumentWorld): Promise<void> {
  const files = [
    { bytes: Buffer.from(samples.EICAR), name: 'eicar.pdf' },
    { bytes: eicarInPdf(), name: 'surat.pdf' },
  ]
  const filer = await world.filer()
  const only = await world.upload(filer, [files[1]!])
  expect([only.status, only.body.code, only.body.errors?.[0]?.code]).toEqual([
    422,
    'DOCUMENT_INFECTED',
    'DOCUMENT_INFECTED',
  ])
  await isGone(world)
  const [listed] = await world.list(filer.ticketId)
  expect(listed).toMatchObject({ state: 'refused', reason: 'DOCUMENT_INFECTED', name: null, pages: 0 })
  expect((await page(world, filer, listed!.documentId)).status).toBe(404)
  expect(await stateOf(world, filer)).toBe('submitted')
  expect(world.api.log.some((line) => line.includes('file.rejected.malware'))).toBe(true)
  // The bare test string is no document of any type, so nobody needs to scan it.
  expect((await world.upload(filer, [files[0]!])).body.code).toBe('DOCUMENT_TYPE_REFUSED')
}

describe('with the embedded scanner', () => {
  it('A13: EICAR inside a PDF is refused, gone from disk, and on record', async () => {
    const world = await startDocuments()
    onTestFinished(() => world.close())
    await rejectsMalware(world)
  })
})

describe.skipIf(!hasClamd)('with a real clamd', () => {
  let clamd: Clamd
  let world: DocumentWorld
  beforeAll(async () => {
    clamd = await startClamd(samples.EICAR)
    world = await startDocuments({ scanner: clamdScanner({ address: clamd.tcp }) })
  })
  afterAll(async () => {
    await world.close()
    await clamd.stop()
  })

  it('A13: EICAR inside a PDF is refused, gone from disk, and on record', () => rejectsMalware(world))

  it('A14: clamd down: the file waits unseen, and is accepted when clamd is back', async () => {
    await clamd.kill()
    const filer = await world.filer()
    const { status, body } = await world.upload(filer, [{ bytes: await samples.jpeg(40) }])
    expect([status, body.documents[0]!.state, body.documents[0]!.pages]).toEqual([200, 'pending', 0])
    const { documentId } = body.documents[0]!
    expect((await page(world, filer, documentId)).status).toBe(404)
    expect(await stateOf(world, filer)).toBe('submitted')
    expect(await factsOf(world, filer)).not.toContain('DocumentsUploaded')
    expect(await world.waiting()).toEqual([])

    const task = await taskOf(world)
    expect(task.ref).toBe(documentId)
    await expect(world.documents.scan.run(task)).rejects.toThrow(ScannerUnavailable)
    expect((await world.list(filer.ticketId))[0]?.state).toBe('pending')
    await clamd.start()
    await world.documents.scan.run(task)
    await world.documents.scan.run(task)
    expect((await page(world, filer, documentId)).status).toBe(200)
    expect(await stateOf(world, filer)).toBe('documentsUploaded')
    const log = await world.api.store.readLog(filer.ticketId, 0, 100)
    const told = log.filter(({ fact }) => fact === 'DocumentsUploaded')
    expect(told.map(({ actorRole }) => actorRole)).toEqual(['participant'])
  })
})

describe('a scanner that comes and goes', () => {
  let world: DocumentWorld
  /** What it says next; null: it is down. */
  let verdict: 'clean' | 'infected' | null = 'clean'
  const scanner: Scanner = {
    async scan(bytes) {
      for await (const chunk of bytes) expect(chunk.length).toBeGreaterThan(0)
      if (verdict === null) throw new ScannerUnavailable('test')
      return verdict === 'clean' ? { verdict } : { verdict, signature: 'Test' }
    },
  }
  beforeAll(async () => {
    world = await startDocuments({ scanner })
  })
  afterAll(() => world.close())
  const uploaded = async (bytes: Uint8Array, name: string) => {
    const filer = await world.filer()
    const { body } = await world.upload(filer, [{ bytes, name }])
    const { documentId, state } = body.documents[0]!
    return { filer, documentId, state }
  }
  const task = (documentId: string) => ({ ref: documentId }) as TaskRow

  it('A14: found infected later: its files go, and the ticket asks for it anew (D34)', async () => {
    verdict = null
    const { filer, documentId, state } = await uploaded(infectedPdf(), 'a.pdf')
    expect(state).toBe('pending')
    verdict = 'infected'
    await world.documents.scan.run(task(documentId))
    await world.documents.scan.run(task(documentId))
    await isGone(world)
    expect((await world.list(filer.ticketId))[0]).toMatchObject({ state: 'refused', reason: 'DOCUMENT_INFECTED' })
    expect(await stateOf(world, filer)).toBe('documentsRequested')
    expect((await factsOf(world, filer)).filter((it) => it === 'DocumentsRevoked').length).toBe(1)
  })

  it('A14: an accepted one that a newer signature finds goes the same way, pages and all', async () => {
    verdict = 'clean'
    const { filer, documentId, state } = await uploaded(await samples.jpeg(41), 'a.jpg')
    expect(state).toBe('accepted')
    await world.documents.scan.run(task(documentId))
    expect((await page(world, filer, documentId)).status).toBe(200)
    verdict = 'infected'
    await world.documents.scan.run(task(documentId))
    expect((await page(world, filer, documentId)).status).toBe(404)
    await isGone(world)
    expect(await stateOf(world, filer)).toBe('documentsRequested')
  })

  it('what waited and cannot be drawn is refused with its own reason', async () => {
    verdict = null
    const { filer, documentId } = await uploaded(samples.pdf({ password: 'x' }), 'a.pdf')
    verdict = 'clean'
    await world.documents.scan.run(task(documentId))
    expect((await world.list(filer.ticketId))[0]).toMatchObject({ state: 'refused', reason: 'DOCUMENT_PASSWORD' })
    expect(await stateOf(world, filer)).toBe('documentsRequested')
    await isGone(world)
  })

  it('what waited while its ticket closed is refused and asks for nothing', async () => {
    verdict = null
    const { filer, documentId } = await uploaded(await samples.jpeg(42), 'a.jpg')
    await world.api.engine.handle({
      ticketId: filer.ticketId,
      event: { type: 'withdraw', reason: 'TIDAK_JADI' },
      actor: { id: 'intake', role: 'portal' },
      key: null,
      fingerprint: null,
    })
    verdict = 'clean'
    await world.documents.scan.run(task(documentId))
    expect((await world.list(filer.ticketId))[0]).toMatchObject({ state: 'refused', reason: 'EVENT_NOT_ALLOWED' })
    expect(await stateOf(world, filer)).toBe('withdrawn')
    await isGone(world)
  })

  it('A14: nobody begins to review, or proposes, while a file waits; once it was scanned both go on', async () => {
    const review = (to: Filer) => world.api.send(to.ticketId, 'verification.start', { as: 'agent' })
    verdict = 'clean'
    const plain = await world.filer()
    expect((await review(plain)).status).toBe(200)
    verdict = null
    const { filer, documentId } = await uploaded(await samples.jpeg(43), 'a.jpg')
    const refused = await review(filer)
    expect([refused.status, refused.body.code]).toEqual([409, 'DOCUMENT_PENDING'])
    expect(await stateOf(world, filer)).toBe('submitted')
    // One that comes when the review has begun keeps it from its end.
    const late = await world.upload(plain, [{ bytes: await samples.jpeg(44), name: 'b.jpg' }])
    if (late.status === 200) {
      const proposed = await world.api.send(plain.ticketId, 'approval.propose', { as: 'agent' })
      expect([proposed.status, proposed.body.code]).toEqual([409, 'DOCUMENT_PENDING'])
    } else expect(late.body.code).toBe('EVENT_NOT_ALLOWED')
    verdict = 'clean'
    await world.documents.scan.run(task(documentId))
    expect((await review(filer)).status).toBe(200)
  })

  it('a task for a document that is gone does nothing', async () => {
    await world.documents.scan.run(task(world.api.deps.ids.id()))
  })
})
