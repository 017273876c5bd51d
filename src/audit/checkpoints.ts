import { appendFile, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { AuditChainStore } from '../../db/audit/chain.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import { checkpointText, type CheckpointSigner } from './signing.js'
import type { CheckpointRow } from './types.js'

/** Where a checkpoint goes that must outlive the database: a file, a log, a witness of its own. */
export interface CheckpointWitness {
  keep(checkpoint: CheckpointRow): Promise<void>
}
export interface Checkpoints {
  /** Signs the end of the chain when enough was added, or a day has passed since the last; `now` as soon as anything was added. */
  sign(when: 'due' | 'now'): Promise<CheckpointRow | null>
}
export interface CheckpointParts {
  readonly store: Pick<AuditChainStore, 'head' | 'lastCheckpoint' | 'addCheckpoint'>
  readonly clock: Clock
  readonly signer: () => CheckpointSigner
  readonly witnesses: readonly CheckpointWitness[]
}

/** R-AUD-2: every N entries, or each day. */
export const EVERY_ENTRIES = 1_000
const EVERY_MS = 86_400_000

export function createCheckpoints({ store, clock, signer, witnesses }: CheckpointParts): Checkpoints {
  return {
    async sign(when) {
      const [head, last] = await Promise.all([store.head(), store.lastCheckpoint()])
      const behind = (head?.position ?? 0) - (last?.position ?? 0)
      if (head === null || behind <= 0) return null
      const at = clock.now()
      if (when === 'due' && behind < EVERY_ENTRIES && last !== null && at - last.at < EVERY_MS) return null
      const signing = signer()
      const open = { ...head, at, keyId: signing.keyId }
      const checkpoint = { ...open, signature: await signing.sign(checkpointText(open)) }
      // Outside first: a checkpoint that only the database knows proves nothing.
      for (const witness of witnesses) await witness.keep(checkpoint)
      await store.addCheckpoint(checkpoint)
      return checkpoint
    },
  }
}

/** One JSON object a line. */
export const fileWitness = (path: string): CheckpointWitness => ({
  keep: (checkpoint) => appendFile(path, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600, flush: true }),
})

const Line = z.strictObject({
  position: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int(),
  keyId: z.string(),
  signature: z.string(),
})

/** The checkpoints of a file that was kept elsewhere. Throws CONFIGURATION_INVALID for a line that is none. */
export async function readCheckpoints(path: string): Promise<readonly CheckpointRow[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PulihError('CONFIGURATION_INVALID', 'The file of checkpoints cannot be read.', {}, { cause })
  })
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = Line.safeParse(parsedJson(line))
    if (parsed.success) return [parsed.data]
    throw new PulihError('CONFIGURATION_INVALID', `Line ${index + 1} of the file of checkpoints is no checkpoint.`)
  })
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
