import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INTAKE } from '../../src/intake/filing.js'
import { CLOSED_DAYS, TOKEN_DAYS } from '../../src/intake/sessions.js'
import { HOUR, newKey, pluck, rowWith, startHarness, tokenOf, type Harness } from '../api/harness.js'
import { asFiler, filed, filePerson, PERSON } from './people.js'

let api: Harness
beforeAll(async () => {
  api = await startHarness()
})
afterAll(() => api.close())

const DAY = 24 * HOUR
const status = (token: string) => asFiler(api, token, 'GET', '/v1/pengaduan')
const post = (token: string, path: string, body: unknown = {}, headers: Readonly<Record<string, string>> = {}) =>
  asFiler(api, token, 'POST', `/v1/pengaduan/${path}`, body, headers)

/** What the service behind a right code does. */
async function prove(ticketId: string, channel: 'email' | 'phone'): Promise<void> {
  const contact = (await api.store.intake.people.contactsOf(ticketId)).find((it) => it.channel === channel)
  await api.store.intake.people.markProven(ticketId, channel, contact?.generation ?? 0, api.clock.now())
  const event = { type: 'contact.prove', channel }
  await api.engine.handle({ ticketId, event, actor: INTAKE, key: newKey(), fingerprint: 'x' })
}
async function proven(): Promise<{ ticketId: string; token: string }> {
  const it = await filed(api)
  for (const channel of ['email', 'phone'] as const) await prove(it.ticketId, channel)
  return it
}
async function underVerification(): Promise<{ ticketId: string; token: string }> {
  const it = await proven()
  api.clock.advance(60_000)
  expect((await api.send(it.ticketId, 'verification.start', { as: 'agent' })).status).toBe(200)
  return it
}

describe("the filer's page (R07, D31)", () => {
  it('says what to do, what was promised and why it stands, with masked contacts', async () => {
    const { ticketId, token } = await filed(api)
    const { status: code, body, text } = await status(token)
    expect(code).toBe(200)
    expect(pluck(body.todo, 'code')).toEqual(['prove_email', 'prove_phone'])
    expect(pluck(body.pausedBy, 'code')).toEqual(['contactUnproven'])
    expect([pluck(body.promises, 'target'), pluck(body.promises, 'paused')]).toEqual([
      ['firstReview', 'resolution'],
      [true, true],
    ])
    expect(rowWith(body.contacts, 'channel', 'email')).toEqual({
      channel: 'email',
      address: 's***@surat.example.org',
      proven: false,
    })
    expect(rowWith(body.contacts, 'channel', 'phone').address).toBe('+62********890')
    expect(pluck(body.timeline, 'fact')).toEqual(['TicketSubmitted'])
    expect(text).not.toMatch(/siti\.rahmawati@|81234567890|3204114609970001|Siti Rahmawati/)
    expect(text).not.toContain(ticketId)
  })

  it('dates that moved while we waited are there with the reason; then there is nothing to do', async () => {
    const { ticketId, token } = await filed(api)
    api.clock.advance(HOUR)
    for (const channel of ['email', 'phone'] as const) await prove(ticketId, channel)
    const { body } = await status(token)
    expect(pluck(body.todo, 'code')).toEqual(['nothing'])
    expect(body.pausedBy).toEqual([])
    expect(pluck(body.changes, 'reason')).toEqual(expect.arrayContaining(['promised', 'paused:contactUnproven']))
    expect(pluck(body.contacts, 'proven')).toEqual([true, true])
    expect(pluck(body.timeline, 'fact')).toEqual(['TicketSubmitted', 'ContactProven', 'ContactProven'])
  })

  it('documents asked for stand there with their reasons (D10); what officers think does not', async () => {
    const { ticketId, token } = await underVerification()
    await api.send(ticketId, 'risk.elevate', { as: 'agent', payload: { reason: 'NIK_SAMA' } })
    const documents = [{ kind: 'KTP', reason: 'FOTO_BURAM' }]
    await api.send(ticketId, 'documents.request', { as: 'agent', payload: { documents } })
    const { body, text } = await status(token)
    expect(pluck(body.todo, 'code')).toEqual(['upload_documents'])
    expect(body.documents).toEqual([
      {
        kind: 'KTP',
        label: { id: 'KTP', en: 'Identity card (KTP)' },
        reason: { id: 'Foto dokumen tidak terbaca.', en: 'The picture of the document is not readable.' },
      },
    ])
    expect(text).not.toMatch(/Risk|NIK_SAMA|agent-1/)
  })

  it('a rejection says why and leads on; reopening has both contacts proven again (R05, D22)', async () => {
    const { ticketId, token } = await underVerification()
    await api.send(ticketId, 'reject', { as: 'agent', payload: { code: 'DATA_TIDAK_LENGKAP' } })
    const rejected = (await status(token)).body
    expect([rejected.reason.code, pluck(rejected.todo, 'code')]).toEqual(['DATA_TIDAK_LENGKAP', ['file_again']])
    expect((await post(token, 'reopening')).status).toBe(200)
    const again = (await status(token)).body
    expect(again.state).toBe('reopened')
    expect(pluck(again.contacts, 'proven')).toEqual([false, false])
    expect(pluck(again.todo, 'code')).toEqual(['prove_email', 'prove_phone'])
    for (const channel of ['email', 'phone'] as const) await prove(ticketId, channel)
    expect((await status(token)).body.state).toBe('submitted')
  })

  it('a merged complaint says that and nothing else (D31)', async () => {
    const { ticketId, token } = await proven()
    const event = { type: 'merge.record', into: 'PGD-0000-0000' }
    const actor = { id: 'system', role: 'system' as const }
    await api.engine.system({ ticketId, event, actor, key: null, fingerprint: null })
    const { body, text } = await status(token)
    expect([body.state, body.timeline, body.contacts, body.promises]).toEqual(['merged', [], [], []])
    expect(text).not.toContain('PGD-0000-0000')
  })
})

