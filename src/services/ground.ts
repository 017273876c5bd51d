import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openAudit } from '../audit/index.js'
import type { Config } from '../config.js'
import { embeddedAccounts, embeddedDirectory, type DirectoryParts } from '../directory/index.js'
import { createSessions } from '../intake/sessions.js'
import { createTasks } from '../intake/tasks.js'
import { httpAccounts } from '../ports/accounts.http.js'
import { httpDirectory } from '../ports/directory.http.js'
import { folderFileStore } from '../ports/fileStore.js'
import {
  assertRing,
  createPeople,
  createVault,
  keyFileOf,
  localKeyring,
  missingKeys,
  openKeyFile,
  type Keyring,
  type Vault,
} from '../privacy/index.js'
import type { Store } from '../../db/types.js'
import { openRecovery, tokenAuthority, watchBy } from '../recovery/index.js'
import { openStaff } from '../staff/identity/index.js'
import type { ServiceConfig, ServiceParts } from './types.js'

type KeyPlace = Pick<Config, 'keys' | 'dataDir'>

/** The door to personal data, by itself. Throws CONFIGURATION_INVALID when the keys are damaged. */
export const openVault = (place: KeyPlace, parts: Pick<ServiceParts, 'store' | 'clock'>): Vault =>
  vaultOf(openKeyring(place, true), parts)

const vaultOf = (keyring: Keyring, { store, clock }: Pick<ServiceParts, 'store' | 'clock'>): Vault =>
  createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })

/** The keys by themselves; with `make` the embedded key file is made where there is none. Throws CONFIGURATION_INVALID when they are damaged. */
const openKeyring = ({ keys, dataDir }: KeyPlace, make: boolean): Keyring =>
  localKeyring(keys ?? openKeyFile(dataDir, randomBytes, make), randomBytes)

const ringOf = (place: KeyPlace, { intake }: Pick<Store, 'intake'>) => ({
  ...{ keyring: openKeyring(place, false), keys: intake.keys, sealed: intake.sealed },
})

/** Ids of the keys that rows name and that are not here. No key file is made for being asked. */
export const missingKeysOf = (place: KeyPlace, store: Pick<Store, 'intake'>): Promise<readonly string[]> =>
  missingKeys(ringOf(place, store))

/** Before a key file may be made: beside rows of another one it would open none of them, and look like theirs. Throws KEY_UNKNOWN. */
export async function refuseFreshKeys(place: KeyPlace, store: Pick<Store, 'intake'>): Promise<void> {
  if (place.keys === null && !existsSync(keyFileOf(place.dataDir))) await assertRing(ringOf(place, store))
}

/** Where pictures and originals lie. */
export const filesOf = ({ files, dataDir }: { files: Pick<Config['files'], 'folder'>; dataDir: string }) =>
  folderFileStore(files.folder ?? join(dataDir, 'files'))

/**
 * Whether the files lie with servers on another machine: a database server is shared, PULIH_FILES says nothing, and nobody ever uploaded
 * through this data folder. What is missing then says nothing about the files.
 */
export const filesElsewhere = ({ files, dataDir, databaseUrl }: Pick<Config, 'files' | 'dataDir' | 'databaseUrl'>) =>
  databaseUrl !== null &&
  files.folder === null &&
  ['files', 'quarantine'].every((name) => !existsSync(join(dataDir, name)))

export type Ground = ReturnType<typeof openGround>

/** What everything else stands on: the audit, sealed data, the staff, the world outside, and who may change an account. */
export function openGround(config: ServiceConfig, parts: ServiceParts) {
  const { store, clock, ids, engine, logger } = parts
  const { limits } = config
  const audit = openAudit(config, { store, clock, random: randomBytes, logger })
  const keyring = openKeyring(config, parts.makeKeys !== false)
  const vault = vaultOf(keyring, parts)
  const people = createPeople({ vault, store: store.intake.people, clock })
  const { directory, accounts } = outside(config, { store: store.intake.directory, vault, clock })
  const staff = openStaff(config.staff, {
    ...{ store: store.staff, vault, audit, clock, ids, random: randomBytes },
    offices: () => engine.reference.offices(),
    others: tokenAuthority(config.tokens),
  })
  const recovery = openRecovery({
    ...{ store, engine, vault, people, directory, accounts, clock, limits },
    authority: staff.authority,
    watch: watchBy({ audit, clock, logger, count: parts.onAlarm }),
  })
  const sessions = createSessions({ proofs: store.intake.proofs, clock, random: randomBytes })
  const tasks = createTasks({ store: store.intake.tasks, clock, ids })
  return { audit, keyring, vault, people, directory, accounts, staff, recovery, sessions, tasks }
}

function outside({ upstreams }: Pick<Config, 'upstreams'>, parts: DirectoryParts) {
  if (upstreams === null) return { directory: embeddedDirectory(parts), accounts: embeddedAccounts(parts) }
  return { directory: httpDirectory(upstreams.directory), accounts: httpAccounts(upstreams.accounts) }
}
