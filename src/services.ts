import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Store } from '../db/index.js'
import type { ChallengeRow } from '../db/intake/challenges.js'
import type { Config } from './config.js'
import { embeddedAccounts, embeddedDirectory, type DirectoryParts } from './directory/index.js'
import { createDocuments, type DocumentParts, type DocumentService } from './documents/index.js'
import type { Clock } from './engine/clock.js'
import type { Ids } from './engine/ids.js'
import type { Engine } from './engine/types.js'
import { accessCodeHandler, createAccess, type Access } from './intake/access.js'
import { askQuietly } from './intake/askCode.js'
import { noObserver, type CodeObserver } from './intake/codeObserver.js'
import { createCodes, type Codes } from './intake/codes.js'
import { settleContactHandler } from './intake/contactProof.js'
import { proveContactHandler, sendCodeHandler } from './intake/codeTasks.js'
import { createEmailDomains, type EmailDomains } from './intake/emailDomains.js'
import { createFiling, type Filing } from './intake/filing.js'
import { matchHandler, RISK, riskHandler } from './intake/risk.js'
import { createFilerRequests, type FilerRequests } from './intake/requests.js'
import { createSessions, type Sessions } from './intake/sessions.js'
import { createTasks, type TaskBoard, type TaskHandler } from './intake/tasks.js'
import type { Logger } from './logging.js'
import { DOCUMENT_KINDS } from './machines/pengaduan/events.js'
import { masked } from './intake/masks.js'
import { documentText, reasonText } from './intake/timeline.js'
import { openMessages, RECEIPT, type Messages } from './messages/index.js'
import { httpAccounts } from './ports/accounts.http.js'
import type { AccountService } from './ports/accounts.js'
import { httpDirectory } from './ports/directory.http.js'
import type { ParticipantDirectory } from './ports/directory.js'
import { folderFileStore } from './ports/fileStore.js'
import { embeddedScanner } from './ports/scanner.js'
import { clamdScanner } from './ports/scannerClamd.js'
import type { Answer, Outgoing } from './ports/sink.js'
import {
  createPeople,
  createVault,
  localKeyring,
  openKeyFile,
  type People,
  type Vault,
  oldContactsOf,
  createCare,
  type Care,
  tombstoneFile,
  TOMBSTONES,
  type Keyring,
} from './privacy/index.js'
import { createApply } from './recovery/apply.js'

/** What stands around the engine: personal data, and what is built on them. Joined here and in main.ts, nowhere else. */
export interface Services {
  readonly vault: Vault
  readonly people: People
  readonly sessions: Sessions
  readonly emailDomains: EmailDomains
  readonly codes: Codes
  readonly access: Access
  readonly filing: Filing
  readonly requests: FilerRequests
  /** The institution's own systems, or what stands in for them. Never asked while somebody files (R-ENUM-2). */
  readonly directory: ParticipantDirectory
  readonly accounts: AccountService
  /** Hands approved contacts to the account service: outbox kind `port` of tickets with personal data. */
  readonly apply: (outgoing: Outgoing) => Promise<Answer>
  /** Work behind requests, and who does it. */
  readonly tasks: TaskBoard
  readonly handlers: readonly TaskHandler[]
  readonly documents: DocumentService
  /** Mail and SMS to people. */
  readonly messages: Messages
  readonly care: Care
}

/** What services are made of. */
export interface ServiceParts {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly engine: Engine
  readonly logger: Logger
  /** Told of what became of every message; names and codes only. */
  readonly onMessage?: Parameters<typeof openMessages>[1]['observe']
  /** Told of what became of every code; channels and results only. */
  readonly codes?: CodeObserver
}

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

