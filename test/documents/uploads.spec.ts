import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verifyStore } from '../../src/engine/index.js'
import * as samples from './samples.js'
import { startDocuments, type DocumentWorld, type Upload } from './world.js'

let world: DocumentWorld
beforeAll(async () => {
  world = await startDocuments()
})
afterAll(() => world.close())

const pageOf = (ticketId: string, documentId: string, page = 1) =>
  `/v1/tickets/${ticketId}/documents/${documentId}/pages/${page}`

/** Uploads one file for a new filer; nothing may be left in the quarantine. */
async function one(upload: Upload) {
  const filer = await world.filer()
  const { status, body } = await world.upload(filer, [upload])
  expect(await world.waiting()).toEqual([])
  return { filer, status, body, code: body.code, document: (body.documents as typeof body.documents | undefined)?.[0] }
}
/** And expects it to be refused with nothing kept. */
async function refused(upload: Upload, status: number, code: string) {
  const before = await world.stored()
  const answer = await one(upload)
  expect([answer.status, answer.code, answer.body.errors?.[0]?.code]).toEqual([status, code, code])
  expect(await world.stored()).toEqual(before)
  expect((await world.list(answer.filer.ticketId)).filter((it) => it.state !== 'refused')).toEqual([])
  expect((await world.api.store.findTicket(answer.filer.ticketId))?.state).toBe('submitted')
  return answer.body
}

