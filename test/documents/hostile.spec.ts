import { get } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import { writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as samples from './samples.js'
import { tokenOf, type Person } from '../api/harness.js'
import { startDocuments, type DocumentWorld, type Filer } from './world.js'

const STALL_MS = 400
const RECEIVE_MS = 3_000
const BOUNDARY = 'limit0123456789'

let world: DocumentWorld
let filer: Filer
beforeAll(async () => {
  world = await startDocuments({ limits: { stallMs: STALL_MS, receiveMs: RECEIVE_MS, requestBytes: 12_000_000 } })
})
beforeEach(async () => {
  filer = await world.filer()
})
afterAll(() => world.close())

const fileHead = (name = 'ktp.jpg') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nKTP\r\n` +
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`
const END = `\r\n--${BOUNDARY}--\r\n`

/** A connection that has sent the head of an upload. */
function begin(length: number | 'chunked', type = `multipart/form-data; boundary=${BOUNDARY}`): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port: world.port }, () => {
      const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
      const head = [
        'POST /v1/pengaduan/documents HTTP/1.1',
        'Host: localhost',
        `Authorization: Bearer ${filer.token}`,
        `Content-Type: ${type}`,
        size,
        'Connection: close',
      ]
      socket.write(`${head.join('\r\n')}\r\n\r\n`)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}
/** All that comes until the server closes the connection. */
async function allOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
const statusIn = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
const codeIn = (answer: string) => /"code":"(\w+)"/.exec(answer)?.[1]

/** No file in the quarantine, none in the store, no row; and this filer may send the next. */
async function nothingIsLeft(): Promise<void> {
  await expect.poll(() => world.waiting()).toEqual([])
  expect(await world.stored()).toEqual([])
  expect(await world.list(filer.ticketId)).toEqual([])
  await expect.poll(async () => (await world.upload(filer, [])).body.code).toBe('DOCUMENT_MISSING')
}

describe('A18: uploads that do not come to an end', () => {
  it('A18: a sender that stalls is told 408, and its socket is closed', async () => {
    const socket = await begin(1_000_000)
    socket.write(fileHead())
    socket.write(Buffer.alloc(50_000, 1))
    const answer = await allOf(socket)
    expect([statusIn(answer), codeIn(answer)]).toEqual([408, 'REQUEST_TIMEOUT'])
    expect(answer).toContain('Connection: close')
    await nothingIsLeft()
  })

  it('A18: slow-loris: a byte now and then is not enough', async () => {
    const socket = await begin(1_000_000)
    socket.write(fileHead())
    const drip = setInterval(() => socket.write('x'), STALL_MS / 4)
    const started = performance.now()
    const answer = await allOf(socket).finally(() => clearInterval(drip))
    expect([statusIn(answer), codeIn(answer)]).toEqual([408, 'REQUEST_TIMEOUT'])
    expect(performance.now() - started).toBeGreaterThan(RECEIVE_MS - 100)
    await nothingIsLeft()
  })

  it('A18: nothing but the head', async () => {
    const answer = await allOf(await begin(1_000))
    expect([statusIn(answer), codeIn(answer)]).toEqual([408, 'REQUEST_TIMEOUT'])
    await nothingIsLeft()
  })

  it('A18: a sender that goes away in the middle leaves nothing', async () => {
    for (const bytes of [0, 10, 70_000]) {
      const socket = await begin(1_000_000)
      socket.write(fileHead())
      await new Promise<void>((resolve) => socket.write(Buffer.alloc(bytes, 1), () => resolve()))
      if (bytes > 0) await expect.poll(async () => (await world.waiting()).length).toBe(1)
      socket.destroy()
      await nothingIsLeft()
    }
  })

  it('A18: a form without its end', async () => {
    const body = Buffer.concat([Buffer.from(fileHead()), await samples.jpeg(50)])
    const socket = await begin(body.length)
    socket.write(body)
    const answer = await allOf(socket)
    expect([statusIn(answer), codeIn(answer)]).toEqual([400, 'UPLOAD_MALFORMED'])
    await nothingIsLeft()
  })

  it('A18: a content-length that is too short cuts the form', async () => {
    const body = Buffer.concat([Buffer.from(fileHead()), await samples.jpeg(51), Buffer.from(END)])
    const socket = await begin(body.length - 500)
    socket.write(body)
    const answer = await allOf(socket)
    // What is left over is no request either; whichever is noticed first is told.
    expect(statusIn(answer)).toBe(400)
    expect(['UPLOAD_MALFORMED', 'REQUEST_MALFORMED']).toContain(codeIn(answer))
    await nothingIsLeft()
  })

  it('A18: a content-length that is too long waits for nobody', async () => {
    const body = Buffer.concat([Buffer.from(fileHead()), Buffer.from('x'), Buffer.from(END)])
    const socket = await begin(body.length + 500)
    socket.write(body)
    const answer = await allOf(socket)
    expect([400, 408, 415]).toContain(statusIn(answer))
    await nothingIsLeft()
  })
})

