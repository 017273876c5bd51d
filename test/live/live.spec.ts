import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE, newKey, startHarness, tokenOf, type Harness, type Person } from '../api/harness.js'
import { officer } from '../staff/identity/desk.js'
import { watch } from './events.js'

let api: Harness
beforeAll(async () => {
  api = await startHarness()
})
afterAll(() => api.close())

const open: { close(): void }[] = []
afterEach(async () => {
  for (const it of open.splice(0)) it.close()
  await expect.poll(() => api.deps.services.live.size, { timeout: 45_000 }).toBe(0)
})
async function live(headers: Readonly<Record<string, string>>) {
  const stream = await watch(`${api.url}/v1/live`, headers)
  open.push(stream)
  return stream
}
const as = (person: Person, more = {}) => live({ authorization: `Bearer ${tokenOf(person)}`, ...more })
const filed = async (filing = {}) => String((await api.file({ filing })).body.ticketId)

describe('GET /v1/live', () => {
  it('tells staff what changed: ids, versions and kinds, and nothing of the person', async () => {
    const stream = await as('agent')
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.response.headers.get('cache-control')).toBe('no-store')
    expect((await stream.next()).event).toBe('ready')
    const id = await filed()
    const told = await stream.next()
    expect(told).toMatchObject({
      event: 'ticket',
      data: { ticketId: id, type: 'pengaduan', state: 'contactUnproven', standing: 'waitingOnParticipant' },
    })
    expect(Object.keys(told.data as object).toSorted()).toEqual([
      'contentVersion',
      'facts',
      'standing',
      'state',
      'ticketId',
      'type',
    ])
    expect(told.data.facts).toContain('TicketSubmitted')
    expect(JSON.stringify(told)).not.toMatch(/peserta_budi|EMAIL_DAN/)
    await api.send(id, 'contact.prove', { payload: { channel: 'email' } })
    expect((await stream.next()).data).toMatchObject({ ticketId: id, facts: ['ContactProven'] })
  })

  it('goes on where somebody left off, and says "reset" where that is too far or no place of this log', async () => {
    const first = await as('supervisor')
    const ready = await first.next()
    const id = await filed()
    const seen = await first.next()
    first.close()
    await api.send(id, 'contact.prove', { payload: { channel: 'email' } })
    const second = await as('supervisor', { 'last-event-id': seen.id })
    expect((await second.next()).event).toBe('ready')
    expect((await second.next()).data).toMatchObject({ ticketId: id, facts: ['ContactProven'] })
    expect(Number(seen.id)).toBeGreaterThan(Number(ready.id))
    for (const strange of ['999999999999', 'x', '-4']) {
      const third = await as('auditor', { 'last-event-id': strange })
      expect((await third.next()).event).toBe('reset')
      third.close()
    }
  })

  it('A19 tells an officer nothing of other offices, but that something may have left theirs', async () => {
    const desk = await officer(api, [['agent', 'pusat']])
    const there = await officer(api, [['agent', 'cabang-makassar']])
    const mine = await live({ cookie: `pulih-staff=${desk.cookie!}` })
    const theirs = await live({ cookie: `pulih-staff=${there.cookie!}` })
    for (const it of [mine, theirs]) expect((await it.next()).event).toBe('ready')
    const id = await filed()
    expect((await mine.next()).data).toMatchObject({ ticketId: id })
    const payload = { officeId: 'cabang-makassar', reason: 'DOMISILI' }
    const moved = await api.send(id, 'office.transfer', { as: 'supervisor', payload })
    expect(moved.status, moved.text).toBe(200)
    expect((await theirs.next()).data).toMatchObject({ ticketId: id, facts: ['OfficeTransferred'] })
    const left = await mine.next()
    expect([left.event, left.data]).toEqual(['worklist', {}])
  })

  it('tells officers of the office, and nobody else, that a case is taken, given and left', async () => {
    const desk = await officer(api, [['agent', 'pusat']])
    const there = await officer(api, [['agent', 'cabang-makassar']])
    const id = await api.underVerification()
    const mine = await live({ cookie: `pulih-staff=${desk.cookie!}` })
    const theirs = await live({ cookie: `pulih-staff=${there.cookie!}` })
    for (const it of [mine, theirs]) expect((await it.next()).event).toBe('ready')
    const claimed = await desk.post(
      `/v1/tickets/${id}/claim`,
      { reason: 'LANJUTAN_PEKERJAAN' },
      { 'idempotency-key': newKey() },
    )
    expect(claimed.status, claimed.text).toBe(200)
    expect(await mine.next()).toEqual({ event: 'claim', id: '', data: { ticketId: id } })
    expect((await desk.post(`/v1/tickets/${id}/release`, {})).status).toBe(200)
    expect(await mine.next()).toEqual({ event: 'claim', id: '', data: { ticketId: id } })
    const other = await filed()
    expect((await mine.next()).data).toMatchObject({ ticketId: other })
    await api.send(other, 'office.transfer', {
      as: 'supervisor',
      payload: { officeId: 'cabang-makassar', reason: 'DOMISILI' },
    })
    // The first that they hear is a ticket of theirs.
    expect((await theirs.next()).data).toMatchObject({ ticketId: other })
  })

  it('A41 ends when the session does, and keeps nobody signed in', async () => {
    const desk = await officer(api, [['agent', null]])
    const idle = await officer(api, [['agent', null]])
    const stream = await live({ cookie: `pulih-staff=${desk.cookie!}` })
    const other = await live({ cookie: `pulih-staff=${idle.cookie!}` })
    await stream.next()
    await other.next()
    await api.deps.services.live.beat()
    await stream.beat()
    await api.deps.services.staff.accounts.disable(desk.staffId, { id: 'admin-1', role: 'admin' })
    await api.deps.services.live.beat()
    expect((await stream.next()).event).toBe('end')
    expect(await stream.ended()).toBe(true)
    api.clock.advance(8 * MINUTE)
    await api.deps.services.live.beat()
    api.clock.advance(8 * MINUTE)
    await api.deps.services.live.beat()
    expect((await other.next()).event).toBe('end')
  })

  it('A41 a disabled officer’s open stream tells nothing more, also before the next beat', async () => {
    const desk = await officer(api, [['agent', null]])
    const stream = await live({ cookie: `pulih-staff=${desk.cookie!}` })
    await stream.next()
    await filed()
    expect((await stream.next()).event).toBe('ticket')
    await api.deps.services.staff.accounts.disable(desk.staffId, { id: 'admin-1', role: 'admin' })
    api.clock.advance(1_000)
    await filed()
    expect((await stream.next()).event).toBe('end')
    expect(await stream.ended()).toBe(true)
  })

  it('takes no more streams of one person than it should, gives places back, and lets nobody in without a role', async () => {
    const streams = []
    for (let n = 0; n < 6; n++) streams.push(await as('checker'))
    const refused = await api.get('/v1/live', 'checker')
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'TOO_MANY_REQUESTS',
      '30',
    ])
    streams[0]!.close()
    await expect.poll(() => api.deps.services.live.size, { timeout: 45_000 }).toBe(5)
    expect((await as('checker')).response.status).toBe(200)
    expect((await api.get('/v1/live', 'portal')).status).toBe(403)
    expect((await api.get('/v1/live', null)).status).toBe(401)
    expect((await api.request('HEAD', '/v1/live', { as: 'agent' })).status).toBe(200)
  })
})

it('says goodbye when the process stops, and a stop waits for nobody', async () => {
  const own = await startHarness()
  const stream = await watch(`${own.url}/v1/live`, { authorization: `Bearer ${tokenOf('agent')}` })
  await stream.next()
  own.health.beginStop()
  await own.close()
  expect((await stream.next()).event).toBe('bye')
  expect(await stream.ended()).toBe(true)
})
