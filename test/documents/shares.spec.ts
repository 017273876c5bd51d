import { createConnection, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { TaskRow } from '../../db/intake/tasks.js'
import * as samples from './samples.js'
import { startDocuments, type DocumentWorld, type Filer } from './world.js'

const BOUNDARY = 'share0123456789'
const HEAD =
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nKTP\r\n` +
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="ktp.jpg"\r\n\r\n`
const END = `\r\n--${BOUNDARY}--\r\n`

let world: DocumentWorld
beforeAll(async () => {
  // Eight places: two for each network.
  world = await startDocuments({ limits: { graceMs: 1_000, uploads: 8 } })
})
afterAll(() => world.close())

/** The beginning of an upload from one address of the loopback. */
function begin(port: number, filer: Filer, length: number, localAddress = '127.0.0.1'): Socket {
  const socket = createConnection({ host: '127.0.0.1', port, localAddress })
  const head = `POST /v1/pengaduan/documents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${filer.token}\r\n`
  const type = `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${length}\r\n`
  socket.write(`${head}${type}Connection: close\r\n\r\n${HEAD}`)
  return socket
}
async function answerOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

it('A18: senders of a byte now and then hold no more than the share of their network, and are cut long before the end', async () => {
  const picture = await samples.jpeg(70)
  const slow = await Promise.all([world.filer(), world.filer()])
  const [same, other] = [await world.filer(), await world.filer()]
  const sockets = slow.map((filer) => begin(world.port, filer, 5_000_000))
  const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 100)
  onTestFinished(() => clearInterval(drip))
  const cut = Promise.all(sockets.map(answerOf))
  await expect.poll(async () => (await world.waiting()).length, { timeout: 45_000 }).toBe(2)

  const refused = await world.upload(same, [{ bytes: picture }])
  expect([refused.status, refused.body.code]).toEqual([429, 'TOO_MANY_REQUESTS'])
  const elsewhere = begin(world.port, other, HEAD.length + picture.length + END.length, '127.0.0.2')
  elsewhere.write(picture)
  elsewhere.write(END)
  expect(await answerOf(elsewhere)).toMatch(/^HTTP\/1\.1 200[^]*"state":"accepted"/)

  for (const answer of await cut) expect(answer).toMatch(/^HTTP\/1\.1 408[^]*REQUEST_TIMEOUT/)
  await expect.poll(async () => (await world.upload(same, [{ bytes: picture }])).status).toBe(200)
}, 60_000)

it('A17: a small PNG that would be held whole in 300 MB is refused by its head, and not called damaged', async () => {
  for (const bytes of [samples.pngHead(6_300, 16, true), samples.pngHead(6_300, 16, false)]) {
    const { status, body } = await world.upload(await world.filer(), [{ bytes, name: 'a.png' }])
    expect([status, body.code]).toEqual([422, 'DOCUMENT_UNREADABLE'])
    expect(JSON.stringify(body.errors)).toContain('terlalu berat')
  }
})

it('A17: a progressive picture of a phone, 25 million pixels, is none of these', async () => {
  const { body } = await world.upload(await world.filer(), [{ bytes: await samples.progressive(5_774, 4_330) }])
  expect(body.documents[0]?.state).toBe('accepted')
}, 120_000)

it('A17: a picture that this machine has no time for waits and is tried again; it is not called damaged', async () => {
  const hasty = await startDocuments({ limits: { convertMs: 1, pixels: 1_000_000_000 } })
  onTestFinished(() => hasty.close())
  const filer = await hasty.filer()
  const { status, body } = await hasty.upload(filer, [{ bytes: samples.pixelBomb(26_000, true), name: 'a.png' }])
  expect([status, body.documents[0]?.state]).toEqual([200, 'pending'])
  const [task] = await hasty.api.store.intake.tasks.claimTasks(['scan_document'], hasty.api.clock.now(), 1, 1)
  const tried = (attempts: number) => hasty.documents.scan.run({ ...(task as TaskRow), attempts })
  await expect(tried(1)).rejects.toThrow('not drawn in time')
  expect((await hasty.list(filer.ticketId))[0]?.state).toBe('pending')
  await tried(4)
  expect((await hasty.list(filer.ticketId))[0]).toMatchObject({ state: 'refused', reason: 'DOCUMENT_UNREADABLE' })
}, 120_000)
