import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import * as samples from '../test/documents/samples.js'
import { startRedis } from '../test/support/servers.js'
import { startServer, type Measured } from './resident.js'
import type { Target } from './targets.js'

const SEED = fileURLToPath(new URL('./uploadsSeed.ts', import.meta.url))
const AT_ONCE = 8
const MB = 1_048_576

/** What is sent, and how it has to end: a status, and the code or state of the file. */
interface Sort {
  readonly what: string
  readonly name: string
  readonly bytes: Buffer
  readonly expected: string
  /** Goes away after so many bytes. */
  readonly abortAfter?: number
}

interface Round {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly memoryMb: Measured
  readonly filesLeft: number
  readonly outcomes: Readonly<Record<string, number>>
}
export interface UploadsBench {
  readonly uploads: number
  readonly sent: string
  readonly onRedis: Round
  /** The same with the queue inside the process, which has its own price whatever is uploaded. */
  readonly embedded: Round
  readonly targets: readonly Target[]
}
export interface UploadsOptions {
  readonly uploads?: number
  readonly bin?: string
}

/** Good and bad files in turn, eight at a time, against `pulih serve` (compiled). Throws when one did not end as it has to. */
export async function benchUploads({
  uploads = 500,
  bin = 'bin/pulih.js',
}: UploadsOptions = {}): Promise<UploadsBench> {
  const sorts = await allSorts()
  const redis = await startRedis()
  try {
    const onRedis = await round(sorts, uploads, bin, redis.url)
    const embedded = await round(sorts, uploads, bin, null)
    const sent = sorts.reduce((sum, { bytes }) => sum + bytes.length, 0) * (uploads / sorts.length)
    return {
      uploads,
      sent: `${Math.round(sent / MB)} MB`,
      onRedis,
      embedded,
      targets: [
        {
          what: 'resident MB at most, server with its children, queue on Redis',
          reached: onRedis.memoryMb.peak,
          below: 600,
        },
        {
          what: 'resident MB at most, server with its children and its queue (embedded)',
          reached: embedded.memoryMb.peak,
          below: 600,
        },
        { what: 'temporary files left', reached: onRedis.filesLeft + embedded.filesLeft, below: 1 },
      ],
    }
  } finally {
    await redis.stop()
  }
}

