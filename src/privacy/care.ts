import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Ids } from '../engine/ids.js'
import type { Engine } from '../engine/types.js'
import { createErasure, type Completed, type Erasure } from './erasure.js'
import type { Keyring } from './keyring.js'
import type { People } from './people.js'
import { provePrivacy, type PrivacyProof } from './prove.js'
import { retain, type Duty, type RetentionParts } from './retention.js'
import { assertRing, ringUse, type RingUse } from './ring.js'
import { rotate, type Rotated } from './rotation.js'
import type { TombstoneFile } from './tombstones.js'
import type { Vault } from './vault.js'

/** What keeps the promise about personal data: that they can be read, are where they belong, and go when they must. */
export interface Care {
  readonly erasure: Erasure
  /** Before anything is served. Throws KEY_UNKNOWN when a key left the ring too early; erases again what a backup brought back. */
  start(): Promise<Completed>
  retain(options: { readonly dryRun: boolean }): Promise<readonly Duty[]>
  rotate(onProgress?: (done: Rotated) => void, signal?: AbortSignal): Promise<Rotated>
  ring(): Promise<RingUse>
  prove(onProgress?: (what: string, rows: number) => void): Promise<PrivacyProof>
}

export interface CareParts {
  readonly store: Store
  readonly engine: Pick<Engine, 'system'>
  readonly vault: Vault
  readonly keyring: Keyring
  readonly people: People
  readonly documents: RetentionParts['documents']
  readonly removeFile: (ref: string) => Promise<void>
  readonly tombstones: TombstoneFile
  readonly policy: RetentionParts['policy']
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}

export function createCare(parts: CareParts): Care {
  const { store, keyring, vault, people, clock } = parts
  const { intake } = store
  const ring = { keyring, keys: intake.keys, sealed: intake.sealed }
  const erasure = createErasure({
    ...parts,
    removeFiles: async (refs) => {
      await Promise.all(refs.map((ref) => parts.removeFile(ref)))
    },
  })
  return {
    erasure,
    async start() {
      await assertRing(ring)
      return erasure.complete()
    },
    retain: (options) => retain({ ...parts, store: intake.retention, erasure }, options),
    rotate: (onProgress, signal) =>
      rotate({
        ...ring,
        vault,
        people,
        store: intake.people,
        clock,
        ...(onProgress === undefined ? {} : { onProgress }),
        ...(signal === undefined ? {} : { signal }),
      }),
    ring: () => ringUse(ring),
    prove: (onProgress) => provePrivacy({ store, keyring, vault, ...(onProgress === undefined ? {} : { onProgress }) }),
  }
}
