import { fail, ok, span, warn } from '../findings.js'
import type { Check, Finding } from '../types.js'

const DRIFT_WARN_MS = 2_000
const DRIFT_FAIL_MS = 60_000
/** A clock that stands before what is written already has been set back, or stood ahead then. */
const BACK_WARN_MS = 1_000
const BACK_FAIL_MS = 5 * 60_000

/** This machine's clock against the servers' and against the newest instant on record: due dates are promises in its time. */
export const checkClock: Check = ({ probes, redis, database, queueDatabase, file }) => {
  const now = probes.clock.now()
  const findings: Finding[] = []
  for (const [name, look] of [
    ['PostgreSQL', database],
    ['Redis', redis],
    ['the queue’s PostgreSQL', queueDatabase],
  ] as const)
    if (look !== null && 'facts' in look) findings.push(drift(name, look.facts.aheadMs))
  const told = database ?? file
  const newest = told !== null && 'facts' in told ? (told.facts?.newestAt ?? null) : null
  findings.push(recorded(now, newest))
  return findings
}

function drift(name: string, ms: number): Finding {
  const apart = Math.abs(ms)
  if (apart < DRIFT_WARN_MS) return ok('clock', `This machine and ${name} agree on the time.`)
  const is = `This machine’s clock is ${span(ms)} ${ms > 0 ? 'behind' : 'ahead of'} that of ${name}.`
  return (apart < DRIFT_FAIL_MS ? warn : fail)('clock', is, 'Let both keep time by NTP (timedatectl, chrony).')
}

function recorded(now: number, newest: number | null): Finding {
  const at = `It is ${new Date(now).toISOString()} here`
  if (newest === null) return ok('clock', `${at}; the database has no instant to compare it with.`)
  const back = newest - now
  if (back < BACK_WARN_MS) return ok('clock', `${at}; the newest record is older, as it should be.`)
  const is = `${at}, ${span(back)} before the newest record of the database: the clock was set back, or stood ahead then.`
  return (back < BACK_FAIL_MS ? warn : fail)('clock', is, 'Set the clock by NTP before starting: timers ring by it.')
}
