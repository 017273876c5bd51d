import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Engine } from '../engine/types.js'
import type { WorkObserver } from './observer.js'

/** What the workers act on: the engine for whatever changes a ticket, the store for what only moves rows along. */
export interface World {
  readonly engine: Engine
  readonly store: Store
  readonly clock: Clock
  readonly observer?: WorkObserver | undefined
}
