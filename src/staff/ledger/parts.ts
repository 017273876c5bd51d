import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import type { Engine } from '../../engine/types.js'
import type { Logger } from '../../logging.js'

export interface LedgerParts {
  readonly store: Pick<Store, 'audit' | 'ledger' | 'findTicket' | 'readLog' | 'ticketIds'>
  readonly engine: Pick<Engine, 'reference' | 'retell'>
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error'>
}
