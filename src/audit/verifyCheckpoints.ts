import { isSigned, keyIdOf } from './signing.js'
import type { AuditRow, CheckpointRow, Head } from './types.js'
import type { KeyObject } from 'node:crypto'
import type { AuditChainStore } from '../../db/audit/chain.js'

export interface CheckedCheckpoints {
  readonly count: number
  readonly notes: readonly string[]
  compare(row: AuditRow): void
  finish(last: Head): void
}
interface Given {
  readonly store: Pick<AuditChainStore, 'checkpoints'>
  readonly checkpoints?: readonly CheckpointRow[] | undefined
  readonly publicKey?: KeyObject | undefined
}
type Say = (position: number | null, what: string) => void

/** More than are signed in years at one a thousand entries. */
const OWN = 10_000

/** Compares signed heads with the chain: those that were given, else the database's own, which a forger could have cut with it. */
export async function checkedCheckpoints(
  { store, checkpoints: given, publicKey }: Given,
  say: Say,
): Promise<CheckedCheckpoints> {
  const notes: string[] = []
  if (given === undefined) notes.push('no checkpoints were given: an end that was cut off cannot be found without them')
  if (publicKey === undefined) notes.push('no public key was given: signatures of checkpoints were not checked')
  const own = await store.checkpoints(OWN)
  const all = [...(given ?? []), ...own]
  const believed = all.filter((it) => publicKey === undefined || believes(it, publicKey, say))
  const at = new Map<number, CheckpointRow[]>()
  for (const it of believed) at.set(it.position, [...(at.get(it.position) ?? []), it])
  const furthest = believed.reduce((max, it) => Math.max(max, it.position), 0)
  return {
    count: believed.length,
    notes,
    compare({ position, hash }) {
      for (const it of at.get(position) ?? [])
        if (it.hash !== hash) say(position, `entry ${position} is another than the one that was signed`)
    },
    finish(last) {
      if (furthest > last.position)
        say(
          last.position,
          `the chain ends at entry ${last.position}, and entry ${furthest} was signed: its end was cut off, or an older backup was restored`,
        )
    },
  }
}

function believes(it: CheckpointRow, publicKey: KeyObject, say: Say): boolean {
  if (it.keyId !== keyIdOf(publicKey)) {
    say(it.position, `the checkpoint at entry ${it.position} was signed with another key`)
    return false
  }
  if (isSigned(it, publicKey)) return true
  say(it.position, `the checkpoint at entry ${it.position} is not as it was signed`)
  return false
}
