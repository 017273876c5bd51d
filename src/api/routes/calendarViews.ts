import { z } from 'zod'
import { CalendarError, explain, knowsHolidays, yearView, type BusinessCalendar } from '../../calendar/index.js'
import { PulihError } from '../../engine/errors.js'
import { EVERYONE, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { EXAMPLE_CALENDAR } from '../receipt.js'
import { CalendarExplanation, CalendarYear } from '../shapes.calendar.js'
import { validationFailed } from '../validation.js'
import { isoOrNull, spoken } from '../words.js'
import { versionOf } from './reference.js'

const version = z.coerce.number().int().min(1).optional()
const YearQuery = z.strictObject({ version })
type YearQuery = z.infer<typeof YearQuery>
const ExplainQuery = z.strictObject({
  version,
  at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  days: z.coerce.number().int().min(0).max(250),
  counting: z.enum(['deemed', 'calendar']).default('deemed'),
})
type ExplainQuery = z.infer<typeof ExplainQuery>
/** Of what calendars are made for; any other year would be a page of plain weeks. */
const YEARS = { first: 2000, last: 2100 }

/** Calendars as people look at them: a year, and why a date is what it is. */
export const calendarViewRoutes = (deps: ApiDeps): readonly Route[] => [
  route<YearQuery>({
    method: 'get',
    path: '/v1/calendars/:id/year/:year',
    operationId: 'getCalendarYear',
    summary: 'Satu tahun kalender: every date open, closed, shortened or tentative, with the source of each.',
    access: EVERYONE,
    query: YearQuery,
    reply: { status: 200, description: 'Every date of the year.', schema: CalendarYear },
    problems: ['NOT_FOUND'],
    handle: (call) => year(deps, call),
  }),
  route<ExplainQuery>({
    method: 'get',
    path: '/v1/calendars/:id/explain',
    operationId: 'explainDate',
    summary: 'Mengapa tanggal itu: so many working days from an instant, day by day.',
    access: EVERYONE,
    query: ExplainQuery,
    reply: { status: 200, description: 'The date, and every day on the way to it.', schema: CalendarExplanation },
    problems: ['NOT_FOUND', 'NO_OPEN_TIME'],
    handle: (call) => explanation(deps, call),
  }),
]

/** The version asked for, or the newest. Throws NOT_FOUND. */
async function calendarOf(
  { store, engine }: ApiDeps,
  id: string,
  asked: number | undefined,
): Promise<BusinessCalendar> {
  const spec = versionOf(await store.calendars(), id, asked)
  // Another process may have published it a moment ago.
  await engine.refreshReference()
  return engine.reference.calendar(spec.id, spec.version)
}
const noticesOf = ({ spec }: BusinessCalendar) => (spec.example ? [EXAMPLE_CALENDAR] : [])

async function year(deps: ApiDeps, { params, query }: Call<YearQuery>) {
  const wanted = /^\d{4}$/.test(params['year'] ?? '') ? Number(params['year']) : 0
  if (wanted < YEARS.first || wanted > YEARS.last) throw new PulihError('NOT_FOUND', 'no such year')
  const calendar = await calendarOf(deps, params['id'] ?? '', query.version)
  const { id, version: number, zone, spec } = calendar
  const here = deps.engine.reference.offices().filter((it) => it.calendarId === id)
  return ok({
    ...{ id, version: number, name: spec.name, zone },
    offices: here.map(({ id: officeId, name }) => ({ officeId, name })),
    ...yearView(calendar, wanted),
    notices: noticesOf(calendar),
  })
}

async function explanation(deps: ApiDeps, { params, query }: Call<ExplainQuery>) {
  const calendar = await calendarOf(deps, params['id'] ?? '', query.version)
  const { id, version: number, zone } = calendar
  const { at, days, counting } = query
  const told = explained(calendar, query)
  return ok({
    ...{ id, version: number, zone, days, counting },
    at: spoken(at, zone),
    deemedAt: spoken(told.deemedAt, zone),
    dayZero: told.dayZero,
    due: spoken(told.due, zone),
    holidaysKnown: told.days.every(({ date }) => knowsHolidays(calendar, Number(date.slice(0, 4)))),
    explained: told.days.map((day) => ({ ...day, opening: isoOrNull(day.opening), closing: isoOrNull(day.closing) })),
    notices: noticesOf(calendar),
  })
}

/** Throws VALIDATION_FAILED for an instant outside the years that calendars cover. */
function explained(calendar: BusinessCalendar, { at, days, counting }: ExplainQuery) {
  try {
    return explain(calendar, at, days, counting)
  } catch (error) {
    if (!(error instanceof CalendarError) || error.code === 'NO_OPEN_TIME') throw error
    const message = {
      id: 'Tanggal ini di luar tahun yang dicakup kalender.',
      en: 'This date is outside the years of the calendar.',
    }
    throw validationFailed([{ in: 'query', pointer: '/at', code: 'out_of_range', message }])
  }
}