describe('an upload', () => {
  it('is scanned, drawn anew, sealed, told to the ticket and shown to officers (R-FILE-4, R-FILE-5, R-FILE-8)', async () => {
    const bytes = await samples.jpeg(1, 3_000, 1_000)
    const { filer, status, document } = await one({ bytes, name: 'KTP saya.JPG' })
    expect(status).toBe(200)
    expect(document).toMatchObject({ state: 'accepted', kind: 'KTP', pages: 1, repeated: false, reason: null })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const [listed] = await world.list(filer.ticketId)
    expect(listed).toMatchObject({ name: 'KTP saya.JPG', media: 'image/jpeg', bytes: bytes.length, sha256 })
    expect((await world.api.store.findTicket(filer.ticketId))?.state).toBe('documentsUploaded')
    const log = await world.api.store.readLog(filer.ticketId, 0, 100)
    const told = log.find(({ fact }) => fact === 'DocumentsUploaded')
    expect(told).toMatchObject({ actorRole: 'participant', event: { documents: [{ kind: 'KTP', sha256 }] } })

    const page = await world.get(pageOf(filer.ticketId, document!.documentId), 'agent')
    expect(page.status).toBe(200)
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-disposition': 'inline; filename="halaman.jpg"',
    })
    const drawn = await sharp(page.bytes).metadata()
    expect([drawn.format, drawn.width, drawn.height]).toEqual(['jpeg', 2_000, 667])
    const own = await world.get('/v1/pengaduan/documents', filer)
    expect(JSON.parse(own.bytes.toString()).items).toMatchObject([{ kind: 'KTP', state: 'accepted', pages: 1 }])
  })

  it('takes PNG, WebP and every page of a PDF', async () => {
    const filer = await world.filer()
    const { body } = await world.upload(filer, [
      { bytes: await samples.png(2), name: 'a.png' },
      { bytes: await samples.webp(3), name: 'a.webp', kind: 'SLIP_GAJI' },
      { bytes: samples.pdf({ pages: 5 }), name: 'a.pdf', kind: 'SURAT_HRD' },
    ])
    expect(body.documents.map((it) => [it.state, it.pages])).toEqual([
      ['accepted', 1],
      ['accepted', 1],
      ['accepted', 5],
    ])
    const last = await world.get(pageOf(filer.ticketId, body.documents[2]!.documentId, 5), 'checker')
    const drawn = await sharp(last.bytes).metadata()
    expect([drawn.format, drawn.width, drawn.height]).toEqual(['jpeg', 1_200, 800])
    const { channels } = await sharp(last.bytes).stats()
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10)
  })

  it('one failed file loses nothing else: each is answered for by itself', async () => {
    const filer = await world.filer()
    const { status, body } = await world.upload(filer, [
      { bytes: await samples.jpeg(4) },
      { bytes: new Uint8Array(0), name: 'kosong.jpg' },
      { bytes: Buffer.from('GIF89a=1;alert(1)//'), name: 'a.gif' },
      { bytes: await samples.jpeg(5), kind: 'IJAZAH' },
      { bytes: samples.pdf(), name: 'slip.pdf', kind: 'SLIP_GAJI' },
    ])
    expect(status).toBe(200)
    expect(body.documents.map((it) => [it.state, it.reason?.code])).toEqual([
      ['accepted', undefined],
      ['refused', 'DOCUMENT_EMPTY'],
      ['refused', 'DOCUMENT_TYPE_REFUSED'],
      ['refused', 'VALIDATION_FAILED'],
      ['accepted', undefined],
    ])
    expect(body.documents[3]!.reason?.text.id).toContain('KARTU_KELUARGA')
    expect((await world.list(filer.ticketId)).map(({ kind }) => kind)).toEqual(['KTP', 'SLIP_GAJI'])
  })

  it('a request that comes again adds nothing, and its event is not sent twice (R-FILE-6)', async () => {
    const filer = await world.filer()
    const files = [{ bytes: await samples.jpeg(6) }, { bytes: await samples.jpeg(7), kind: 'SLIP_GAJI' }]
    const first = await world.upload(filer, files)
    const log = (await world.api.store.readLog(filer.ticketId, 0, 100)).length
    const second = await world.upload(filer, files)
    expect(second.body.documents).toEqual(first.body.documents.map((it) => ({ ...it, repeated: true })))
    expect((await world.api.store.readLog(filer.ticketId, 0, 100)).length).toBe(log)
    expect((await world.list(filer.ticketId)).length).toBe(2)
  })

  it('an officer at the counter uploads for the person; others may not', async () => {
    const filer = await world.filer()
    const answer = await world.upload(filer, [{ bytes: await samples.jpeg(8) }], 'agent')
    expect(answer.body.documents[0]!.state).toBe('accepted')
    const log = await world.api.store.readLog(filer.ticketId, 0, 100)
    expect(log.find(({ fact }) => fact === 'DocumentsUploaded')?.actorId).toBe('agent-1')
    for (const other of ['checker', 'auditor', 'portal'] as const)
      expect((await world.upload(filer, [{ bytes: await samples.jpeg(9) }], other)).status).toBe(403)
  })

  it('is refused before a byte is read where the ticket takes no documents', async () => {
    const filer = await world.filer()
    await world.api.engine.handle({
      ticketId: filer.ticketId,
      event: { type: 'withdraw', reason: 'TIDAK_JADI' },
      actor: { id: 'intake', role: 'portal' },
      key: null,
      fingerprint: null,
    })
    const closed = await world.upload(filer, [{ bytes: await samples.jpeg(10) }])
    expect([closed.status, closed.body.code]).toEqual([409, 'EVENT_NOT_ALLOWED'])
    const plain = String((await world.api.file()).body.ticketId)
    const bare = await world.upload({ ticketId: plain, token: '' }, [{ bytes: await samples.jpeg(10) }], 'agent')
    expect([bare.status, bare.body.code]).toEqual([409, 'EVENT_NOT_ALLOWED'])
    const none = await world.upload({ ticketId: world.api.deps.ids.id(), token: '' }, [], 'agent')
    expect([none.status, none.body.code]).toEqual([404, 'TICKET_NOT_FOUND'])
  })
})

