import { once } from 'node:events'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PulihError } from '../../../src/engine/errors.js'
import { accountOf } from '../../../src/staff/deciding/account.js'
import { officer } from '../identity/desk.js'
import { newKey, rowWith, tokenOf, type Person } from '../../api/harness.js'
import { requestWith } from '../../intake/people.js'
import { DecidingWorld, ITEMS, matched, MINUTE } from './world.js'

describe('what a desk chooses from and restates', () => {
  let world: DecidingWorld
  beforeAll(async () => {
    world = await DecidingWorld.open()
  })
  afterAll(() => world.close())
  const comparison = async (ticketId: string) => world.api.get(`/v1/tickets/${ticketId}/comparison`)

  it('offices with unit, calendar and whether they are open, for those who signed in', async () => {
    const { status, body } = await world.api.get('/v1/offices', 'auditor')
    expect(status).toBe(200)
    const branch = rowWith(body.items, 'officeId', 'cabang-jakarta')
    expect(branch).toMatchObject({ kind: 'cabang', zone: 'Asia/Jakarta', open: true, windowUntil: null })
    expect(branch.unit.name).toEqual(expect.any(String))
    expect((await world.api.get('/v1/offices', 'participant')).status).toBe(403)
    expect((await world.api.request('GET', '/v1/offices', { as: null })).status).toBe(401)
    const order = { officeId: 'cabang-jakarta', minutes: 30, reason: 'LONJAKAN' }
    const opened = await world.post('/v1/worklist/windows', order, 'supervisor')
    const after = rowWith((await world.api.get('/v1/offices', 'agent')).body.items, 'officeId', 'cabang-jakarta')
    expect(after.windowUntil).toBe(opened.body.until)
  })

  it('who holds a ticket, by name, until the lease ends; and who of its office may be given it', async () => {
    const { ticketId } = await world.submitted()
    const agent = await officer(world.api, [['agent', 'pusat']], 'pemegang')
    const elsewhere = await officer(world.api, [['agent', 'cabang-jakarta']], 'di-cabang')
    const { body: listed } = await world.api.get(`/v1/tickets/${ticketId}/colleagues`, 'supervisor')
    const ids = (listed.items as { staffId: string }[]).map((it) => it.staffId)
    expect(ids).toContain(agent.staffId)
    expect(ids).not.toContain(elsewhere.staffId)
    const given = { staffId: agent.staffId, reason: 'BEBAN_KERJA' }
    expect((await world.post(`/v1/tickets/${ticketId}/assign`, given, 'supervisor')).status).toBe(200)
    const { body } = await agent.get(`/v1/tickets/${ticketId}/assignments`)
    expect(body.holder).toMatchObject({ staffId: agent.staffId, name: 'Petugas Contoh', mine: true })
    const { body: seen } = await world.api.get(`/v1/tickets/${ticketId}/assignments`, 'auditor')
    expect(seen.holder.mine).toBe(false)
    const { accounts } = world.api.deps.services.staff
    await accounts.disable(agent.staffId, { id: 'admin-1', role: 'admin' })
    const { body: without } = await world.api.get(`/v1/tickets/${ticketId}/colleagues`, 'supervisor')
    expect((without.items as { staffId: string }[]).map((it) => it.staffId)).not.toContain(agent.staffId)
    world.api.clock.advance(30 * 24 * 3_600_000)
    expect((await world.api.get(`/v1/tickets/${ticketId}/assignments`)).body.holder).toBeNull()
  })

  it('A40 links in messages are of the configured origin, whatever Host and X-Forwarded-Host the requests behind them name', async () => {
    const { api } = world
    const EVIL = 'pencuri.example'
    const forged = { host: EVIL, 'x-forwarded-host': EVIL, 'x-forwarded-proto': 'https', forwarded: `host=${EVIL}` }
    // fetch sends no Host of one's own.
    const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const sent = http.request(api.url + path, {
        method: 'POST',
        headers: { ...forged, 'content-type': 'application/json', 'idempotency-key': newKey(), ...headers },
      })
      sent.end(JSON.stringify(body))
      const [answer] = (await once(sent, 'response')) as [http.IncomingMessage]
      const said = await text(answer)
      expect(answer.statusCode, said).toBeLessThan(300)
      expect(said + JSON.stringify(answer.headers)).not.toContain(EVIL)
      return JSON.parse(said) as Record<string, string>
    }
    const { identity } = world.somebody()
    const filed = await post('/v1/pengaduan', requestWith({ identity, contacts: world.contacts() }))
    const { ticketId = '', statusToken = '' } = filed
    for (const channel of ['email', 'phone'] as const) {
      const body = { channel, code: await world.codeFor(channel) }
      await post('/v1/pengaduan/codes/verification', body, { authorization: `Bearer ${statusToken}` })
    }
    await world.after(MINUTE)
    const decide = async (as: Person, type: string, payload: object = {}) => {
      const version = (await api.store.findTicket(ticketId))!.contentVersion
      const headers = { authorization: `Bearer ${tokenOf(as)}`, 'if-match': `"v${version}"` }
      await post(`/v1/tickets/${ticketId}/events`, { type, ...payload }, headers)
    }
    await decide('agent', 'verification.start')
    await decide('agent', 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
    await decide('agent', 'approval.propose')
    await decide('checker', 'approval.confirm')
    const { messages } = api.deps.services
    for (const { seq, kind, body } of await api.store.outboxOf(ticketId)) {
      if (kind !== 'message') continue
      const { template, audience } = body as Record<'template' | 'audience', string>
      await messages.messenger.deliver({ ref: `${ticketId}-${seq}`, ticketId, template, audience })
    }
    const mails = (await messages.mailbox!.list(200)).filter((it) => it.ticketId === ticketId)
    const links = mails.flatMap((it) => it.text.match(/https?:[^\s)>"]+/g) ?? [])
    const origin = 'http://localhost:3000'
    expect([...new Set(links.map((it) => it.split('#')[0]))].toSorted()).toEqual([
      `${origin}/sanggah`,
      `${origin}/status`,
    ])
    expect(JSON.stringify(mails)).not.toContain(EVIL)
  })

  it('A42 the contacts to be replaced are masked beside the new ones, also when all else is shown; looking keeps nothing', async () => {
    const { ticketId, participant } = await world.submitted()
    const { accounts } = world.api.deps.services
    const old = await accounts.contactsOf(participant.id)
    const { body, text } = await comparison(ticketId)
    expect(body.account.state).toBe('known')
    expect(body.account.email ?? body.account.phone).toContain('***')
    const revealed = await world.post(`/v1/tickets/${ticketId}/comparison/reveal`, { reason: 'IDENTITY_CHECK' })
    expect(revealed.body.account).toEqual(body.account)
    for (const secret of [old?.email, old?.phone].filter((it) => it != null)) {
      expect(text).not.toContain(secret)
      expect(revealed.text).not.toContain(secret)
    }
    const { people } = world.api.store.intake
    expect((await people.findMatch(ticketId))?.oldContacts).toBeNull()
    const trail = await world.api.store.audit.recentOf('agent-1', ['person.open'], 0, 10)
    expect(trail.find((it) => it.ticketId === ticketId)?.detail).toMatchObject({ view: 'comparison' })
  })

  it('an account service that does not answer is said so; without a match there is no account', async () => {
    const { ticketId } = await world.submitted()
    const { vault } = world.api.deps.services
    const store = world.api.store.intake.people
    const accounts = { contactsOf: () => Promise.reject(new PulihError('UPSTREAM_UNAVAILABLE', 'down')) }
    expect(await accountOf({ vault, store, accounts }, ticketId)).toMatchObject({ state: 'unreachable' })
    const nobody = { ...store, findMatch: () => Promise.resolve(null) }
    expect(await accountOf({ vault, store: nobody, accounts }, ticketId)).toMatchObject({ state: 'noAccount' })
  })
})
