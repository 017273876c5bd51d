import type { CalendarSpec, Season } from '../calendar/index.js'
import type { Label } from '../machines/ticketType.js'
import type { RedateOrder, Reference } from './types.js'

type Holiday = CalendarSpec['holidays'][number]

const DAYS_ID = ['', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu', 'Minggu'] as const
const DAYS_EN = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
/** Past this many days of one kind their number is said, not each of them. */
const NAMED = 3

/** Days further back, ms, are over for what is open now: they are cleared out of calendars, and are nobody's reason. */
const LOOKED_BACK_MS = 90 * 86_400_000

/** What the newer version changes for promises open at `at` (epoch ms), as a reason people can read: `cuti bersama 18 Agustus 2025 ditambahkan`. */
export function differenceOf(old: CalendarSpec, next: CalendarSpec, at: number): Label {
  const from = new Date(at - LOOKED_BACK_MS).toISOString().slice(0, 10)
  const days = (it: CalendarSpec) => it.holidays.filter(({ date }) => date >= from)
  const seasons = (it: CalendarSpec) => it.seasons.filter(({ to }) => to >= from)
  const parts = [
    ...holidaysDiffer(days(old), days(next)),
    ...hoursDiffer(old, next),
    ...seasonsDiffer(seasons(old), seasons(next)),
    ...switchDiffers(old, next),
  ]
  if (parts.length === 0) return { id: 'keterangan kalender diubah', en: 'description of the calendar changed' }
  return { id: parts.map((it) => it.id).join('; '), en: parts.map((it) => it.en).join('; ') }
}

/** What a ticket is told that `from` (`id@version`) measured until now. Throws NOT_FOUND for versions that nobody published. */
export function reasonFor(
  { calendar, reason, since }: RedateOrder,
  from: readonly string[],
  reference: Reference,
): Label {
  if (since === null) return reason
  const [id = '', version] = calendar.split('@')
  const oldest = Math.min(...from.map((ref) => Number(ref.split('@')[1])))
  if (!(oldest < since.version)) return reason
  return differenceOf(reference.calendar(id, oldest).spec, reference.calendar(id, Number(version)).spec, since.at)
}

const KIND: Readonly<Record<Holiday['kind'], Label>> = {
  libur: { id: 'libur', en: 'holiday' },
  cuti_bersama: { id: 'cuti bersama', en: 'collective leave' },
}
const ADDED: Label = { id: 'ditambahkan', en: 'added' }
const REMOVED: Label = { id: 'dihapus', en: 'removed' }

function holidaysDiffer(old: readonly Holiday[], next: readonly Holiday[]): readonly Label[] {
  const before = new Map(old.map((it) => [it.date, it]))
  const after = new Map(next.map((it) => [it.date, it]))
  const added = next.filter((it) => !before.has(it.date))
  const removed = old.filter((it) => !after.has(it.date))
  const other = next.filter((it) => before.has(it.date) && before.get(it.date)?.kind !== it.kind)
  return [
    ...(['libur', 'cuti_bersama'] as const).flatMap((kind) => [
      ...said(kind, added, ADDED),
      ...said(kind, removed, REMOVED),
    ]),
    ...other.map(({ date, kind }) => ({
      id: `${dateIn(date, 'id')} menjadi ${KIND[kind].id}`,
      en: `${dateIn(date, 'en')} becomes ${KIND[kind].en}`,
    })),
  ]
}

function said(kind: Holiday['kind'], days: readonly Holiday[], what: Label): readonly Label[] {
  const dates = days
    .filter((it) => it.kind === kind)
    .map((it) => it.date)
    .sort()
  if (dates.length === 0) return []
  const name = (language: 'id' | 'en') =>
    dates.length > NAMED
      ? `${dates.length} × ${KIND[kind][language]}`
      : `${KIND[kind][language]} ${dates.map((it) => dateIn(it, language)).join(', ')}`
  return [{ id: `${name('id')} ${what.id}`, en: `${name('en')} ${what.en}` }]
}

const LONG = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
const DATES = { id: new Intl.DateTimeFormat('id-ID', LONG), en: new Intl.DateTimeFormat('en-GB', LONG) }
const dateIn = (date: string, language: 'id' | 'en'): string => DATES[language].format(Date.parse(`${date}T00:00:00Z`))

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? []) === JSON.stringify(b ?? [])

function hoursDiffer(old: CalendarSpec, next: CalendarSpec): readonly Label[] {
  const days = ([1, 2, 3, 4, 5, 6, 7] as const).filter((it) => !same(old.weekly[it], next.weekly[it]))
  if (days.length === 0) return []
  const names = (words: readonly string[]) => days.map((it) => words[it]).join(', ')
  return [{ id: `jam kerja ${names(DAYS_ID)} diubah`, en: `hours on ${names(DAYS_EN)} changed` }]
}

function seasonsDiffer(old: readonly Season[], next: readonly Season[]): readonly Label[] {
  const differing = [
    ...next.filter((it) => !old.some((was) => same(was, it))),
    ...old.filter((was) => !next.some((it) => it.name === was.name)),
  ]
  const names = [...new Set(differing.map((it) => it.name ?? `${it.from}/${it.to}`))]
  return names.map((name) => ({ id: `musim ${name} diubah`, en: `season ${name} changed` }))
}

function switchDiffers(old: CalendarSpec, next: CalendarSpec): readonly Label[] {
  if (old.collectiveLeaveCloses === next.collectiveLeaveCloses) return []
  return next.collectiveLeaveCloses
    ? [{ id: 'kantor kini tutup saat cuti bersama', en: 'offices now close on collective leave' }]
    : [{ id: 'kantor kini buka saat cuti bersama', en: 'offices now open on collective leave' }]
}
