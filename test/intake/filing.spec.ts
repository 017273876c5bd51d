import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'
import type { ParticipantDirectory } from '../../src/ports/directory.js'
import { HOUR, newKey, pluck, rowWith, startHarness, type Harness } from '../api/harness.js'
import { filed, filePerson, PERSON, requestWith } from './people.js'

let api: Harness
beforeAll(async () => {
  // Everybody here files from one address.
  api = await startHarness({ limits: 'filingsPerIpHour=100000' })
})
afterAll(() => api.close())

/** Every key of a JSON value, at any depth, with the kind of what stands there: what an answer looks like. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, shapeOf(child)]))
      : typeof value === 'string'
        ? value.length
        : typeof value

/** Pointer and code of every fault. */
const faults = (body: unknown) =>
  (body as { errors: readonly { pointer: string; code: string }[] }).errors.map(({ pointer, code }) => [pointer, code])

/** Counts what is asked of the directory from here on. */
function spyOn(directory: ParticipantDirectory): { calls: number } {
  const spy = { calls: 0 }
  for (const name of ['findByNik', 'findByKpj', 'findById'] as const) {
    const ask = directory[name].bind(directory)
    Object.assign(directory, {
      [name]: (id: string) => {
        spy.calls++
        return ask(id)
      },
    })
  }
  return spy
}

describe('filing with personal data (R03, R09)', () => {
  it('answers 202 with number, token, both promised dates and what keeps them from running', async () => {
    const { status, body, headers } = await filePerson(api)
    expect(status).toBe(202)
    expect(body.ticketNumber).toMatch(/^PGD-/)
    expect(body.statusToken).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(body.receivedAt.at).toBe('2026-11-23T02:00:00.000Z')
    expect(body.verificationStartsAt.text).toContain('WIB')
    expect(pluck(body.promises, 'target')).toEqual(['firstReview', 'resolution'])
    expect(pluck(body.pausedBy, 'code')).toEqual(['contactUnproven'])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('location')).toBeNull()
  })

  it('R29b takes what the triage learned, as codes for officers; anything else is refused', async () => {
    const diagnostics = { symptoms: ['OTP_TIDAK_DITERIMA'], signs: ['vpn'], appVersion: '2.15.0' }
    const { body } = await filePerson(api, { diagnostics })
    const history = await api.request('GET', `/v1/tickets/${body.ticketId}/history`, { as: 'agent' })
    expect(history.body.items[0].payload.filing.diagnostics).toEqual(diagnostics)
    const plain = await filed(api)
    const { body: other } = await api.request('GET', `/v1/tickets/${plain.ticketId}/history`, { as: 'agent' })
    expect(other.items[0].payload.filing).not.toHaveProperty('diagnostics')
    for (const [junk, pointer] of [
      [{ symptoms: ['RUSAK'] }, '/diagnostics/symptoms/0'],
      [{ signs: ['vpn', 'vpn'] }, '/diagnostics/signs'],
      [{ appVersion: 'terbaru' }, '/diagnostics/appVersion'],
      [{ appVersion: '1.234.567.890' }, '/diagnostics/appVersion'],
      [{ pesan: 'error' }, '/diagnostics'],
    ] as const) {
      const { status, body: refused } = await filePerson(api, { diagnostics: junk })
      expect([status, pluck(refused.errors, 'pointer')]).toEqual([422, [pointer]])
    }
  })

  it('keeps who it is under the key of the ticket, and nothing of it on the ticket', async () => {
    const { ticketId } = await filed(api)
    const ticket = await api.store.findTicket(ticketId)
    expect(ticket?.state).toBe('contactUnproven')
    expect(JSON.stringify(ticket)).not.toMatch(/3204114609970001|Siti|surat\.example|81234567890/)
    const person = await api.deps.services.people.identityOf(ticketId)
    expect(person?.identity).toEqual(PERSON.identity)
    const contacts = await api.deps.services.people.contactsOf(ticketId)
    expect(pluck(contacts, 'address').toSorted()).toEqual(['+6281234567890', PERSON.contacts.email])
    expect(await api.store.intake.tasks.countTasks('pending', 10)).toBeGreaterThan(0)
  })

  it('A50 refuses to file for somebody else, and without the declaration', async () => {
    for (const [overrides, pointer, code] of [
      [{ onBehalf: true }, '/onBehalf', 'on_behalf_refused'],
      [{ declaration: false }, '/declaration', 'declaration_missing'],
      [{ declaration: undefined }, '/declaration', 'declaration_missing'],
    ] as const) {
      const { status, body } = await filePerson(api, overrides)
      expect([status, body.code, faults(body)]).toEqual([422, 'VALIDATION_FAILED', [[pointer, code]]])
    }
  })

  it('tells every mistake at its field, in Indonesian or English, and repeats nothing of it', async () => {
    const wrong = {
      identity: { name: 'Siti 2', nik: '3204117209970001', kpj: '0001234567890', birthDate: '31-02-1990' },
      contacts: { email: 'siti@sub.mailinator.com', phone: '021 5551234' },
      noticeVersion: '2020-01',
    }
    for (const [language, word] of [
      ['id', 'permanen'],
      ['en', 'permanent personal'],
    ] as const) {
      const { status, body, text } = await filePerson(api, wrong, { 'accept-language': language })
      expect(status).toBe(422)
      expect(faults(body)).toEqual([
        ['/identity/name', 'name_characters'],
        ['/identity/nik', 'nik_day'],
        ['/identity/kpj', 'kpj_health_card'],
        ['/identity/birthDate', 'birth_date_impossible'],
        ['/contacts/email', 'email_disposable'],
        ['/contacts/phone', 'phone_invalid'],
        ['/noticeVersion', 'notice_unknown'],
      ])
      expect(rowWith(body.errors, 'code', 'email_disposable').message).toContain(word)
      expect(text).not.toMatch(/Siti|3204|mailinator|5551234/)
    }
  })

  it('a branch is named on the branch route and nowhere else', async () => {
    const branch = { route: 'kantor_cabang', officeId: 'cabang-jakarta' }
    expect((await filePerson(api, branch)).status).toBe(202)
    expect(faults((await filePerson(api, { route: 'kantor_cabang' })).body)).toEqual([['/officeId', 'office_missing']])
    expect(faults((await filePerson(api, { ...branch, officeId: 'pusat' })).body)).toEqual([
      ['/officeId', 'office_unknown'],
    ])
    expect(faults((await filePerson(api, { officeId: 'cabang-jakarta' })).body)).toEqual([
      ['/officeId', 'office_unknown'],
    ])
    expect((await filePerson(api, { channel: 'walk_in' })).status).toBe(422)
  })

  it('A12 takes a filing without a KPJ', async () => {
    const { ticketId } = await filed(api, { identity: { kpj: undefined } })
    expect((await api.deps.services.people.identityOf(ticketId))?.identity.kpj).toBeNull()
  })

  it('warns about an address of a function and takes it (R16)', async () => {
    const { status, body } = await filePerson(api, { contacts: { email: 'hrd@perusahaan.example.org' } })
    expect([status, pluck(body.warnings, 'code')]).toEqual([202, ['email_role']])
  })

  it('A49 what a machine filled in is taken, and is a reason to look twice', async () => {
    const { ticketId } = await filed(api, { website: 'http://x.example', elapsedMs: 900 })
    const flags = pluck(await api.store.intake.people.flagsOf(ticketId), 'code').toSorted()
    expect(flags).toEqual(expect.arrayContaining(['form_too_fast', 'hidden_field_filled']))
    const patient = await filed(api, { website: '', elapsedMs: 45_000 })
    expect(pluck(await api.store.intake.people.flagsOf(patient.ticketId), 'code')).not.toContain('form_too_fast')
  })
})

