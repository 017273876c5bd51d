import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { MONDAY_9, rowWith, startHarness, type Harness } from './harness.js'

/** Wednesday 25 November 2026 becomes a day off: two days after the tickets are filed. */
const pusat = exampleCalendars.find((spec) => spec.id === 'pusat')!
const day = {
  date: '2026-11-25',
  name: 'Hari uji',
  kind: 'libur' as const,
  source: 'SKB 933/2025, 1/2025, 3/2025 (7 Agu 2025)',
}
const next = { ...pusat, version: 2, holidays: [...pusat.holidays, day] }

let api: Harness
let ids: string[]
beforeAll(async () => {
  api = await startHarness({ at: MONDAY_9 })
  ids = []
  for (let n = 0; n < 3; n++) ids.push(await api.underVerification())
})
afterAll(() => api.close())

const post = (path: string, body: unknown, as: 'admin' | 'supervisor' | 'agent' = 'supervisor') =>
  api.request('POST', path, { as, body })
const dueOf = async (id: string): Promise<unknown> => {
  const { body } = await api.get(`/v1/tickets/${id}/clocks`)
  return rowWith(body.clocks, 'target', 'resolution').dueAt.text as unknown
}

describe('calendar changes', () => {
  it('are for supervisors and admins', async () => {
    for (const path of ['/v1/calendar-changes', '/v1/calendar-changes/preview'])
      expect((await post(path, { calendar: next }, 'agent')).body.code).toBe('ROLE_NOT_ALLOWED')
    expect((await api.get('/v1/calendar-changes/pusat@2', 'agent')).status).toBe(403)
  })

  it('name every problem of a calendar, and refuse what is no next version', async () => {
    const twice = { ...next, holidays: [day, day] }
    const { status, body } = await post('/v1/calendar-changes', { calendar: twice })
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/calendar/holidays/1/date' })]])
    const behind = await post('/v1/calendar-changes', { calendar: { ...next, version: 1 } })
    expect([behind.status, behind.body.reasons]).toEqual([409, [expect.objectContaining({ code: 'versionBehind' })]])
    const never = await post('/v1/calendar-changes', { calendar: { ...next, weekly: {}, seasons: [] } })
    expect([never.status, never.body.code]).toEqual([422, 'NO_OPEN_TIME'])
    expect((await post('/v1/calendar-changes', { calendar: { ...next, id: 'lain' } })).status).toBe(404)
    const personal = { calendar: next, reason: 'telepon 0812-3456-7890' }
    expect((await post('/v1/calendar-changes', personal)).body.code).toBe('PERSONAL_DATA_REFUSED')
    expect((await api.get('/v1/calendars/pusat')).body.version).toBe(1)
  })

  it('show page by page what would move, and write nothing', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { status, body } = await post('/v1/calendar-changes/preview', { calendar: next, limit: 2, cursor })
      expect([status, body.open]).toEqual([200, 3])
      for (const item of body.items) {
        seen.push(String(item.ticketId))
        expect(item.moves).toEqual([
          expect.objectContaining({
            target: 'resolution',
            reasonLabel: {
              id: 'Kalender berubah: libur 25 November 2026 ditambahkan',
              en: 'Calendar changed: holiday 25 November 2026 added',
            },
          }),
        ])
      }
      cursor = body.next ?? undefined
    } while (cursor !== undefined)
    expect(seen.sort()).toEqual([...ids].sort())
    expect((await api.get('/v1/calendar-changes/pusat@2', 'admin')).status).toBe(404)
    expect(await dueOf(ids[0]!)).toBe('Jumat, 27 November 2026 pukul 08.01 WIB')
    expect((await post('/v1/calendar-changes/preview', { calendar: next, cursor: 'x' })).body.code).toBe(
      'CURSOR_MALFORMED',
    )
  })

  it('are applied in the background; the same request again gives the same change', async () => {
    const first = await post('/v1/calendar-changes', { calendar: next }, 'admin')
    expect([first.status, first.body.id]).toEqual([202, 'pusat@2'])
    await expect
      .poll(async () => (await api.get('/v1/calendar-changes/pusat@2', 'admin')).body.finishedAt as unknown)
      .not.toBeNull()
    const done = await post('/v1/calendar-changes', { calendar: next })
    expect(done.body.progress).toMatchObject({ open: 3, concerned: 3, later: 3, failed: 0 })
    const other = { ...next, holidays: pusat.holidays }
    expect((await post('/v1/calendar-changes', { calendar: other })).body.code).toBe('CONFLICT')
  })

  it('explain themselves at the ticket, to participants too, in both languages', async () => {
    expect(await dueOf(ids[0]!)).toBe('Senin, 30 November 2026 pukul 08.01 WIB')
    const { clocks } = (await api.get(`/v1/tickets/${ids[0]!}/clocks`)).body
    const clock = rowWith(clocks, 'target', 'resolution')
    expect(clock.calendar).toBe('pusat@2')
    expect(clock.explanation.days).toContainEqual(
      expect.objectContaining({ date: '2026-11-25', counted: false, reason: 'libur', label: 'Hari uji' }),
    )
    const { items } = (await api.get(`/v1/tickets/${ids[0]!}/history`, 'participant')).body
    const entry = (items as readonly unknown[]).at(-1)
    expect(entry).toMatchObject({
      fact: 'CalendarChanged',
      label: { id: 'Kalender berubah', en: 'Calendar changed' },
      actor: { role: 'admin', id: null },
      moves: [{ target: 'resolution', reasonLabel: { id: 'Kalender berubah: libur 25 November 2026 ditambahkan' } }],
    })
  })

  it('leave what people decide on alone: a decision made before still fits', async () => {
    const ticket = (await api.get(`/v1/tickets/${ids[1]!}`)).body
    const sent = await api.send(ids[1]!, 'risk.elevate', {
      as: 'agent',
      payload: { reason: 'ALASAN' },
      version: ticket.contentVersion,
    })
    expect(sent.status, sent.text).toBe(200)
  })
})
