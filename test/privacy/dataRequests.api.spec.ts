import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.js'
import { examine, machineProbes } from '../../src/doctor/index.js'
import { openObserve } from '../../src/observe/index.js'
import { HOUR, startHarness, type Harness } from '../api/harness.js'
import { filed, PERSON } from '../intake/people.js'

let api: Harness
beforeAll(async () => {
  api = await startHarness()
})
afterAll(() => api.close())

const iso = (ms: number) => new Date(ms).toISOString()
const post = (path: string, body: unknown, as: 'supervisor' | 'admin' | 'auditor' | 'agent' = 'supervisor') =>
  api.request('POST', path, { as, body })
const PATH = '/v1/data-requests'

it('R-PDP-2: is opened, counted down and answered once, by those who keep it; an auditor reads', async () => {
  const { ticketId } = await filed(api)
  const receivedAt = iso(api.clock.now() - HOUR)
  const opened = await post(PATH, { kind: 'access', ticketId, receivedAt })
  expect(opened.status, opened.text).toBe(200)
  expect(opened.body).toMatchObject({
    dueAt: iso(api.clock.now() + 71 * HOUR),
    left: { id: '2 hari 23 jam 0 menit lagi' },
    late: false,
    openedBy: 'supervisor-1',
  })
  expect((await post(PATH, { kind: 'access', ticketId, receivedAt }, 'admin')).body.id).toBe(opened.body.id)
  for (const as of ['auditor', 'agent'] as const)
    expect((await post(PATH, { kind: 'access', ticketId, receivedAt }, as)).status).toBe(403)
  expect((await api.get(PATH, 'agent')).status).toBe(403)
  expect((await api.get(PATH, null)).status).toBe(401)
  expect((await api.get(`${PATH}?open=true`, 'auditor')).body.items).toHaveLength(1)
  expect((await api.get(`${PATH}?ticketId=${api.deps.ids.id()}`, 'auditor')).body.items).toEqual([])
  expect((await api.get(`${PATH}?open=perhaps`, 'auditor')).status).toBe(422)

  const at = `${PATH}/${String(opened.body.id)}/answer`
  expect((await post(at, { outcome: 'done', reason: 'ANSWERED' }, 'auditor')).status).toBe(403)
  const answered = await post(at, { outcome: 'done', reason: 'ANSWERED' })
  expect(answered.body).toMatchObject({ outcome: 'done', reason: 'ANSWERED', left: null, answeredBy: 'supervisor-1' })
  expect((await post(at, { outcome: 'refused', reason: 'NOT_HELD' })).body.code).toBe('CONFLICT')
  expect((await post(`${PATH}/nobody/answer`, { outcome: 'done', reason: 'ANSWERED' })).status).toBe(404)
  expect((await api.get(`${PATH}?open=true`, 'admin')).body.items).toEqual([])
})

it('R-PDP-6: takes the fields of art. 46 as codes and instants, and no free text, name or number', async () => {
  const found = iso(api.clock.now())
  const breach = { data: ['NIK', 'CONTACTS'], from: found, how: 'SENT_TO_WRONG_PERSON', remedies: ['COPY_DESTROYED'] }
  const opened = await post(PATH, { kind: 'breach', receivedAt: found, breach })
  expect(opened.body).toMatchObject({ ticketId: null, breach: { ...breach, until: null, persons: null } })
  for (const wrong of [
    { kind: 'breach', receivedAt: found },
    { kind: 'access', receivedAt: found },
    { kind: 'access', receivedAt: found, ticketId: api.deps.ids.id(), breach },
    { kind: 'breach', receivedAt: found, breach: { ...breach, how: 'Siti kirim ke alamat lain' } },
    { kind: 'breach', receivedAt: found, breach: { ...breach, note: 'lihat berkas' } },
    { kind: 'breach', receivedAt: found, breach: { ...breach, persons: Number(PERSON.identity.nik) } },
    { kind: 'breach', receivedAt: '2026-03-20 09:00', breach },
    { kind: 'breach', receivedAt: found, breach: { ...breach, data: [] } },
  ]) {
    const answer = await post(PATH, wrong)
    expect([422], answer.text).toContain(answer.status)
    expect(answer.text).not.toMatch(/Siti|3204/)
  }
  expect((await post(PATH, { kind: 'breach', receivedAt: iso(api.clock.now() + 1), breach })).body.code).toBe(
    'EVENT_IN_THE_FUTURE',
  )
  const at = `${PATH}/${String(opened.body.id)}/answer`
  expect((await post(at, { outcome: 'done', reason: 'NOTIFIED', toldPersonsAt: found })).status).toBe(422)
  const told = { toldPersonsAt: found, toldAuthorityAt: found }
  expect((await post(at, { outcome: 'done', reason: 'NOTIFIED', ...told })).body).toMatchObject(told)
})

it('R-PDP-2: what is late stands in the metrics, and `pulih doctor` fails on it', async () => {
  const { ticketId } = await filed(api, { contacts: { email: 'dua@surat.example.org', phone: '0857 1111 0002' } })
  await post(PATH, { kind: 'correction', ticketId, receivedAt: iso(api.clock.now()) })
  const observe = await openObserve({ tracing: null, clock: api.clock })
  const none = { waiting: 0, active: 0, delayed: 0 }
  const engine = { backlog: { waiting: 0, working: 0 } }
  const queues = { counts: () => Promise.resolve(none) }
  const { audit } = api.deps.services
  observe.watch({ store: api.store, clock: api.clock, engine, queues, audit }, [])
  const overdue = async () =>
    /^pulih_data_requests_overdue (\d+)$/m.exec((await observe.http.scrape()).text)?.[1] ?? 'not there'
  const doctor = async () => {
    const clock = { now: () => api.clock.now() }
    const all = await examine(loadConfig({ PULIH_DATA: api.dataDir }), [], { ...machineProbes, clock })
    return all.filter((it) => it.check === 'dataRequests').map((it) => `${it.level}: ${it.is}`)
  }
  expect(await overdue()).toBe('0')
  expect(await doctor()).toEqual([expect.stringMatching(/^ok: .*1 wait for an answer/)])
  api.clock.advance(72 * HOUR + 1)
  // Scrapers that come within a second share one look.
  await expect.poll(overdue, { timeout: 45_000, interval: 200 }).toBe('1')
  expect(await doctor()).toEqual([
    expect.stringMatching(/^fail: 1 requests about personal data.* past the 3 × 24 hours/),
  ])
  await observe.stop()
})
