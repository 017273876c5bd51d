import type { Store } from '../../db/index.js'
import type { Audit, AlertKind, Guard } from '../audit/index.js'
import type { Config } from '../config.js'
import type { DocumentService } from '../documents/index.js'
import type { Clock } from '../engine/clock.js'
import type { Ids } from '../engine/ids.js'
import type { Engine } from '../engine/types.js'
import type { Access } from '../intake/access.js'
import type { CodeObserver } from '../intake/codeObserver.js'
import type { Codes } from '../intake/codes.js'
import type { EmailDomains } from '../intake/emailDomains.js'
import type { Filing } from '../intake/filing.js'
import type { FilerRequests } from '../intake/requests.js'
import type { Sessions } from '../intake/sessions.js'
import type { TaskBoard, TaskHandler } from '../intake/tasks.js'
import type { Live } from '../live/index.js'
import type { Logger } from '../logging.js'
import type { Messages, openMessages } from '../messages/index.js'
import type { AccountService } from '../ports/accounts.js'
import type { ParticipantDirectory } from '../ports/directory.js'
import type { Answer, Outgoing } from '../ports/sink.js'
import type { Care, DataRequests, Exported, People, Vault } from '../privacy/index.js'
import type { Alarm, Recovery } from '../recovery/index.js'
import type { Bulk } from '../staff/bulk/index.js'
import type { Deciding } from '../staff/deciding/index.js'
import type { Staff } from '../staff/identity/index.js'
import type { Incidents } from '../staff/incidents/index.js'
import type { Oversight } from '../staff/reports/open.js'
import type { Worklist } from '../staff/worklist/index.js'

/** What stands around the engine: personal data, and what is built on them. Joined in services.ts and main.ts, nowhere else. */
export interface Services extends Oversight {
  /** What was done, recorded for good. */
  readonly audit: Audit
  /** Before personal data that the staff open. */
  readonly guard: Guard
  /** Who works here, how they prove it, and what they may be. */
  readonly staff: Staff
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
  /** Four eyes, hold, objections, applying, duplicates. */
  readonly recovery: Recovery
  /** The same as `recovery.apply`. */
  readonly apply: (outgoing: Outgoing) => Promise<Answer>
  /** Work behind requests, and who does it. */
  readonly tasks: TaskBoard
  readonly handlers: readonly TaskHandler[]
  readonly documents: DocumentService
  /** Mail and SMS to people. */
  readonly messages: Messages
  readonly care: Care
  /** Deciding a complaint: checklists, comparison, notes, what officers file for others. */
  readonly deciding: Deciding
  /** Who works on what: claims, the list, notes being written. */
  readonly worklist: Worklist
  /** The same thing done to many tickets. */
  readonly bulk: Bulk
  /** Who watches, and is told that something changed. */
  readonly live: Live
  /** Outages on our side, and who is told of them. */
  readonly incidents: Incidents
  /** What people ask about their own data, and breaches, by the law's clock. */
  readonly dataRequests: DataRequests
  /** Writes what is kept of a ticket's person into a new folder (R-PDP-3). */
  readonly exportPerson: (ticketId: string, folder: string, actorId: string) => Promise<Exported>
}

/** What services are made of. */
export interface ServiceParts {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly engine: Engine
  readonly logger: Logger
  /** False: without keys none are made, and what needs them fails (default true). */
  readonly makeKeys?: boolean | undefined
  /** Told of what became of every message; names and codes only. */
  readonly onMessage?: Parameters<typeof openMessages>[1]['observe']
  /** Told of approvals that should not be, and of objections; the name only. */
  readonly onAlarm?: ((alarm: Alarm) => void) | undefined
  /** Told of what became of every code; channels and results only. */
  readonly codes?: CodeObserver
  /** Told when somebody opened more than their work explains. */
  readonly onAlert?: ((kind: AlertKind) => void) | undefined
}

export type ServiceConfig = Pick<
  Config,
  | 'auditKey'
  | 'keys'
  | 'dataDir'
  | 'upstreams'
  | 'files'
  | 'retention'
  | 'messaging'
  | 'limits'
  | 'tokens'
  | 'publicUrl'
  | 'staff'
>
