/** `starting`: it is being opened, and nothing is known against it. */
export type QueueState = 'up' | 'starting' | 'down'

/** What the probes know beyond the store: whether the service is stopping and whether its queue answers. */
export class Health {
  #stopping = false
  readonly #queue: () => QueueState | Promise<QueueState>

  constructor(queue: () => QueueState | Promise<QueueState> = () => 'up') {
    this.#queue = queue
  }

  /** Readiness is false from here on; the first thing a stop signal does (R-OPS-2). */
  beginStop(): void {
    this.#stopping = true
  }
  get stopping(): boolean {
    return this.#stopping
  }

  /** A queue that cannot say is down; the outbox keeps its work meanwhile. */
  async queue(): Promise<QueueState> {
    try {
      return await this.#queue()
    } catch {
      return 'down'
    }
  }
}
