import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { PulihError } from '../../engine/errors.js'
import type { IndexKind } from '../../privacy/vault.js'
import { roleOf } from './claims.js'
import type { Listing, WorklistRow } from './listing.js'
import type { Worker, WorkWorld } from './parts.js'

/** What is searched by, normalised as it was when it was indexed. */
export type Sought =
  | { readonly by: 'ticketNumber'; readonly value: string }
  | { readonly by: Extract<IndexKind, 'nik' | 'kpj' | 'email' | 'phone'>; readonly value: string }

export interface Search {
  /** Exact matches in the person's offices. Recorded with kind and count, never the value. Throws TOO_MANY_REQUESTS with `retryAfter` in seconds. */
  find(worker: Worker, sought: Sought): Promise<readonly WorklistRow[]>
}

const MOST = 20

/** Searches by person are counted per searcher and hour in this process: what bounds curiosity for good is the record of them (A42). */
export function createSearch(world: WorkWorld, listing: Listing): Search {
  const { store, vault, clock, rules, audit } = world
  let limiter: { readonly points: number; readonly it: RateLimiterMemory } | null = null
  const count = async (worker: Worker): Promise<void> => {
    const { policy } = await rules.current()
    if (limiter?.points !== policy.searchesPerHour)
      limiter = {
        points: policy.searchesPerHour,
        it: new RateLimiterMemory({ points: policy.searchesPerHour, duration: 3_600 }),
      }
    await limiter.it.consume(worker.id).catch((error: unknown) => {
      if (!(error instanceof RateLimiterRes)) throw error
      throw new PulihError('TOO_MANY_REQUESTS', 'too many searches', {
        retryAfter: Math.max(1, Math.ceil(error.msBeforeNext / 1_000)),
      })
    })
  }
  return {
    async find(worker, { by, value }) {
      if (by === 'ticketNumber') {
        const ticket = await store.findTicketByNumber(value)
        return ticket === null ? [] : listing.rows(worker, [ticket.id])
      }
      await count(worker)
      const values = vault.indexes(by, value).map((it) => it.value)
      const ids = await store.work.worklist.ticketsUnder(by, values, MOST)
      const rows = await listing.rows(worker, ids)
      await audit.record({
        ...{ at: clock.now(), actorId: worker.id, actorRole: roleOf(worker), action: 'worklist.search' },
        detail: { by, found: rows.length },
      })
      return rows
    },
  }
}
