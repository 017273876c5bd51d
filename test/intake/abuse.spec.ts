import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Channel } from '../../db/intake/people.js'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'
import type { CodeResult } from '../../src/intake/codeObserver.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import * as samples from '../documents/samples.js'
import { MINUTE, pluck, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filed, filePerson } from './people.js'

/** Abuse cases as an outsider would try them: over HTTP, with nothing but what the answers and messages give away. */
let api: Harness
let tasks: TaskRunner
let people = 0
const seen: [Channel, CodeResult][] = []
beforeAll(async () => {
  const codes = { code: (channel: Channel, result: CodeResult) => void seen.push([channel, result]) }
  const limits = 'filingsPerIpHour=10000,uploadsPerTicketHour=3'
  api = await startHarness({ codes, limits })
  const { store, clock, services } = api.deps
  const { tasks: board, handlers } = services
  const logger = createLogger({ level: 'silent' })
  tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
  await seedDirectory({ store: store.intake.directory, vault: services.vault, clock }, { size: 60 })
})
afterAll(async () => {
  await tasks.stop()
  await api.close()
})

type Part = Readonly<Record<string, unknown>>
const file = (given: { identity?: Part; contacts?: Part; device?: string } = {}) => {
  const n = String(++people).padStart(4, '0')
  const identity = { nik: `320411460993${n}`, kpj: null, ...given.identity }
  const contacts = { email: `kasus${n}@surat.example.org`, phone: `0817-3456-${n}`, ...given.contacts }
  return filePerson(api, { identity, contacts }, given.device === undefined ? {} : { 'x-device-id': given.device })
}
const post = (token: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  asFiler(api, token, 'POST', `/v1/pengaduan/${path}`, body, headers)
async function messagesOf(ticketId: string) {
  await tasks.runDue()
  const all = (await api.deps.services.messages.mailbox?.list(500)) ?? []
  return all.filter((it) => it.ticketId === ticketId)
}
async function codeOf(ticketId: string, channel: Channel): Promise<string> {
  const kind = channel === 'email' ? 'email' : 'sms'
  const mail = (await messagesOf(ticketId)).find((it) => it.channel === kind && it.template.startsWith('code.'))
  return /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? 'none'
}
const riskOf = async (ticketId: string) => {
  await tasks.runDue()
  const flags = (await api.get(`/v1/tickets/${ticketId}/risk`)).body.flags as {
    code: string
    branch: boolean
    reason: { id: string }
  }[]
  return flags
}
/** What a filer can tell two answers apart by. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, it]) => [name, shapeOf(it)]))
      : typeof value

describe('codes', () => {
  it('A05 what a client says the time is changes nothing', async () => {
    const { body } = await file()
    const code = await codeOf(String(body.ticketId), 'email')
    api.clock.advance(10 * MINUTE + 1)
    const early = { date: new Date(api.clock.now() - 60 * MINUTE).toUTCString() }
    const typed = { channel: 'email', code }
    const late = await post(String(body.statusToken), 'codes/verification', typed, early)
    expect([late.status, late.body.code]).toEqual([422, 'CODE_EXPIRED'])
  })

  it('A06 a hundred numbers, one after the other, get as many codes as a case has in a day', async () => {
    const { body } = await file()
    const before = seen.filter(([, result]) => result === 'asked').length - 2
    for (let n = 0; n < 100; n++) {
      const address = `0818-${String(1_000 + n)}-${String(2_000 + n)}`
      const { status } = await post(String(body.statusToken), 'contacts', { channel: 'phone', address })
      expect(status).toBe(200)
      api.clock.advance(MINUTE)
      if (n % 10 === 0) await tasks.runDue()
    }
    expect(seen.filter(([, result]) => result === 'asked').length - before).toBe(6)
    const sms = (await messagesOf(String(body.ticketId))).filter((it) => it.channel === 'sms')
    expect(new Set(sms.map((it) => it.to)).size).toBeLessThanOrEqual(5)
    const refused = await post(String(body.statusToken), 'codes', { channel: 'phone' })
    expect([refused.status, Number(refused.headers.get('retry-after')) > 3_600]).toEqual([429, true])
  })

  it('A07 an address that nobody proved gets the fixed text: nothing that a filer wrote, no number, no link', async () => {
    const name = 'Menang Hadiah Besar'
    const { body } = await file({ identity: { name } })
    const sent = await messagesOf(String(body.ticketId))
    expect(pluck(sent, 'template').toSorted()).toEqual(['code.prove', 'code.prove'])
    for (const { text, subject } of sent) {
      expect(`${subject ?? ''}\n${text}`).not.toMatch(/menang|hadiah|320411460993|https?:\/\//i)
      expect(text).toMatch(/gratis/i)
    }
    const link = await file({ identity: { name: 'Menang hadiah http://evil' } })
    expect([link.status, pluck(link.body.errors, 'code')]).toEqual([422, ['name_characters']])
  })
})

describe('fields', () => {
  it.each([
    ['320411460997000', 'nik_length'],
    ['32041146099700011', 'nik_length'],
    ['32041146099700O1', 'nik_digits'],
    ['3204114609970000', 'nik_serial'],
    ['3204113209970001', 'nik_day'],
    ['3204114009970001', 'nik_day'],
    ['3204117209970001', 'nik_day'],
    ['3204110600970001', 'nik_month'],
    ['3204110613970001', 'nik_month'],
    ['3204113104970001', 'nik_date'],
    ['0004114609970001', 'nik_province'],
  ])('A10 %s is refused at its field, and not repeated', async (nik, code) => {
    const { status, body, text } = await file({ identity: { nik } })
    expect([status, pluck(body.errors, 'pointer'), pluck(body.errors, 'code')]).toEqual([
      422,
      ['/identity/nik'],
      [code],
    ])
    expect(text).not.toContain(nik)
  })

  it('A10 digits of other scripts are the same digits', async () => {
    const nik = '٣٢٠٤١١٤٦٠٩٩٧٧٧٧١'
    const { ticketId } = await filed(api, { identity: { nik, kpj: null } })
    expect((await api.deps.services.people.identityOf(ticketId))?.identity.nik).toBe('3204114609977771')
  })

  it('A11 a woman’s NIK and a date that differs are taken; officers alone see the difference', async () => {
    const woman = await file({ identity: { nik: '3204114609978801', birthDate: '1997-09-06' } })
    const differs = await file({ identity: { nik: '3204110609978802', birthDate: '1990-01-01' } })
    expect([woman.status, differs.status]).toEqual([202, 202])
    expect(shapeOf(differs.body)).toEqual(shapeOf(woman.body))
    expect(pluck(await riskOf(String(woman.body.ticketId)), 'code')).not.toContain('nik_birth_date_differs')
    expect(pluck(await riskOf(String(differs.body.ticketId)), 'code')).toContain('nik_birth_date_differs')
    const page = await asFiler(api, String(differs.body.statusToken), 'GET', '/v1/pengaduan')
    expect(page.text).not.toMatch(/differs|berbeda/)
  })

  it('A12 a KPJ is 11 digits or left out', async () => {
    const statuses: unknown[] = []
    for (const kpj of [null, undefined, '12345678901', '1234567890', '123456789012']) {
      const { status, body } = await file({ identity: { kpj } })
      statuses.push(status === 202 ? 202 : [status, pluck(body.errors, 'code')])
    }
    expect(statuses).toEqual([202, 202, 202, [422, ['kpj_length']], [422, ['kpj_length']]])
  })

  it('A08 A52 templates and line ends in an address are refused, or stand in the message as they were typed', async () => {
    for (const email of [
      '{{constructor}}@surat.example.org',
      '${7*7777777}@surat.example.org',
      'a@b.id\r\nBcc: c@d.id',
    ]) {
      const { status, body } = await file({ contacts: { email } })
      if (status === 202) {
        const sent = (await messagesOf(String(body.ticketId))).filter((it) => it.channel === 'email')
        expect(sent.map((it) => it.to)).toEqual([email])
        for (const { text, subject } of sent)
          expect(text + (subject ?? '')).not.toMatch(/54444439|function|native code/)
      } else expect([status, pluck(body.errors, 'pointer')]).toEqual([422, ['/contacts/email']])
    }
  })

  it('A52 what looks like a template in a name is refused; a proven filer’s messages hold no name at all', async () => {
    for (const name of ['{{constructor}}', '${process.env}', '<%= 7*7 %>', '#{7*7}', 'Siti {{7*7}}']) {
      const { status, body } = await file({ identity: { name } })
      expect([status, pluck(body.errors, 'code')]).toEqual([422, ['name_characters']])
    }
    const { body } = await file({ identity: { name: "Nyi O'Constructor" } })
    const [ticketId, token] = [String(body.ticketId), String(body.statusToken)]
    for (const channel of ['email', 'phone'] as const)
      expect((await post(token, 'codes/verification', { channel, code: await codeOf(ticketId, channel) })).status).toBe(
        200,
      )
    const sent = await messagesOf(ticketId)
    expect(pluck(sent, 'template')).toContain('received')
    expect(JSON.stringify(sent.map(({ text, subject }) => [text, subject]))).not.toMatch(/Constructor|Nyi|\{\{|\$\{/)
  })
})

describe('people and cases', () => {
  it('A49 thirty cases from one device for thirty people: all taken alike, all flagged, past the cap sent to a branch', async () => {
    const device = 'device-of-a-paid-broker-1'
    const answers = []
    for (let n = 0; n < 30; n++) answers.push(await file({ device }))
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([202]))
    for (const { body } of answers) expect(shapeOf(body)).toEqual(shapeOf(answers[0]?.body))
    for (const [n, { body }] of answers.entries()) {
      const flags = await riskOf(String(body.ticketId))
      expect(pluck(flags, 'code')).toContain('device_shared')
      if (n < 3) continue
      const cap = flags.find((it) => it.code === 'device_cap')
      expect([cap?.branch, /gratis/.test(cap?.reason.id ?? '')]).toEqual([true, true])
    }
    const last = answers[29]!.body
    expect((await api.store.findTicket(String(last.ticketId)))?.snapshot.context['elevated']).toBe(true)
    // Whoever was made to pay reads in the first message that it costs nothing.
    for (const { text } of await messagesOf(String(last.ticketId))) expect(text).toMatch(/gratis/i)
    // Another device of the same network is another device.
    const other = await file({ device: 'device-of-somebody-else-2' })
    expect(pluck(await riskOf(String(other.body.ticketId)), 'code')).not.toContain('device_shared')
  })

  it('A50 a minor’s and a deceased person’s NIK: answered as any other, flagged with the way to a branch, nothing given away', async () => {
    const known = syntheticPeople(SYNTHETIC_SEED, 60, api.clock.now())
    const dead = known.find((it) => it.kind === 'deceased')!.participant
    const alive = await file()
    const answers = [
      await file({ identity: { nik: dead.nik, birthDate: dead.birthDate } }),
      await file({ identity: { nik: '3204110101150001', birthDate: '2015-01-01' } }),
    ]
    const found = []
    for (const { status, body } of answers) {
      expect([status, shapeOf(body)]).toEqual([202, shapeOf(alive.body)])
      const flags = await riskOf(String(body.ticketId))
      found.push(flags.find((it) => ['deceased', 'minor'].includes(it.code)))
      const page = await asFiler(api, String(body.statusToken), 'GET', '/v1/pengaduan')
      expect(page.text).not.toMatch(/deceased|meninggal|minor|18 tahun|under 18/)
      expect(page.text).not.toContain(dead.id)
      expect(page.text).not.toContain(dead.name)
    }
    expect(found.map((it) => [it?.code, it?.branch])).toEqual([
      ['deceased', true],
      ['minor', true],
    ])
    const proxy = await filePerson(api, { onBehalf: true })
    expect([proxy.status, pluck(proxy.body.errors, 'code')]).toEqual([422, ['on_behalf_refused']])
  })

  it('A29 whoever files first for a NIK keeps nobody out: the second gets a case, a token and codes of their own', async () => {
    const nik = '3204114609979901'
    const thief = await file({ identity: { nik } })
    const owner = await file({ identity: { nik } })
    expect([owner.status, shapeOf(owner.body)]).toEqual([202, shapeOf(thief.body)])
    const [ticketId, token] = [String(owner.body.ticketId), String(owner.body.statusToken)]
    for (const channel of ['email', 'phone'] as const)
      expect((await post(token, 'codes/verification', { channel, code: await codeOf(ticketId, channel) })).status).toBe(
        200,
      )
    for (const { body } of [thief, owner]) {
      expect(pluck(await riskOf(String(body.ticketId)), 'code')).toContain('competing_case')
      expect((await api.store.findTicket(String(body.ticketId)))?.snapshot.context['elevated']).toBe(true)
      const page = await asFiler(api, String(body.statusToken), 'GET', '/v1/pengaduan')
      expect(page.text).not.toMatch(/compet|bersaing/i)
    }
    await tasks.runDue()
    expect((await api.store.findTicket(ticketId))?.state).toBe('submitted')
  })

  it('A13 R-FILE-3 EICAR in a PDF: 422, nothing of it kept, and who sent it stands in the audit', async () => {
    const { body } = await file()
    const [ticketId, token] = [String(body.ticketId), String(body.statusToken)]
    for (const channel of ['email', 'phone'] as const)
      expect((await post(token, 'codes/verification', { channel, code: await codeOf(ticketId, channel) })).status).toBe(
        200,
      )
    await tasks.runDue()
    const form = new FormData()
    form.append('kind', 'KTP')
    const bytes = Buffer.concat([samples.pdf(), Buffer.from(`\n%${samples.EICAR}\n`)])
    form.append('file', new Blob([new Uint8Array(bytes)], { type: 'application/pdf' }), 'ktp.pdf')
    const headers = { authorization: `Bearer ${token}` }
    const sent = await fetch(`${api.url}/v1/pengaduan/documents`, { method: 'POST', headers, body: form })
    expect([sent.status, ((await sent.json()) as { code: string }).code]).toEqual([422, 'DOCUMENT_INFECTED'])
    const newest = await api.store.audit.newest('file.rejected.malware')
    const ticket = await api.store.findTicket(ticketId)
    expect(newest).toMatchObject({ ticketId, actorId: ticket?.participantRef, detail: { kind: 'KTP' } })
    const [document] = await api.store.intake.documents.documentsOf(ticketId)
    expect(newest?.subject).toBe(document?.id)
    expect([document?.state, document?.originalRef, document?.nameSealed]).toEqual(['refused', null, null])
  })

  it('A18 uploads that are refused count for the ticket: past so many an hour they are not looked at', async () => {
    const { token } = await filed(api, { identity: { nik: '3204114609979902', kpj: null } })
    const other = await filed(api, { identity: { nik: '3204114609979903', kpj: null } })
    const upload = async (by: string) => {
      const form = new FormData()
      form.append('kind', 'KTP')
      form.append('file', new Blob(['not a picture'], { type: 'image/jpeg' }), 'ktp.jpg')
      const headers = { authorization: `Bearer ${by}` }
      const sent = await fetch(`${api.url}/v1/pengaduan/documents`, { method: 'POST', headers, body: form })
      return { status: sent.status, retry: Number(sent.headers.get('retry-after')) }
    }
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push((await upload(token)).status)
    expect(statuses.slice(0, 3)).not.toContain(429)
    expect(statuses.slice(3)).toEqual([429, 429])
    expect((await upload(token)).retry).toBeGreaterThan(0)
    expect((await upload(other.token)).status).not.toBe(429)
  })
})
