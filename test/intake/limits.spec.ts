import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../db/intake/people.js'
import type { CodeResult } from '../../src/intake/codeObserver.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { HOUR, MINUTE, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filed, filePerson } from './people.js'

let api: Harness
let tasks: TaskRunner
let seen: [Channel, CodeResult][] = []
async function open(limits: string): Promise<void> {
  seen = []
  api = await startHarness({ limits, codes: { code: (channel, result) => void seen.push([channel, result]) } })
  const { store, clock, services } = api.deps
  const { tasks: board, handlers } = services
  const logger = createLogger({ level: 'silent' })
  tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
}
afterEach(async () => {
  await tasks.stop()
  await api.close()
})
const NIK = '3204114609970001'
const file = (n: number, nik = NIK, headers = {}) =>
  filePerson(
    api,
    {
      identity: { nik, kpj: null },
      contacts: { email: `batas${n}@surat.example.org`, phone: `0812-7777-00${String(n).padStart(2, '0')}` },
    },
    headers,
  )
const tokenOf = async (answer: ReturnType<typeof file>) => String((await answer).body.statusToken)
const ask = (token: string, channel: Channel) => asFiler(api, token, 'POST', '/v1/pengaduan/codes', { channel })
const verify = (token: string, channel: Channel, code: string) =>
  asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel, code })
const results = (result: CodeResult) => seen.filter((it) => it[1] === result).map((it) => it[0])

describe('budgets of codes (R-OTP-7)', () => {
  it('A06 the breaker: past the SMS of an hour nobody is sent one, mail goes on, and somebody is told', async () => {
    await open('smsPerHour=3,smsPercentForProven=1,smsPercentForDesk=1')
    for (let n = 1; n <= 3; n++) await file(n, `320411460997100${n}`)
    expect(results('breaker')).toEqual([])
    const token = await tokenOf(file(4, '3204114609971004'))
    expect(results('breaker')).toEqual(['phone'])
    expect(results('asked').filter((it) => it === 'email')).toHaveLength(4)
    const refused = await ask(token, 'phone')
    expect([refused.status, refused.body.code]).toEqual([429, 'TOO_MANY_REQUESTS'])
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(3_600)
    await tasks.runDue()
    const mailbox = (await api.deps.services.messages.mailbox?.list(200)) ?? []
    expect(mailbox.filter((it) => it.channel === 'sms' && it.template.startsWith('code.'))).toHaveLength(3)
    api.clock.advance(HOUR)
    expect((await ask(token, 'phone')).status).toBe(202)
  })

  it('A06 numbers of other countries, landlines and premium numbers get no SMS: they are refused at the field', async () => {
    await open('')
    for (const phone of ['+1 202 555 0143', '+44 7911 123456', '+881 6 12345678', '021 5551234', '0809 1 123456']) {
      const { status, body } = await filePerson(api, { contacts: { phone } })
      expect(status, phone).toBe(422)
      expect(body.errors[0].pointer).toBe('/contacts/phone')
    }
    const { token } = await filed(api)
    const change = { channel: 'phone', address: '+1 202 555 0143' }
    expect((await asFiler(api, token, 'POST', '/v1/pengaduan/contacts', change)).status).toBe(422)
    expect(results('asked')).toEqual(['email', 'phone'])
  })

  it('A07 one address over several cases has one budget: five a day, however many cases', async () => {
    await open('')
    const tokens: string[] = []
    const contacts = { email: 'korban@surat.example.org' }
    for (let n = 0; n < 4; n++) {
      const identity = { nik: `320411460997200${n}`, kpj: null }
      tokens.push((await filed(api, { identity, contacts: { ...contacts, phone: `0812-8888-000${n}` } })).token)
    }
    for (let n = 0; n < 40; n++) {
      api.clock.advance(30 * MINUTE)
      await ask(tokens[n % 4]!, 'email')
    }
    expect(results('asked').filter((it) => it === 'email')).toHaveLength(5)
  })

  it('a NIK and a device have budgets of their own, that never refuse a case its first code', async () => {
    await open('codesPerNikDay=3,codesPerDeviceDay=3')
    const device = { 'x-device-id': 'device0123456789abcdef' }
    const one = await tokenOf(file(1, NIK))
    const two = await tokenOf(file(2, NIK))
    // Four first codes for one NIK; a further one finds the budget spent.
    expect(results('asked')).toEqual(['email', 'phone', 'email', 'phone'])
    api.clock.advance(2 * MINUTE)
    for (const token of [one, two]) expect((await ask(token, 'email')).status).toBe(429)
    const three = await tokenOf(file(3, '3204114609973003', device))
    await tokenOf(file(4, '3204114609973004', device))
    api.clock.advance(2 * MINUTE)
    expect((await ask(three, 'email')).status).toBe(429)
    // Somebody else with another device is not held up.
    const other = await tokenOf(file(5, '3204114609973005', { 'x-device-id': 'device9876543210fedcba' }))
    api.clock.advance(2 * MINUTE)
    expect((await ask(other, 'email')).status).toBe(202)
  })
})