describe('what a filer may change', () => {
  it('another address: masked, unproven, found under its index, and the ticket waits again', async () => {
    const { ticketId, token } = await proven()
    const { status: code, body } = await post(token, 'contacts', {
      channel: 'email',
      address: 'Baru@Surat.Example.ORG',
    })
    expect([code, body.state]).toEqual([200, 'contactUnproven'])
    const page = (await status(token)).body
    expect(rowWith(page.contacts, 'channel', 'email')).toEqual({
      channel: 'email',
      address: 'B***@surat.example.org',
      proven: false,
    })
    expect(rowWith(page.contacts, 'channel', 'phone').proven).toBe(true)
    const found = await api.deps.services.people.sharing('email', 'baru@surat.example.org', 'none')
    expect(pluck(found, 'ticketId')).toEqual([ticketId])
    await prove(ticketId, 'email')
    expect((await status(token)).body.state).toBe('submitted')
  })

  it('the same change again is done once; the same address, a wrong one and a closed ticket are refused', async () => {
    const { ticketId, token } = await proven()
    const key = { 'idempotency-key': newKey() }
    const change = { channel: 'phone', address: '0857 1111 2222' }
    const first = await post(token, 'contacts', change, key)
    const again = await post(token, 'contacts', change, key)
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([200, first.text, 'true'])
    const rows = await api.store.intake.people.contactsOf(ticketId)
    expect(rowWith(rows, 'channel', 'phone').generation).toBe(2)
    const other = await post(token, 'contacts', { ...change, address: '0857 1111 3333' }, key)
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    const codeOf = async (address: string): Promise<unknown> =>
      (await post(token, 'contacts', { ...change, address })).body.errors[0].code
    expect(await codeOf('+62 857 1111 2222')).toBe('contact_same')
    expect(await codeOf('021 5551234')).toBe('phone_invalid')
    await post(token, 'withdrawal')
    const closed = await post(token, 'contacts', { channel: 'phone', address: '0857 1111 4444' })
    expect([closed.status, closed.body.code]).toEqual([409, 'EVENT_NOT_ALLOWED'])
    expect(rowWith(await api.store.intake.people.contactsOf(ticketId), 'channel', 'phone').generation).toBe(2)
  })

  it('what was asked to be corrected, over what was declared; matched again (R05)', async () => {
    const { ticketId, token } = await underVerification()
    const early = await post(token, 'corrections', { identity: { name: 'Siti Rahmawati Dewi' } })
    expect([early.status, early.body.code]).toEqual([409, 'EVENT_NOT_ALLOWED'])
    await api.send(ticketId, 'correction.request', { as: 'agent', payload: { reason: 'NAMA_BERBEDA' } })
    expect(pluck((await status(token)).body.todo, 'code')).toEqual(['correct'])
    const wrong = await post(token, 'corrections', { identity: { nik: '3204117209970001' } })
    expect(wrong.body.errors).toEqual([expect.objectContaining({ pointer: '/identity/nik', code: 'nik_day' })])
    expect((await post(token, 'corrections', { identity: {} })).body.errors[0].code).toBe('nothing_changed')
    const key = { 'idempotency-key': newKey() }
    const patch = { identity: { name: 'Siti Rahmawati Dewi', kpj: null } }
    const { status: code, body } = await post(token, 'corrections', patch, key)
    expect([code, body.state]).toEqual([200, 'submitted'])
    expect((await post(token, 'corrections', patch, key)).status).toBe(200)
    const person = await api.deps.services.people.identityOf(ticketId)
    expect([person?.version, person?.identity]).toEqual([
      2,
      { ...PERSON.identity, name: 'Siti Rahmawati Dewi', kpj: null },
    ])
    const tasks = await api.store.intake.tasks.claimTasks(['match'], api.clock.now(), 1, 1_000)
    const refs = tasks.filter((it) => it.ticketId === ticketId).map((it) => it.ref)
    expect(refs.toSorted()).toEqual(['v1', 'v2'])
  })

  it('withdraws, and objects', async () => {
    const one = await proven()
    expect((await post(one.token, 'objection')).status).toBe(200)
    expect(pluck((await status(one.token)).body.timeline, 'fact')).toContain('ObjectionRaised')
    const two = await proven()
    expect((await post(two.token, 'withdrawal')).body.state).toBe('withdrawn')
  })
})

