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
import { createPeople, createVault, localKeyring, openKeyFile, type Keyring, type Vault } from '../privacy/index.js'
import { openRecovery, tokenAuthority, watchBy } from '../recovery/index.js'
import { openStaff } from '../staff/identity/index.js'
import type { ServiceConfig, ServiceParts } from './types.js'

/** The door to personal data, by itself. Throws CONFIGURATION_INVALID when the keys are missing or damaged. */
export function openVault(
  { keys, dataDir }: Pick<Config, 'keys' | 'dataDir'>,
  { store, clock }: Pick<ServiceParts, 'store' | 'clock'>,
): Vault {
  const keyring = openKeyring({ keys, dataDir })
  return createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })
}

/** The keys by themselves. Throws CONFIGURATION_INVALID when they are missing or damaged. */
export const openKeyring = ({ keys, dataDir }: Pick<Config, 'keys' | 'dataDir'>): Keyring =>
  localKeyring(keys ?? openKeyFile(dataDir, randomBytes), randomBytes)

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
  const vault = openVault(config, parts)
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
  return { audit, vault, people, directory, accounts, staff, recovery, sessions, tasks }
}

function outside({ upstreams }: Pick<Config, 'upstreams'>, parts: DirectoryParts) {
  if (upstreams === null) return { directory: embeddedDirectory(parts), accounts: embeddedAccounts(parts) }
  return { directory: httpDirectory(upstreams.directory), accounts: httpAccounts(upstreams.accounts) }
}
