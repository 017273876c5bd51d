import { quietly } from './observer.js'
import type { CommitHint } from './types.js'

/** Those who are told after each commit what became due for the queue. */
export class CommitHints {
  readonly #listeners = new Set<(hint: CommitHint) => void>()

  /** Gives the way to stop listening. */
  listen(listener: (hint: CommitHint) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A listener that fails must not take the engine with it: hints are a convenience, the sweeper finds what was missed. */
  tell(hint: CommitHint): void {
    for (const listener of this.#listeners) quietly(() => listener(hint))
  }
}
