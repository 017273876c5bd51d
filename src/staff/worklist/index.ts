import type { Office } from '../../engine/types.js'
import { createClaims, type Claims } from './claims.js'
import { createDesk, type Desk } from './desk.js'
import { createDrafts, type Drafts } from './drafts.js'
import { createHolding, type Holding } from './holding.js'
import { createListing, type Listing } from './listing.js'
import type { WorkParts, WorkWorld } from './parts.js'
import { createWorkRules } from './policy.js'
import { createSearch, type Search } from './search.js'

export type { Worker, WorkAudit, WorkAuthority, WorkParts } from './parts.js'
export { WorkPolicySchema } from './policy.js'
export { GROUP_LABELS, GROUPS, type WorklistChoice, type WorklistRow } from './listing.js'
export type { Sought } from './search.js'

/** Who works on what: claims with leases, the list itself, notes being written, and what supervisors set. */
export interface Worklist extends Claims, Holding {
  readonly listing: Listing
  readonly search: Search
  readonly drafts: Drafts
  readonly desk: Desk
}

const REMEMBER_MS = 60_000

export function createWorklist(parts: WorkParts): Worklist {
  const { store, clock } = parts
  let known: { readonly offices: readonly Office[]; readonly until: number } | null = null
  const world: WorkWorld = {
    ...parts,
    rules: createWorkRules({ store: store.work.roster, clock }),
    async offices() {
      const now = clock.now()
      if (known === null || now >= known.until) known = { offices: await store.offices(), until: now + REMEMBER_MS }
      return known.offices
    },
  }
  const listing = createListing(world)
  return {
    ...createClaims(world),
    ...createHolding(world),
    listing,
    search: createSearch(world, listing),
    drafts: createDrafts(world),
    desk: createDesk(world),
  }
}
