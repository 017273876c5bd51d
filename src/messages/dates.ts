import type { Spoken } from './templates/index.js'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(locale: string, zone: string): Intl.DateTimeFormat {
  const id = `${locale}|${zone}`
  const known = formats.get(id)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  })
  formats.set(id, format)
  return format
}
const partsOf = (locale: string, at: number, zone: string) =>
  Object.fromEntries(
    formatOf(locale, zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )

/** An instant as people in `zone` read it: `Senin, 18 Agustus 2025, 17.00 WIB` and `Monday, 18 August 2025, 17:00 WIB`. */
export function spokenIn(at: number, zone: string): Spoken {
  const id = partsOf('id-ID', at, zone)
  const en = partsOf('en-GB', at, zone)
  const short = String(id['timeZoneName'])
  const day = (it: Record<string, string>) => `${it['weekday']}, ${it['day']} ${it['month']} ${it['year']}`
  return {
    id: `${day(id)}, ${id['hour']}.${id['minute']} ${short}`,
    en: `${day(en)}, ${en['hour']}:${en['minute']} ${short}`,
  }
}

const QUIET_FROM = 21
const QUIET_UNTIL = 7
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** When an SMS may go out in `zone`: null for now, otherwise the end of the night (21.00 to 07.00). */
export function afterQuietHours(at: number, zone: string): number | null {
  const local = partsOf('en-GB', at, zone)
  const hour = Number(local['hour'])
  const minute = Number(local['minute'])
  if (hour >= QUIET_UNTIL && hour < QUIET_FROM) return null
  const hours = (QUIET_UNTIL - hour + 24) % 24
  // To the full minute; the zones of Indonesia never shift.
  return Math.floor(at / MINUTE_MS) * MINUTE_MS + hours * HOUR_MS - minute * MINUTE_MS
}
