import { Worker } from 'node:worker_threads'

/** What node-postgres answers, as far as BullMQ reads it. */
export interface Answer<R> {
  rows: R[]
  rowCount: number | null
}

/** Statements without parameters may be several, as a LISTEN or a migration is; a null text closes the database. */
export interface Ask {
  readonly id: number
  readonly text: string | null
  readonly params: readonly unknown[]
}
export type Told =
  | { readonly open: true }
  | { readonly channel: string; readonly payload: string }
  | ({ readonly id: number } & Answer<unknown>)
  | { readonly id: number; readonly message: string; readonly code: string | null }

/** A PostgreSQL session: one statement after the other. */
export interface Session {
  run<R>(text: string, params: readonly unknown[]): Promise<Answer<R>>
  onNotification(listener: (channel: string, payload: string) => void): void
}

export interface ThreadOptions {
  readonly folder: string
  /** A packed data folder that a new one begins as; null: one that exists, or made from nothing. */
  readonly template?: string | null
  /** Ends an opening that still runs. */
  readonly signal?: AbortSignal | undefined
}

interface Waiting {
  readonly resolve: (answer: Answer<unknown>) => void
  readonly reject: (error: Error) => void
}

/** PGlite on a thread of its own. When the thread ends by itself, everything asked of it is refused. */
export class EmbeddedThread implements Session {
  readonly #thread: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners: ((channel: string, payload: string) => void)[] = []
  #ids = 0
  #ended: Error | null = null

  private constructor(thread: Worker) {
    this.#thread = thread
  }

  /** Opens the database. Rejects with what it failed with; when `signal` ends it, the thread is gone by then. */
  static async open({ folder, template = null, signal }: ThreadOptions): Promise<EmbeddedThread> {
    signal?.throwIfAborted()
    const thread = new Worker(new URL('./embeddedSession.mjs', import.meta.url), {
      name: 'embedded queue',
      // Its garbage is short-lived rows; the young generation of a busy service (`npm start`) would only lie there.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
      workerData: { folder, template },
    })
    const session = new EmbeddedThread(thread)
    const end = () => void thread.terminate()
    signal?.addEventListener('abort', end)
    try {
      await new Promise<void>((resolve, reject) => {
        thread.on('message', (told: Told) => {
          if ('open' in told) resolve()
          else session.#hear(told)
        })
        thread.on('error', (error) => session.#end(error))
        thread.on('exit', () => {
          session.#end(new Error('the embedded queue has ended'))
          reject(session.#ended ?? new Error('it did not open'))
        })
      })
      signal?.throwIfAborted()
      return session
    } catch (error) {
      await thread.terminate()
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', end)
    }
  }

  run<R>(text: string, params: readonly unknown[]): Promise<Answer<R>> {
    return this.#ask(text, params) as Promise<Answer<R>>
  }

  onNotification(listener: (channel: string, payload: string) => void): void {
    this.#listeners.push(listener)
  }

  /** Closes the database, and with it the thread. What is not written when `write` is false is recovered at the next start. */
  async close({ write = true } = {}): Promise<void> {
    if (write && this.#ended === null) await this.#ask(null, []).catch(() => undefined)
    await this.#thread.terminate()
  }

  #ask(text: string | null, params: readonly unknown[]): Promise<Answer<unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended)
        return
      }
      const id = this.#ids++
      this.#waiting.set(id, { resolve, reject })
      this.#thread.postMessage({ id, text, params } satisfies Ask)
    })
  }

  #hear(told: Exclude<Told, { open: true }>): void {
    if ('channel' in told) {
      for (const listener of this.#listeners) listener(told.channel, told.payload)
      return
    }
    const waiting = this.#waiting.get(told.id)
    this.#waiting.delete(told.id)
    if ('message' in told) waiting?.reject(Object.assign(new Error(told.message), { code: told.code }))
    else waiting?.resolve(told)
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}
