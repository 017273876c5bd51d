import type { Pool, PoolClient } from 'pg'
import type { Change, CommitOutcome } from '../src/engine/types.js'
import { commitOf } from './commitStatement.pg.js'
import type { Refusal } from './errors.js'
import { isLostRace, refusalOf } from './errors.pg.js'

const OK: CommitOutcome = { ok: true }
const STALE: CommitOutcome = { ok: false, reason: 'stale', constraint: null }
/** A lost race is run again this often, after a wait that doubles and differs from rival to rival. */
const RETRIES = 3
const FIRST_WAIT_MS = 8

export interface Chance {
  /** From 0 up to but not including 1. */
  readonly random: () => number
  readonly wait: (ms: number) => Promise<unknown>
}

/**
 * Writes batches of changes: one statement, one round trip, one commit. When a constraint speaks, the statement has written nothing; the
 * batch is then replayed in one transaction, halved around what is refused, so that each change is accepted or refused as if it came alone.
 */
export function pgBatchWriter(pool: Pool, chance: Chance): (changes: readonly Change[]) => Promise<CommitOutcome[]> {
  async function write(changes: readonly Change[]): Promise<CommitOutcome[]> {
    const slices = sliced(changes)
    const [only] = slices
    if (only === undefined) return []
    if (slices.length === 1) {
      try {
        return await runBatch(pool, only)
      } catch (error) {
        if (refusalOf(error) === null) throw error
      }
    }
    return transact(pool, async (client) => {
      const outcomes: CommitOutcome[] = []
      for (const slice of slices) outcomes.push(...(await replay(client, slice)))
      return outcomes
    })
  }

  return (changes) => persistently(() => write(changes), chance)
}

/** All changes in one transaction or none of them: the first that is not accepted undoes the others. Each is of another ticket. */
export function pgGroupWriter(pool: Pool, chance: Chance): (changes: readonly Change[]) => Promise<CommitOutcome[]> {
  const write = async (changes: readonly Change[]): Promise<CommitOutcome[]> => {
    const told: { outcomes: CommitOutcome[] } = { outcomes: [] }
    try {
      return await transact(pool, async (client) => {
        told.outcomes = await runBatch(client, changes)
        if (told.outcomes.some((it) => !it.ok)) throw new NotTogether()
        return told.outcomes
      })
    } catch (error) {
      if (error instanceof NotTogether) return told.outcomes
      const refusal = refusalOf(error)
      if (refusal === null) throw error
      return [refusal]
    }
  }
  return (changes) => persistently(() => write(changes), chance)
}
/** Ends a transaction that is not to be. */
class NotTogether extends Error {}

/** A lost race is run again. */
async function persistently<T>(write: () => Promise<T>, chance: Chance): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (!isLostRace(error) || attempt === RETRIES) throw error
      await chance.wait(FIRST_WAIT_MS * 2 ** attempt * (0.5 + chance.random()))
    }
  }
}

/** A statement changes a row once and does not see its own effects: two changes of one ticket go into two statements. */
function sliced(changes: readonly Change[]): Change[][] {
  const slices: Change[][] = []
  const seen = new Set<string>()
  for (const change of changes) {
    if (slices.length === 0 || seen.has(change.ticket.id)) {
      slices.push([])
      seen.clear()
    }
    seen.add(change.ticket.id)
    slices.at(-1)?.push(change)
  }
  return slices
}

async function runBatch(db: Pool | PoolClient, changes: readonly Change[]): Promise<CommitOutcome[]> {
  const { rows } = await db.query<{ accepted: number[] }>(commitOf(changes))
  const accepted = new Set(rows[0]?.accepted)
  return changes.map((_, n) => (accepted.has(n) ? OK : STALE))
}

async function replay(client: PoolClient, changes: readonly Change[]): Promise<CommitOutcome[]> {
  const refusal = await guarded(client, () => runBatch(client, changes))
  if (Array.isArray(refusal)) return refusal
  if (changes.length === 1) return [refusal]
  const half = Math.ceil(changes.length / 2)
  return [...(await replay(client, changes.slice(0, half))), ...(await replay(client, changes.slice(half)))]
}

/** Undoes `work` and gives the refusal when a constraint spoke. */
async function guarded(client: PoolClient, work: () => Promise<CommitOutcome[]>): Promise<CommitOutcome[] | Refusal> {
  await client.query('SAVEPOINT replay')
  try {
    const outcomes = await work()
    await client.query('RELEASE SAVEPOINT replay')
    return outcomes
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === null) throw error
    await client.query('ROLLBACK TO SAVEPOINT replay; RELEASE SAVEPOINT replay')
    return refusal
  }
}

/** Runs `work` in a transaction; whatever it throws, nothing stays, and a connection in doubt is not used again. */
export async function transact<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // The server rolls back what a connection leaves behind when it ends.
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}
