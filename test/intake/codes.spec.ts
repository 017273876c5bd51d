import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Channel } from '../../db/intake/people.js'
import { PulihError } from '../../src/engine/index.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { HOUR, MINUTE, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filed } from './people.js'

let api: Harness
let tasks: TaskRunner
let people = 0
beforeAll(async () => {
  api = await startHarness({ limits: 'codeRequestsPerIpHour=10000' })
  const { store, clock, services } = api.deps
  const { tasks: board, handlers } = services
  const logger = createLogger({ level: 'silent' })
  tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
})
afterAll(async () => {
  await tasks.stop()
  await api.close()
})

/** A case of a person of their own, to whom both codes were sent. */
async function somebody() {
  const n = String(++people).padStart(4, '0')
  const contacts = { email: `orang${n}@surat.example.org`, phone: `0812-3456-${n}` }
  const ticket = await filed(api, { identity: { nik: `320411460997${n}`, kpj: null }, contacts })
  return { ...ticket, email: contacts.email }
}
async function codeFor(ticketId: string, channel: Channel): Promise<string> {
  await tasks.runDue()
  const all = (await api.deps.services.messages.mailbox?.list(200)) ?? []
  const kind = channel === 'email' ? 'email' : 'sms'
  const mail = all.find((it) => it.ticketId === ticketId && it.channel === kind && it.template.startsWith('code.'))
  return /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? 'none'
}
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const verify = async (token: string, channel: Channel, code: string) => {
  const { status, body } = await asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel, code })
  return status === 200 ? 'proven' : String(body.code)
}
const ask = (token: string, channel: Channel) => asFiler(api, token, 'POST', '/v1/pengaduan/codes', { channel })

