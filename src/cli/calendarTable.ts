import { Temporal } from 'temporal-polyfill'
import type { BusinessCalendar, Counting, ExplainedDay, Explanation, Instant } from '../calendar/index.js'

const iso = (at: Instant): string => Temporal.Instant.fromEpochMilliseconds(at).toString()

/** The explanation as one JSON document; instants in UTC. */
export function asJson(
  calendar: BusinessCalendar,
  at: Instant,
  businessDays: number,
  counting: Counting,
  why: Explanation,
): unknown {
  return {
    ...{ calendar: calendar.ref, zone: calendar.zone, example: calendar.spec.example, counting, businessDays },
    at: iso(at),
    deemedAt: iso(why.deemedAt),
    dayZero: why.dayZero,
    due: iso(why.due),
    days: why.days.map((day) => ({
      ...day,
      opening: day.opening === null ? null : iso(day.opening),
      closing: day.closing === null ? null : iso(day.closing),
    })),
  }
}

const DAY_NAMES = ['', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu', 'Minggu'] as const
const ZONE_NAMES: Readonly<Record<string, string>> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
}

export const zoneName = (zone: string): string => ZONE_NAMES[zone] ?? zone

/** The explanation as lines for a person, in the calendar's own zone. */
export function asTable(calendar: BusinessCalendar, at: Instant, days: number, why: Explanation): string[] {
  const zone = zoneName(calendar.zone)
  const local = (instant: Instant) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(calendar.zone)
  const time = (instant: Instant) => local(instant).toPlainTime().toString().slice(0, 5)
  const full = (instant: Instant) =>
    `${DAY_NAMES[local(instant).dayOfWeek] ?? ''}, ${local(instant).toPlainDate().toString()} pukul ${time(instant)} ${zone}`
  return [
    `Kalender          : ${calendar.spec.name} (${calendar.ref})${calendar.spec.example ? ': contoh, bukan jam resmi' : ''}`,
    `Diajukan          : ${full(at)}`,
    `Dianggap diterima : ${full(why.deemedAt)}`,
    `Janji             : ${days === 0 ? 'hari yang sama' : `${days} hari kerja`}, hari ke-0 ${why.dayZero}`,
    `Jatuh tempo       : ${full(why.due)}`,
    '',
    ...why.days.map((day) => {
      const hours = day.opening === null || day.closing === null ? 'tutup' : `${time(day.opening)}-${time(day.closing)}`
      return `${day.date}  ${DAY_NAMES[day.weekday].padEnd(6)}  ${hours.padEnd(11)}  ${reasonOf(day)}`
    }),
  ]
}

function reasonOf(day: ExplainedDay): string {
  const label = day.label === null ? '' : ` (${day.label})`
  const tentative = day.tentative ? ', menunggu keputusan pemerintah' : ''
  switch (day.reason) {
    case 'dayZero':
      return `hari ke-0, tidak dihitung${label}${tentative}`
    case 'business':
      return `${day.number === null ? 'diajukan setelah jam tutup, tidak dihitung' : `hari kerja ke-${day.number}`}${label}${tentative}`
    case 'weekend':
      return `bukan hari kerja${tentative}`
    case 'libur':
      return `hari libur: ${day.label ?? ''}${tentative}`
    case 'cuti_bersama':
      return `${/^cuti bersama/i.test(day.label ?? '') ? '' : 'cuti bersama: '}${day.label ?? ''}${tentative}`
    case 'seasonClosed':
      return `tutup selama musim${label}`
  }
}
