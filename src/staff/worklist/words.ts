import { businessTimeBetween, CalendarError, type BusinessCalendar } from '../../calendar/index.js'

const MINUTE = 60_000
const DAY = 86_400_000
/** Beyond this a weekday alone could be another week's. */
const NEAR_MS = 6 * DAY

export interface DueWords {
  /** Business time that is left, or by which it is late; epoch ms throughout. */
  readonly remainingMs: number
  readonly late: boolean
  /** `Sisa 5 jam 20 menit kerja · jatuh tempo Rabu 14.00 WIB`. */
  readonly text: string
}

/** What is left of a promise, in business time of the ticket's own office, in Indonesian. */
export function dueWords(calendar: BusinessCalendar, dueAt: number, now: number): DueWords {
  const late = dueAt < now
  const remainingMs = late ? open(calendar, dueAt, now) : open(calendar, now, dueAt)
  const amount = inHours(remainingMs)
  const span = late ? `Terlambat ${amount} kerja` : `Sisa ${amount} kerja`
  return { remainingMs, late, text: `${span} · jatuh tempo ${whenDue(dueAt, now, calendar.zone)}` }
}
export const NO_DUE = 'Tanpa tenggat'

function open(calendar: BusinessCalendar, from: number, until: number): number {
  try {
    return businessTimeBetween(calendar, from, until)
  } catch (error) {
    if (error instanceof CalendarError) return 0
    throw error
  }
}

/** Whole minutes, never more than there is: `5 jam 20 menit`. */
function inHours(ms: number): string {
  const minutes = Math.floor(ms / MINUTE)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} menit`
  return rest === 0 ? `${hours} jam` : `${hours} jam ${rest} menit`
}

function whenDue(at: number, now: number, zone: string): string {
  const near = Math.abs(at - now) <= NEAR_MS
  const parts = Object.fromEntries(
    formatFor(zone, near)
      .formatToParts(at)
      .map((it) => [it.type, it.value]),
  )
  const { weekday = '', day = '', month = '', hour = '', minute = '', timeZoneName = '' } = parts
  return `${near ? weekday : `${weekday}, ${day} ${month}`} ${hour}.${minute} ${timeZoneName}`
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatFor(zone: string, near: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${near ? 'near' : 'far'}`
  let format = formats.get(key)
  if (format === undefined) {
    const day = near ? {} : ({ day: 'numeric', month: 'short' } as const)
    format = new Intl.DateTimeFormat('id-ID', {
      ...{ weekday: 'long', ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      timeZone: zone,
      timeZoneName: 'short',
    })
    formats.set(key, format)
  }
  return format
}
