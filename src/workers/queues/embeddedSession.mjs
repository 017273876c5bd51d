// @ts-check
// The thread of the embedded queue: one PGlite session, asked by messages. Making its folder takes seconds of processor time and every
// statement some, which no request waits for this way. Plain JavaScript, because a thread begins at a file, compiled or not.
import { Buffer } from 'node:buffer'
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { createBrotliDecompress } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'

/** @typedef {import('./embeddedThread.js').Ask} Ask */
/** @typedef {import('./embeddedThread.js').Told} Told */

const port = parentPort
if (port === null) throw new Error('this file runs as a thread')
/** @type {{ folder: string, template: string | null }} */
const { folder, template } = workerData
/** @type {(told: Told) => void} */
const tell = (told) => port.postMessage(told)

if (template !== null) await unpack(folder, template)
// Its defaults hold 160 MB of pages for a queue of some megabytes (docs/performance.md, Uploads).
const SMALL = ['shared_buffers=32MB', 'wal_buffers=4MB'].flatMap((it) => ['-c', it])
const db = await PGlite.create({
  startParams: [...PGlite.defaultStartParams, ...SMALL],
  dataDir: folder,
})
db.onNotification((channel, payload) => tell({ channel, payload }))
port.on('message', (/** @type {Ask} */ ask) => void answer(ask))
tell({ open: true })

/** @param {Ask} ask */
async function answer({ id, text, params }) {
  try {
    if (text === null) {
      await db.close()
      tell({ id, rows: [], rowCount: null })
      port?.close()
      return
    }
    const result = params.length === 0 ? (await db.exec(text)).at(-1) : await db.query(text, [...params])
    tell({ id, rows: result?.rows ?? [], rowCount: result?.affectedRows ?? null })
  } catch (error) {
    // An error loses its own fields on the way: BullMQ reads the code of PostgreSQL.
    const { message, code } = /** @type {Error & { code?: string }} */ (error)
    tell({ id, message, code: code ?? null })
  }
}

/**
 * Writes a packed data folder (scripts/queueTemplate.mjs): a tar of folders and files, none with a long name. As it comes, because PGlite's
 * own way takes the whole of it into memory, several times, and three times as long.
 * @param {string} target
 * @param {string} packed
 */
async function unpack(target, packed) {
  const BLOCK = 512
  /** @type {(head: Buffer, from: number, to: number) => string} */
  const field = (head, from, to) => head.toString('latin1', from, to).split('\0', 1)[0] ?? ''
  let file = -1
  let left = 0
  let rest = Buffer.alloc(0)
  await pipeline(createReadStream(packed), createBrotliDecompress({ chunkSize: 2 ** 20 }), async (chunks) => {
    for await (const chunk of chunks) {
      rest = Buffer.concat([rest, chunk])
      let at = 0
      for (; rest.length - at >= BLOCK;) {
        if (left > 0) {
          const blocks = Math.min(Math.ceil(left / BLOCK), Math.floor((rest.length - at) / BLOCK))
          const length = Math.min(left, blocks * BLOCK)
          writeSync(file, rest, at, length)
          at += blocks * BLOCK
          left -= length
        } else {
          if (file !== -1) closeSync(file)
          file = -1
          const head = rest.subarray(at, at + BLOCK)
          at += BLOCK
          const path = join(target, field(head, 0, 100))
          const kind = field(head, 156, 157)
          if (kind === '5') mkdirSync(path, { recursive: true })
          else if (kind === '0') {
            file = openSync(path, 'w')
            left = parseInt(field(head, 124, 136), 8)
          }
        }
      }
      rest = rest.subarray(at)
    }
  })
  // Cut short, it would open and be broken later.
  if (left > 0 || file !== -1) throw new Error('the packed folder is not whole')
}
