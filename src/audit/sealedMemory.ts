import type { AuditStore } from '../../db/audit/index.js'
import type { AuditRow, OpenChain } from '../../db/audit/chain.js'
import { LOOK_BACK_MS, readSealed } from './sealed.js'
import type { RowKey, SealedSource } from './sources.js'

/** What a sealer knows to be sealed, as far back as rows may still appear. */
export interface SealedMemory {
  /** The furthest place that was sealed. */
  readonly upTo: number
  /** From where to read the log so that nothing late is missed. */
  from(lookBackMs: number, now: number): number
  isSealed(key: RowKey): boolean
  /** Takes in what was sealed since, by whomever. */
  learn(chain: OpenChain): Promise<void>
}

type Reading = Pick<AuditStore, 'filtered'>
const PAGE = 20

/** Starts from what the chain says. The rows of one id become visible in their order, so its highest sealed number says all about it. */
export async function createSealedMemory(store: Reading, source: SealedSource): Promise<SealedMemory> {
  const timed = (await source.order()) === 'timed'
  const highest = new Map<string, { seq: number; place: number }>()
  let position = 0
  let upTo = 0

  function take(row: AuditRow): number {
    const sealed = readSealed(row.detail)
    position = Math.max(position, row.position)
    if (sealed === null) return upTo
    upTo = Math.max(upTo, sealed.upTo)
    if (timed)
      for (const [id, seq] of sealed.rows)
        if ((highest.get(id)?.seq ?? 0) < seq) highest.set(id, { seq, place: sealed.upTo })
    return sealed.upTo
  }
  function forget(): void {
    for (const [id, { place }] of highest) if (place < upTo - 2 * LOOK_BACK_MS) highest.delete(id)
  }

  // Backwards, until an entry holds nothing of the time that is looked at: places never go down from entry to entry.
  let before: number | null = null
  let reached = Number.POSITIVE_INFINITY
  do {
    const rows: readonly AuditRow[] = await store.filtered(
      { action: source.action },
      { order: 'newest', before, limit: PAGE },
    )
    for (const row of rows) reached = take(row)
    before = rows.length < PAGE ? null : (rows.at(-1)?.position ?? null)
  } while (timed && before !== null && reached >= upTo - 2 * LOOK_BACK_MS)

  return {
    get upTo() {
      return upTo
    },
    // A process whose clock is ahead must not carry the others' rows out of sight.
    from: (lookBackMs, now) => (timed ? Math.min(upTo, now) - lookBackMs : upTo),
    isSealed: ({ id, seq }) => timed && seq <= (highest.get(id)?.seq ?? 0),
    async learn(chain) {
      for (;;) {
        const rows = await chain.entriesOf(source.action, position, PAGE)
        for (const row of rows) take(row)
        if (rows.length < PAGE) break
      }
      if (timed && highest.size > FORGET_FROM) forget()
    },
  }
}
/** Looking through the memory costs as much as it is long. */
const FORGET_FROM = 10_000
