import { fail, ok, skipped, warn } from '../findings.js'
import type { Finding, Probes } from '../types.js'

/** As `engines` in package.json. */
const NODE_MIN: readonly [number, number] = [20, 19]
const FILES_MIN = 4_096
/** Indonesia keeps no summer time, so these offsets are what the zone data must say. */
const ZONES = { 'Asia/Jakarta': '+07:00', 'Asia/Makassar': '+08:00', 'Asia/Jayapura': '+09:00' } as const

/** What needs no configuration: Node, its time zone data, its limits. */
export const checkMachine = (probes: Probes): readonly Finding[] => [node(probes), zones(probes), files(probes)]

function node({ node: version, platform }: Probes): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor, needMinor] = NODE_MIN
  const enough = major > needMajor || (major === needMajor && minor >= needMinor)
  const is = `Node ${version} on ${platform}.`
  return enough ? ok('node', is) : fail('node', is, `Install Node ${needMajor}.${needMinor} or newer.`)
}

function zones({ clock }: Probes): Finding {
  const wrong = Object.entries(ZONES).filter(([zone, offset]) => offsetOf(zone, clock.now()) !== offset)
  if (wrong.length === 0) return ok('time zones', 'WIB, WITA and WIT are known.')
  const names = wrong.map(([zone]) => zone).join(', ')
  return fail(
    'time zones',
    `Node knows these wrongly or not at all: ${names}.`,
    'Use a build of Node with full ICU data.',
  )
}

function offsetOf(timeZone: string, at: number): string | null {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
    return parts.find((it) => it.type === 'timeZoneName')?.value.replace('GMT', '') ?? null
  } catch {
    return null
  }
}

function files(probes: Probes): Finding {
  const limit = probes.openFiles()
  if (limit === null) return skipped('open files', 'This system does not tell how many may be open.')
  if (limit >= FILES_MIN) return ok('open files', `${limit > 10_000_000 ? 'Any number' : limit} may be open.`)
  return warn(
    'open files',
    `Only ${limit} may be open: each connection takes one.`,
    `Raise the limit to ${FILES_MIN} (ulimit -n, LimitNOFILE=).`,
  )
}
