import { fail, ok, size, skipped, warn } from '../findings.js'
import type { Check } from '../types.js'

const WARN_BELOW = 1_000_000_000
const FAIL_BELOW = 100_000_000

/** A full disk refuses every command; it loses none that was acknowledged. */
export const checkDisk: Check = async ({ config, probes }) => {
  const free = await probes.freeDisk(config.dataDir)
  if (free === null) return [skipped('disk', 'This system does not tell what is free.')]
  const is = `${size(free)} free for the data folder.`
  if (free >= WARN_BELOW) return [ok('disk', is)]
  return [(free >= FAIL_BELOW ? warn : fail)('disk', is, 'Make room: on a full disk no command is accepted (503).')]
}