describe('A18: uploads that are too much', () => {
  const post = (body: string | Uint8Array, type = `multipart/form-data; boundary=${BOUNDARY}`) =>
    fetch(`${world.url}/v1/pengaduan/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${filer.token}`, 'content-type': type },
      body: body as Uint8Array<ArrayBuffer>,
    })
  /** As browsers write it, also when no file was chosen. */
  const fileOnly = (name: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const field = (name: string, value: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const expected = async (response: Response, status: number, code: string) => {
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code])
    await nothingIsLeft()
  }

  it('A18: 10 000 fields', async () => {
    const picture = await samples.jpeg(52)
    const many = field('kind', 'KTP').repeat(10_000)
    const body = Buffer.concat([Buffer.from(fileHead()), picture, Buffer.from(`\r\n${many}${END}`)])
    await expected(await post(body), 400, 'UPLOAD_MALFORMED')
  })
  it('A18: a field that nobody knows', () =>
    post(field('status', 'approved') + END).then((it) => expected(it, 400, 'UPLOAD_MALFORMED')))
  it('A18: a field without end', () =>
    post(field('kind', 'K'.repeat(100_000)) + fileOnly('a.jpg') + 'x' + END).then((it) =>
      expected(it, 422, 'VALIDATION_FAILED'),
    ))
  it('A18: a part with headers without end', () =>
    post(`--${BOUNDARY}\r\n${'X-A: b\r\n'.repeat(50_000)}\r\nx${END}`).then((it) =>
      expected(it, 400, 'UPLOAD_MALFORMED'),
    ))
  it('A18: a hundred files', () =>
    post(fileHead().concat('x\r\n').repeat(100) + END).then((it) => expected(it, 422, 'DOCUMENT_TOO_MANY')))
  it('A18: eleven files', () =>
    post(`${field('kind', 'KTP')}${`${fileOnly('a.jpg')}x\r\n`.repeat(11)}${END}`).then((it) =>
      expected(it, 422, 'DOCUMENT_TOO_MANY'),
    ))
  it('A18: no part at all', () => post(END).then((it) => expected(it, 422, 'DOCUMENT_MISSING')))
  it('A18: a part whose file was not chosen', () =>
    post(`${field('kind', 'KTP')}${fileOnly('')}${END}`).then((it) => expected(it, 422, 'DOCUMENT_MISSING')))
  it('A18: garbage', () => post('garbage').then((it) => expected(it, 400, 'UPLOAD_MALFORMED')))
  it('A18: no boundary', () => post('x', 'multipart/form-data;').then((it) => expected(it, 400, 'UPLOAD_MALFORMED')))
  it('A18: JSON where files are due', () =>
    post('{}', 'application/json').then((it) => expected(it, 415, 'MEDIA_TYPE_UNSUPPORTED')))

  it('A18: a request announced as larger than a case may be is refused before it is read', async () => {
    const socket = await begin(100_000_000)
    const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())))
    expect([statusIn(await answer), codeIn(await answer)]).toEqual([413, 'DOCUMENT_TOO_LARGE'])
    socket.destroy()
    await nothingIsLeft()
  })

  it('A18: one that is not announced is cut where it becomes too large', async () => {
    const socket = await begin('chunked')
    socket.on('error', () => undefined)
    const heard = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())))
    const send = (bytes: string | Buffer) => {
      socket.write(`${bytes.length.toString(16)}\r\n`)
      socket.write(bytes)
      return new Promise<void>((resolve) => socket.write('\r\n', () => resolve()))
    }
    let answer = ''
    void heard.then((text) => (answer = text))
    await send(fileHead())
    for (let sent = 0; sent < 100 && answer === ''; sent++) await send(Buffer.alloc(1_000_000, 1))
    expect([statusIn(await heard), codeIn(await heard)]).toEqual([413, 'DOCUMENT_TOO_LARGE'])
    socket.destroy()
    await nothingIsLeft()
  })

  it('A18: two uploads at once for one ticket: the second is told to come again', async () => {
    const socket = await begin(1_000_000)
    socket.write(fileHead())
    socket.write(Buffer.alloc(50_000, 1))
    await expect.poll(async () => (await world.waiting()).length).toBe(1)
    const second = await world.upload(filer, [{ bytes: await samples.jpeg(53) }])
    expect([second.status, second.body.code, second.headers.get('retry-after')]).toEqual([
      429,
      'TOO_MANY_REQUESTS',
      '1',
    ])
    socket.destroy()
    await nothingIsLeft()
  })

  it('and the filer whom all this was sent for still uploads', async () => {
    expect((await world.upload(filer, [{ bytes: await samples.jpeg(54) }])).body.documents[0]!.state).toBe('accepted')
  })
})

