import type { Sql } from '../sql.js'
import { directoryStore, type DirectoryStore } from './directory.js'
import { documentStore, type DocumentStore } from './documents.js'
import { keyStore, type KeyStore } from './keys.js'
import { messageStore, type MessageStore } from './messages.js'
import { peopleStore, type PeopleStore } from './people.js'
import { proofStore, type ProofStore } from './proofs.js'
import { taskStore, type TaskStore } from './tasks.js'

/** What stands beside the tickets: personal data under each ticket's key, proofs, documents, messages, work to be done. */
export interface IntakeStores {
  readonly keys: KeyStore
  readonly people: PeopleStore
  readonly proofs: ProofStore
  readonly documents: DocumentStore
  readonly messages: MessageStore
  readonly directory: DirectoryStore
  readonly tasks: TaskStore
}

export const intakeStores = (sql: Sql): IntakeStores => ({
  keys: keyStore(sql),
  people: peopleStore(sql),
  proofs: proofStore(sql),
  documents: documentStore(sql),
  messages: messageStore(sql),
  directory: directoryStore(sql),
  tasks: taskStore(sql),
})