it('A07 A20 a complaint that is still being written has the budgets of its person and device from the first code on', async () => {
  await open('codesPerNikDay=3,codesPerDeviceDay=3')
  const { people, vault, codes } = api.deps.services
  const write = async (n: number, by: { nik?: string; device?: string }) => {
    const ticketId = api.deps.ids.id()
    await vault.newKey(ticketId)
    await people.reserve(ticketId, 'email', `tulis${n}@surat.example.org`)
    const ask = () => codes.request({ ticketId, channel: 'email', purpose: 'prove', ...by })
    await ask()
    return { again: ask }
  }
  const device = 'device-of-a-browser-00001'
  const mine = [await write(1, { nik: NIK }), await write(2, { nik: NIK })]
  const theirs = [await write(3, { device }), await write(4, { device })]
  const other = await write(5, { nik: '3204114609975555', device: 'device-of-a-browser-00002' })
  for (const [first, second] of [mine, theirs]) {
    api.clock.advance(2 * MINUTE)
    await first!.again()
    api.clock.advance(2 * MINUTE)
    await expect(second!.again()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  }
  await other.again()
  // The one who files with the same NIK afterwards has it counted, too, and gets a first code all the same.
  const token = await tokenOf(file(6, NIK))
  expect(results('asked')).toHaveLength(10)
  api.clock.advance(2 * MINUTE)
  expect((await ask(token, 'email')).status).toBe(429)
})

describe('what counts when counting is hard', () => {
  it('R-OTP-1 a try counts before it is compared, and stays counted when the rest of it fails', async () => {
    await open('')
    const { ticketId, token } = await filed(api)
    const { challenges } = api.store.intake
    for (const code of ['', 'abcdef', '00000000', '٠١٢٣٤٥']) await verify(token, 'email', code)
    // Without a code there is nothing that could match, and each counted all the same.
    expect((await challenges.countTry(ticketId, 'email', 'prove'))?.tries).toBe(5)
    expect((await verify(token, 'email', '123456')).body.code).toBe('CODE_TRIES_EXCEEDED')
    const many = await Promise.all(Array.from({ length: 10 }, () => verify(token, 'phone', '123456')))
    const codes = many.map((it) => String(it.body.code))
    expect(codes.filter((it) => it === 'CODE_TRIES_EXCEEDED').length).toBeGreaterThanOrEqual(5)
    expect((await challenges.countTry(ticketId, 'phone', 'prove'))?.tries).toBe(11)
  })

  it('R-RL-2 codes that cannot be counted are neither sent nor believed; the status can be read', async () => {
    await open('')
    const { token } = await filed(api)
    const db = new Database(join(api.dataDir, 'pulih.db'))
    try {
      db.exec('ALTER TABLE challenges RENAME TO challenges_gone')
      for (const answer of [await ask(token, 'email'), await verify(token, 'email', '123456')]) {
        expect([answer.status, answer.body.code]).toEqual([503, 'LIMITER_UNAVAILABLE'])
        expect(answer.headers.get('retry-after')).not.toBeNull()
        expect(answer.text).not.toMatch(/challenges|SQL/i)
      }
      expect((await asFiler(api, token, 'GET', '/v1/pengaduan')).status).toBe(200)
      // Whoever files now is answered as ever, and asks for the codes later.
      expect((await file(9, '3204114609973009')).status).toBe(202)
      db.exec('ALTER TABLE challenges_gone RENAME TO challenges')
    } finally {
      db.close()
    }
    api.clock.advance(2 * MINUTE)
    expect((await ask(token, 'email')).status).toBe(202)
  })
})