describe('A22: a page of a document', () => {
  it('A22: is nobody’s without a session, and only of its own ticket', async () => {
    const [one, other] = [await world.filer(), await world.filer()]
    const { body } = await world.upload(one, [{ bytes: await samples.jpeg(55) }])
    const { documentId } = body.documents[0]!
    const at = (ticketId: string, document: string, page: string | number) =>
      `/v1/tickets/${ticketId}/documents/${document}/pages/${page}`
    const status = async (path: string, as: Parameters<DocumentWorld['get']>[1]) => (await world.get(path, as)).status
    const right = at(one.ticketId, documentId, 1)
    expect(await status(right, 'agent')).toBe(200)
    expect(await status(right, null)).toBe(401)
    expect(await status(right, one)).toBe(401)
    expect(await status(right, 'portal')).toBe(403)
    expect(await status(right, 'participant')).toBe(403)
    for (const wrong of [
      at(other.ticketId, documentId, 1),
      at(one.ticketId, other.ticketId, 1),
      at(one.ticketId, '..%2f..%2fkeys.json', 1),
      at(one.ticketId, documentId, 2),
      at(one.ticketId, documentId, 0),
      at(one.ticketId, documentId, '1e0'),
      at(one.ticketId, documentId, -1),
      at(world.api.deps.ids.id(), documentId, 1),
    ])
      expect(await status(wrong, 'agent'), wrong).toBe(404)
    expect(await status('/v1/pengaduan/documents', null)).toBe(401)
    expect(
      (JSON.parse((await world.get('/v1/pengaduan/documents', other)).bytes.toString()) as { items: [] }).items,
    ).toEqual([])
  })
})

it('A22: an address of a page that was copied is none: elsewhere, opened by itself, or by somebody else who is signed in', async () => {
  const owner = await world.filer()
  const { body } = await world.upload(owner, [{ bytes: await samples.jpeg(57) }])
  const path = `/v1/tickets/${owner.ticketId}/documents/${body.documents[0]!.documentId}/pages/1/link`
  const made = await fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf('agent')}` },
  })
  const link = ((await made.json()) as { path: string }).path
  const open = (headers: Readonly<Record<string, string>> = {}, localAddress = '127.0.0.1') =>
    new Promise<number>((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port: world.port, path: link, headers, localAddress }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      request.once('error', reject)
    })
  const as = (who: Person) => ({ authorization: `Bearer ${tokenOf(who)}` })
  expect(await open()).toBe(200)
  expect(await open({ 'sec-fetch-dest': 'image' })).toBe(200)
  expect(await open(as('agent'))).toBe(200)
  expect(await open({}, '127.0.0.2')).toBe(404)
  for (const dest of ['document', 'iframe', 'empty', 'script']) expect(await open({ 'sec-fetch-dest': dest })).toBe(404)
  for (const who of ['checker', 'supervisor', 'auditor', 'participant'] as const) expect(await open(as(who))).toBe(404)
  // What binds it cannot be taken off or changed.
  const whole = link.slice('/v1/pages/'.length)
  for (const token of [whole.slice(0, whole.lastIndexOf('.')), `${whole}.`, `${whole}.${'A'.repeat(43)}`])
    expect((await fetch(`${world.url}/v1/pages/${token}`)).status).toBe(404)
})

it('A18: what a killed process left in the quarantine goes at the next start, and is noise until then', async () => {
  const picture = await samples.jpeg(56)
  const socket = await begin(1_000_000)
  socket.write(fileHead())
  socket.write(picture)
  await expect.poll(async () => (await world.waiting()).length).toBe(1)
  const folder = join(world.api.dataDir, 'quarantine')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'left-over'), 'x')
  const { readFile } = await import('node:fs/promises')
  const [name] = (await world.waiting()).filter((it) => it !== 'left-over')
  const kept = await readFile(join(folder, name!))
  expect(kept.includes(picture.subarray(0, 16))).toBe(false)
  expect(await world.documents.clearQuarantine()).toBe(2)
  expect(await world.waiting()).toEqual([])
  socket.destroy()
})