describe('A15: what is not on the list of types', () => {
  const php = Buffer.from('<?php system($_GET["c"]); ?>')
  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'a.svg'],
    ['SVG called a JPEG', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), 'a.jpg'],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 'a.html'],
    ['a GIF that is a script', Buffer.from('GIF89a=1;alert(1)//'), 'a.gif'],
    ['a GIF that is a script, called a JPEG', Buffer.from('GIF89a=1;alert(1)//'), 'a.jpg'],
    ['PHP called a JPEG', php, 'a.jpg'],
    ['PHP with two extensions', php, 'a.php.jpg'],
    ['a ZIP called a PDF', Buffer.from('504b0304140000000800', 'hex'), 'a.pdf'],
  ])('A15: %s', async (_what, bytes, name) => {
    await refused({ bytes, name }, 415, 'DOCUMENT_TYPE_REFUSED')
  })

  it('A15: a picture under the name of another type, or of none', async () => {
    const bytes = await samples.jpeg(11)
    for (const name of ['a.png', 'a.pdf', 'a.php', 'ktp', 'a.jpg.php', 'a.jpg.'])
      await refused({ bytes, name }, 415, 'DOCUMENT_TYPE_REFUSED')
  })

  it('A15: HEIC is refused with what to do (R-FILE-11)', async () => {
    const body = await refused({ bytes: samples.heic(), name: 'IMG_0001.HEIC' }, 415, 'DOCUMENT_TYPE_REFUSED')
    expect(body.errors?.[0]?.message).toContain('Paling Kompatibel')
  })

  it.each([
    ['..%2f..%2fetc%2fpasswd.jpg', '..%2f..%2fetc%2fpasswd.jpg'],
    ['../../etc/cron.d/x.jpg', 'x.jpg'],
    ['C:\\Windows\\x.jpg', 'x.jpg'],
    ['a\u0085b\u009f.jpg', 'ab.jpg'],
    ['\u202egpj.exe\u202c.jpg', 'gpj.exe.jpg'],
    ['\u200bktp\u2066\ufeff.jpg', 'ktp.jpg'],
    ['<img src=x onerror=alert(1)>.jpg', '<img src=x onerror=alert(1)>.jpg'],
    ["'; DROP TABLE documents; --.jpg", "'; DROP TABLE documents; --.jpg"],
    ['=HYPERLINK(1).jpg', '=HYPERLINK(1).jpg'],
    ['e\u0301.jpg', 'é.jpg'],
    ['\u{1F600}.jpg', '\u{1F600}.jpg'],
    [`${'n'.repeat(300)}.jpg`, `${'n'.repeat(87)}…${'n'.repeat(8)}.jpg`],
  ])('A15, A38: the name %j is text and nothing else (R-FILE-7)', async (name, shown) => {
    const before = new Set(await world.stored())
    const { filer, document } = await one({ bytes: await samples.jpeg(12), name })
    expect(document!.state).toBe('accepted')
    const [listed] = await world.list(filer.ticketId)
    expect(listed?.name).toBe(shown)
    expect((await world.stored()).filter((ref) => !before.has(ref))).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ])
    const row = await world.api.store.intake.documents.findDocument(document!.documentId)
    expect(JSON.stringify(row)).not.toContain(shown)
  })
})

describe('A16: what rides along', () => {
  it('A16: a JPEG that is a script too, with GPS and a script in its EXIF, is served with neither', async () => {
    const exif = await samples.withExif(13)
    expect((await sharp(exif).metadata()).exif?.includes(Buffer.from('script'))).toBe(true)
    const bytes = Buffer.concat([exif, Buffer.from(samples.SCRIPT)])
    const { filer, document } = await one({ bytes })
    const page = await world.get(pageOf(filer.ticketId, document!.documentId), 'agent')
    const { exif: left, xmp, iptc, icc, orientation, width, height } = await sharp(page.bytes).metadata()
    expect([left, xmp, iptc, icc, orientation]).toEqual([undefined, undefined, undefined, undefined, undefined])
    for (const secret of ['script', 'GPS', 'Telefon', 'alert']) expect(page.bytes.includes(secret)).toBe(false)
    // Turned as its EXIF said before that was dropped.
    expect([width, height]).toEqual([400, 640])
  })
})

