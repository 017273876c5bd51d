import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WALL_PER_CPU, type Limits } from './limits.js'
import { HEAVY_ADVICE, Refused, type RefusalCode } from './refusals.js'

/** A page as it was drawn: RGBA, row by row. Its pixels stand until the next one is asked for. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
}

const SCRIPT = fileURLToPath(new URL('./pdfChild.mjs', import.meta.url))
/** JavaScript's heap in MB, and the renderer's own in bytes. */
const HEAP_MB = 128
const RENDERER_BYTES = 256 * 1_048_576
const CODES: Readonly<Record<number, RefusalCode>> = { 66: 'DOCUMENT_PASSWORD', 67: 'DOCUMENT_TOO_MANY_PAGES' }
/** No core dump, no file written, and so many seconds of a core: the system itself ends whoever wants more, also in the middle of a loop. */
const LIMITED = 'ulimit -c 0; ulimit -f 0; ulimit -t "$1"; shift; exec "$@"'
const HEAD = 8
const BYTES_PER_PIXEL = 4

/**
 * The pages of a PDF as bitmaps, drawn by a child process without environment that is killed after `convertMs` of a core's time (R-FILE-4). What it
 * says is believed no further than the size of a page. Throws Refused: DOCUMENT_PASSWORD, DOCUMENT_TOO_MANY_PAGES, else DOCUMENT_UNREADABLE.
 */
export async function* drawPdf(bytes: Uint8Array, limits: Limits): AsyncGenerator<Bitmap> {
  const { pages, pageSide, convertMs } = limits
  const heap = [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=1']
  const command = [process.execPath, ...heap, SCRIPT, pages, pageSide, RENDERER_BYTES]
  const seconds = Math.ceil(convertMs / 1_000)
  const child = spawn('/bin/sh', ['-c', LIMITED, 'sh', seconds, ...command].map(String), {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = endOf(child)
  const overdue = setTimeout(() => child.kill('SIGKILL'), convertMs * WALL_PER_CPU)
  try {
    // A child that leaves early closes the pipe; its exit code says why.
    child.stdin.on('error', () => undefined)
    child.stdin.end(bytes)
    let drawn = 0
    for await (const bitmap of bitmapsOf(child.stdout, pageSide)) {
      if (++drawn > pages) throw new Refused('DOCUMENT_UNREADABLE')
      yield bitmap
    }
    const code = await ended
    // Killed, by us or by the system: it may be whole, and was too much.
    if (code === null) throw new Refused('DOCUMENT_UNREADABLE', HEAVY_ADVICE)
    if (code !== 0 || drawn === 0) throw new Refused(CODES[code] ?? 'DOCUMENT_UNREADABLE')
  } finally {
    clearTimeout(overdue)
    child.kill('SIGKILL')
  }
}

/** Null for a child that was killed or could not be started. */
const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', (code) => resolve(code))
  })

async function* bitmapsOf(stream: AsyncIterable<Buffer>, pageSide: number): AsyncGenerator<Bitmap> {
  const head = Buffer.alloc(HEAD)
  let room = Buffer.alloc(0)
  let wanted: { width: number; height: number; bytes: number } | null = null
  let filled = 0
  for await (const chunk of stream) {
    let at = 0
    while (at < chunk.length) {
      const target: Buffer = wanted === null ? head : room
      const end: number = wanted?.bytes ?? HEAD
      const copied = chunk.copy(target, filled, at, at + end - filled)
      at += copied
      filled += copied
      if (filled < end) continue
      filled = 0
      if (wanted === null) {
        wanted = sizeOf(head, pageSide)
        // All pages in turn in one place: what is garbage outside V8's heap stays long.
        if (room.length < wanted.bytes) room = Buffer.alloc(wanted.bytes)
      } else {
        yield { width: wanted.width, height: wanted.height, pixels: room.subarray(0, wanted.bytes) }
        wanted = null
      }
    }
  }
}

function sizeOf(head: Buffer, pageSide: number): { width: number; height: number; bytes: number } {
  const width = head.readUInt32BE(0)
  const height = head.readUInt32BE(4)
  if (width < 1 || height < 1 || width > pageSide || height > pageSide) throw new Refused('DOCUMENT_UNREADABLE')
  return { width, height, bytes: width * height * BYTES_PER_PIXEL }
}
