import type { Scenario } from '../scenario.js'
import { workerKilled } from './crash.js'
import { databaseBusy, diskFull } from './database.js'
import { kills } from './kills.js'
import { postgresRestart } from './postgres.js'
import { redisFlush, redisRestartEmpty, redisUnreachable } from './queue.js'
import { clockHour, outage } from './time.js'

/** Every way in which a drill disturbs a loaded server. */
export const scenarios: readonly Scenario[] = [
  kills,
  workerKilled,
  redisFlush,
  redisRestartEmpty,
  redisUnreachable,
  postgresRestart,
  outage,
  clockHour,
  databaseBusy,
  diskFull,
]
