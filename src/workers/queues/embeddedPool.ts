import { EventEmitter } from 'node:events'
import type { Answer, Session } from './embeddedThread.js'

const FAILURE_PAUSE_MS = 100

/**
 * A `pg.Pool` as BullMQ sees it, over the one session of the embedded queue. There is a single one, so a client that
 * says BEGIN keeps all others waiting until it says COMMIT or ROLLBACK, and every client hears every notification.
 */
export class EmbeddedPool extends EventEmitter {
  /** BullMQ shortens its waits to 10 s on connections that could drop unseen; this one cannot drop. */
  readonly options = { keepAlive: true }
  readonly #session: Session
  readonly #clients = new Set<EmbeddedClient>()
  readonly #assertRoom: () => void
  #tail: Promise<unknown> = Promise.resolve()

  /** `assertRoom` throws when the disk is too full to run anything; what ends a transaction runs all the same. */
  constructor(session: Session, assertRoom: () => void = () => undefined) {
    super()
    // One listener for each queue and worker is by design, not a leak.
    this.setMaxListeners(0)
    this.#session = session
    this.#assertRoom = assertRoom
    session.onNotification((channel, payload) => {
      for (const client of this.#clients) client.emit('notification', { channel, payload })
    })
  }

  async query<R>(text: string, params?: readonly unknown[]): Promise<Answer<R>> {
    const unlock = await this.lock()
    try {
      return await this.run<R>(text, params)
    } finally {
      unlock()
    }
  }

  connect(): Promise<EmbeddedClient> {
    const client = new EmbeddedClient(this, () => this.#clients.delete(client))
    this.#clients.add(client)
    return Promise.resolve(client)
  }

  /** Waits for what is running; the database itself is closed by whoever opened it. */
  async end(): Promise<void> {
    await this.#tail
    this.#clients.clear()
  }

  /** Waits for one's turn; call the answer to give the session back. */
  async lock(): Promise<() => void> {
    const before = this.#tail
    let unlock!: () => void
    this.#tail = new Promise<void>((resolve) => (unlock = resolve))
    await before
    return unlock
  }

  /** Runs on the session; the caller holds the lock. */
  async run<R>(text: string, params?: readonly unknown[]): Promise<Answer<R>> {
    try {
      if (!/^\s*(COMMIT|ROLLBACK)/i.test(text)) this.#assertRoom()
      return await this.#session.run<R>(text, params ?? [])
    } catch (error) {
      // BullMQ tries again at once, and nothing here waits for a network: without a pause nobody else gets a turn.
      await new Promise((resolve) => setTimeout(resolve, FAILURE_PAUSE_MS))
      throw error
    }
  }
}

class EmbeddedClient extends EventEmitter {
  readonly #pool: EmbeddedPool
  readonly #onRelease: () => void
  /** Held between BEGIN and COMMIT. */
  #unlock: (() => void) | null = null

  constructor(pool: EmbeddedPool, onRelease: () => void) {
    super()
    this.setMaxListeners(0)
    this.#pool = pool
    this.#onRelease = onRelease
  }

  async query<R>(text: string, params?: readonly unknown[]): Promise<Answer<R>> {
    const word = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase()
    if (this.#unlock === null && word !== 'BEGIN') return this.#pool.query<R>(text, params)
    this.#unlock ??= await this.#pool.lock()
    try {
      return await this.#pool.run<R>(text, params)
    } finally {
      if (word === 'COMMIT' || word === 'ROLLBACK') this.#giveBack()
    }
  }

  release(): void {
    this.#onRelease()
    // A borrower that gave up in the middle of a transaction must not stop everyone else.
    if (this.#unlock !== null) void this.query('ROLLBACK').catch(() => undefined)
  }

  #giveBack(): void {
    this.#unlock?.()
    this.#unlock = null
  }
}
