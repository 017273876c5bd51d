import type { KeyObject } from 'node:crypto'
import type { AuditStore } from '../../db/audit/index.js'
import { GENESIS, hashOf } from './link.js'
import { checkedCheckpoints } from './verifyCheckpoints.js'
import { sourcesOf, type SourceStore } from './sources.js'
import { createLogProof } from './verifyLog.js'
import type { AuditRow, CheckpointRow, Head } from './types.js'

/** One thing that is not as it was written. */
export interface AuditProblem {
  /** Of the entry it is about; null where it is about none. */
  readonly position: number | null
  /** Without personal data: there are none. */
  readonly what: string
}
export interface AuditReport {
  readonly entries: number
  readonly head: Head | null
  /** Rows of the tickets' and the claims' log that the chain seals; and how many are still to be sealed. */
  readonly sealed: number
  readonly waiting: number
  readonly checkpoints: number
  readonly problems: readonly AuditProblem[]
  /** What could not be looked at, and why. */
  readonly notes: readonly string[]
}
export interface VerifyAuditParts {
  readonly store: Pick<AuditStore, 'entries' | 'head' | 'checkpoints'> & SourceStore
  /** From a place that whoever writes the database cannot reach. */
  readonly checkpoints?: readonly CheckpointRow[] | undefined
  /** Of the key that signed them. */
  readonly publicKey?: KeyObject | undefined
  /** Called now and then with the number of entries done. */
  readonly onProgress?: ((entries: number) => void) | undefined
}

const PAGE = 200
/** What is found once may be found everywhere: this many are named, the rest counted. */
const NAMED = 1_000

/**
 * Walks the chain from its first entry and compares what it seals with the logs: finds what was changed, taken out, put in or put
 * elsewhere (R-AUD-2). Reads some hundred rows at a time, whatever the length. An end that was cut off shows only against checkpoints.
 */
export async function verifyAudit(parts: VerifyAuditParts): Promise<AuditReport> {
  const { store } = parts
  const problems: AuditProblem[] = []
  const say = (position: number | null, what: string): void => {
    if (problems.length < NAMED) problems.push({ position, what })
  }
  // What is added meanwhile is for the next time.
  const end = await store.head()
  const logs = await Promise.all(sourcesOf(store).map((it) => createLogProof(store, it, say)))
  const signed = await checkedCheckpoints(parts, say)
  let last: Head = GENESIS
  let entries = 0
  while (last.position < (end?.position ?? 0)) {
    const page = await store.entries(last.position, PAGE)
    if (page.length === 0) break
    for (const row of page) {
      if (row.position > (end?.position ?? 0)) break
      checkLink(row, last, say)
      signed.compare(row)
      for (const log of logs) await log.take(row)
      last = row
      entries += 1
    }
    parts.onProgress?.(entries)
    if (page.some((row) => row.position > (end?.position ?? 0))) break
  }
  signed.finish(last)
  let [sealed, waiting] = [0, 0]
  for (const log of logs) {
    const done = await log.finish()
    sealed += done.sealed
    waiting += done.waiting
  }
  return {
    ...{ entries, sealed, waiting, problems },
    head: end,
    checkpoints: signed.count,
    notes: signed.notes,
  }
}

function checkLink(row: AuditRow, last: Head, say: (position: number, what: string) => void): void {
  const { position } = row
  const missing = position - last.position - 1
  if (missing > 0)
    say(
      position,
      missing === 1 ? `entry ${position - 1} is gone` : `entries ${last.position + 1} to ${position - 1} are gone`,
    )
  else if (row.prevHash !== last.hash) say(position, `entry ${position} does not continue entry ${last.position}`)
  if (hashOf(row) !== row.hash) say(position, `entry ${position} is not as it was written`)
}