describe('A21 status tokens', () => {
  it('A21 opens its own ticket alone, until it expires', async () => {
    const one = await filed(api)
    const two = await filed(api)
    expect((await status(one.token)).body.ticketNumber).not.toBe((await status(two.token)).body.ticketNumber)
    for (const path of [`/v1/tickets/${one.ticketId}`, `/v1/tickets/${two.ticketId}/person`, '/v1/tickets'])
      expect((await asFiler(api, one.token, 'GET', path)).status).toBe(401)
    api.clock.advance(TOKEN_DAYS * DAY - 1)
    expect((await status(two.token)).status).toBe(200)
    api.clock.advance(1)
    expect((await status(two.token)).status).toBe(401)
  })

  it('A21 is dead once revoked, and once the data are erased', async () => {
    const one = await filed(api)
    expect((await post(one.token, 'token/revocation')).body).toEqual({ revoked: true })
    expect((await status(one.token)).status).toBe(401)
    expect((await post(one.token, 'withdrawal')).status).toBe(401)
    const two = await filed(api)
    const three = await api.deps.services.sessions.issue(two.ticketId)
    await api.deps.services.sessions.revokeAll(two.ticketId)
    expect([(await status(two.token)).status, (await status(three.token)).status]).toEqual([401, 401])
    const key = { 'idempotency-key': newKey() }
    const four = (await filePerson(api, {}, key)).body
    await post(String(four.statusToken), 'withdrawal')
    expect(await api.deps.services.care.erasure.erase(String(four.ticketId), 'PERMINTAAN_PESERTA')).toBe(true)
    expect((await status(String(four.statusToken))).status).toBe(401)
    const again = await filePerson(api, {}, key)
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, null])
    expect(again.text).not.toContain(String(four.ticketId))
  })

  it('A21 outlives the end of the complaint by the days in which it may be reopened and a week, and no more', async () => {
    const { token } = await filed(api)
    expect((await post(token, 'withdrawal')).body.state).toBe('withdrawn')
    api.clock.advance(CLOSED_DAYS * DAY - 1)
    expect((await status(token)).status).toBe(200)
    api.clock.advance(1)
    expect((await status(token)).status).toBe(401)
  })

  it('A21 lies in no address: neither path nor query are read, and no answer repeats it', async () => {
    const { token } = await filed(api)
    for (const [path, refused] of [
      [`/v1/pengaduan?token=${token}`, 401],
      [`/v1/pengaduan/${token}`, 404],
      [`/v1/pengaduan?access_token=${token}`, 401],
    ] as const)
      expect((await api.request('GET', path, { as: null })).status).toBe(refused)
    const page = await status(token)
    expect(page.text).not.toContain(token)
    expect([page.headers.get('cache-control'), page.headers.get('referrer-policy')]).toEqual([
      'no-store',
      'no-referrer',
    ])
    expect(api.log.join('')).not.toContain(token)
  })

  it('A21 anything like a token but not one is 401, staff tokens too', async () => {
    const { token } = await filed(api)
    const last = token.endsWith('A') ? 'B' : 'A'
    for (const other of [
      '',
      'x',
      token.slice(1),
      `${token}A`,
      token.slice(0, -1) + last,
      'ü'.repeat(43),
      tokenOf('agent'),
    ])
      expect((await status(other.replace(/[^\x21-\x7e]/g, '?'))).status).toBe(401)
  })
})

