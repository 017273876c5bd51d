import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../../src/logging.js'
import { mailboxRoutes } from '../../src/api/routes/mailbox.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { MINUTE, pluck, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filed, filePerson } from '../intake/people.js'

const inMailbox = { accept: 'application/json' }

describe('the local mailbox', () => {
  let api: Harness
  let tasks: TaskRunner
  beforeAll(async () => {
    api = await startHarness()
    const { store, clock, services } = api.deps
    const logger = createLogger({ level: 'silent' })
    const { tasks: board, handlers } = services
    tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
  })
  beforeEach(() => {
    api.clock.advance(MINUTE)
  })
  afterAll(async () => {
    await tasks.stop()
    await api.close()
  })
  const mailbox = async () =>
    (await api.get('/mailbox', null, inMailbox)).body.messages as readonly Record<string, string>[]
  const page = async () => (await api.get('/mailbox', null, { accept: 'text/html' })).text

  it('shows codes to a newcomer, newest first; what it keeps is sealed', async () => {
    const { ticketId } = await filed(api, { contacts: { email: 'kotak@surat.example.org', phone: '0812 9999 0001' } })
    await tasks.runDue()
    const messages = (await mailbox()).filter((it) => it['ticketId'] === ticketId)
    expect(pluck(messages, 'channel').toSorted()).toEqual(['email', 'sms'])
    expect(pluck(messages, 'to').toSorted()).toEqual(['+6281299990001', 'kotak@surat.example.org'])
    for (const { text } of messages) expect(text).toMatch(/\b\d{6}\b/)
    expect(await page()).toContain(/\b\d{6}\b/.exec(messages[0]?.['text'] ?? '')?.[0])
    const instants = pluck(await mailbox(), 'at') as string[]
    expect(instants).toEqual(instants.toSorted().reverse())
    const rows = JSON.stringify(await api.store.intake.messages.localMail(100))
    for (const secret of ['kotak@', '81299990001', messages[0]?.['text'] ?? '?']) expect(rows).not.toContain(secret)
  })

  it('A36 A52: what stands in it is text, on the page and in JSON', async () => {
    const { ticketId } = await filed(api)
    const hostile = '<img src=x onerror="alert(1)">{{7*7}}'
    const mailer = api.deps.services.messages
    await mailer.messenger.sendCode({
      ...{ ticketId, channel: 'email', address: `"${hostile}"@x.example`, code: hostile },
      ...{ ref: 'hostile', purpose: 'prove' },
    })
    const html = await page()
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;{{7*7}}')
    expect((await mailbox()).some((it) => it['text']?.includes(hostile))).toBe(true)
  })

  it('A36: is nowhere in production, nor where it is switched off', () => {
    const paths = (config: object) => mailboxRoutes({ ...api.deps, config: { ...api.deps.config, ...config } }).length
    expect([paths({}), paths({ production: true }), paths({ mailbox: false })]).toEqual([1, 0, 0])
  })

  it('A51: a sender that is down changes nothing that a filer sees, and the code comes when it is up again', async () => {
    const messages = api.store.intake.messages
    const working = { ...messages }
    const seen = async (phone: string) => {
      const contacts = { email: `f${phone}@surat.example.org`, phone }
      const answer = await filePerson(api, { contacts })
      await tasks.runDue()
      const { status, body } = await asFiler(api, String(answer.body.statusToken), 'GET', '/v1/pengaduan')
      return {
        answers: [answer.status, Object.keys(answer.body as object), status, Object.keys(body as object), body.state],
        answer,
      }
    }
    const up = await seen('081277770001')
    messages.addLocalMail = () => Promise.reject(new Error('disk is full'))
    const down = await seen('081277770002')
    messages.addLocalMail = (row) => working.addLocalMail(row)
    expect(down.answers).toEqual(up.answers)
    const mine = async () => (await mailbox()).filter((it) => it['ticketId'] === down.answer.body.ticketId)
    expect(await mine()).toEqual([])
    api.clock.advance(MINUTE)
    await tasks.runDue()
    expect(await mine()).toHaveLength(2)
    const log = (await api.get(`/v1/tickets/${String(down.answer.body.ticketId)}/messages`)).body.items
    expect(pluck(log, 'outcome')).toEqual(['sent', 'sent'])
    expect(pluck(log, 'attempts')).toEqual([2, 2])
    expect(JSON.stringify(log)).not.toMatch(/surat|8127777|disk/)
  })

  it('the delivery log is for staff', async () => {
    const { ticketId, token } = await filed(api)
    const path = `/v1/tickets/${ticketId}/messages`
    expect((await asFiler(api, token, 'GET', path)).status).toBeGreaterThanOrEqual(401)
    expect((await api.get(path, null)).status).toBe(401)
    expect((await api.get(path, 'supervisor')).status).toBe(200)
  })

  it('the receipt follows the proof of the e-mail: when it was received, from when it counts, by when, and what stops it', async () => {
    const { ticketId, token } = await filed(api, {
      contacts: { email: 'resi@surat.example.org', phone: '0812 8888 0001' },
    })
    await tasks.runDue()
    const mine = async () => (await mailbox()).filter((it) => it['ticketId'] === ticketId)
    const code = (await mine()).find((it) => it['channel'] === 'email')?.['text']?.match(/\b\d{6}\b/)?.[0]
    const proof = await asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel: 'email', code })
    expect(proof.status, proof.text).toBe(200)
    await tasks.runDue()
    const receipt = (await mine()).find((it) => it['template'] === 'received')
    expect(receipt?.['to']).toBe('resi@surat.example.org')
    expect(receipt?.['text']).toMatch(/kami terima pada Senin, 23 November 2026, 09\.\d\d WIB\./)
    expect(receipt?.['text']).toMatch(/Verifikasi mulai dihitung Senin, 23 November 2026, \d\d\.\d\d WIB\./)
    expect(receipt?.['text']).toMatch(
      /mulai diperiksa paling lambat \w+, \d+ November 2026, 17\.00 WIB dan diputuskan paling lambat \w+, \d+ \w+ 202\d, \d\d\.\d\d WIB\./,
    )
    expect(receipt?.['text']).toContain('Tenggat berhenti selama kami menunggu Anda')
  })
})
