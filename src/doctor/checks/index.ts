import type { Check } from '../types.js'
import { checkBacklog } from './backlog.js'
import { checkCalendars } from './calendars.js'
import { checkClock } from './clock.js'
import { checkDatabase } from './database.js'
import { checkDisk } from './disk.js'
import { checkEvidence } from './evidence.js'
import { checkExposure } from './exposure.js'
import { checkKeys } from './keys.js'
import { checkPermissions } from './permissions.js'
import { checkPolicies } from './policies.js'
import { checkQueue } from './queue.js'
import { checkSink } from './sink.js'
import { checkUpstreams } from './upstreams.js'

/** In the order in which they are printed. */
export const CHECKS: Readonly<Record<string, Check>> = {
  database: checkDatabase,
  queue: checkQueue,
  clock: checkClock,
  disk: checkDisk,
  permissions: checkPermissions,
  keys: checkKeys,
  evidence: checkEvidence,
  exposure: checkExposure,
  calendars: checkCalendars,
  policies: checkPolicies,
  backlog: checkBacklog,
  sink: checkSink,
  directory: checkUpstreams,
}