describe('nobody learns who is known (R-ENUM-1, R-ENUM-2)', () => {
  it('A01 known, unknown, deceased and repeated NIK get the same answer, and the directory is asked by nobody', async () => {
    const { directory, vault } = api.deps.services
    await seedDirectory({ store: api.store.intake.directory, vault, clock: api.clock }, { size: 60 })
    const known = new Map(syntheticPeople(SYNTHETIC_SEED, 60, api.clock.now()).map((it) => [it.kind, it.participant]))
    const dead = known.get('deceased')
    expect((await directory.findByNik(dead?.nik ?? ''))?.status).toBe('deceased')
    const unknown = { nik: '3204114609970077', birthDate: '1997-09-06' }
    const spied = spyOn(directory)
    const answers = []
    for (const { nik, birthDate } of [...known.values(), unknown, unknown]) {
      const { status, body, headers } = await filePerson(api, { identity: { nik, birthDate } })
      const names = [...headers.keys()].filter((it) => it !== 'x-request-id').toSorted()
      answers.push(JSON.stringify([status, names, headers.get('content-length'), shapeOf(body)]))
    }
    expect(answers.length).toBeGreaterThan(10)
    expect(new Set(answers).size).toBe(1)
    expect(spied.calls).toBe(0)
  })

  it('A29 whoever files second for a NIK is taken as the first was, and told the same', async () => {
    const first = await filePerson(api, { identity: { nik: '3204115508880031', birthDate: '1988-08-15' } })
    const second = await filePerson(api, {
      identity: { nik: '3204115508880031', birthDate: '1988-08-15' },
      contacts: { email: 'lain@surat.example.org', phone: '0857 1111 2222' },
    })
    expect([first.status, second.status]).toEqual([202, 202])
    expect(shapeOf(second.body)).toEqual(shapeOf(first.body))
    expect(second.body.ticketId).not.toBe(first.body.ticketId)
  })
})

