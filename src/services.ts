import { randomBytes } from 'node:crypto'
import type { Store } from '../db/index.js'
import type { Config } from './config.js'
import type { Clock } from './engine/clock.js'
import { createPeople, createVault, localKeyring, openKeyFile, type People, type Vault } from './privacy/index.js'

/** What stands around the engine: personal data, and what is built on them. Joined here and in main.ts, nowhere else. */
export interface Services {
  readonly vault: Vault
  readonly people: People
}

/** Throws CONFIGURATION_INVALID when the keys are missing or damaged. */
export function openServices(
  config: Pick<Config, 'keys' | 'dataDir'>,
  parts: { store: Store; clock: Clock },
): Services {
  const { store, clock } = parts
  const keyring = localKeyring(config.keys ?? openKeyFile(config.dataDir, randomBytes), randomBytes)
  const vault = createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })
  return { vault, people: createPeople({ vault, store: store.intake.people, clock }) }
}
