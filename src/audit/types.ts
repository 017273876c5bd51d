import type { AuditDetail } from '../../db/audit/chain.js'

export type { AuditDetail, AuditRow, CheckpointRow, Head } from '../../db/audit/chain.js'

/** Something that somebody did, and that must stay known (R-AUD-1). Ids, codes, counts and instants only: nothing personal (R-AUD-3). */
export interface AuditFact {
  /** Epoch ms. */
  readonly at: number
  readonly actorId: string
  readonly actorRole: string
  /** dot.case, the thing before what was done to it: `person.reveal`, `role.grant`. */
  readonly action: string
  readonly ticketId?: string | null | undefined
  /** What else it was done to: the id of a document, a session, a job. */
  readonly subject?: string | null | undefined
  readonly detail?: AuditDetail | undefined
}

/** The one way into the audit chain. Changes of tickets are not recorded here: the sealer takes them from their own log. */
export interface AuditWriter {
  /**
   * Resolves once the entry is durable, so that what must not happen unrecorded waits for it. Throws AUDIT_UNAVAILABLE when the chain cannot
   * take it now, INTERNAL for a fact that holds something else than ids, codes, counts and instants.
   */
  record(fact: AuditFact): Promise<void>
}
