import type { Store } from '../../db/types.js'
import type { Source } from './tail.js'

/** Somebody took a ticket, gave it back or handed it on: whose it is now is to be asked. */
export interface Holding {
  readonly ticketId: string
  readonly officeId: string
}
export type ClaimRow = Awaited<ReturnType<Store['audit']['claimsAfter']>>[number]

const PAGE = 500

/** The log of claims. */
export const claimSource = ({ audit }: Pick<Store, 'audit'>): Source<ClaimRow> => ({
  end: () => audit.claimsEnd(),
  first: (place) => ({ place, claimId: '', seq: 0 }),
  after: (row, most) => audit.claimsAfter(row, most),
  keyOf,
})
const keyOf = ({ claimId, seq }: ClaimRow): string => `${claimId} ${seq}`

/** Whose tickets these rows are about, each once. */
export async function holdingsOf(
  { audit, work }: Pick<Store, 'audit' | 'work'>,
  rows: readonly ClaimRow[],
): Promise<readonly Holding[]> {
  const holdings: Holding[] = []
  for (let at = 0; at < rows.length; at += PAGE) {
    const claims = await audit.claimsOf(rows.slice(at, at + PAGE))
    const tickets = await work.worklist.workRows([...new Set(claims.map((it) => it.ticketId))])
    holdings.push(...tickets.map(({ id, officeId }) => ({ ticketId: id, officeId })))
  }
  return holdings
}