describe('A33 keys of filings', () => {
  const key = { 'idempotency-key': '"satu-kunci"' }
  const device = { 'x-device-id': 'perangkat-0123456789abcdef' }

  it('A33 the same again gets the first answer, token and all; another body is refused; no key is 400', async () => {
    const first = await filePerson(api, {}, { ...key, ...device })
    const again = await filePerson(api, {}, { ...key, ...device })
    expect(again.text).toBe(first.text)
    expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([null, 'true'])
    const other = await filePerson(api, { claimRunning: true }, { ...key, ...device })
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    const none = await api.request('POST', '/v1/pengaduan', { as: null, body: requestWith() })
    expect([none.status, none.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED'])
  })

  it("A33 another device's key, or without a device another person's, is a key of its own", async () => {
    const first = await filePerson(api, {}, { ...key, ...device })
    const elsewhere = await filePerson(
      api,
      { claimRunning: true },
      { ...key, 'x-device-id': 'perangkat-lain-0123456789' },
    )
    const mine = await filePerson(api, {}, key)
    const theirs = await filePerson(api, { identity: { nik: '3204115508880099', birthDate: '1988-08-15' } }, key)
    const ids = [first, elsewhere, mine, theirs].map((it) => it.body.ticketId as string)
    expect(new Set(ids).size).toBe(4)
    const changed = await filePerson(api, { cause: 'DIBUAT_HR' }, key)
    expect(changed.body.code).toBe('IDEMPOTENCY_KEY_REUSED')
  })

  it('A33 of twenty at once one files, and whoever is not too early gets its answer', async () => {
    const headers = { 'idempotency-key': newKey(), ...device }
    const answers = await Promise.all(Array.from({ length: 20 }, () => filePerson(api, {}, headers)))
    const taken = answers.filter((it) => it.status === 202)
    expect(new Set(taken.map((it) => it.text)).size).toBe(1)
    for (const it of answers) if (it.status !== 202) expect([it.status, it.body.code]).toEqual([409, 'CONFLICT'])
    const after = await filePerson(api, {}, headers)
    expect(after.text).toBe(taken[0]?.text)
  })

  it('A33 what was cut off is completed by whoever sends it again, under the same ticket', async () => {
    const headers = { 'idempotency-key': newKey(), ...device }
    const { tasks } = api.deps.services
    const ask = tasks.ask.bind(tasks)
    let ticketId = ''
    Object.assign(tasks, {
      ask: (kind: string, id: string) => {
        ticketId = id
        return Promise.reject(new Error(`cut off at ${kind}`))
      },
    })
    const cut = await filePerson(api, {}, headers)
    Object.assign(tasks, { ask })
    expect(cut.status).toBe(500)
    const again = await filePerson(api, {}, headers)
    expect([again.status, again.body.ticketId]).toEqual([202, ticketId])
    expect((await api.store.readLog(ticketId, 0, 100)).filter((it) => it.fact === 'TicketSubmitted')).toHaveLength(1)
  })

  it('A33 is forgotten after a day: then it files anew', async () => {
    const headers = { 'idempotency-key': newKey(), ...device }
    const first = await filePerson(api, {}, headers)
    api.clock.advance(25 * HOUR)
    const later = await filePerson(api, {}, headers)
    expect(later.status).toBe(202)
    expect(later.body.ticketId).not.toBe(first.body.ticketId)
  })

  it('keeps the answer sealed: neither the token nor anything of the person is in the table', async () => {
    const id = newKey()
    const { body } = await filePerson(api, {}, { 'idempotency-key': id })
    const database = new Database(join(api.dataDir, 'pulih.db'), { readonly: true })
    const rows = JSON.stringify(database.prepare('select * from filing_replies').all())
    const tokens = JSON.stringify(database.prepare('select * from access_tokens').all())
    database.close()
    expect(rows + tokens).not.toContain(body.statusToken)
    expect(rows).not.toMatch(/3204114609970001|Siti|satu-kunci/)
  })
})

describe('what people and machines type', () => {
  it.each([
    ['A08 a line end in the name', { identity: { name: 'Siti\r\nBcc: korban@surat.example.org' } }, 'name_characters'],
    ['A08 a line end in the address', { contacts: { email: 'a@b.id\r\nBcc: c@d.id' } }, 'email_characters'],
    ['A09 a throw-away domain', { contacts: { email: 'X@Sub.MAILINATOR.com.' } }, 'email_disposable'],
    ['A10 a day that is none', { identity: { nik: '3204117209970001' } }, 'nik_day'],
    ['A12 ten digits of KPJ', { identity: { kpj: '1234567890' } }, 'kpj_length'],
    ['A36 markup', { identity: { name: '<b>Siti</b>' } }, 'name_characters'],
    ['A38 half a surrogate pair', { identity: { name: 'Siti\ud83d' } }, 'unsafe_text'],
    ['A38 a NUL', { contacts: { phone: '0812\u00003456' } }, 'unsafe_text'],
    ['A38 an emoji', { identity: { name: 'Siti 😀' } }, 'name_characters'],
    ['A38 the other direction', { identity: { name: '\u202eitiS' } }, 'name_characters'],
    ['A38 a query', { contacts: { email: "x'; drop table tickets;--@b.id" } }, 'email_characters'],
  ])('%s is 422 at its field', async (_, overrides, code) => {
    const { status, body } = await filePerson(api, overrides)
    expect([status, pluck(body.errors, 'code')]).toEqual([422, [code]])
  })

  it('A10 full-width digits are digits', async () => {
    const { ticketId } = await filed(api, { identity: { nik: '３２０４１１４６０９９７０００１' } })
    expect((await api.deps.services.people.identityOf(ticketId))?.identity.nik).toBe(PERSON.identity.nik)
  })

  it('A11 a NIK that says another day or sex is taken as any other', async () => {
    const plain = await filePerson(api)
    for (const identity of [{ birthDate: '1990-01-01' }, { nik: '3204110609970001' }]) {
      const differs = await filePerson(api, { identity })
      expect([differs.status, shapeOf(differs.body)]).toEqual([202, shapeOf(plain.body)])
    }
  })

  it('A38 text of 100 kB in any field is refused', async () => {
    const long = '1 a@.-'.repeat(17_000)
    for (const overrides of [
      ...['name', 'nik', 'kpj', 'birthDate'].map((name) => ({ identity: { [name]: long } })),
      ...['email', 'phone'].map((name) => ({ contacts: { [name]: long } })),
      { officeId: long },
      { website: long },
      { noticeVersion: long },
    ]) {
      const { status } = await filePerson(api, overrides)
      expect(status).toBe(422)
    }
  })
})

describe('A35 what else a body may hold', () => {
  it.each([
    ['a state', { state: 'approved' }],
    ['a role', { role: 'supervisor' }],
    ['a due date', { slaDueAt: '2030-01-01' }],
    ['a participant', { participantRef: 'ps_korban-01' }],
    ['an id', { ticketId: '00000000-0000-7000-8000-000000000000' }],
    ['more in the identity', { identity: { motherName: 'x' } }],
    ['more in the contacts', { contacts: { fax: 'x' } }],
  ])('A35 refuses %s', async (_, overrides) => {
    const { status } = await filePerson(api, overrides)
    expect(status).toBe(422)
  })

  it('A35 prototypes, depth, size and charset', async () => {
    const send = (raw: string, type = 'application/json') =>
      api.request('POST', '/v1/pengaduan', {
        as: null,
        raw,
        headers: { 'idempotency-key': newKey(), 'content-type': type },
      })
    const whole = JSON.stringify(requestWith())
    expect((await send(whole.replace('{', '{"__proto__":{"admin":true},'))).status).toBe(422)
    expect((await send(whole.replace('"identity":{', '"identity":{"constructor":{"prototype":{}},'))).status).toBe(422)
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
    expect((await send(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)).status).toBe(400)
    expect((await send(JSON.stringify({ ...requestWith(), website: 'x'.repeat(1_000_000) }))).status).toBe(413)
    expect((await send(whole, 'application/json; charset=utf-16')).status).toBe(415)
    expect((await send(whole.replace('Siti', 'Si\\u0000ti'))).status).toBe(422)
  })

  it('takes personal data in its own fields and nowhere else', async () => {
    for (const overrides of [
      { officeId: '3204114609970001' },
      { website: '081234567890' },
      { noticeVersion: 'siti@surat.example.org' },
      { 'siti@surat.example.org': true },
      { nik: '3204114609970001' },
    ]) {
      const { status, body, text } = await filePerson(api, overrides)
      expect([status, body.code]).toEqual([422, 'PERSONAL_DATA_REFUSED'])
      expect(text).not.toMatch(/3204114609970001|81234567890|siti@/)
    }
  })
})

it('R-LOG-1 nothing of a person, a token or a key is in the log', () => {
  const log = api.log.join('')
  expect(log).toContain('/v1/pengaduan')
  expect(log).not.toMatch(/3204114609970001|Siti|surat\.example|81234567890|satu-kunci|perangkat/)
})
