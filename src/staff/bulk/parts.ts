import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { Engine } from '../../engine/types.js'
import type { WorkAudit, WorkAuthority, Worklist } from '../worklist/index.js'

export interface BulkParts {
  readonly store: Store
  readonly engine: Engine
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly audit: WorkAudit
  readonly authority: WorkAuthority
  readonly worklist: Worklist
}
