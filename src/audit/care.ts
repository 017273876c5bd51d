import type { Clock } from '../engine/clock.js'
import type { Care } from '../privacy/care.js'
import { Code } from './detail.js'
import type { AuditDetail, AuditWriter } from './types.js'

/** A word that a caller wrote, where it is a code; what is not stays out of the chain. */
export const codeOrNull = (text: string): string | null => (Code.safeParse(text).success ? text : null)

const OPERATOR = { actorId: 'operator', actorRole: 'operator' } as const
const SYSTEM = { actorId: 'system', actorRole: 'system' } as const

/** Who published which version of a calendar. */
export const calendarFact = (
  at: number,
  by: { readonly id: string; readonly role: string },
  spec: { readonly id: string; readonly version: number },
) => ({
  ...{ at, actorId: by.id, actorRole: by.role, action: 'calendar.publish' },
  ...{ subject: codeOrNull(spec.id), detail: { version: spec.version } },
})

/**
 * The same care, written down (R-AUD-1). Afterwards, not before: what is erased cannot be shown by mistake, an erasure that was refused did
 * not happen, and the ticket's own log says that it did.
 */
export function recordedCare(care: Care, audit: AuditWriter, clock: Clock): Care {
  const note = (
    action: string,
    ticketId: string | null,
    detail: AuditDetail,
    by: { actorId: string; actorRole: string },
  ) => audit.record({ at: clock.now(), ...by, action, ticketId, detail })
  const { erasure } = care
  return {
    ...care,
    erasure: {
      ...erasure,
      async erase(ticketId, reason) {
        const done = await erasure.erase(ticketId, reason)
        if (done) await note('person.erase', ticketId, { reason: codeOrNull(reason) }, OPERATOR)
        return done
      },
      async placeHold(ticketId, reason, actorId) {
        await erasure.placeHold(ticketId, reason, actorId)
        const by = { ...OPERATOR, actorId: codeOrNull(actorId) ?? OPERATOR.actorId }
        await note('hold.place', ticketId, { reason: codeOrNull(reason) }, by)
      },
      async liftHold(ticketId) {
        const lifted = await erasure.liftHold(ticketId)
        if (lifted > 0) await note('hold.lift', ticketId, { lifted }, OPERATOR)
        return lifted
      },
    },
    async retain(options) {
      const duties = await care.retain(options)
      const removed = duties.filter((it) => it.removed > 0).map((it) => [it.duty, it.removed] as const)
      if (!options.dryRun && removed.length > 0) await note('retention.run', null, Object.fromEntries(removed), SYSTEM)
      return duties
    },
    async rotate(onProgress, signal) {
      const done = await care.rotate(onProgress, signal)
      if (Object.values(done).some((count) => count > 0)) await note('keys.rotate', null, { ...done }, SYSTEM)
      return done
    },
  }
}