describe('A20 a ticket number grants nothing', () => {
  it('A20 neither alone nor with the public e-mail address', async () => {
    const { body } = await filePerson(api)
    const number = body.ticketNumber as string
    for (const [path, refused] of [
      [`/v1/pengaduan/${number}`, 404],
      [`/v1/pengaduan?ticketNumber=${number}`, 401],
      [`/v1/tickets/${number}`, 401],
      [`/v1/tickets?ticketNumber=${number}`, 401],
    ] as const)
      expect((await api.request('GET', path, { as: null })).status).toBe(refused)
    expect((await status(number)).status).toBe(401)
    const both = { authorization: `Basic ${Buffer.from(`${number}:${PERSON.contacts.email}`).toString('base64')}` }
    expect((await api.request('GET', '/v1/pengaduan', { as: null, headers: both })).status).toBe(401)
  })
})

describe('PROOF_REQUIRED', () => {
  const sha256 = 'a'.repeat(64)
  it.each([
    ['contact.prove', { channel: 'email' }],
    ['contact.change', { channel: 'email' }],
    ['documents.upload', { documents: [{ kind: 'KTP', ref: 'doc_abcdefg', sha256 }] }],
  ])('nobody says %s of a ticket with personal data', async (type, payload) => {
    const { ticketId } = await filed(api)
    for (const as of ['portal', 'agent'] as const) {
      const { status: code, body } = await api.send(ticketId, type, { as, payload })
      expect([code, body.code]).toEqual(code === 403 ? [403, 'ROLE_NOT_ALLOWED'] : [409, 'PROOF_REQUIRED'])
    }
    expect((await api.store.findTicket(ticketId))?.snapshot.context['provenEmail']).toBe(false)
  })
  it('a ticket filed by codes alone goes on as before', async () => {
    const id = String((await api.file()).body.ticketId)
    expect((await api.send(id, 'contact.prove', { payload: { channel: 'email' } })).status).toBe(200)
  })
})

