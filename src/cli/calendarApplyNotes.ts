import { Temporal } from 'temporal-polyfill'
import {
  closingOf,
  compileCalendar,
  opensForGood,
  opensFrom,
  type BusinessCalendar,
  type CalendarSpec,
} from '../calendar/index.js'
import type { CliIo } from './io.js'

/** A plain week without hours is most often a slip: all goes well until the last season is over. */
export function tellEnd(io: CliIo, spec: CalendarSpec): void {
  const calendar = compileCalendar(spec)
  // One that never opens at all is refused.
  if (!opensForGood(calendar) && opensFrom(calendar, Temporal.Now.instant().epochMilliseconds))
    io.err(
      `calendar apply: note: the plain week of ${spec.id}@${spec.version} has no hours; after its last season it never opens.`,
    )
}

/** Most often a file that forgot them. A holiday on a day that is closed anyway makes no difference. */
export function tellLost(io: CliIo, spec: CalendarSpec, newest: CalendarSpec | null): void {
  if (newest === null || spec.version <= newest.version) return
  const kept = new Set(spec.holidays.map((it) => it.date))
  const today = Temporal.Now.plainDateISO(spec.zone).toString()
  const ahead = newest.holidays.filter((it) => it.date >= today && !kept.has(it.date))
  const [before, after] = [compileCalendar(newest), compileCalendar(spec)]
  const lost = ahead.filter(({ date }) => !isBusinessDay(before, date) && isBusinessDay(after, date)).length
  if (lost === 0) return
  const versions = `version ${newest.version} and not in version ${spec.version}`
  io.err(
    `calendar apply: note: ${lost} holidays still ahead are in ${versions} of ${spec.id}; they become working days.`,
  )
}
const isBusinessDay = (calendar: BusinessCalendar, date: string): boolean =>
  closingOf(
    calendar,
    Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: calendar.zone, plainTime: '12:00' }).epochMilliseconds,
  ) !== null