async function round(sorts: readonly Sort[], uploads: number, bin: string, queueUrl: string | null): Promise<Round> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-uploads-'))
  try {
    const tokens = await seed(dir, uploads, queueUrl)
    const server = await startServer(bin, dir, queueUrl)
    try {
      const sent = await sendAll(server.port, tokens, sorts)
      return { ...sent, memoryMb: server.memory(), filesLeft: await leftIn(join(dir, 'quarantine')) }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

async function seed(dir: string, uploads: number, queueUrl: string | null): Promise<readonly string[]> {
  const seeding = fork(SEED, [dir, String(uploads), queueUrl ?? ''], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(seeding, 'exit')
  const [tokens] = (await once(seeding, 'message')) as [readonly string[]]
  await exited
  return tokens
}

async function sendAll(port: number, tokens: readonly string[], sorts: readonly Sort[]) {
  const outcomes: Record<string, number> = {}
  const wrong = new Set<string>()
  const took: number[] = []
  const started = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < tokens.length; index = next++) {
      const sort = sorts[index % sorts.length]
      const token = tokens[index]
      if (sort === undefined || token === undefined) continue
      const from = performance.now()
      const outcome = await send(port, token, sort)
      took.push(performance.now() - from)
      const key = `${sort.what}: ${outcome}`
      outcomes[key] = (outcomes[key] ?? 0) + 1
      if (outcome !== sort.expected) wrong.add(`${key}, expected ${sort.expected}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const seconds = (performance.now() - started) / 1_000
  if (wrong.size > 0) throw new Error(`not as it has to be: ${[...wrong].join('; ')}`)
  took.sort((a, b) => a - b)
  const at = (share: number) => Math.round(took[Math.floor(took.length * share)] ?? 0)
  return { perSecond: Number((tokens.length / seconds).toFixed(1)), p50Ms: at(0.5), p99Ms: at(0.99), outcomes }
}

async function allSorts(): Promise<readonly Sort[]> {
  const photo = await samples.jpeg(1, 4_000, 3_000)
  const infected = Buffer.concat([samples.pdf(), Buffer.from(`\n%${samples.EICAR}\n`)])
  const large = Buffer.concat([photo, Buffer.alloc(11 * MB)])
  return [
    { what: 'photo of 12 megapixels', name: 'ktp.jpg', bytes: photo, expected: '200 accepted' },
    { what: 'polyglot', name: 'ktp.jpg', bytes: await samples.polyglot(2), expected: '200 accepted' },
    { what: 'PDF of 5 pages', name: 'a.pdf', bytes: samples.pdf({ pages: 5 }), expected: '200 accepted' },
    { what: 'PNG', name: 'a.png', bytes: await samples.png(3), expected: '200 accepted' },
    { what: 'pixel bomb', name: 'a.png', bytes: samples.pixelBomb(), expected: '422 DOCUMENT_UNREADABLE' },
    {
      what: 'truncated',
      name: 'a.jpg',
      bytes: photo.subarray(0, photo.length / 2),
      expected: '422 DOCUMENT_UNREADABLE',
    },
    { what: 'EICAR in a PDF', name: 'a.pdf', bytes: infected, expected: '422 DOCUMENT_INFECTED' },
    { what: 'PDF with a huge picture', name: 'a.pdf', bytes: samples.hugePicturePdf(6_000), expected: '200 accepted' },
    { what: '11 MB', name: 'a.jpg', bytes: large, expected: '413 DOCUMENT_TOO_LARGE' },
    { what: 'script', name: 'a.jpg', bytes: Buffer.from(samples.SCRIPT), expected: '415 DOCUMENT_TYPE_REFUSED' },
    {
      what: 'PDF of 200 pages',
      name: 'a.pdf',
      bytes: samples.pdf({ pages: 200 }),
      expected: '422 DOCUMENT_TOO_MANY_PAGES',
    },
    {
      what: 'PDF with a password',
      name: 'a.pdf',
      bytes: samples.pdf({ password: 'x' }),
      expected: '422 DOCUMENT_PASSWORD',
    },
    { what: 'aborted', name: 'a.jpg', bytes: photo, expected: 'aborted', abortAfter: 300_000 },
  ]
}

async function send(port: number, token: string, sort: Sort): Promise<string> {
  if (sort.abortAfter !== undefined) return abort(port, token, sort.bytes.subarray(0, sort.abortAfter))
  const form = new FormData()
  form.append('kind', 'KTP')
  form.append('file', new Blob([sort.bytes]), sort.name)
  const response = await fetch(`http://127.0.0.1:${port}/v1/pengaduan/documents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  })
  const body = (await response.json()) as { code?: string; documents?: { state: string }[] }
  return `${response.status} ${body.code ?? body.documents?.[0]?.state ?? ''}`
}

/** Sends the beginning of a form and is gone. */
function abort(port: number, token: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.write(
      `POST /v1/pengaduan/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 9000000\r\n` +
        'Content-Type: multipart/form-data; boundary=limit\r\n\r\n--limit\r\nContent-Disposition: form-data; name="kind"\r\n\r\nKTP\r\n' +
        '--limit\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n',
    )
    socket.write(bytes, () => socket.destroy())
    socket.once('close', () => resolve('aborted'))
    socket.once('error', () => undefined)
  })
}

/** Files left in the quarantine once those who went away are noticed: asked for at most five seconds. */
async function leftIn(folder: string): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    if (readdirSync(folder).length === 0) return 0
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return readdirSync(folder).length
}
