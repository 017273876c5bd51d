/** The only file that reads the machine's clock; everything else is given a Clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until it is moved; drives tests and the demonstration. */
export class VirtualClock implements Clock {
  #now: number
  constructor(start: number) {
    this.#now = start
  }
  now(): number {
    return this.#now
  }
  /** Moves to `instant`; a clock never goes back here (throws RangeError). */
  moveTo(instant: number): void {
    if (instant < this.#now) throw new RangeError(`VirtualClock cannot go back from ${this.#now} to ${instant}`)
    this.#now = instant
  }
  advance(ms: number): void {
    this.moveTo(this.#now + ms)
  }
}
