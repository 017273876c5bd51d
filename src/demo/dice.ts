/** Repeatable chance: the same seed throws the same dice, on every machine. Nothing secret is made from it. */
export interface Dice {
  /** Whole number in [min, max]. */
  int(min: number, max: number): number
  /** Minutes in [min, max), to the second. */
  minutes(min: number, max: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  /** Fills an array with bytes. */
  bytes(into: Uint8Array): Uint8Array
  hex(length: number): string
}

/** sfc32 (Chris Doty-Humphrey), started from a seed and a name: each ticket has dice of its own, so one more kind moves no other. */
export function createDice(seed: number, name: string): Dice {
  let a = 0x9e3779b9
  let b = seed | 0
  let c = hash(name)
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let round = 0; round < 15; round++) next()

  const int = (min: number, max: number) => min + (next() % (max - min + 1))
  const bytes = (into: Uint8Array) => {
    for (let index = 0; index < into.length; index++) into[index] = next() & 255
    return into
  }
  return {
    int,
    bytes,
    minutes: (min, max) => int(min * 60, max * 60 - 1) / 60,
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    hex: (length) => [...bytes(new Uint8Array(length / 2))].map((it) => it.toString(16).padStart(2, '0')).join(''),
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return value
}
