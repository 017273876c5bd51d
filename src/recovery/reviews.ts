import type { ApprovalStore, PairCount, ReviewRow } from '../../db/staff/approvals.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { TicketRow } from '../engine/types.js'
import type { Vault } from '../privacy/index.js'
import { dayOf, nextDayOf } from './approvals.js'

export interface ReviewParts {
  readonly approvals: ApprovalStore
  readonly vault: Pick<Vault, 'macs'>
  readonly clock: Clock
  /** Of a hundred applied approvals, so many are looked at again (R-4E-5). */
  readonly samplePercent: number
}

export interface Reviews {
  /** Marks an applied approval for a second look, or not: by a keyed hash of its ticket, so that nobody can tell beforehand which. */
  draw(ticket: TicketRow): Promise<boolean>
  /** Waiting for a second look at these offices (null: all), oldest first. */
  open(offices: readonly string[] | null, limit: number): Promise<readonly ReviewRow[]>
  /** Throws NOT_FOUND, and CONFLICT when it was reviewed before or by one of the two who approved it. */
  close(
    ticketId: string,
    by: { readonly id: string },
    verdict: 'sound' | 'doubtful',
    reason: string,
  ): Promise<ReviewRow>
  /** Who approved with whom on the day of this instant, most first. */
  pairs(at: number, limit: number): Promise<readonly PairCount[]>
}

/** Of 2^32, evenly. */
const SPAN = 2 ** 32

export function createReviews({ approvals, vault, clock, samplePercent }: ReviewParts): Reviews {
  return {
    async draw(ticket) {
      const { id: ticketId, officeId, makerId, checkerId } = ticket
      const cycle = Number(ticket.snapshot.context['cycle'] ?? 1)
      const [mac = ''] = vault.macs('approval-sample', `${ticketId}:${cycle}`)
      const drawn = Buffer.from(mac, 'base64url').readUInt32BE(0) / SPAN < samplePercent / 100
      if (!drawn || makerId === null || checkerId === null) return false
      return approvals.addReview({ ticketId, cycle, officeId, makerId, checkerId, chosenAt: clock.now() })
    },
    open: (offices, limit) => approvals.openReviews(offices, limit),
    async close(ticketId, { id: reviewerId }, verdict, reason) {
      const row = await approvals.findReview(ticketId)
      if (row === null) throw new PulihError('NOT_FOUND', 'This approval was not drawn.')
      if ([row.makerId, row.checkerId].includes(reviewerId))
        throw new PulihError('CONFLICT', 'Nobody reviews their own approval.')
      if (!(await approvals.closeReview(row, { reviewerId, verdict, reason }, clock.now())))
        throw new PulihError('CONFLICT', 'This approval was reviewed already.')
      return { ...row, reviewerId, verdict, reason, reviewedAt: clock.now() }
    },
    pairs: (at, limit) => approvals.pairsBetween(dayOf(at), nextDayOf(dayOf(at)), limit),
  }
}