describe('for officers', () => {
  it('shows who it is, masked, to those who decide; in the clear field by field, for a reason', async () => {
    const { ticketId } = await filed(api, { identity: { name: "Nyi O'Rara" } })
    const { status: code, body } = await api.get(`/v1/tickets/${ticketId}/person`, 'agent')
    expect(code).toBe(200)
    expect(body.identity.name).toBe("N** O'R***")
    expect(pluck(body.contacts, 'address').toSorted()).toEqual(['+62********890', 's***@surat.example.org'])
    const fields = ['name', 'nik', 'kpj', 'birthDate', 'email', 'phone']
    const asked = { as: 'agent', body: { fields, reason: 'IDENTITY_CHECK' } } as const
    const open = (await api.request('POST', `/v1/tickets/${ticketId}/person/reveal`, asked)).body
    expect(open.identity).toEqual({ ...PERSON.identity, name: "Nyi O'Rara" })
    expect(pluck(open.contacts, 'address').toSorted()).toEqual(['+6281234567890', PERSON.contacts.email])
    expect(body.notice.version).toBe('2026-11')
    for (const as of ['portal', 'participant', 'auditor', 'admin'] as const)
      expect((await api.get(`/v1/tickets/${ticketId}/person`, as)).status).toBe(403)
    const codesOnly = String((await api.file()).body.ticketId)
    expect((await api.get(`/v1/tickets/${codesOnly}/person`)).body.code).toBe('NOT_FOUND')
  })

  it('A36 text stays text: a name is refused or JSON, nothing is rendered', async () => {
    const { status: code, text } = await filePerson(api, { identity: { name: '<img src=x onerror=alert(1)>' } })
    expect(code).toBe(422)
    expect(text).not.toContain('<img')
    const { ticketId } = await filed(api, { identity: { name: "D'Angelo, S.Kom." } })
    const body = { fields: ['name'], reason: 'IDENTITY_CHECK' }
    const shown = await api.request('POST', `/v1/tickets/${ticketId}/person/reveal`, { as: 'agent', body })
    expect(shown.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect([shown.headers.get('x-content-type-options'), shown.body.identity.name]).toEqual([
      'nosniff',
      "D'Angelo, S.Kom.",
    ])
  })

  it('A09 supervisors decide about e-mail domains, and the next filing goes by it', async () => {
    const decide = (body: unknown, as: 'supervisor' | 'agent' = 'supervisor') =>
      api.request('POST', '/v1/email-domains', { as, body })
    const use = async (email: string) => (await filePerson(api, { contacts: { email } })).status
    expect([await use('a@sub.mailinator.com'), await use('a@kantor-palsu.example')]).toEqual([422, 202])
    expect((await decide({ domain: 'Mailinator.com.', verdict: 'allow', reason: 'uji coba' })).body.domain).toBe(
      'mailinator.com',
    )
    expect((await decide({ domain: 'kantor-palsu.example', verdict: 'block', reason: 'penipuan' })).status).toBe(200)
    expect([await use('a@sub.mailinator.com'), await use('a@m.kantor-palsu.example')]).toEqual([202, 422])
    await decide({ domain: 'mailinator.com', verdict: 'block', reason: 'selesai' })
    expect(await use('a@mailinator.com')).toBe(422)
    const { body } = await api.get('/v1/email-domains', 'supervisor')
    expect(body.shippedList).toMatch(/^mailchecker \d/)
    expect(pluck(body.items, 'verdict')).toEqual(['block', 'block'])
    expect((await decide({ domain: 'x', verdict: 'allow', reason: 'x' }, 'agent')).status).toBe(403)
    expect((await decide({ domain: 'not a domain', verdict: 'allow', reason: 'x' })).body.errors[0].code).toBe(
      'domain_format',
    )
  })
})
