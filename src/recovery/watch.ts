import type { AuditWriter } from '../audit/types.js'
import type { Clock } from '../engine/clock.js'

/** What supervisors have to hear of, as the action in the audit chain. */
export type Alarm =
  'approval.changed' | 'approval.unbound' | 'approval.revoked' | 'approval.pairFrequent' | 'objection.raised'

/** Told of what should not be, and of objections: ids, codes and counts only. A failure here keeps nothing from happening. */
export interface RecoveryWatch {
  alarm(alarm: Alarm, of: { readonly ticketId: string; readonly actorId: string; readonly code: string }): Promise<void>
}

interface Parts {
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly logger: { error(detail: object, message: string): void; warn(detail: object, message: string): void }
  /** Counts them; the name only. */
  readonly count?: ((alarm: Alarm) => void) | undefined
}

/** Each alarm is an entry of the audit chain, a line of the log and a count. */
export const watchBy = ({ audit, clock, logger, count }: Parts): RecoveryWatch => ({
  async alarm(alarm, { ticketId, actorId, code }) {
    count?.(alarm)
    logger.warn({ alarm, ticketId, code }, 'four eyes')
    const fact = { at: clock.now(), actorId: 'system', actorRole: 'system', action: alarm, ticketId }
    try {
      await audit.record({ ...fact, detail: { code, actor: actorId } })
    } catch (error) {
      // What was refused stays refused, and an objection freezes, whatever the chain can take now.
      logger.error({ err: error, alarm, ticketId }, 'alarm not in the audit chain')
    }
  },
})