describe('codes', () => {
  it('A02 R-OTP-3 after five wrong tries the right code is dead too; a new one opens', async () => {
    const { ticketId, token } = await somebody()
    const code = await codeFor(ticketId, 'email')
    const send = (typed: string) =>
      asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel: 'email', code: typed })
    const wrong = await Promise.all(Array.from({ length: 5 }, () => send(other(code))))
    expect(wrong.map((it) => [it.status, String(it.body.code)])).toEqual(wrong.map(() => [422, 'CODE_INVALID']))
    for (const typed of [code, other(code)]) {
      const dead = await send(typed)
      expect([dead.status, dead.body.code]).toEqual([429, 'CODE_TRIES_EXCEEDED'])
    }
    api.clock.advance(MINUTE)
    expect((await ask(token, 'email')).status).toBe(202)
    expect(await verify(token, 'email', code)).toBe('CODE_INVALID')
    expect(await verify(token, 'email', await codeFor(ticketId, 'email'))).toBe('proven')
  })

  it('A02 whoever guesses all day gets fifteen guesses at an address, over every code it is sent', async () => {
    const { ticketId, token } = await somebody()
    await tasks.runDue()
    let guesses = 0
    for (let hour = 0; hour < 24; hour++) {
      for (let n = 0; n < 8; n++) {
        const code = other(await codeFor(ticketId, 'email'))
        const answer = await verify(token, 'email', code)
        if (answer === 'CODE_INVALID') guesses++
        else expect(answer).toMatch(/CODE_(TRIES_EXCEEDED|EXPIRED)/)
      }
      api.clock.advance(HOUR - 1)
      await ask(token, 'email')
    }
    // Three codes of the day for one case, five tries each (docs/adr/0016).
    expect(guesses).toBeLessThanOrEqual(15)
    expect(guesses).toBeGreaterThanOrEqual(5)
  })

  it('A03 R-OTP-2 of twenty right codes at once one opens and nineteen were used already', async () => {
    const { ticketId, token } = await somebody()
    const code = await codeFor(ticketId, 'phone')
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token, 'phone', code)))
    expect(answers.filter((it) => it === 'proven')).toHaveLength(1)
    expect(answers.filter((it) => it === 'CODE_USED')).toHaveLength(19)
  })

  it('A04 R-OTP-5 R-OTP-6 a code opens its own case, channel and address only, and each try counts', async () => {
    const [one, two] = [await somebody(), await somebody()]
    const code = await codeFor(one.ticketId, 'email')
    expect(await verify(two.token, 'email', code)).toBe('CODE_INVALID')
    expect(await verify(one.token, 'phone', code)).toBe('CODE_INVALID')
    const counted = await api.store.intake.challenges.countTry(two.ticketId, 'email', 'prove')
    expect(counted?.tries).toBe(2)
    const body = { channel: 'email', address: 'lain@surat.example.org' }
    expect((await asFiler(api, one.token, 'POST', '/v1/pengaduan/contacts', body)).status).toBe(200)
    expect(await verify(one.token, 'email', code)).toBe('CODE_INVALID')
  })

  it('A05 a code lives ten minutes to the millisecond, by the clock of the server', async () => {
    const [one, two] = [await somebody(), await somebody()]
    const [first, second] = [await codeFor(one.ticketId, 'email'), await codeFor(two.ticketId, 'email')]
    api.clock.advance(10 * MINUTE)
    expect(await verify(one.token, 'email', first)).toBe('proven')
    api.clock.advance(1)
    expect(await verify(two.token, 'email', second)).toBe('CODE_EXPIRED')
  })

  it('A06 A07 R-OTP-7 resending is bounded by the minute, the hour and the day, with Retry-After', async () => {
    const { ticketId, token } = await somebody()
    await tasks.runDue()
    const refused = await ask(token, 'email')
    expect([refused.status, refused.body.code]).toEqual([429, 'TOO_MANY_REQUESTS'])
    expect(refused.headers.get('retry-after')).toBe('60')
    let sent = 1
    for (let n = 0; n < 40; n++) {
      api.clock.advance(20 * MINUTE)
      if ((await ask(token, 'email')).status === 202) sent++
    }
    // The last two of the five are kept for other tickets with this address (docs/adr/0016).
    expect(sent).toBe(3)
    const row = await api.store.intake.challenges.countTry(ticketId, 'email', 'prove')
    expect(row?.supersededAt).toBeNull()
    api.clock.advance(24 * HOUR)
    expect((await ask(token, 'email')).status).toBe(202)
  })

  it('R-OTP-7 of twenty that ask at once one gets a code', async () => {
    const { token } = await somebody()
    api.clock.advance(2 * MINUTE)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(token, 'phone')))
    expect(answers.filter((it) => it.status === 202)).toHaveLength(1)
  })

  it('R-OTP-7 Retry-After is never longer than the window, also when the clock went back since', async () => {
    const { ticketId, token } = await somebody()
    const budget = { id: 'codesPerAddressMinute', by: 'ticket', values: [ticketId], windowMs: MINUTE, max: 1 } as const
    const ahead = vi.spyOn(api.store.intake.challenges, 'spentBudgets')
    ahead.mockResolvedValue([{ budget: { ...budget, purpose: 'prove' }, since: api.clock.now() + HOUR }])
    const refused = await ask(token, 'email')
    ahead.mockRestore()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
  })

  it('R-OTP-5 what keeps a proof from its ticket for the moment is on the log, by code and ticket, and made good', async () => {
    const { ticketId, token, email } = await somebody()
    const code = await codeFor(ticketId, 'email')
    api.log.length = 0
    let away = true
    api.engine.guard('contact.prove', (command, decide) => {
      if (away && command.ticketId === ticketId) throw new PulihError('UPSTREAM_UNAVAILABLE', `away: ${email}`)
      return decide()
    })
    expect(await verify(token, 'email', code)).toBe('proven')
    const lines = api.log.filter((line) => line.includes('not told of a proof'))
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { ticketId, channel: 'email', code: 'UPSTREAM_UNAVAILABLE' },
    ])
    expect(lines.join()).not.toContain(email)
    away = false
    // The task of the proof may have tried as well, and waits for its next try.
    api.clock.advance(MINUTE)
    await tasks.runDue()
    const log = await api.store.readLog(ticketId, 0, 100)
    expect(log.filter((it) => it.fact.endsWith('Proven'))).toHaveLength(1)
  })

  it('R-OTP-4 what is kept of a code is no code', async () => {
    const { ticketId } = await somebody()
    const code = await codeFor(ticketId, 'email')
    const row = await api.store.intake.challenges.countTry(ticketId, 'email', 'prove')
    expect(row?.codeMac).toMatch(/^[A-Za-z0-9_-]{40,}$/)
    expect(JSON.stringify(row)).not.toContain(code)
  })

  it('A20 a ticket number opens nothing; a code to the proven contact does, and revokes the lost token', async () => {
    const { ticketId, token } = await somebody()
    expect(await verify(token, 'email', await codeFor(ticketId, 'email'))).toBe('proven')
    api.clock.advance(2 * MINUTE)
    const ticketNumber = (await api.store.findTicket(ticketId))?.ticketNumber ?? ''
    const unknown = 'PGD-0000-0000'
    const post = (path: string, body: unknown) => api.request('POST', path, { as: null, body })
    const seen: unknown[] = []
    const asked: string[] = []
    for (const number of [ticketNumber, unknown]) {
      const { status, body } = await post('/v1/pengaduan/access', { ticketNumber: number, channel: 'email' })
      asked.push(String(body.accessId))
      seen.push([status, Object.keys(body as object), String(body.accessId).length, body.accepted])
    }
    expect(seen[0]).toEqual(seen[1])
    const code = await codeFor(ticketId, 'email')
    const [accessId = '', none = ''] = asked
    const open = (number: string, typed: string, id = accessId) =>
      post('/v1/pengaduan/access/verification', { ticketNumber: number, channel: 'email', accessId: id, code: typed })
    expect((await open(ticketNumber, other(code))).body.code).toBe('CODE_INVALID')
    expect((await open(unknown, code)).body.code).toBe('CODE_INVALID')
    // The code belongs to the asking that it was sent for.
    expect((await open(ticketNumber, code, none)).body.code).toBe('CODE_INVALID')
    const opened = await open(ticketNumber, code)
    expect(opened.status, opened.text).toBe(200)
    expect((await asFiler(api, token, 'GET', '/v1/pengaduan')).status).toBe(401)
    expect((await asFiler(api, String(opened.body.statusToken), 'GET', '/v1/pengaduan')).status).toBe(200)
  })

  it('A20 A40 guessing numbers ends in 429, whatever X-Forwarded-For says', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 40; n++) {
      const { status } = await api.request('POST', '/v1/pengaduan/access', {
        as: null,
        body: { ticketNumber: 'PGD-0000-0000', channel: 'email' },
        headers: { 'x-forwarded-for': `203.0.113.${n}` },
      })
      statuses.push(status)
    }
    expect(statuses.at(-1)).toBe(429)
  })
})
