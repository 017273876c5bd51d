import sharp from 'sharp'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { HOUR, pluck, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filed } from './people.js'

let api: Harness
let tasks: TaskRunner
beforeAll(async () => {
  api = await startHarness()
  const { store, clock, services } = api.deps
  const logger = createLogger({ level: 'silent' })
  const { tasks: board, handlers } = services
  tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
})
afterAll(async () => {
  await tasks.stop()
  await api.close()
})

/** The newest code that the local mailbox got on this channel. */
async function codeFor(channel: 'email' | 'sms'): Promise<string> {
  await tasks.runDue()
  const all = (await api.deps.services.messages.mailbox?.list(50)) ?? []
  const mail = all.find((it) => it.channel === channel && it.template === 'code.prove')
  return /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? 'no code'
}
const status = async (token: string): Promise<Record<string, unknown>> =>
  (await asFiler(api, token, 'GET', '/v1/pengaduan')).body as Record<string, unknown>
const verify = (token: string, channel: 'email' | 'phone', code: string) =>
  asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel, code })

it('file, prove both contacts, upload, be visible to an officer', async () => {
  const { ticketId, token } = await filed(api)
  const email = await codeFor('email')
  expect((await verify(token, 'phone', email)).body.code).toBe('CODE_INVALID')
  expect((await verify(token, 'email', email)).status).toBe(200)
  expect((await verify(token, 'email', email)).body.code).toBe('CODE_USED')
  expect((await verify(token, 'phone', await codeFor('sms'))).status).toBe(200)
  await tasks.runDue()
  expect((await status(token)).state).toBe('submitted')

  const background = { r: 180, g: 200, b: 220 }
  const card = await sharp({ create: { width: 640, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer()
  const form = new FormData()
  form.append('kind', 'KTP')
  form.append('file', new Blob([new Uint8Array(card)], { type: 'image/jpeg' }), 'ktp.jpg')
  const headers = { authorization: `Bearer ${token}` }
  const sent = await fetch(`${api.url}/v1/pengaduan/documents`, { method: 'POST', headers, body: form })
  expect(sent.status, await sent.clone().text()).toBe(200)
  expect((await status(token)).state).toBe('documentsUploaded')

  api.clock.advance(60_000)
  expect((await api.send(ticketId, 'verification.start', { as: 'agent' })).status).toBe(200)
  expect((await api.get(`/v1/tickets/${ticketId}/person`, 'agent')).body.identity.name).toBe('S*** R********')
  const documents = (await api.get(`/v1/tickets/${ticketId}/documents`)).body.items
  expect(pluck(documents, 'kind')).toEqual(['KTP'])
})

it('whoever proved both contacts uploads at once, twenty times: the answer comes after the ticket knows', async () => {
  const card = await sharp({ create: { width: 640, height: 400, channels: 3, background: { r: 9, g: 99, b: 199 } } })
    .jpeg()
    .toBuffer()
  const states = new Set<unknown>()
  for (let n = 10; n < 30; n++) {
    api.clock.advance(HOUR)
    const contacts = { email: `segera${n}@surat.example.org`, phone: `0857 2222 00${n}` }
    const { token, ticketId } = await filed(api, { identity: { nik: `32041146099700${n}`, kpj: null }, contacts })
    const [email, phone] = [await codeFor('email'), await codeFor('sms')]
    expect((await verify(token, 'email', email)).status).toBe(200)
    // Once the ticket cannot be told: the code was right all the same, and the task tells it.
    const handle = n === 10 ? vi.spyOn(api.engine, 'handle').mockRejectedValueOnce(new Error('cut off')) : null
    expect((await verify(token, 'phone', phone)).status).toBe(200)
    handle?.mockRestore()
    if (handle !== null) await tasks.runDue()
    const form = new FormData()
    form.append('kind', 'KTP')
    form.append('file', new Blob([new Uint8Array(card)], { type: 'image/jpeg' }), 'ktp.jpg')
    const headers = { authorization: `Bearer ${token}` }
    const sent = await fetch(`${api.url}/v1/pengaduan/documents`, { method: 'POST', headers, body: form })
    expect(sent.status, await sent.text()).toBe(200)
    states.add((await status(token))['state'])
    // Told by the request and by the task: proven once each.
    await tasks.runDue()
    const log = await api.store.readLog(ticketId, 0, 100)
    expect(log.filter((it) => it.fact.endsWith('Proven'))).toHaveLength(2)
  }
  expect([...states]).toEqual(['documentsUploaded'])
})

it('whoever the directory did not know at filing is looked for again once an officer looks, behind the request', async () => {
  const { store, services } = api.deps
  const nobody = vi.spyOn(services.directory, 'findByNik').mockResolvedValue(null)
  const parts = { store: store.intake.directory, vault: services.vault, clock: api.clock }
  await seedDirectory(parts, { size: 60 })
  const { nik, name, birthDate } = syntheticPeople(SYNTHETIC_SEED, 60, api.clock.now())[0]!.participant
  const contacts = { email: 'kelak@surat.example.org', phone: '0857 3333 0001' }
  const { ticketId } = await filed(api, { identity: { nik, name, birthDate, kpj: null }, contacts })
  await tasks.runDue()
  const outcome = async () => (await store.intake.people.findMatch(ticketId))?.outcome
  const look = () => api.get(`/v1/tickets/${ticketId}/comparison`, 'agent')
  expect([await outcome(), (await look()).status]).toEqual(['notFound', 200])
  nobody.mockRestore()
  const asking = vi.spyOn(store.intake.tasks, 'addTask')
  for (let n = 0; n < 3; n++) expect((await look()).body.records).toHaveLength(1)
  const asked = asking.mock.calls.map(([task]) => task.kind === 'renew_match' && task.ref)
  asking.mockRestore()
  await tasks.runDue()
  expect(await outcome()).toBe('found')
  expect(asked[0]).toMatch(/^1:\d+$/)
})

it('A04 the code for an earlier address is dead (R-OTP-6); a new one is sent, and proves the new one', async () => {
  const { token } = await filed(api, { contacts: { email: 'satu@surat.example.org', phone: '0857 1111 0001' } })
  const old = await codeFor('email')
  const body = { channel: 'email', address: 'dua@surat.example.org' }
  expect((await asFiler(api, token, 'POST', '/v1/pengaduan/contacts', body)).status).toBe(200)
  const fresh = await codeFor('email')
  expect(fresh).not.toBe(old)
  expect((await verify(token, 'email', old)).body.code).toBe('CODE_INVALID')
  expect((await verify(token, 'email', fresh)).status).toBe(200)
})

it('A29 A50 matched behind the request: who it is, what differs and who competes is for officers alone', async () => {
  const { directory, vault, people } = api.deps.services
  await seedDirectory({ store: api.store.intake.directory, vault, clock: api.clock }, { size: 60 })
  const dead = syntheticPeople(SYNTHETIC_SEED, 60, api.clock.now()).find((it) => it.kind === 'deceased')?.participant
  expect(dead).toBeDefined()
  const identity = { nik: dead?.nik, birthDate: dead?.birthDate, name: 'Orang Lain', kpj: null }
  const one = await filed(api, { identity, contacts: { email: 'tiga@surat.example.org', phone: '0857 1111 0003' } })
  const two = await filed(api, { identity, contacts: { email: 'empat@surat.example.org', phone: '0857 1111 0004' } })
  await tasks.runDue()
  const match = await api.store.intake.people.findMatch(one.ticketId)
  expect([match?.outcome, match?.participantId]).toEqual(['found', dead?.id])
  expect(match?.findings['codes']).toEqual(expect.arrayContaining(['name_differs', 'deceased']))
  expect(await api.store.intake.people.competingWith(one.ticketId)).toEqual([two.ticketId])
  for (const { ticketId, token } of [one, two]) {
    expect(pluck(await api.store.intake.people.flagsOf(ticketId), 'code')).toContain('competing_case')
    expect(JSON.stringify(await status(token))).not.toMatch(/competing|deceased|differs/)
  }
  const minor = { nik: '3204110101150001', birthDate: '2015-01-01', name: 'Anak Kecil', kpj: null }
  const child = await filed(api, {
    identity: minor,
    contacts: { email: 'lima@surat.example.org', phone: '0857 1111 0005' },
  })
  await tasks.runDue()
  const unknown = await api.store.intake.people.findMatch(child.ticketId)
  expect([unknown?.outcome, unknown?.findings]).toEqual(['notFound', { codes: ['minor', 'nik_not_found'] }])
  expect(await directory.findByNik(minor.nik)).toBeNull()
  expect((await people.identityOf(child.ticketId))?.identity.name).toBe('Anak Kecil')
})

it('A51 a budget that is spent is not seen in the answer to a filing; whoever asks for a code is told', async () => {
  const contacts = { email: 'ramai@surat.example.org', phone: '0857 1111 0002' }
  const answers = []
  for (let n = 0; n < 3; n++) {
    const { token } = await filed(api, { contacts })
    answers.push(token)
    api.clock.advance(1_000)
  }
  const again = await asFiler(api, answers.at(-1) ?? '', 'POST', '/v1/pengaduan/codes', { channel: 'email' })
  expect([again.status, again.body.code]).toEqual([429, 'TOO_MANY_REQUESTS'])
  api.clock.advance(HOUR)
  expect((await asFiler(api, answers.at(-1) ?? '', 'POST', '/v1/pengaduan/codes', { channel: 'email' })).status).toBe(
    202,
  )
})
