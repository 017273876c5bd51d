import type { MatchRow } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import type { TicketRow } from '../engine/types.js'

/** Who was found for the identity as it is declared now, as the directory's id: a correction since then may mean somebody else. */
export const matchedNow = (declared: { readonly version: number } | null, match: MatchRow | null): string | null =>
  match !== null && match.identityVersion === declared?.version ? match.participantId : null

const LOGGED = 500

/**
 * Was an approval refused since because the directory did not know who was found (any more)? Then they are to be found again first: decided
 * on as it is, the case would only come back.
 */
export async function lostSince(
  store: Pick<Store, 'readLog'>,
  { id, logSeq }: Pick<TicketRow, 'id' | 'logSeq'>,
  { matchedAt }: Pick<MatchRow, 'matchedAt'>,
): Promise<boolean> {
  const log = await store.readLog(id, Math.max(0, logSeq - LOGGED), LOGGED)
  return log.some((it) => it.fact === 'ApplyRefused' && it.event['code'] === 'NOT_MATCHED' && it.at > matchedAt)
}
