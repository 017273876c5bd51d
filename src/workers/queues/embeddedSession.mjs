// @ts-check
// The thread of the embedded queue: one PGlite session, asked by messages. Making its folder takes seconds of processor time and every
// statement some, which no request waits for this way. Plain JavaScript, because a thread begins at a file, compiled or not.
import { Blob } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'

/** @typedef {import('./embeddedThread.js').Ask} Ask */
/** @typedef {import('./embeddedThread.js').Told} Told */

const port = parentPort
if (port === null) throw new Error('this file runs as a thread')
/** @type {{ folder: string | null, template: string | null }} */
const { folder, template } = workerData
/** @type {(told: Told) => void} */
const tell = (told) => port.postMessage(told)

// Its defaults hold 160 MB of pages for a queue of some megabytes (docs/performance.md, Uploads).
const SMALL = ['shared_buffers=32MB', 'wal_buffers=4MB'].flatMap((it) => ['-c', it])
const db = await PGlite.create({
  startParams: [...PGlite.defaultStartParams, ...SMALL],
  ...(folder === null ? {} : { dataDir: folder }),
  ...(template === null ? {} : { loadDataDir: new Blob([brotliDecompressSync(readFileSync(template))]) }),
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
