import { expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { LEGAL_MS } from '../../db/schemaPrivacy.js'
import { registerPrivacy } from '../../src/cli/privacy.js'
import { beginCalendarChange, planCalendarChange, runCalendarChange } from '../../src/engine/index.js'
import { countdown } from '../../src/privacy/index.js'
import { DAY, HOUR, newFolder, onBothDatabases, openPrivacyWorld, type PrivacyWorld } from './world.js'
import { command } from '../support/command.js'

const wib = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+07:00`)
const breach = {
  ...{ data: ['NIK', 'CONTACTS'] as const, from: 1, until: null },
  ...{ how: 'LOST_BACKUP' as const, persons: 3, remedies: ['UNDER_WAY'] as const },
}
const asBreach = { ...breach, data: [...breach.data], remedies: [...breach.remedies] }

async function proven({ engine, clock }: PrivacyWorld, ticketId: string): Promise<void> {
  for (const channel of ['email', 'phone']) {
    clock.advance(1_000)
    await engine.handle({
      ...{ ticketId, event: { type: 'contact.prove', channel }, key: `${ticketId}:${channel}`, fingerprint: null },
      actor: { id: 'intake', role: 'portal' },
    })
  }
}

onBothDatabases('requests about personal data', (newPlace) => {
  it('A46: run 3 × 24 hours on the wall over Nyepi and Lebaran while the promise waits, and no calendar moves them', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const { services, store, engine, clock, file } = world
    clock.advance(wib('2026-03-16 14:00') - clock.now())
    const ticketId = await file()
    await proven(world, ticketId)
    const receivedAt = clock.now()
    const asked = await services.dataRequests.open({ kind: 'access', ticketId, receivedAt }, 'admin-1')
    const promiseOf = async () =>
      (await store.findTicket(ticketId))?.schedule.clocks.find((it) => it.target === 'resolution')?.dueAt ?? 0
    const before = await promiseOf()
    // 18 to 24 March are holidays and collective leave around a weekend: the promise waits them out.
    expect(before).toBeGreaterThan(wib('2026-03-25 08:00'))
    expect(asked.dueAt).toBe(receivedAt + 3 * DAY)

    const [pusat] = exampleCalendars
    if (pusat === undefined) throw new Error('no calendar')
    const leave = {
      date: '2026-03-25',
      name: 'Cuti bersama tambahan',
      kind: 'cuti_bersama',
      source: 'SKB uji',
    } as const
    const spec = { ...pusat, version: 2, holidays: [...pusat.holidays, leave] }
    const planned = await planCalendarChange(store, {
      ...{ spec, reason: null, at: clock.now(), production: false },
      actor: { id: 'supervisor-1', role: 'supervisor' },
    })
    await runCalendarChange(engine, store, await beginCalendarChange(store, planned, clock.now()))
    expect(await promiseOf()).toBeGreaterThan(before)
    const [now] = await services.dataRequests.list({ open: true })
    expect(now).toMatchObject({ id: asked.id, dueAt: receivedAt + LEGAL_MS, late: false })

    // The law's time ends in the middle of the holidays.
    clock.advance(3 * DAY)
    expect((await services.dataRequests.list({ open: true }))[0]).toMatchObject({ leftMs: 0, late: false })
    clock.advance(1)
    expect((await services.dataRequests.list({ open: true }))[0]).toMatchObject({ leftMs: -1, late: true })
    expect(await store.intake.dataRequests.overdueRequests(clock.now(), 9)).toHaveLength(1)
    expect((await store.findTicket(ticketId))?.standing).toBe('waitingOnUs')
  })

  it('R-PDP-2: every kind has the same clock; what is asked twice is one; the answer is given once and says when and why', async () => {
    const { services, clock, file } = await openPrivacyWorld(await newPlace())
    const { dataRequests } = services
    const ticketId = await file()
    const receivedAt = clock.now() - HOUR
    for (const kind of ['access', 'correction', 'consentWithdrawal', 'objectionToProcessing', 'erasure'] as const) {
      const row = await dataRequests.open({ kind, ticketId, receivedAt }, 'admin-1')
      expect(row).toMatchObject({ kind, ticketId, dueAt: receivedAt + LEGAL_MS, leftMs: LEGAL_MS - HOUR, late: false })
      expect((await dataRequests.open({ kind, ticketId, receivedAt }, 'admin-2')).id).toBe(row.id)
    }
    const all = await dataRequests.list({ open: true, ticketId })
    expect(all).toHaveLength(5)
    const [first] = all
    clock.advance(LEGAL_MS)
    const answered = await dataRequests.answer(first!.id, { outcome: 'refused', reason: 'NOT_PROVEN' }, 'admin-2')
    expect(answered).toMatchObject({ answeredAt: clock.now(), answeredBy: 'admin-2', leftMs: null, late: true })
    await expect(dataRequests.answer(first!.id, { outcome: 'done', reason: 'ANSWERED' }, 'x')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await dataRequests.list({ open: true })).toHaveLength(4)
    expect(await dataRequests.list({ open: false })).toHaveLength(5)
    await expect(dataRequests.answer('nobody', { outcome: 'done', reason: 'ANSWERED' }, 'x')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const future = { kind: 'access', ticketId, receivedAt: clock.now() + 1 } as const
    await expect(dataRequests.open(future, 'x')).rejects.toMatchObject({ code: 'EVENT_IN_THE_FUTURE' })
    const nobodys = { kind: 'access', ticketId: '01959d2a-0000-7000-8000-000000000001', receivedAt: 1 } as const
    await expect(dataRequests.open(nobodys, 'x')).rejects.toMatchObject({ code: 'TICKET_NOT_FOUND' })
  })

  it('R-PDP-6: a breach says what, when, how and the remedy, and is done with only when people and authority were told', async () => {
    const { services, clock } = await openPrivacyWorld(await newPlace())
    const { dataRequests } = services
    const receivedAt = clock.now()
    const row = await dataRequests.open({ kind: 'breach', receivedAt, breach: asBreach }, 'admin-1')
    expect(row).toMatchObject({ ticketId: null, breach: asBreach, dueAt: receivedAt + LEGAL_MS })
    expect((await dataRequests.open({ kind: 'breach', receivedAt, breach: asBreach }, 'admin-1')).id).toBe(row.id)
    const other = { ...asBreach, persons: 4 }
    await expect(dataRequests.open({ kind: 'breach', receivedAt, breach: other }, 'x')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const done = { outcome: 'done', reason: 'NOTIFIED' } as const
    for (const told of [{}, { toldPersonsAt: receivedAt }, { toldAuthorityAt: receivedAt }])
      await expect(dataRequests.answer(row.id, { ...done, ...told }, 'x')).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
      })
    clock.advance(DAY)
    const told = { toldPersonsAt: receivedAt + HOUR, toldAuthorityAt: clock.now() }
    expect(await dataRequests.answer(row.id, { ...done, ...told }, 'admin-1')).toMatchObject({ ...told, late: false })
  })

  it('the database refuses another due date, a second answer, a silent change and a removal', async () => {
    const { services, clock, file, raw } = await openPrivacyWorld(await newPlace())
    const ticketId = await file()
    const { id } = await services.dataRequests.open({ kind: 'erasure', ticketId, receivedAt: clock.now() }, 'admin-1')
    const fresh = await services.dataRequests.open({ kind: 'access', ticketId, receivedAt: clock.now() }, 'admin-1')
    await expect(raw(`UPDATE data_requests SET due_at = due_at + 1 WHERE id = '${id}'`)).rejects.toThrow(
      /data_requests_(fixed|due_by_wall)/,
    )
    await expect(
      raw(
        `INSERT INTO data_requests (id, kind, ticket_id, received_at, due_at, opened_by, opened_at) VALUES ('x', 'access', '-', 1, 2, 'a', 1)`,
      ),
    ).rejects.toThrow('data_requests_due_by_wall')
    await services.dataRequests.answer(id, { outcome: 'refused', reason: 'OPEN_CASE' }, 'admin-1')
    await expect(raw(`UPDATE data_requests SET reason = 'ERASED' WHERE id = '${id}'`)).rejects.toThrow(
      'data_requests_answered_for_good',
    )
    await expect(raw(`UPDATE data_requests SET kind = 'correction' WHERE id = '${fresh.id}'`)).rejects.toThrow(
      'data_requests_fixed',
    )
    await expect(raw(`UPDATE data_requests SET outcome = 'done' WHERE id = '${fresh.id}'`)).rejects.toThrow(
      'data_requests_answered_matches',
    )
    await expect(raw(`DELETE FROM data_requests`)).rejects.toThrow('data_requests_kept')
  })

  it('stands after the person is erased: it is the proof, and names nobody', async () => {
    const { services, clock, file, end } = await openPrivacyWorld(await newPlace())
    const ticketId = await file()
    await end(ticketId)
    const { id } = await services.dataRequests.open({ kind: 'erasure', ticketId, receivedAt: clock.now() }, 'admin-1')
    await services.care.erasure.erase(ticketId, 'asked')
    await services.dataRequests.answer(id, { outcome: 'done', reason: 'ERASED' }, 'admin-1')
    expect((await services.dataRequests.list({ open: false, ticketId })).map((it) => it.reason)).toEqual(['ERASED'])
    expect((await services.care.prove()).problems).toEqual([])
  })
})

const pulih = (dataDir: string, ...args: string[]) =>
  command([registerPrivacy], ['privacy', ...args, '--data', dataDir])

it('R-PDP-2: `pulih privacy` opens, lists with a countdown and exit code, and answers', async () => {
  const place = { dataDir: newFolder(), databaseUrl: null }
  const world = await openPrivacyWorld(place)
  const ticketId = await world.file()
  await world.close()
  const actor = ['--actor', 'admin-1']
  const asked = ['--kind', 'access', '--ticket', ticketId, '--received', '2026-03-02T09:00:00+07:00']
  expect(await pulih(place.dataDir, 'open', ...asked, ...actor)).toMatchObject({ code: 0 })
  const late = await pulih(place.dataDir, 'requests', '--open')
  expect(late.said).toMatch(/access .* due 2026-03-05T02:00:00.000Z .* late/)
  expect(late.code).toBe(1)
  const [row] = JSON.parse((await pulih(place.dataDir, 'requests', '--json')).said) as { id: string }[]
  const answer = ['answer', row!.id, '--outcome', 'done', '--reason', 'ANSWERED', ...actor]
  expect((await pulih(place.dataDir, ...answer)).said).toContain('done (ANSWERED), late')
  expect(await pulih(place.dataDir, 'requests', '--open')).toMatchObject({ said: 'nothing', code: 0 })
  expect((await pulih(place.dataDir, ...answer)).said).toContain('CONFLICT')

  const what = ['--disclosed', 'NIK', 'CONTACTS', '--from', '2026-03-01T00:00:00+07:00', '--how', 'SUPPLIER']
  const found = ['--kind', 'breach', '--received', '2026-03-02T09:00:00+07:00']
  const opened = await pulih(place.dataDir, 'open', ...found, ...what, '--remedies', 'ACCESS_CLOSED', ...actor)
  expect(opened.said).toMatch(/breach .* -$/)
  const wrong = await pulih(place.dataDir, 'open', '--kind', 'breach', '--received', 'Siti 3171234509900007', ...actor)
  expect(wrong.said).toContain('VALIDATION_FAILED')
  expect(wrong.said).not.toMatch(/Siti|3171/)
  expect(wrong.code).toBe(1)
})

it('a countdown in words', () => {
  expect(countdown(2 * DAY + 3 * HOUR + 61_000)).toEqual({ id: '2 hari 3 jam 1 menit lagi', en: '2 d 3 h 1 min left' })
  expect(countdown(-HOUR)).toEqual({ id: 'Terlambat 0 hari 1 jam 0 menit', en: '0 d 1 h 0 min late' })
})
