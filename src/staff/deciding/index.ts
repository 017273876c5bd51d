/** Deciding a complaint: what has to be looked at, what is compared, what is asked for, and what officers file for others. */
import type { RiskParts } from '../../intake/risk.js'
import { matchHandler } from '../../intake/risk.js'
import type { TaskHandler } from '../../intake/tasks.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Actor } from '../../machines/ticketType.js'
import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { Accepted, Engine } from '../../engine/types.js'
import type { Codes } from '../../intake/codes.js'
import type { EmailDomains } from '../../intake/emailDomains.js'
import type { Filing } from '../../intake/filing.js'
import type { FilerRequests } from '../../intake/requests.js'
import type { Sessions } from '../../intake/sessions.js'
import type { TaskBoard } from '../../intake/tasks.js'
import type { CodeSender } from '../../messages/index.js'
import type { AccountService } from '../../ports/accounts.js'
import type { ParticipantDirectory } from '../../ports/directory.js'
import type { People, Vault } from '../../privacy/index.js'
import { accountOf, type AccountSide } from './account.js'
import { createAssisted, type Assisted } from './assisted.js'
import { createRenewing } from './renewing.js'
import { sideBySide, type SideBySide } from './comparison.js'
import { referMismatch, type MismatchOrder } from './mismatch.js'
import { createNotes, type Notes } from './notes.js'
import { createSubmitting, REMATCH, type Submitting } from './submitting.js'
import { branchSummary, type BranchSummary } from './summary.js'
import { traceKpj, type Traced } from './tracing.js'
import { createVerifications, GUARDED, type Verifications } from './verification.js'

export type { AccountSide } from './account.js'
export { CALLER_STEPS, REQUIRED_STEPS } from './assisted.js'
export { ChecklistItem } from './checklists.js'
export type { ComparedField, SideBySide } from './comparison.js'
export type { BranchSummary } from './summary.js'
export { referredKey } from './mismatch.js'
export { NOTE_LENGTH } from './notes.js'
export { REASONS_BY_EVENT } from './reasons.js'

export interface Deciding {
  readonly verifications: Verifications
  readonly notes: Notes
  readonly assisted: Assisted
  readonly submitting: Submitting
  compare(ticketId: string): Promise<SideBySide>
  /** What the contacts replace. */
  accountOf(ticketId: string): Promise<AccountSide>
  traceKpj(ticketId: string, actor: Actor): Promise<Traced>
  referMismatch(order: MismatchOrder): Promise<Accepted>
  branchSummary(ticketId: string): Promise<BranchSummary>
  readonly handlers: readonly TaskHandler[]
}

export interface DecidingParts {
  readonly store: Store
  readonly engine: Engine
  readonly audit: AuditWriter
  readonly people: People
  readonly vault: Vault
  readonly directory: ParticipantDirectory
  readonly accounts: Pick<AccountService, 'contactsOf'>
  readonly filing: Filing
  readonly requests: FilerRequests
  readonly codes: Codes
  readonly sessions: Sessions
  readonly emailDomains: EmailDomains
  readonly sender: CodeSender
  readonly tasks: TaskBoard
  readonly risk: RiskParts
  readonly clock: Clock
  readonly ids: Ids
}

/** Joins the room and sets its gates on the engine: they hold by whichever way an event comes. */
export function openDeciding(parts: DecidingParts): Deciding {
  const { store, engine, vault, clock, ids, risk } = parts
  const assisted = createAssisted(parts)
  const verifications = createVerifications(parts)
  const submitting = createSubmitting(parts)
  for (const type of GUARDED)
    engine.guard(type, async (command, decide) => {
      await verifications.refuse(command)
      return decide()
    })
  engine.guard('submit', async (command, decide) => {
    await submitting.refuseOthers(command)
    return decide()
  })
  const match = matchHandler(risk)
  const renewing = createRenewing({ store, people: parts.people, tasks: parts.tasks, clock, match })
  engine.guard('verification.start', async (command, decide) => {
    const accepted = await decide()
    await renewing.ask(command.ticketId)
    return accepted
  })
  return {
    verifications,
    notes: createNotes({ store: store.intake, vault, clock, ids }),
    assisted,
    submitting,
    async compare(ticketId) {
      const compared = await sideBySide(parts, ticketId)
      const isThere = compared.records.some((it) => it.foundBy.includes('nik'))
      if (compared.directory === 'answered') await renewing.ask(ticketId, isThere)
      return compared
    },
    accountOf: (ticketId) => accountOf({ vault, accounts: parts.accounts, store: store.intake.people }, ticketId),
    traceKpj: (ticketId, actor) => traceKpj(parts, ticketId, actor),
    referMismatch: (order) => referMismatch(parts, order),
    branchSummary: (ticketId) => branchSummary(parts, ticketId),
    handlers: [assisted.sendKey, { kind: REMATCH, run: (task) => match.run(task) }, renewing.handler],
  }
}