/** Throws CONFIGURATION_INVALID when the keys are missing or damaged. */
export function openServices(
  config: Pick<Config, 'keys' | 'dataDir' | 'upstreams' | 'files' | 'retention' | 'messaging' | 'limits'>,
  parts: ServiceParts,
): Services {
  const { store, clock, ids, engine, logger } = parts
  const vault = openVault(config, parts)
  const people = createPeople({ vault, store: store.intake.people, clock })
  const sessions = createSessions({ proofs: store.intake.proofs, clock, random: randomBytes })
  const { directory, accounts } = outside(config, { store: store.intake.directory, vault, clock })
  const replace = createApply({ people, matches: store.intake.people, tickets: store, directory, accounts })
  // Looked at before anything is replaced: afterwards nobody knows any more who has to be told (R-NIST-4).
  const apply = async (outgoing: Outgoing): Promise<Answer> => {
    await oldContactsOf({ vault, store: store.intake.people, accounts }, outgoing.ticketId)
    return replace(outgoing)
  }
  const tasks = createTasks({ store: store.intake.tasks, clock, ids })
  const messages = messagesOf(config, { ...parts, vault, people, accounts })
  const handlers: TaskHandler[] = [messages.messenger.receipt, messages.messenger.morning]
  const uploads = documentsOf(config, { store, engine, vault, tasks, clock, ids, logger })
  const documents = watched(uploads, tasks, ids)
  handlers.push(documents.scan)
  const care = createCare({
    ...{ store, engine, vault, people, documents, clock, ids, policy: config.retention },
    keyring: openKeyring(config),
    removeFile: (ref) => filesOf(config).remove(ref),
    tombstones: tombstoneFile(join(config.dataDir, TOMBSTONES)),
  })
  handlers.push(care.erasure.record)
  const emailDomains = createEmailDomains({ proofs: store.intake.proofs, clock })
  const { limits } = config
  const proof = {
    ...{ store: store.intake, engine, people, vault, tasks, clock, ids, limits },
    observer: parts.codes ?? noObserver,
  }
  const codes = createCodes(proof)
  const proven = async ({ id, ticketId, channel }: ChallengeRow) => {
    await tasks.ask(RECEIPT, ticketId, channel)
    await tasks.ask(RISK, ticketId, `proven:${id}`)
  }
  const sending = { ...proof, store, sender: messages.messenger, random: randomBytes, proven }
  handlers.push(sendCodeHandler(sending), proveContactHandler(sending), settleContactHandler({ store, engine }))
  const access = createAccess({ store, people, codes, sessions, tasks, ids })
  const reuse = (ticketId: string) => documents.reuse(ticketId)
  const risk = { ...{ store, people, directory, engine, clock, limits }, reuse }
  handlers.push(accessCodeHandler({ store, people, codes }), matchHandler(risk), riskHandler(risk))
  const askCode = askQuietly(codes, logger)
  const around = { store, engine, people, sessions, vault, tasks, clock, ids, emailDomains, askCode }
  const filing = createFiling({ ...around, random: randomBytes })
  const requests = createFilerRequests(around)
  return {
    vault,
    people,
    sessions,
    emailDomains,
    codes,
    access,
    filing,
    requests,
    directory,
    accounts,
    apply,
    tasks,
    handlers,
    documents,
    messages,
    care,
  }
}

function messagesOf(
  { messaging }: Pick<Config, 'messaging'>,
  parts: ServiceParts & { vault: Vault; people: People; accounts: AccountService },
): Messages {
  const { store, ids, clock, vault, accounts } = parts
  return openMessages(messaging, {
    ...parts,
    observe: parts.onMessage,
    log: store.intake.messages,
    oldContactsOf: (ticketId) => oldContactsOf({ vault, store: store.intake.people, accounts }, ticketId),
    words: { document: documentText, reason: reasonText, mask: masked },
    later: async (kind, ticketId, ref, dueAt) => {
      await store.intake.tasks.addTask({ id: ids.id(), kind, ticketId, ref, dueAt, createdAt: clock.now() })
    },
  })
}

function documentsOf(
  { files: { clamd, folder }, dataDir }: Pick<Config, 'files' | 'dataDir'>,
  parts: Omit<DocumentParts, 'files' | 'scanner' | 'quarantineFolder' | 'kinds'>,
): DocumentService {
  return createDocuments({
    ...parts,
    files: filesOf({ files: { folder }, dataDir }),
    scanner: clamd === null ? embeddedScanner : clamdScanner({ address: clamd }),
    quarantineFolder: join(dataDir, 'quarantine'),
    kinds: DOCUMENT_KINDS,
  })
}

/** A document that came is compared with those of other cases, behind the answer. */
function watched(documents: DocumentService, tasks: TaskBoard, ids: Pick<Ids, 'id'>): DocumentService {
  const { scan } = documents
  return {
    ...documents,
    scan: {
      kind: scan.kind,
      async run(task) {
        await scan.run(task)
        await tasks.ask(RISK, task.ticketId, `scanned:${task.ref}`)
      },
    },
    async upload(ticketId, ...given) {
      const outcomes = await documents.upload(ticketId, ...given)
      await tasks.ask(RISK, ticketId, `uploaded:${ids.id()}`)
      return outcomes
    },
  }
}

const filesOf = ({ files, dataDir }: { files: Pick<Config['files'], 'folder'>; dataDir: string }) =>
  folderFileStore(files.folder ?? join(dataDir, 'files'))

function outside({ upstreams }: Pick<Config, 'upstreams'>, parts: DirectoryParts) {
  if (upstreams === null) return { directory: embeddedDirectory(parts), accounts: embeddedAccounts(parts) }
  return { directory: httpDirectory(upstreams.directory), accounts: httpAccounts(upstreams.accounts) }
}
