import { Temporal } from 'temporal-polyfill'
import { fail, ok, skipped, warn } from '../findings.js'
import { compileCalendar, opensForGood, opensFrom, type CalendarSpec } from '../../calendar/index.js'
import type { Check, Contents, Finding } from '../types.js'

const MONTHS_AHEAD = 12
const TENTATIVE_DAYS = 60

/** Promises in business days are as good as the calendars behind them (D5, D6). */
export const checkCalendars: Check = ({ contents, config, probes }) => {
  if (contents === null) return [skipped('calendars', 'Needs a database that can be read, of this version.')]
  const used = usedCalendars(contents)
  if (used.length === 0) return [fail('calendars', 'No office names a calendar that exists.', 'Run `pulih migrate`.')]
  const now = probes.clock.now()
  return [
    confirmed(used, config.production),
    ...neverOpening(used, now),
    ...holidays(used, now),
    ...tentative(used, now),
  ]
}

/** The version in force of each calendar that an office names. */
function usedCalendars({ calendars, offices }: Contents): readonly CalendarSpec[] {
  const ids = [...new Set(offices.map((it) => it.calendarId))].toSorted()
  return ids.flatMap((id) =>
    calendars
      .filter((it) => it.id === id)
      .toSorted((a, b) => b.version - a.version)
      .slice(0, 1),
  )
}

const refs = (specs: readonly CalendarSpec[]): string => specs.map((it) => `${it.id}@${it.version}`).join(', ')
const today = (spec: CalendarSpec, now: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(spec.zone).toPlainDate()

function confirmed(used: readonly CalendarSpec[], production: boolean): Finding {
  const examples = used.filter((it) => it.example)
  if (examples.length === 0) return ok('calendars', `Confirmed: ${refs(used)}.`)
  const is = `Examples, not confirmed operating hours: ${refs(examples)}${production ? '; a production start is refused' : ''}.`
  return (production ? fail : warn)(
    'calendars',
    is,
    'Publish confirmed versions with `pulih migrate --calendars FILE`.',
  )
}

/** A calendar that never opens is valid data, and stops every filing that goes by it. */
function neverOpening(used: readonly CalendarSpec[], now: number): readonly Finding[] {
  const closed = used.filter((it) => !opensFrom(compileCalendar(it), now))
  const ending = used.filter((it) => !closed.includes(it) && !opensForGood(compileCalendar(it)))
  const todo = 'Publish a version with hours: `pulih calendar apply FILE`.'
  const never = `Never open again: ${refs(closed)}. Nobody can file with the offices that work by it.`
  const last = `No hours in the plain week: ${refs(ending)}. After the last season nobody can file there.`
  return [
    ...(closed.length === 0 ? [] : [fail('calendars', never, todo)]),
    ...(ending.length === 0 ? [] : [warn('calendars', last, todo)]),
  ]
}

/** Holidays are decreed by the year: the last year with any is the last one that is known. */
function holidays(used: readonly CalendarSpec[], now: number): readonly Finding[] {
  return [...byLastYear(used)].map(([year, specs]) => {
    const [first] = specs
    if (year === null || first === undefined)
      return fail('holidays', `No holiday at all: ${refs(specs)}.`, 'Publish versions that name them.')
    const end = Temporal.PlainDate.from({ year, month: 12, day: 31 })
    const day = today(first, now)
    const is = `Known until ${end.toString()}: ${refs(specs)}.`
    const todo = `Publish versions with the holidays of ${year + 1} (SKB) as soon as they are decreed: every promise beyond counts holidays as working days.`
    if (Temporal.PlainDate.compare(end, day) < 0) return fail('holidays', is, todo)
    return Temporal.PlainDate.compare(end, day.add({ months: MONTHS_AHEAD })) < 0
      ? warn('holidays', is, todo)
      : ok('holidays', is)
  })
}

const lastYear = (spec: CalendarSpec): number | null => {
  const last = spec.holidays
    .map((it) => it.date)
    .toSorted()
    .at(-1)
  return last === undefined ? null : Number(last.slice(0, 4))
}

function byLastYear(used: readonly CalendarSpec[]): Map<number | null, CalendarSpec[]> {
  const groups = new Map<number | null, CalendarSpec[]>()
  for (const spec of used) groups.set(lastYear(spec), [...(groups.get(lastYear(spec)) ?? []), spec])
  return groups
}

function tentative(used: readonly CalendarSpec[], now: number): readonly Finding[] {
  const days = new Map<string, Set<string>>()
  for (const spec of used) {
    const from = today(spec, now)
    const until = from.add({ days: TENTATIVE_DAYS }).toString()
    for (const { date, name, kind } of spec.holidays.filter(
      (it) => it.tentative === true && it.date >= from.toString() && it.date <= until,
    )) {
      const text = `${date} ${name}${kind === 'cuti_bersama' ? ' (cuti bersama)' : ''}`
      days.set(text, (days.get(text) ?? new Set()).add(spec.id))
    }
  }
  if (days.size === 0) return [ok('tentative days', `None within ${TENTATIVE_DAYS} days.`)]
  const list = [...days.keys()].toSorted().join('; ')
  return [
    warn(
      'tentative days',
      `Within ${TENTATIVE_DAYS} days, still waiting for the decision: ${list}.`,
      'When it is made, publish a version that confirms or moves them, and apply it to open clocks.',
    ),
  ]
}
