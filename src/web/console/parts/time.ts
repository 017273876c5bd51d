import { usePreferences } from '../app/preferences.js'

const formats = new Map<string, Intl.DateTimeFormat>()
function format(language: string, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(how)}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', how)
  formats.set(key, made)
  return made
}
/** Where officers read times unless a case says otherwise. */
export const ZONE = 'Asia/Jakarta'
const ZONES: Readonly<Record<string, string>> = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' }
const SHORT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(ZONES).map(([short, zone]) => [zone, short])),
  'Asia/Pontianak': 'WIB',
}
/** As officers know their zones: English has no name for them but an offset. */
const zoned = (language: string, text: string, zone: string): string =>
  language === 'id' ? text : text.replace(/GMT[+-]\d+$/, (offset) => SHORT[zone] ?? offset)

/** The zone that a sentence of the API ends in (`… Rabu 14.00 WITA`). */
export const zoneIn = (text: string): string => ZONES[/\b(WIB|WITA|WIT)\b/.exec(text)?.[1] ?? ''] ?? ZONE

export interface Times {
  /** Senin, 23 Nov 2026 09.00 WIB */
  readonly full: (at: string | number, zone?: string) => string
  /** 09.00 WIB */
  readonly clock: (at: string | number, zone?: string) => string
  /** Senin 09.00 WIB */
  readonly near: (at: string | number, zone?: string) => string
  /** Sen, 23 Nov, of a day without a time */
  readonly day: (date: string) => string
  /** 5 jam 20 menit, whole minutes */
  readonly span: (ms: number) => string
}

const HOUR = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const
/** Instants in words, in the zone of their office. */
export function useTimes(): Times {
  const { language } = usePreferences()
  const say =
    (how: Intl.DateTimeFormatOptions) =>
    (at: string | number, zone: string = ZONE) =>
      zoned(language, format(language, { ...how, timeZone: zone }).format(new Date(at)), zone)
  return {
    full: say({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', ...HOUR }),
    near: say({ weekday: 'long', ...HOUR }),
    clock: say(HOUR),
    day: (date) => say({ weekday: 'short', day: 'numeric', month: 'short' })(`${date}T00:00:00Z`, 'UTC'),
    span(ms) {
      const minutes = Math.floor(ms / 60_000)
      const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
      const [hour, minute] = language === 'id' ? ['jam', 'menit'] : ['h', 'min']
      if (hours === 0) return `${rest} ${minute}`
      return rest === 0 ? `${hours} ${hour}` : `${hours} ${hour} ${rest} ${minute}`
    },
  }
}
