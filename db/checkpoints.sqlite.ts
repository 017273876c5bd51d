import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'

/** So many pages of the log (32 MiB) are written back together, in another thread: the more, the more often one page was changed again meanwhile. */
const STEP_PAGES = 8_192
/**
 * Pages (64 MiB) at which the writer does it itself. Beside a busy writer the thread never sees the end of the log, and only from its end
 * can it begin anew; by then the thread has left little to do.
 */
export const OWN_CHECKPOINT_PAGES = 16_384
/** Asking how far the log is costs some microseconds. */
const LOOK_EVERY = 16

/** As text, because it runs both compiled and from the sources. A passive checkpoint never waits for the writer, nor the writer for it. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require(workerData.driver)
const db = new Database(workerData.file, { timeout: 0 })
db.pragma('synchronous = FULL')
parentPort.on('message', (what) => {
  if (what === 'stop') {
    db.close()
    process.exit(0)
  }
  try {
    db.pragma('wal_checkpoint(PASSIVE)')
  } catch {}
  parentPort.postMessage('done')
})
`

/**
 * Writes the log back to the database beside the commits. In a large database each commit touches pages of its own, all over the file;
 * done by the writer itself that would stop the process every few commits.
 */
export class Checkpoints {
  readonly #file: string
  /** Only tells how many pages the log holds, and how many of them are written back. */
  readonly #state: Database.Statement<[], { log: number; checkpointed: number }>
  #thread: Worker | null = null
  #running = false
  #commits = 0
  #closed = false

  constructor(writer: Database.Database) {
    this.#file = writer.name
    this.#state = writer.prepare('PRAGMA wal_checkpoint(NOOP)')
  }

  /** To be called after each commit. */
  committed(): void {
    if (++this.#commits % LOOK_EVERY !== 0 || this.#running || this.#closed) return
    const state = this.#state.get()
    if (state === undefined || state.log - state.checkpointed < STEP_PAGES) return
    this.#running = true
    this.#thread ??= this.#start()
    this.#thread.postMessage('checkpoint')
  }

  /** Resolves when the thread has closed its connection. */
  async close(): Promise<void> {
    this.#closed = true
    const thread = this.#thread
    if (thread === null) return
    this.#thread = null
    const ended = new Promise((resolve) => thread.once('exit', resolve))
    thread.ref()
    thread.postMessage('stop')
    await ended
  }

  #start(): Worker {
    const driver = createRequire(import.meta.url).resolve('better-sqlite3')
    const thread = new Worker(THREAD, { eval: true, workerData: { driver, file: this.#file } })
    thread.on('message', () => (this.#running = false))
    // Without it the writer still checkpoints, only later.
    thread.on('error', () => {
      this.#thread = null
      this.#running = false
    })
    thread.unref()
    return thread
  }
}
