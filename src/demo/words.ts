import { Temporal } from 'temporal-polyfill'

const WEEKDAYS = ['', 'Sen', 'Sel', 'Rab', 'Kam', 'Jum', 'Sab', 'Min'] as const
const MONTHS = ['', 'Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'] as const
const ZONES: Readonly<Record<string, string>> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
}

export const zoneName = (zone: string): string => ZONES[zone] ?? zone
const at = (instant: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)

/** `Sen 16 Mar` */
export function dayOf(date: string): string {
  const { dayOfWeek, day, month } = Temporal.PlainDate.from(date)
  return `${WEEKDAYS[dayOfWeek] ?? ''} ${String(day).padStart(2, '0')} ${MONTHS[month] ?? ''}`
}
/** `Sel 17, Rab 25 Mar, Rab 01 Apr`: a month is named where it ends. */
export function daysOf(dates: readonly string[]): string {
  return dates
    .map((date, index) => {
      const sameMonth = dates[index + 1]?.slice(0, 7) === date.slice(0, 7)
      return sameMonth ? dayOf(date).slice(0, -4) : dayOf(date)
    })
    .join(', ')
}
/** Names of holidays without what makes them long: `Cuti Bersama Hari Suci Nyepi (Tahun Baru Saka 1948)`. */
export const holidayName = (label: string): string =>
  label
    .replace(/ \(.*\)$/, '')
    .replace('Hari Suci ', '')
    .replace('Hijriah', 'H')

/** `08:00`, with seconds only where there are any. */
export function timeOf(instant: number, zone: string): string {
  const time = at(instant, zone).toPlainTime()
  return time.toString().slice(0, time.second === 0 ? 5 : 8)
}
/** `Sen 16 Mar 08:00` */
export const momentOf = (instant: number, zone: string): string =>
  `${dayOf(at(instant, zone).toPlainDate().toString())} ${timeOf(Math.floor(instant / 60_000) * 60_000, zone)}`
/** With seconds, where they decide. */
export const exactMoment = (instant: number, zone: string): string =>
  `${dayOf(at(instant, zone).toPlainDate().toString())} ${timeOf(instant, zone)}`

/** `2 j 05 m`; below a minute in seconds. Operating or wall time, as the sentence says. */
export function lengthOf(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} detik`
  const minutes = Math.round(ms / 60_000)
  const rest = minutes % 60
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${rest} m`
  return rest === 0 ? `${hours} j` : `${hours} j ${String(rest).padStart(2, '0')} m`
}

export const count = (value: number): string => value.toLocaleString('id-ID')

const REASONS: Readonly<Record<string, string>> = {
  'paused:contactUnproven': 'menunggu kontak baru dibuktikan',
  'paused:documentsRequested': 'menunggu dokumen dari peserta',
  'paused:correctionNeeded': 'menunggu perbaikan dari peserta',
  'paused:referredToBranch': 'menunggu peserta hadir di cabang',
  extended: 'janji diperpanjang',
  arrivedAtBranch: 'peserta hadir, janji cabang berlaku',
  officeTransferred: 'pindah ke kantor zona lain',
}
/** Why a due date moved, in words. */
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason

/** `text` after `head` in lines of at most `width`; the following lines stand under the text. */
export function wrap(head: string, text: string, width: number): string[] {
  const lines: string[] = []
  let line = head
  for (const word of text.split(' ')) {
    const next = line.length === head.length ? line + word : `${line} ${word}`
    if (next.length > width && line.length > head.length) {
      lines.push(line)
      line = ' '.repeat(head.length) + word
    } else line = next
  }
  return [...lines, line]
}
