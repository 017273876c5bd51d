/** What the probes know beyond the store: whether the service is stopping and whether its queue answers. */
export class Health {
  #stopping = false
  readonly #queueUp: () => boolean | Promise<boolean>

  constructor(queueUp: () => boolean | Promise<boolean> = () => true) {
    this.#queueUp = queueUp
  }

  /** Readiness is false from here on; the first thing a stop signal does (R-OPS-2). */
  beginStop(): void {
    this.#stopping = true
  }
  get stopping(): boolean {
    return this.#stopping
  }

  /** A queue that cannot say is down; the outbox keeps its work meanwhile. */
  async queueUp(): Promise<boolean> {
    try {
      return await this.#queueUp()
    } catch {
      return false
    }
  }
}
