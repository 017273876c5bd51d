/**
 * So many statements of one kind are under way; what is asked meanwhile shares the next, for a round trip costs a process as much as ten rows.
 * That is thrift and no wall: where none of them comes back in time (a silent connection, a lock) another one is begun.
 */
const UNDER_WAY = 2
const PATIENCE_MS = 10

interface Asked<T> {
  readonly resolve: (row: T | null) => void
  readonly reject: (error: unknown) => void
}
type Waiting<T> = Map<string, Asked<T>[]>

export interface SharedLookups<T> {
  /** The row of this key as it is after the question, or null. Whoever asks for the same key at the same time gets the same object. */
  readonly ask: (key: string) => Promise<T | null>
  /** Resolves when everybody who asked has an answer. */
  readonly answered: () => Promise<void>
}

/** Joins single questions to a few larger ones. What `read` throws, all who shared it are told. */
export function sharedLookups<T>(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>): SharedLookups<T> {
  let waiting: Waiting<T> = new Map()
  let begins = false
  let relief: NodeJS.Timeout | null = null
  const underWay = new Set<Promise<void>>()

  const answer = async (asked: Waiting<T>): Promise<void> => {
    try {
      const found = await read([...asked.keys()])
      for (const [key, those] of asked) for (const it of those) it.resolve(found.get(key) ?? null)
    } catch (error) {
      for (const those of asked.values()) for (const it of those) it.reject(error)
    }
  }
  const begin = (): void => {
    begins = true
    // What is asked for in the same turn goes along.
    queueMicrotask(() => {
      begins = false
      if (relief !== null) clearTimeout(relief)
      relief = null
      const asked = waiting
      waiting = new Map()
      const flight = answer(asked).finally(() => {
        underWay.delete(flight)
        goOn()
      })
      underWay.add(flight)
    })
  }
  const goOn = (): void => {
    if (waiting.size === 0 || begins) return
    if (underWay.size < UNDER_WAY) begin()
    else relief ??= setTimeout(begin, PATIENCE_MS)
  }
  return {
    ask: (key) =>
      new Promise((resolve, reject) => {
        const others = waiting.get(key)
        if (others === undefined) waiting.set(key, [{ resolve, reject }])
        else others.push({ resolve, reject })
        goOn()
      }),
    async answered() {
      while (waiting.size + underWay.size > 0) await (underWay.size > 0 ? Promise.race(underWay) : Promise.resolve())
    },
  }
}
