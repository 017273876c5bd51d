import { createPublicKey, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Vault } from '../privacy/vault.js'
import { createTellPeople } from './alerts.js'
import { createCheckpoints, fileWitness, type CheckpointWitness } from './checkpoints.js'
import { openAuditKeyFile } from './keyFile.js'
import { createFileLinks, type FileLinks } from './fileLinks.js'
import { createSealer } from './sealer.js'
import { ed25519Signer } from './signing.js'
import { standingOf, type AuditStanding } from './standing.js'
import type { AuditWriter, CheckpointRow } from './types.js'
import { createWatch, type Watch, type WatchParts } from './watch.js'
import { createAuditWriter } from './writer.js'

export { calendarFact, codeOrNull, recordedCare } from './care.js'
export type { LinkUse } from './fileLinks.js'
export { readCheckpoints } from './checkpoints.js'
export { LOOK_BACK_MS } from './sealed.js'
export { readPublicKey } from './signing.js'
export type { AuditWriter } from './types.js'
export { ALERT, type AlertKind } from './watch.js'
export { watermarked } from './watermark.js'
export { createAuditWriter } from './writer.js'
export { verifyAudit } from './verify.js'

/** The audit chain of an installation. */
export interface Audit extends AuditWriter {
  /**
   * Takes the tickets' and the claims' log into the chain and signs its end when that is due. How many rows were sealed. `until` ends it early: the rest
   * is the next one's.
   */
  seal(until?: AbortSignal): Promise<number>
  /** The same before the store closes; whatever was added is signed. */
  finish(until?: AbortSignal): Promise<void>
  checkpoint(): Promise<CheckpointRow | null>
  standing(): Promise<AuditStanding>
  /** Half of what signs; null where there is none yet. Throws CONFIGURATION_INVALID for a damaged key file. */
  publicKey(): KeyObject | null
}

export interface AuditParts {
  readonly store: Pick<Store, 'audit'>
  readonly clock: Clock
  readonly random: (bytes: number) => Buffer
  /** Told of each checkpoint, on its way to wherever the logs go. */
  readonly logger: { info(facts: object, text: string): void }
}

/** In the data folder; whoever wants it to prove something takes it elsewhere. */
export const CHECKPOINT_FILE = 'audit-checkpoints.jsonl'

/** What stands before personal data that the staff open. */
export interface Guard extends Watch {
  readonly links: FileLinks
}
export const openGuard = (
  vault: Pick<Vault, 'sealJson' | 'openJson'>,
  {
    store,
    ...parts
  }: Pick<WatchParts, 'audit' | 'clock' | 'limits' | 'onAlert'> & {
    store: Pick<Store, 'audit' | 'work' | 'findTicket'>
  },
): Guard => ({
  ...createWatch({
    ...{ ...parts, store: store.audit, assignments: store.work.assignments },
    tell: createTellPeople({ alerts: store.audit, findTicket: (id) => store.findTicket(id) }),
  }),
  links: createFileLinks({ vault, clock: parts.clock }),
})

/** `auditKey` null: a key in the data folder, made when the first checkpoint is signed. */
export function openAudit(
  { dataDir, auditKey }: { readonly dataDir: string; readonly auditKey: KeyObject | null },
  { store, clock, random, logger }: AuditParts,
): Audit {
  const writer = createAuditWriter(store.audit)
  const sealer = createSealer({ store: store.audit, clock })
  const told: CheckpointWitness = {
    keep(checkpoint) {
      logger.info({ checkpoint }, 'audit checkpoint')
      return Promise.resolve()
    },
  }
  const checkpoints = createCheckpoints({
    ...{ store: store.audit, clock },
    signer: () => ed25519Signer(auditKey ?? madeKey(dataDir, random)),
    witnesses: [fileWitness(join(dataDir, CHECKPOINT_FILE)), told],
  })
  return {
    ...writer,
    async seal(until) {
      const sealed = await sealer.seal(until)
      await checkpoints.sign('due')
      return sealed
    },
    async finish(until) {
      await sealer.seal(until)
      await checkpoints.sign('now')
    },
    checkpoint: () => checkpoints.sign('now'),
    standing: () => standingOf(store.audit, clock),
    publicKey() {
      const key = auditKey ?? openAuditKeyFile(dataDir, null)
      return key === null ? null : createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }))
    },
  }
}

function madeKey(dataDir: string, random: AuditParts['random']): KeyObject {
  const key = openAuditKeyFile(dataDir, random)
  if (key === null) throw new TypeError('a key file is made where there is none')
  return key
}
