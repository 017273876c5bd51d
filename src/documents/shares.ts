import { PulihError } from '../engine/errors.js'

const SHARE = 4
const LEAST = 2

/**
 * Places for so many at a time, of which one network has no more than a quarter, two at least: many tickets of one sender do not keep
 * everybody else out (A18). A network is forgotten with its last place.
 */
export class Shares {
  readonly #taken = new Map<string, number>()
  readonly #places: number
  readonly #each: number
  #all = 0

  constructor(places: number) {
    this.#places = places
    this.#each = Math.max(LEAST, Math.floor(places / SHARE))
  }

  /** Throws TOO_MANY_REQUESTS where there is no place left, or none for this network. */
  async run<T>(network: string, work: () => Promise<T>): Promise<T> {
    const taken = this.#taken.get(network) ?? 0
    if (this.#all >= this.#places || taken >= this.#each)
      throw new PulihError('TOO_MANY_REQUESTS', 'too many uploads are on their way', { retryAfter: 5 })
    this.#all++
    this.#taken.set(network, taken + 1)
    try {
      return await work()
    } finally {
      this.#all--
      const left = (this.#taken.get(network) ?? 1) - 1
      if (left > 0) this.#taken.set(network, left)
      else this.#taken.delete(network)
    }
  }
}
