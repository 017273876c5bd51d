import type { MatchRow } from '../../db/intake/people.js'

/** Who was found for the identity as it is declared now, as the directory's id: a correction since then may mean somebody else. */
export const matchedNow = (declared: { readonly version: number } | null, match: MatchRow | null): string | null =>
  match !== null && match.identityVersion === declared?.version ? match.participantId : null
