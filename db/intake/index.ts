import { portalStore, type PortalStore } from '../portal/drafts.js'
import type { Sql } from '../sql.js'
import { decidingStore, type DecidingStore } from '../staff/deciding.js'
import { challengeStore, type ChallengeStore } from './challenges.js'
import { counterStore, type CounterStore } from './counters.js'
import { dataRequestStore, type DataRequestStore } from './dataRequests.js'
import { directoryStore, type DirectoryStore } from './directory.js'
import { erasureStore, type ErasureStore } from './erasure.js'
import { documentStore, type DocumentStore } from './documents.js'
import { keyStore, type KeyStore } from './keys.js'
import { messageStore, type MessageStore } from './messages.js'
import { peopleStore, type PeopleStore } from './people.js'
import { proofStore, type ProofStore } from './proofs.js'
import { retentionStore, type RetentionStore } from './retention.js'
import { sealedStore, type SealedStore } from './sealed.js'
import { taskStore, type TaskStore } from './tasks.js'
import { approvalStore, type ApprovalStore } from '../staff/approvals.js'

/** What stands beside the tickets: personal data under each ticket's key, proofs, documents, messages, work to be done. */
export interface IntakeStores {
  readonly keys: KeyStore
  readonly people: PeopleStore
  readonly proofs: ProofStore
  readonly challenges: ChallengeStore
  readonly counters: CounterStore
  readonly documents: DocumentStore
  readonly messages: MessageStore
  readonly directory: DirectoryStore
  readonly tasks: TaskStore
  readonly erasure: ErasureStore
  readonly retention: RetentionStore
  readonly sealed: SealedStore
  readonly deciding: DecidingStore
  readonly dataRequests: DataRequestStore
  readonly portal: PortalStore
  readonly approvals: ApprovalStore
}

export const intakeStores = (sql: Sql): IntakeStores => ({
  keys: keyStore(sql),
  people: peopleStore(sql),
  proofs: proofStore(sql),
  challenges: challengeStore(sql),
  counters: counterStore(sql),
  documents: documentStore(sql),
  messages: messageStore(sql),
  directory: directoryStore(sql),
  tasks: taskStore(sql),
  erasure: erasureStore(sql),
  retention: retentionStore(sql),
  sealed: sealedStore(sql),
  deciding: decidingStore(sql),
  dataRequests: dataRequestStore(sql),
  portal: portalStore(sql),
  approvals: approvalStore(sql),
})
