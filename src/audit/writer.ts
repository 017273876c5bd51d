import type { AuditChainStore } from '../../db/audit/chain.js'
import { PulihError } from '../engine/errors.js'
import { Fact } from './detail.js'
import { linked, type NewEntry } from './link.js'
import type { AuditFact, AuditWriter } from './types.js'

interface Waiting {
  readonly entry: NewEntry
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
/** Of one addition: far below the number of values that either database takes in a statement. */
const AT_ONCE = 500

/**
 * Adds to the chain. What comes while an addition is under way goes into the next one together: each costs a sync of the disk (SQLite) or
 * a turn at the lock that all processes share (PostgreSQL).
 */
export function createAuditWriter(store: Pick<AuditChainStore, 'extending'>): AuditWriter {
  let waiting: Waiting[] = []
  let running = false

  async function add(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, AT_ONCE)
      waiting = waiting.slice(AT_ONCE)
      try {
        await store.extending(async (chain) => {
          await chain.add(
            linked(
              await chain.head(),
              batch.map((it) => it.entry),
            ),
          )
        })
        for (const it of batch) it.resolve()
      } catch (error) {
        for (const it of batch) it.reject(unavailable(error))
      }
    }
    running = false
  }

  return {
    record: (fact) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ entry: entryOf(fact), resolve, reject })
        if (!running) void add()
      }),
  }
}

/** Throws INTERNAL for what must not be in the chain: it is a fault of the caller's, and its text shows no value. */
export function entryOf({ ticketId = null, subject = null, detail = {}, ...rest }: AuditFact): NewEntry {
  const parsed = Fact.safeParse({ ...rest, ticketId, subject, detail })
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new PulihError('INTERNAL', `an audit fact holds what must not be in the chain: ${where}`)
}

const unavailable = (cause: unknown): PulihError =>
  new PulihError('AUDIT_UNAVAILABLE', 'the audit chain cannot be written now', {}, { cause })
