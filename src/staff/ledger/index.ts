import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SlaFact } from '../../../db/staff/ledger.js'
import { LOOK_BACK_MS } from '../../audit/index.js'
import { foldTicket } from './foldTicket.js'
import type { LedgerParts } from './parts.js'

export { dayOf } from './days.js'

/** What became of every promise, from the tickets' own log and in its own time. */
export interface Ledger {
  /** Takes in what the log has that the ledger has not, at most about `most` tickets; true when nothing is left. Throws STORE_BUSY. */
  catchUp(most?: number): Promise<boolean>
  /** Folds these again, whatever is known of them. */
  fold(ticketIds: readonly string[]): Promise<void>
  /** Throws everything away and folds all logs again. How many tickets. */
  rebuild(): Promise<number>
  /** The promises of one ticket. */
  promisesOf(ticketId: string): Promise<readonly SlaFact[]>
}

const PAGE = 2_000
/** Tickets written in one transaction. */
const TOGETHER = 50
/** As the sealer of the log looks back: mostly a little, now and then as far as a row may be late. */
const SHORT_LOOK_BACK_MS = 3_000
const FULL_LOOK_EVERY_MS = 30_000

export function createLedger(parts: LedgerParts): Ledger {
  const { store, clock } = parts
  const { ledger } = store
  let lookedFullyAt = Number.NEGATIVE_INFINITY

  /** Those that are there in full; a log that cannot be told is left out, and said. */
  async function write(ticketIds: readonly string[]): Promise<void> {
    for (let at = 0; at < ticketIds.length; at += TOGETHER) {
      const folds = []
      for (const id of ticketIds.slice(at, at + TOGETHER)) {
        const fold = await foldTicket(parts, id)
        if (fold !== null) folds.push(fold)
      }
      await ledger.save(folds)
      // As the sealer does: requests come in between.
      await nextTurn()
    }
  }

  /** From where to read: rows that several processes write may appear behind others. */
  async function start(mark: number): Promise<{ readonly from: number; readonly fully: boolean }> {
    const now = clock.now()
    const fully = now - lookedFullyAt >= FULL_LOOK_EVERY_MS
    if ((await store.audit.logOrder()) === 'numbered') return { from: mark, fully }
    return { from: Math.min(mark, now) - (fully ? LOOK_BACK_MS : SHORT_LOOK_BACK_MS), fully }
  }

  async function readOn(most: number): Promise<boolean> {
    const mark = await ledger.mark()
    const { from, fully } = await start(mark)
    let place = { place: from, ticketId: '', seq: 0 }
    let reached = mark
    for (let folded = 0; ;) {
      const page = await store.audit.logAfter(place, PAGE)
      const last = page.at(-1)
      if (last === undefined) break
      const newest = new Map<string, number>()
      for (const { ticketId, seq } of page) newest.set(ticketId, Math.max(seq, newest.get(ticketId) ?? 0))
      const known = await ledger.foldedUpTo([...newest.keys()])
      const behind = [...newest].filter(([id, seq]) => (known.get(id) ?? 0) < seq).map(([id]) => id)
      await write(behind)
      folded += behind.length
      if (last.place > reached) await ledger.saveMark((reached = last.place))
      place = last
      if (page.length < PAGE) break
      if (folded >= most) return false
    }
    if (fully) lookedFullyAt = clock.now()
    return true
  }

  return {
    catchUp: (most = Number.POSITIVE_INFINITY) => ledger.alone(() => readOn(most)),
    fold: (ticketIds) => ledger.alone(() => write(ticketIds)),
    async rebuild() {
      await ledger.alone(() => ledger.clear())
      lookedFullyAt = Number.NEGATIVE_INFINITY
      let tickets = 0
      for (let after: string | null = null; ;) {
        const ids: readonly string[] = await store.ticketIds(after, PAGE)
        await ledger.alone(() => write(ids))
        tickets += ids.length
        after = ids.at(-1) ?? null
        if (ids.length < PAGE) return tickets
      }
    },
    promisesOf: (ticketId) => ledger.factsOf(ticketId),
  }
}
