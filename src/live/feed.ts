import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Logger } from '../logging.js'
import { claimSource, holdingsOf, type ClaimRow, type Holding } from './claims.js'
import { changesOf, ticketSource, type Change, type LogRow } from './log.js'
import { openTail, rowsSince, type Order, type Tail } from './tail.js'

export interface News {
  readonly changes: readonly Change[]
  readonly holdings: readonly Holding[]
}
/** Null: too much happened to tell each thing. */
export type Listener = (news: News | null) => void

/** The tickets' log and that of their claims as news, read by one loop a process however many listen, and by none while nobody does. */
export interface Feed {
  /** From now on; gives how to stop. */
  listen(listener: Listener): Promise<() => void>
  /** Where the feed stands in the tickets' log; null while nobody listens. */
  mark(): number | null
  /** What happened to tickets behind a place; null when that is too much, or no place of this log. */
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

interface Tails {
  readonly order: Order
  readonly tickets: Tail<LogRow>
  readonly claims: Tail<ClaimRow>
}

export function createFeed({ store, clock, logger, pollMs = POLL_MS }: FeedParts): Feed {
  const listeners = new Set<Listener>()
  let tails: Tails | null = null
  let timer: NodeJS.Timeout | null = null
  let beginning: Promise<void> | null = null

  /** Something was read and could not be told. */
  let untold = false

  async function read(): Promise<void> {
    const now = tails
    if (now === null) return
    const wasUntold = untold
    untold = true
    const [tickets, claims] = [await now.tickets.next(), await now.claims.next()]
    const isTooMuch = tickets === null || claims === null || wasUntold
    const news = isTooMuch
      ? null
      : { changes: await changesOf(store, tickets), holdings: await holdingsOf(store, claims) }
    untold = false
    if (tickets?.length === 0 && claims?.length === 0 && !wasUntold) return
    for (const listener of listeners) listener(news)
  }

  const look = oneAtATime(async () => {
    if (listeners.size > 0)
      await read().catch((error: unknown) => {
        logger.warn({ err: error }, 'the log was not read for those who watch')
      })
  })

  async function begin(): Promise<void> {
    const order = await store.audit.logOrder()
    const now = () => clock.now()
    tails = {
      order,
      tickets: await openTail(ticketSource(store), order, now),
      claims: await openTail(claimSource(store), order, now),
    }
    timer ??= setInterval(look, pollMs).unref()
  }
  function end(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
    tails = null
    beginning = null
    untold = false
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
    mark: () => tails?.tickets.mark ?? null,
    async since(place) {
      if (tails === null || place < 0 || place > tails.tickets.mark) return null
      const rows = await rowsSince(ticketSource(store), tails.order, place)
      return rows === null ? null : changesOf(store, rows)
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
