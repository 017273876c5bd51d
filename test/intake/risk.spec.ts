import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'
import { settleContact } from '../../src/intake/contactProof.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { pluck, startHarness, type Harness } from '../api/harness.js'
import { jpeg } from '../documents/samples.js'
import { filePerson } from './people.js'

let api: Harness
let tasks: TaskRunner
beforeAll(async () => {
  api = await startHarness()
  const { store, clock, services } = api.deps
  const { tasks: board, handlers } = services
  const logger = createLogger({ level: 'silent' })
  tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
})
afterAll(async () => {
  await tasks.stop()
  await api.close()
})
const DEVICE = { 'x-device-id': 'device0123456789abcdef' }
const file = async (nik: string, email: string, phone: string, headers = {}) => {
  const { status, body } = await filePerson(api, { identity: { nik, kpj: null }, contacts: { email, phone } }, headers)
  expect(status).toBe(202)
  return String(body.ticketId)
}
interface Risk {
  flags: { code: string; branch: boolean; elevates: boolean; otherTicketId: string | null; reason: { id: string } }[]
  competing: string[]
  match: { outcome: string; participantId: string | null; findings: { code: string }[] } | null
}
const riskOf = async (id: string) => (await api.get(`/v1/tickets/${id}/risk`)).body as Risk
const elevated = async (id: string) => (await api.store.findTicket(id))?.snapshot.context['elevated']

it('A29 two open cases for one NIK: both accepted, linked and elevated', async () => {
  const one = await file('3204114609970001', 'a1@surat.example.org', '0812-1111-0001')
  const two = await file('3204114609970001', 'a2@surat.example.org', '0812-1111-0002')
  await tasks.runDue()
  for (const [id, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const risk = await riskOf(id)
    expect(pluck(risk.flags, 'code')).toContain('competing_case')
    expect(risk.competing).toEqual([other])
    expect(await elevated(id)).toBe(true)
  }
})

it('A30 A49 one phone and one device for many people: flagged on all, past the cap a branch is advised', async () => {
  const ids: string[] = []
  for (let n = 1; n <= 5; n++)
    ids.push(await file(`320411460997100${n}`, `b${n}@surat.example.org`, '0812-2222-0001', DEVICE))
  await tasks.runDue()
  for (const id of ids) {
    const { flags } = await riskOf(id)
    expect(pluck(flags, 'code')).toEqual(expect.arrayContaining(['phone_shared', 'device_shared']))
    expect(await elevated(id)).toBe(true)
  }
  // Once they wait for officers they are all in one list, for whoever looks into it.
  for (const id of ids) await proven(id)
  const { body } = await api.get('/v1/worklist?risk=device_shared', 'supervisor')
  expect(pluck(body.items, 'ticketId').toSorted()).toEqual(ids.toSorted())
  const { flags } = await riskOf(ids[4]!)
  const cap = flags.find((it) => it.code === 'device_cap')
  expect([cap?.branch, cap?.reason.id.includes('gratis')]).toEqual([true, true])
})

it('A30 one e-mail address for two people, in whatever case it is written: both are flagged, a third is not', async () => {
  const one = await file('3204114609977001', 'f1@surat.example.org', '0812-6666-0001')
  const two = await file('3204114609977002', 'F1@surat.example.org', '0812-6666-0002')
  const three = await file('3204114609977003', 'f2@surat.example.org', '0812-6666-0003')
  await tasks.runDue()
  const shared = async (id: string) => (await riskOf(id)).flags.filter((it) => it.code === 'email_shared')
  expect((await shared(one)).map((it) => it.otherTicketId)).toEqual([two])
  expect((await shared(two)).map((it) => it.otherTicketId)).toEqual([one])
  expect(await shared(three)).toEqual([])
})

async function proven(ticketId: string): Promise<void> {
  for (const channel of ['email', 'phone'] as const) {
    await api.store.intake.people.markProven(ticketId, channel, 1, api.clock.now())
    await settleContact(api, ticketId, channel)
  }
}
/** Takes a picture in for a case, as the person of it. */
async function upload(ticketId: string, bytes: Buffer): Promise<void> {
  await proven(ticketId)
  const { token } = await api.deps.services.sessions.issue(ticketId)
  const form = new FormData()
  form.append('kind', 'KTP')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'ktp.jpg')
  const headers = { authorization: `Bearer ${token}` }
  const sent = await fetch(`${api.url}/v1/pengaduan/documents`, { method: 'POST', headers, body: form })
  expect(sent.status, await sent.clone().text()).toBe(200)
}

