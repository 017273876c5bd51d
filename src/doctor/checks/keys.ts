import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, skipped, warn } from '../findings.js'
import type { Check, Evidence, Finding } from '../types.js'

const OTHERS = 0o077
/** A running server looks every hour. */
const LATE_MS = 26 * 3_600_000

/** Where the keys of personal data are, whether they open what is there, whether what has to go goes, and who waits for an answer about their own. */
export const checkKeys: Check = (evidence) => [keys(evidence), ...retention(evidence), ...dataRequests(evidence)]

function keys({ config, contents }: Evidence): Finding {
  const privacy = contents?.privacy ?? null
  if (privacy !== null && privacy.missingKeys.length > 0)
    return fail(
      'keys',
      `Personal data are sealed under keys that are not here: ${privacy.missingKeys.join(', ')}. A start is refused.`,
      'Put them back (PULIH_KEYS, or keys.json of the folder the data came from), then `pulih keys rotate`.',
    )
  if (config.keys !== null) return ok('keys', 'From PULIH_KEYS and PULIH_INDEX_KEYS.')
  const file = modeOf(join(config.dataDir, 'keys.json'))
  if (file === null) return skipped('keys', 'No PULIH_KEYS: the first start makes keys.json in the data folder.')
  if ((file & OTHERS) !== 0)
    return warn('keys', 'Other users of this machine can read keys.json: it opens all personal data.', 'chmod 600 it.')
  return skipped('keys', 'Embedded: keys.json beside the data, for trying things out. No backup holds it.')
}

/** Null where there is no such file, nor a folder for it. */
function modeOf(path: string): number | null {
  try {
    return statSync(path).mode
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function retention({ contents, probes }: Evidence): Finding[] {
  const privacy = contents?.privacy ?? null
  if (privacy === null) return []
  if (privacy.retainedAt === null)
    return [skipped('retention', 'Nothing was looked through yet; a server does so every hour.')]
  const at = new Date(privacy.retainedAt).toISOString()
  if (probes.clock.now() - privacy.retainedAt < LATE_MS) return [ok('retention', `Last looked through at ${at}.`)]
  return [
    warn(
      'retention',
      `Last looked through at ${at}: personal data may be kept for longer than they may be.`,
      'Start a server, or run `pulih retention`.',
    ),
  ]
}

/** By the law's clock, which no weekend stops. */
function dataRequests({ contents }: Evidence): Finding[] {
  const privacy = contents?.privacy ?? null
  if (privacy === null) return []
  const { open, overdue, nextDueAt } = privacy.dataRequests
  if (nextDueAt === null) return [ok('dataRequests', 'No request about personal data waits for an answer.')]
  const next = `${open} wait for an answer, the next is due at ${new Date(nextDueAt).toISOString()}`
  if (overdue === 0) return [ok('dataRequests', `Requests about personal data: ${next}.`)]
  return [
    fail(
      'dataRequests',
      `${overdue} requests about personal data, or breaches, are past the 3 × 24 hours of the law; ${next}.`,
      'Answer them: `pulih privacy requests --open`, `pulih privacy answer`.',
    ),
  ]
}