describe('A17: what is made to break the reader', () => {
  it('A17: a pixel bomb', () => refused({ bytes: samples.pixelBomb(), name: 'a.png' }, 422, 'DOCUMENT_UNREADABLE'))
  it('A17: an empty file', () => refused({ bytes: new Uint8Array(0) }, 422, 'DOCUMENT_EMPTY'))
  it('A17: a picture in which nobody could read a word, upright and across', async () => {
    for (const [width, height] of [
      [1, 1],
      [319, 319],
      [1_000, 199],
      [199, 1_000],
    ] as const)
      await refused({ bytes: await samples.jpeg(14, width, height) }, 422, 'DOCUMENT_UNREADABLE')
    expect((await one({ bytes: await samples.jpeg(15, 200, 320) })).document!.state).toBe('accepted')
  })
  it('A17: a truncated JPEG', async () => {
    const whole = await samples.jpeg(14)
    await refused({ bytes: whole.subarray(0, whole.length / 2) }, 422, 'DOCUMENT_UNREADABLE')
  })
  it('A17: a PNG with a damaged middle', async () => {
    const bytes = await samples.png(15)
    await refused({ bytes: bytes.fill(0, 400, 900), name: 'a.png' }, 422, 'DOCUMENT_UNREADABLE')
  })
  it('A17: 11 MB', async () => {
    const bytes = Buffer.concat([await samples.jpeg(16), Buffer.alloc(11_534_336)])
    await refused({ bytes }, 413, 'DOCUMENT_TOO_LARGE')
  })
  it('A17: 10 MB is not too large', async () => {
    const picture = await samples.jpeg(17)
    const bytes = Buffer.concat([picture, Buffer.alloc(10 * 1_048_576 - picture.length)])
    expect((await one({ bytes })).document!.state).toBe('accepted')
  })
  it('A17: 200 pages', () =>
    refused({ bytes: samples.pdf({ pages: 200 }), name: 'a.pdf' }, 422, 'DOCUMENT_TOO_MANY_PAGES'))
  it('A17: six pages', () =>
    refused({ bytes: samples.pdf({ pages: 6 }), name: 'a.pdf' }, 422, 'DOCUMENT_TOO_MANY_PAGES'))
  it('A17: a PDF with a password', () =>
    refused({ bytes: samples.pdf({ password: 'rahasia' }), name: 'a.pdf' }, 422, 'DOCUMENT_PASSWORD'))
  it('A17: a PDF that is none', () =>
    refused({ bytes: Buffer.from('%PDF-1.7\nnothing more'), name: 'a.pdf' }, 422, 'DOCUMENT_UNREADABLE'))
  it('A17: a PDF that is drawn for minutes is killed when its time is over', async () => {
    const hasty = await startDocuments({ limits: { convertMs: 1_000 } })
    onTestFinished(() => hasty.close())
    const filer = await hasty.filer()
    const started = performance.now()
    const { status, body } = await hasty.upload(filer, [{ bytes: samples.slowPdf(), name: 'a.pdf' }])
    expect([status, body.code]).toEqual([422, 'DOCUMENT_UNREADABLE'])
    const took = performance.now() - started
    expect(took).toBeGreaterThan(950)
    expect(took).toBeLessThan(40_000)
  })
  it('A17: a PDF of forms within forms', () =>
    refused({ bytes: samples.nestedPdf(), name: 'a.pdf' }, 422, 'DOCUMENT_UNREADABLE'))
  it('A17: a PDF with JavaScript is a picture; its script runs nowhere', async () => {
    const bytes = samples.pdf({ javaScript: 'app.alert(1); this.submitForm("http://127.0.0.1:1/")' })
    const { filer, document } = await one({ bytes, name: 'a.pdf' })
    const page = await world.get(pageOf(filer.ticketId, document!.documentId), 'agent')
    expect((await sharp(page.bytes).metadata()).format).toBe('jpeg')
    expect(page.bytes.includes('JavaScript')).toBe(false)
  })

  it('A17: the sixth file of a request, and of a case', async () => {
    const filer = await world.filer()
    const files = await Promise.all([20, 21, 22, 23, 24, 25].map(async (seed) => ({ bytes: await samples.jpeg(seed) })))
    const { body } = await world.upload(filer, files)
    expect(body.documents.map((it) => it.state)).toEqual([...Array<string>(5).fill('accepted'), 'refused'])
    expect(body.documents[5]!.reason?.code).toBe('DOCUMENT_TOO_MANY')
    const later = await world.upload(filer, [files[5]!])
    expect([later.status, later.body.code]).toEqual([422, 'DOCUMENT_TOO_MANY'])
    const again = await world.upload(filer, files.slice(0, 5))
    expect(again.body.documents.every((it) => it.repeated)).toBe(true)
  })

  it('A17: more than 25 MB in a request, and in a case', async () => {
    const filer = await world.filer()
    const large = async (seed: number) => ({
      bytes: Buffer.concat([await samples.jpeg(seed), Buffer.alloc(9 * 1_048_576)]),
    })
    const first = await world.upload(filer, [await large(30), await large(31), await large(32)])
    expect(first.body.documents.map((it) => it.reason?.code)).toEqual([undefined, undefined, 'DOCUMENT_TOO_LARGE'])
    const second = await world.upload(filer, [await large(33)])
    expect([second.status, second.body.code]).toEqual([413, 'DOCUMENT_TOO_LARGE'])
    expect((await world.upload(filer, [{ bytes: await samples.jpeg(34) }])).status).toBe(200)
  })
})

it('every ticket still replays to its row, and the log holds no name and no bytes', async () => {
  const report = await verifyStore({
    store: world.api.store,
    types: world.api.deps.types,
    reference: world.api.engine.reference,
  })
  expect(report.problems).toEqual([])
  expect(world.api.log.join('\n')).not.toMatch(/KTP saya|onerror|DROP TABLE/)
})