it('A30 one picture in the cases of two people: both are flagged, however it was saved again; a third is not', async () => {
  const one = await file('3204114609974001', 'c1@surat.example.org', '0812-3333-0001')
  const two = await file('3204114609974002', 'c2@surat.example.org', '0812-3333-0002')
  const three = await file('3204114609974003', 'c3@surat.example.org', '0812-3333-0003')
  const four = await file('3204114609974004', 'c4@surat.example.org', '0812-3333-0004')
  await upload(one, await jpeg(41))
  await upload(two, await jpeg(41))
  await upload(three, await jpeg(42))
  // The same picture, smaller: other bytes, the same look.
  await upload(
    four,
    await sharp(await jpeg(41))
      .resize(480)
      .jpeg({ quality: 60 })
      .toBuffer(),
  )
  await tasks.runDue()
  const codesOf = async (id: string) => (await riskOf(id)).flags.map((it) => it.code)
  for (const id of [one, two]) expect(await codesOf(id)).toContain('document_reused')
  expect(await codesOf(four)).toContain('document_alike')
  expect((await codesOf(three)).filter((it) => it.startsWith('document_'))).toEqual([])
  for (const id of [one, two, four]) expect(await elevated(id)).toBe(true)
  expect(await elevated(three)).toBe(false)
})

it('A50 what the directory says differs is told to officers, and rejects nobody', async () => {
  const { vault } = api.deps.services
  await seedDirectory({ store: api.store.intake.directory, vault, clock: api.clock }, { size: 60 })
  const known = syntheticPeople(SYNTHETIC_SEED, 60, api.clock.now()).map((it) => it.participant)
  const [it, other] = known.filter((one) => one.status === 'active' && one.cards.length > 0)
  const identity = { nik: it!.nik, name: it!.name.toUpperCase(), birthDate: it!.birthDate, kpj: it!.cards[0]!.kpj }
  const mismatches = ['name_differs', 'birth_date_differs', 'kpj_of_another', 'kpj_not_found']
  const filedWith = async (n: number, changed: object) => {
    const contacts = { email: `d${n}@surat.example.org`, phone: `0812-4444-000${n}` }
    const { status, body, text } = await filePerson(api, { identity: { ...identity, ...changed }, contacts })
    expect(status, text).toBe(202)
    await tasks.runDue()
    const { match } = await riskOf(String(body.ticketId))
    expect([match?.outcome, match?.participantId]).toEqual(['found', it!.id])
    return match!.findings.map((one) => one.code).filter((code) => mismatches.includes(code))
  }
  expect(await filedWith(1, {})).toEqual([])
  expect(await filedWith(2, { name: 'Orang Lain Sekali' })).toEqual(['name_differs'])
  expect(await filedWith(3, { kpj: other!.cards[0]!.kpj })).toEqual(['kpj_of_another'])
  expect(await filedWith(4, { kpj: null })).toEqual([])
})

it('A09 an address of a throw-away service that staff allowed is taken, and officers see it', async () => {
  const refused = await filePerson(api, { contacts: { email: 'e1@mailinator.com', phone: '0812-5555-0001' } })
  expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'email_disposable'])
  const { emailDomains } = api.deps.services
  await emailDomains.decide({ domain: 'mailinator.com', verdict: 'allow', reason: 'UJI_COBA', actorId: 'supervisor-1' })
  const id = await file('3204114609976001', 'e1@sub.mailinator.com', '0812-5555-0001')
  const usual = await file('3204114609976002', 'e2@surat.example.org', '0812-5555-0002')
  await tasks.runDue()
  const flag = (await riskOf(id)).flags.find((it) => it.code === 'email_disposable')
  expect([flag?.elevates, await elevated(id)]).toEqual([false, false])
  expect((await riskOf(usual)).flags.map((it) => it.code)).not.toContain('email_disposable')
})
