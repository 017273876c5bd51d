import type { Store } from '../../../db/types.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import type { Engine } from '../../engine/types.js'
import type { Logger } from '../../logging.js'
import { createBreachReasons, createNotices, type BreachReasons, type Notices } from '../escalation/index.js'
import { createLedger, type Ledger } from '../ledger/index.js'

/** Keeping promises: the ledger, what is reported from it, and what climbs when one is about to break. */
export interface Oversight {
  readonly ledger: Ledger
  readonly notices: Notices
  readonly breachReasons: BreachReasons
}

export function openOversight(parts: {
  readonly store: Store
  readonly engine: Engine
  readonly clock: Clock
  readonly audit: AuditWriter
  readonly logger: Logger
}): Oversight {
  const { store, clock, audit } = parts
  const ledger = createLedger(parts)
  return {
    ledger,
    notices: createNotices(parts),
    breachReasons: createBreachReasons({ store: store.escalation, ledger, audit, clock }),
  }
}
