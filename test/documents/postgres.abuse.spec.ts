import { expect, it, onTestFinished } from 'vitest'
import { ScannerUnavailable, type Scanner } from '../../src/ports/scanner.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { databaseOfTest } from '../support/sharedPostgres.js'
import * as samples from './samples.js'
import { startDocuments, type DocumentWorld, type Filer } from './world.js'

/** What attackers send, where the rows are PostgreSQL's; the same cases on SQLite are in uploads, hostile, scanning and keeping. */
describeOnPostgres('documents on PostgreSQL', () => {
  const started = async (options: Parameters<typeof startDocuments>[0] = {}): Promise<DocumentWorld> => {
    const world = await startDocuments(options, await databaseOfTest())
    onTestFinished(() => world.close())
    return world
  }
  const pageOf = (world: DocumentWorld, { ticketId }: Filer, documentId: string) =>
    world.get(`/v1/tickets/${ticketId}/documents/${documentId}/pages/1`, 'agent')
  const isEmpty = async (world: DocumentWorld) => {
    expect(await world.waiting()).toEqual([])
    expect(await world.stored()).toEqual([])
  }

  it('A13: EICAR inside a PDF is 422, gone from disk, and on record', async () => {
    const world = await started()
    const filer = await world.filer()
    const bytes = Buffer.concat([samples.pdf(), Buffer.from(`\n%${samples.EICAR}\n`)])
    const { status, body } = await world.upload(filer, [{ bytes, name: 'surat.pdf' }])
    expect([status, body.code]).toEqual([422, 'DOCUMENT_INFECTED'])
    await isEmpty(world)
    expect(await world.list(filer.ticketId)).toMatchObject([{ state: 'refused', reason: 'DOCUMENT_INFECTED' }])
    expect(world.api.log.some((line) => line.includes('file.rejected.malware'))).toBe(true)
  })

  it('A14: scanner down: the file waits unseen and the case does not go on; back, it is accepted', async () => {
    const state = { down: true }
    const scanner: Scanner = {
      // eslint-disable-next-line @typescript-eslint/require-await -- a scanner reads streams
      async scan() {
        if (state.down) throw new ScannerUnavailable('timeout')
        return { verdict: 'clean' }
      },
    }
    const world = await started({ scanner })
    const filer = await world.filer()
    const { status, body } = await world.upload(filer, [{ bytes: await samples.jpeg(1) }])
    expect([status, body.documents[0]?.state]).toEqual([200, 'pending'])
    const documentId = body.documents[0]!.documentId
    expect((await pageOf(world, filer, documentId)).status).toBe(404)
    expect((await world.api.store.findTicket(filer.ticketId))?.state).toBe('submitted')
    const { tasks } = world.api.store.intake
    const claim = async () => (await tasks.claimTasks(['scan_document'], world.api.clock.now(), 1, 1))[0]!
    const task = await claim()
    await expect(world.documents.scan.run(task)).rejects.toThrow(ScannerUnavailable)
    expect((await pageOf(world, filer, documentId)).status).toBe(404)
    state.down = false
    await world.documents.scan.run(task)
    expect((await pageOf(world, filer, documentId)).status).toBe(200)
    expect((await world.api.store.findTicket(filer.ticketId))?.state).toBe('documentsUploaded')
  })

  it.each([
    ['A15', 'a GIF that is a script, called a JPEG', () => Buffer.from('GIF89a=1;alert(1)//'), 'a.jpg', 415],
    ['A17', 'a pixel bomb', () => samples.pixelBomb(), 'a.png', 422],
    ['A17', '200 pages', () => samples.pdf({ pages: 200 }), 'a.pdf', 422],
    ['A17', 'a PDF with a password', () => samples.pdf({ password: 'x' }), 'a.pdf', 422],
  ] as const)('%s: %s leaves neither file nor row', async (_id, _what, bytes, name, expected) => {
    const world = await started()
    const filer = await world.filer()
    expect((await world.upload(filer, [{ bytes: bytes(), name }])).status).toBe(expected)
    await isEmpty(world)
    expect(await world.list(filer.ticketId)).toEqual([])
  })

  it('A16: a polyglot is served without what rode along; A15: its name is text', async () => {
    const world = await started()
    const filer = await world.filer()
    const name = '<img src=x onerror=alert(1)>.jpg'
    const { body } = await world.upload(filer, [{ bytes: await samples.polyglot(2), name }])
    const page = await pageOf(world, filer, body.documents[0]!.documentId)
    expect(page.bytes.includes('script')).toBe(false)
    expect((await world.list(filer.ticketId))[0]?.name).toBe(name)
  })

  it('A18: a request that is cut off leaves neither file nor row, and the next one is taken', async () => {
    const world = await started()
    const filer = await world.filer()
    const gone = new AbortController()
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(
          Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nxxxx'),
        )
        gone.abort()
      },
    })
    const headers = { authorization: `Bearer ${filer.token}`, 'content-type': 'multipart/form-data; boundary=b' }
    const init = { method: 'POST', headers, body: endless, signal: gone.signal, duplex: 'half' } as RequestInit
    await expect(fetch(`${world.url}/v1/pengaduan/documents`, init)).rejects.toThrow()
    const next = async () => (await world.upload(filer, [{ bytes: await samples.jpeg(3) }])).status
    await expect.poll(next).toBe(200)
    expect(await world.waiting()).toEqual([])
    expect(await world.list(filer.ticketId)).toHaveLength(1)
  })

  it('A22: a page is found under its own ticket and session alone', async () => {
    const world = await started()
    const [one, other] = [await world.filer(), await world.filer()]
    const { body } = await world.upload(one, [{ bytes: await samples.jpeg(4) }])
    const { documentId } = body.documents[0]!
    expect((await pageOf(world, one, documentId)).status).toBe(200)
    expect((await pageOf(world, other, documentId)).status).toBe(404)
    const path = `/v1/tickets/${one.ticketId}/documents/${documentId}/pages/1`
    expect((await world.get(path, null)).status).toBe(401)
    expect((await world.get(path, one)).status).toBe(401)
  })

  it('A30: one picture in the cases of two people is shown to officers of both, saved again or not', async () => {
    const world = await started()
    const bytes = [await samples.jpeg(5), await samples.jpeg(5), await samples.smaller(5), await samples.jpeg(6)]
    const filers: Filer[] = []
    for (const it of bytes) {
      const filer = await world.filer()
      await world.upload(filer, [{ bytes: it }])
      filers.push(filer)
    }
    const seen = async ({ ticketId }: Filer) =>
      (await world.list(ticketId))[0]!.seenBefore.map((it) => it.how).toSorted()
    expect(await seen(filers[0]!)).toEqual(['alike', 'same'])
    expect(await seen(filers[2]!)).toEqual(['alike', 'alike'])
    expect(await seen(filers[3]!)).toEqual([])
  })
})
