import type { AuditStore } from '../../db/audit/index.js'
import type { OpenChain } from '../../db/audit/chain.js'
import type { LogKey, LogMark } from '../../db/audit/sealedLog.js'
import type { Clock } from '../engine/clock.js'
import { createSealedMemory, type SealedMemory } from './sealedMemory.js'
import { digestOf, linked } from './link.js'
import { LOOK_BACK_MS, SEALED, sealedDetail } from './sealed.js'

export interface Sealer {
  /** Takes every row of the tickets' log that is not sealed yet into the chain; how many. Throws STORE_BUSY. */
  seal(): Promise<number>
}
export interface SealerParts {
  readonly store: Pick<AuditStore, 'extending' | 'newest' | 'filtered' | 'logAfter' | 'logOf' | 'logOrder'>
  readonly clock: Clock
}

/** Rows in one entry: hashing more would hold up everything else in the process for longer. */
const AT_ONCE = 250
const PAGE = 5_000
/** Where rows may appear late, most of them are behind the newest by no more than this. */
const SHORT_LOOK_BACK_MS = 3_000
const FULL_LOOK_EVERY_MS = 30_000

/**
 * Seals the tickets' log into the chain, apart from the commits that write it: the engine never waits for a hash. Several sealers may run;
 * each learns under the chain's lock what the others have sealed.
 */
export function createSealer({ store, clock }: SealerParts): Sealer {
  let memory: Promise<SealedMemory> | null = null
  let lookedFullyAt = Number.NEGATIVE_INFINITY

  async function fresh(chain: OpenChain, known: SealedMemory, lookBack: number): Promise<readonly LogMark[]> {
    await known.learn(chain)
    const found: LogMark[] = []
    let mark: LogMark = { place: known.from(lookBack, clock.now()), ticketId: '', seq: 0 }
    while (found.length < AT_ONCE) {
      const page = await store.logAfter(mark, PAGE)
      found.push(...page.filter((it) => !known.isSealed(it)))
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) break
      mark = last
    }
    return found.slice(0, AT_ONCE)
  }

  async function sealSome(known: SealedMemory, lookBack: number): Promise<number> {
    return store.extending(async (chain) => {
      const marks = await fresh(chain, known, lookBack)
      if (marks.length === 0) return 0
      const sealed = await hashed(store, marks)
      const entry = {
        at: clock.now(),
        actorId: 'system',
        actorRole: 'system',
        action: SEALED,
        ticketId: null,
        subject: null,
        detail: sealedDetail(Math.max(known.upTo, ...marks.map((it) => it.place)), sealed),
      }
      await chain.add(linked(await chain.head(), [entry]))
      return marks.length
    })
  }

  return {
    async seal() {
      memory ??= createSealedMemory(store).catch((error: unknown) => {
        memory = null
        throw error
      })
      const known = await memory
      const now = clock.now()
      const fully = now - lookedFullyAt >= FULL_LOOK_EVERY_MS
      let sealed = 0
      for (;;) {
        const some = await sealSome(known, fully ? LOOK_BACK_MS : SHORT_LOOK_BACK_MS)
        if (some === 0) break
        sealed += some
      }
      if (fully) lookedFullyAt = now
      return sealed
    },
  }
}

/** In the order of `keys`. */
async function hashed(
  store: SealerParts['store'],
  keys: readonly LogKey[],
): Promise<readonly (readonly [string, number, string])[]> {
  const name = ({ ticketId, seq }: LogKey) => `${ticketId} ${seq}`
  const digests = new Map((await store.logOf(keys)).map((row) => [name(row), digestOf(row)]))
  return keys.flatMap((key) => {
    const digest = digests.get(name(key))
    return digest === undefined ? [] : [[key.ticketId, key.seq, digest] as const]
  })
}
