/** A small seeded generator (mulberry32): the same seed gives the same drill plan. */
export class Dice {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }
  chance(probability: number): boolean {
    return this.next() < probability
  }
  pick<T>(weighted: readonly (readonly [weight: number, value: T])[]): T {
    const total = weighted.reduce((sum, [weight]) => sum + weight, 0)
    let left = this.next() * total
    for (const [weight, value] of weighted) {
      left -= weight
      if (left < 0) return value
    }
    return weighted.at(-1)![1]
  }
  /** An independent generator, so that one part's draws do not shift another's. */
  fork(): Dice {
    return new Dice(this.between(0, 0xffff_ffff))
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
