import { afterAll, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'
import type { CalendarExplanation, CalendarYear } from '../../src/api/shapes.calendar.js'
import { startHarness, type Harness } from './harness.js'

let api: Harness
let id: string
beforeAll(async () => {
  api = await startHarness()
  id = api.engine.reference.office('pusat').calendarId
})
afterAll(() => api.close())
type Year = z.infer<typeof CalendarYear>
const year = async (of: number, query = ''): Promise<Year> =>
  (await api.get(`/v1/calendars/${id}/year/${of}${query}`, 'supervisor')).body as Year
const on = (body: Year, date: string) => body.days.find((it) => it.date === date)

it('shows every date of a year, open or closed, with the source of each', async () => {
  const body = await year(2026)
  expect(body.days).toHaveLength(365)
  expect(body.open + body.closed).toBe(365)
  expect(body.offices).toContainEqual(expect.objectContaining({ officeId: 'pusat' }))
  expect(body.notices).toMatchObject([{ code: 'EXAMPLE_CALENDAR' }])
  expect(on(body, '2026-08-17')).toMatchObject({ kind: 'closed', reason: 'libur', hours: [] })
  expect(on(body, '2026-08-17')?.source).toMatch(/SKB|Keppres/i)
  expect(on(body, '2026-11-21')).toMatchObject({
    weekday: 6,
    kind: 'closed',
    reason: 'weekend',
    name: null,
    source: null,
  })
  expect(on(body, '2026-11-23')).toMatchObject({ weekday: 1, kind: 'open', reason: 'business' })
  const leave = body.days.filter((it) => it.reason === 'cuti_bersama')
  expect(leave.length).toBeGreaterThan(0)
})

it('tells days that are shortened from those that are open, and a year that nobody has decreed from one that is known', async () => {
  const spec = api.engine.reference.calendar(id).spec
  const ramadan = {
    from: '2031-01-06',
    to: '2031-01-10',
    name: 'Ramadan',
    weekly: { '1': [['08:00', '15:00']], '2': spec.weekly['2'] ?? [] },
  }
  const next = { ...spec, version: spec.version + 1, seasons: [...spec.seasons, ramadan] }
  const published = await api.request('POST', '/v1/calendar-changes', { as: 'supervisor', body: { calendar: next } })
  expect(published.status, published.text).toBe(202)
  const body = await year(2031)
  expect(on(body, '2031-01-06')).toMatchObject({ kind: 'shortened', hours: [['08:00', '15:00']], name: 'Ramadan' })
  expect(on(body, '2031-01-07')).toMatchObject({ kind: 'open', name: null })
  expect(on(body, '2031-01-08')).toMatchObject({ kind: 'closed', reason: 'seasonClosed', name: 'Ramadan' })
  expect(body).toMatchObject({ version: next.version, shortened: 1, holidaysKnown: false })
  expect((await year(2031, `?version=${spec.version}`)).shortened).toBe(0)
})

it('explains a date day by day, as the engine counts it', async () => {
  const at = encodeURIComponent('2026-08-14T20:00:00+07:00')
  const answer = await api.get(`/v1/calendars/${id}/explain?at=${at}&days=3`, 'agent')
  expect(answer.status).toBe(200)
  const body = answer.body as z.infer<typeof CalendarExplanation>
  expect(body.explained.filter((it) => it.counted)).toHaveLength(3)
  expect(body.explained.find((it) => it.date === '2026-08-17')).toMatchObject({
    counted: false,
    reason: 'libur',
  })
  expect(body.due.text).toMatch(/^(Jumat|Kamis), 2\d Agustus 2026/)
  expect(body.dayZero).toBe('2026-08-18')
})

it('refuses what is no year, no calendar and no date', async () => {
  for (const path of ['year/1999', 'year/99999', 'year/x', 'year/2026?version=99'])
    expect([path, (await api.get(`/v1/calendars/${id}/${path}`)).body.code]).toEqual([path, 'NOT_FOUND'])
  expect((await api.get('/v1/calendars/lain/year/2026')).status).toBe(404)
  // Where nobody has decreed holidays yet, it says that it guesses.
  for (const [year, known] of [
    [2026, true],
    [2035, false],
  ] as const) {
    const { body } = await api.get(`/v1/calendars/${id}/explain?at=${year}-12-24T03:00:00Z&days=1`)
    expect(body).toMatchObject({ holidaysKnown: known })
  }
  for (const query of ['', '?at=besok&days=1', '?at=2026-01-01T00:00:00Z&days=9999', '?at=0001-01-01T00:00:00Z&days=1'])
    expect([query, (await api.get(`/v1/calendars/${id}/explain${query}`)).status]).toEqual([query, 422])
})
