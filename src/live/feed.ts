import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Logger } from '../logging.js'
import { changesOf, keyOf, rowsBehind, type Change } from './log.js'

/** Null: too much happened to tell each thing. */
export type Listener = (changes: readonly Change[] | null) => void

/** The tickets' log as news, read by one loop a process however many listen, and by none while nobody does. */
export interface Feed {
  /** From now on; gives how to stop. */
  listen(listener: Listener): Promise<() => void>
  /** Where the feed stands; null while nobody listens. */
  mark(): number | null
  /** What happened behind a place; null when that is too much, or no place of this log. */
  since(place: number): Promise<readonly Change[] | null>
  /** Something was committed in this process: look now. */
  nudge(): void
  stop(): void
}

export interface FeedParts {
  readonly store: Pick<Store, 'audit' | 'work'>
  readonly clock: Clock
  readonly logger: Logger
  readonly pollMs?: number
}

const POLL_MS = 1_000
/** More than this is told as "look again". */
const MOST = 1_000
/** Where several processes write, a row may appear behind others: so far it is looked back. */
const LOOK_BACK_MS = 5_000

export function createFeed({ store, clock, logger, pollMs = POLL_MS }: FeedParts): Feed {
  const { audit } = store
  const listeners = new Set<Listener>()
  const seen = new Map<string, number>()
  let order: 'numbered' | 'timed' = 'numbered'
  let mark: number | null = null
  let timer: NodeJS.Timeout | null = null
  let beginning: Promise<void> | null = null

  async function read(): Promise<void> {
    if (mark === null) return
    const from = order === 'timed' ? mark - LOOK_BACK_MS : mark
    const rows = await rowsBehind(store, from, MOST, (key) => !seen.has(key))
    const last = rows.at(-1)
    if (last === undefined) return
    if (order === 'timed') for (const row of rows) seen.set(keyOf(row), row.place)
    mark = rows.length > MOST ? await newest() : Math.max(mark, last.place)
    for (const [key, place] of seen) if (place < mark - 2 * LOOK_BACK_MS) seen.delete(key)
    const changes = rows.length > MOST ? null : await changesOf(store, rows)
    for (const listener of listeners) listener(changes)
  }

  const look = oneAtATime(async () => {
    if (listeners.size > 0)
      await read().catch((error: unknown) => {
        logger.warn({ err: error }, 'the log was not read for those who watch')
      })
  })

  const newest = async (): Promise<number> => (order === 'timed' ? clock.now() : audit.logEnd())
  async function begin(): Promise<void> {
    order = await audit.logOrder()
    mark = await newest()
    // What was there before is not news.
    if (order === 'timed')
      for (const row of await rowsBehind(store, mark - LOOK_BACK_MS, MOST, () => true)) seen.set(keyOf(row), row.place)
    timer ??= setInterval(look, pollMs).unref()
  }
  function end(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
    mark = null
    beginning = null
    seen.clear()
  }

  return {
    async listen(listener) {
      listeners.add(listener)
      try {
        await (beginning ??= begin())
      } catch (error) {
        beginning = null
        listeners.delete(listener)
        throw error
      }
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) end()
      }
    },
    mark: () => mark,
    async since(place) {
      const here = mark
      if (here === null || place < 0 || place > here) return null
      const rows = await rowsBehind(store, order === 'timed' ? place - LOOK_BACK_MS : place, MOST, () => true)
      return rows.length > MOST ? null : changesOf(store, rows)
    },
    nudge: look,
    stop() {
      listeners.clear()
      end()
    },
  }
}

/** While it runs, any number of calls come to one run more. It must not reject. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running = false
  let again = false
  const run = (): void => {
    again = running
    if (running) return
    running = true
    void work().finally(() => {
      running = false
      if (again) run()
    })
  }
  return run
}
