import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AuditStore } from '../../db/audit/index.js'
import type { OpenChain } from '../../db/audit/chain.js'
import type { Clock } from '../engine/clock.js'
import { createSealedMemory, type SealedMemory } from './sealedMemory.js'
import { digestOf, linked, type NewEntry } from './link.js'
import { LOOK_BACK_MS, sealedDetail } from './sealed.js'
import { sourcesOf, type RowKey, type RowMark, type SealedSource, type SourceStore } from './sources.js'

export interface Sealer {
  /**
   * Takes every row of the tickets' and the claims' log into the chain that is there and not sealed yet; how many. What others log meanwhile is
   * the next call's: it ends however busy they are; `until` ends it between two entries. Throws STORE_BUSY.
   */
  seal(until?: AbortSignal): Promise<number>
}
export interface SealerParts {
  readonly store: Pick<AuditStore, 'extending' | 'filtered'> & SourceStore
  readonly clock: Clock
}

/** Rows in one entry: hashing more would hold up everything else in the process for longer. */
const AT_ONCE = 250
const PAGE = 5_000
/** Where rows may appear late, most of them are behind the newest by no more than this. */
const SHORT_LOOK_BACK_MS = 3_000
const FULL_LOOK_EVERY_MS = 30_000

/**
 * Seals what is logged elsewhere into the chain, apart from the commits that write it: neither the engine nor a claim ever waits for a hash,
 * and what a crash left behind a commit is sealed by whoever comes next. Several sealers may run; each learns under the chain's lock what the
 * others have sealed, so every row stands in the chain once.
 */
export function createSealer({ store, clock }: SealerParts): Sealer {
  const sources = sourcesOf(store)
  let memory: Promise<readonly SealedMemory[]> | null = null
  let lookedFullyAt = Number.NEGATIVE_INFINITY

  async function fresh(source: SealedSource, known: SealedMemory, lookBack: number): Promise<readonly RowMark[]> {
    const found: RowMark[] = []
    let mark: RowMark = { place: known.from(lookBack, clock.now()), id: '', seq: 0 }
    while (found.length < AT_ONCE) {
      const page = await source.after(mark, PAGE)
      found.push(...page.filter((it) => !known.isSealed(it)))
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) break
      mark = last
    }
    return found.slice(0, AT_ONCE)
  }

  /** The entry that seals what is new in one log; null when nothing is. */
  async function entryOf(chain: OpenChain, source: SealedSource, known: SealedMemory, lookBack: number) {
    await known.learn(chain)
    const marks = await fresh(source, known, lookBack)
    if (marks.length === 0) return null
    const rows = await hashed(source, marks)
    const upTo = Math.max(known.upTo, ...marks.map((it) => it.place))
    const entry: NewEntry = {
      ...{ at: clock.now(), actorId: 'system', actorRole: 'system', action: source.action },
      ...NOTHING_ELSE,
      detail: sealedDetail(upTo, rows),
    }
    return { entry, count: rows.length, full: marks.length === AT_ONCE }
  }

  /** An entry of each log; `more`: one of them was full, and rows were left. */
  async function sealSome(memories: readonly SealedMemory[], lookBack: number) {
    return store.extending(async (chain) => {
      const made = []
      for (const [n, source] of sources.entries()) {
        const known = memories[n]
        const one = known === undefined ? null : await entryOf(chain, source, known, lookBack)
        if (one !== null) made.push(one)
      }
      const entries = made.map((it) => it.entry)
      if (entries.length > 0) await chain.add(linked(await chain.head(), entries))
      return { sealed: made.reduce((sum, it) => sum + it.count, 0), more: made.some((it) => it.full) }
    })
  }

  return {
    async seal(until) {
      memory ??= Promise.all(sources.map((it) => createSealedMemory(store, it))).catch((error: unknown) => {
        memory = null
        throw error
      })
      const known = await memory
      const now = clock.now()
      const fully = now - lookedFullyAt >= FULL_LOOK_EVERY_MS
      let sealed = 0
      for (let more = true; more;) {
        const some = await sealSome(known, fully ? LOOK_BACK_MS : SHORT_LOOK_BACK_MS)
        sealed += some.sealed
        more = some.more
        // Rows of a full look may be left: it counts as none.
        if (more && until?.aborted === true) return sealed
        // SQLite answers in the same turn: without this, a long backlog would stop everything else in the process until its end.
        if (more) await nextTurn()
      }
      if (fully) lookedFullyAt = now
      return sealed
    },
  }
}
const NOTHING_ELSE = { ticketId: null, subject: null }

/** In the order of `keys`. */
async function hashed(
  source: SealedSource,
  keys: readonly RowKey[],
): Promise<readonly (readonly [string, number, string])[]> {
  const name = ({ id, seq }: RowKey) => `${id} ${seq}`
  const digests = new Map((await source.rowsOf(keys)).map(({ key, row }) => [name(key), digestOf(row)]))
  return keys.flatMap((key) => {
    const digest = digests.get(name(key))
    return digest === undefined ? [] : [[key.id, key.seq, digest] as const]
  })
}
