import { existsSync, readdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pulih, Server } from '../drills/server.js'
import { freePort } from '../support/servers.js'
import { Caller, type Json } from './http.js'

const SOON = { timeout: 90_000, interval: 50 }

/** A server as people start it, on embedded defaults; tests go on from one another, as a day does. */
describe('pulih serve', () => {
  let folder: string
  let dataDir: string
  let server: Server
  let caller: Caller
  let branchTicket: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulih-e2e-'))
    dataDir = join(folder, 'data')
    server = new Server({ dataDir, port: await freePort() })
    await server.ready()
    caller = new Caller(server.url)
  })
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  })
  const state = async (id: string) => (await caller.get(`/v1/tickets/${id}`)).body['state']

  it('is ready when /readyz says so, its queue too', async () => {
    const answer = { status: 200, body: { status: 'ready', checks: { store: 'up', queue: 'up' } } }
    await expect.poll(() => caller.get('/readyz', null), SOON).toMatchObject(answer)
    expect((await caller.get('/livez', null)).status).toBe(200)
  })

  it('takes a ticket from filing to contacts updated, by HTTP alone', async () => {
    branchTicket = await caller.file('kantor_cabang', 'agent')
    const steps: [Parameters<Caller['send']>[1], string, Json?][] = [
      ['portal', 'contact.prove', { channel: 'email' }],
      ['portal', 'contact.prove', { channel: 'phone' }],
    ]
    for (const [actor, type, payload] of steps)
      expect((await caller.send(branchTicket, actor, type, payload)).status).toBe(200)
    // By night and on holidays the gate is closed: a supervisor opens it. In operating hours it has opened by itself.
    const override = await caller.send(branchTicket, 'supervisor', 'release.override', { reason: 'LUAR_JAM' })
    expect([200, 409]).toContain(override.status)
    const matched = { verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] }
    expect((await caller.send(branchTicket, 'agent', 'verification.start')).status).toBe(200)
    expect((await caller.send(branchTicket, 'agent', 'identity.verify', matched)).status).toBe(200)
    expect((await caller.send(branchTicket, 'agent', 'approval.propose')).status).toBe(200)
    // Four eyes: who proposes does not approve.
    expect((await caller.send(branchTicket, 'agent', 'approval.confirm')).status).toBe(403)
    expect((await caller.send(branchTicket, 'checker', 'approval.confirm')).status).toBe(200)
    await expect.poll(() => state(branchTicket), SOON).toBe('contactUpdated')
    const { items } = (await caller.get(`/v1/tickets/${branchTicket}/history`)).body as { items: Json[] }
    expect(items.at(-1)).toMatchObject({ fact: 'ContactUpdated', actor: { role: 'system' } })
  })

  it('shows in the mailbox what would have been sent', async () => {
    const templates = async () => {
      const { items } = (await caller.get('/mailbox', null)).body as { items: { ticketId: string; body: Json }[] }
      return items.filter((it) => it.ticketId === branchTicket).map(({ body }) => body['template'])
    }
    await expect
      .poll(async () => (await templates()).toSorted(), SOON)
      .toEqual(['approved', 'contact.updated', 'received'])
    const page = (await caller.get('/mailbox', null, 'text/html')).body['text']
    expect(page).toContain('contact.updated')
    expect(page).not.toContain('replaceContacts')
  })

  it('lets people look next to it: ticket list, ticket show, verify', async () => {
    const waiting = await caller.file('layanan_digital')
    const listed = await pulih(['ticket', 'list', '--data', dataDir, '--json'])
    expect(listed).toMatchObject({ code: 0, err: '' })
    const ids = (JSON.parse(listed.out) as { id: string }[]).map(({ id }) => id)
    expect(ids.toSorted()).toEqual([branchTicket, waiting].toSorted())

    const shown = await pulih(['ticket', 'show', branchTicket, '--data', dataDir])
    expect(shown).toMatchObject({ code: 0, err: '' })
    expect(shown.out).toContain('ContactUpdated')
    expect((await pulih(['ticket', 'show', '0'.repeat(36), '--data', dataDir])).code).toBe(1)

    const verified = await pulih(['verify', '--data', dataDir])
    expect(verified).toMatchObject({ code: 0, err: '' })
    expect(verified.out).toMatch(
      /^verified 2 tickets, \d+ log entries: 0 problems\nopened \d+ sealed values, .+: 0 problems\nlooked at 0 evidence files of 0 documents: 0 problems\nnot looked at: the audit chain;.+\n$/,
    )
  })

  it('keeps its data folder to itself and names its process', async () => {
    const sentence = `This data folder is in use by process ${server.pid} `
    const event = ['ticket', 'send', branchTicket, 'reopen', '--as', 'portal:somebody', '--data', dataDir]
    const sent = await pulih(event)
    expect(sent).toMatchObject({ code: 1, out: '' })
    expect(sent.err).toContain(sentence)
    expect(sent.err).toContain('(STORE_LOCKED)')

    const second = await pulih(['serve', '--port', String(await freePort()), '--data', dataDir])
    expect(second).toMatchObject({ code: 1, out: '' })
    expect(second.err).toContain(sentence)
    expect(second.err).toContain('(STORE_LOCKED)')
    expect((await caller.get('/readyz', null)).status).toBe(200)
  })

  it('ends with 0 on SIGTERM, and the folder is free again', async () => {
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    const refused = await pulih([
      'ticket',
      'send',
      branchTicket,
      'reopen',
      '--as',
      'portal:somebody',
      '--data',
      dataDir,
    ])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('(EVENT_NOT_ALLOWED)')
  })

  it('serves while its queue still opens; what is committed meanwhile goes out once it is there', async () => {
    const early = new Server({ dataDir: join(folder, 'early'), port: await freePort() })
    const calling = new Caller(early.url)
    try {
      await early.ready()
      // On a slow day the queue is there before we ask; that the service does not wait for it is shown where the queues are tested.
      const { status, body } = await calling.get('/readyz', null)
      const opening = { status: 'degraded', checks: { store: 'up', queue: 'starting' } }
      const open = { status: 'ready', checks: { store: 'up', queue: 'up' } }
      expect(status).toBe(200)
      expect([opening, open]).toContainEqual(body)
      const ticket = await calling.file('layanan_digital')
      const received = async () => {
        const { items } = (await calling.get('/mailbox', null)).body as { items: { ticketId: string }[] }
        return items.map(({ ticketId }) => ticketId)
      }
      await expect.poll(received, SOON).toEqual([ticket])
      await expect.poll(async () => (await calling.get('/readyz', null)).body['status'], SOON).toBe('ready')
    } finally {
      await early.kill()
    }
  })

  it('ends with 0 on SIGTERM at any moment of its start, and starts well again', async () => {
    const fresh = join(folder, 'fresh')
    const begun = async (moment: (starting: Server) => Promise<unknown>, anew = false) => {
      // What an earlier start left would be there before this one has begun.
      if (anew) rmSync(join(fresh, 'queue'), { recursive: true, force: true })
      const starting = new Server({ dataDir: fresh, port: await freePort() })
      await moment(starting)
      expect(await starting.stop()).toEqual({ code: 0, signal: null })
      // Not a word of warning: all of these are orderly.
      expect(starting.output).not.toContain('"level":')
      expect(readdirSync(fresh).filter((name) => name.startsWith('queue.'))).toEqual([])
    }
    const there = (name: string) =>
      expect.poll(() => existsSync(join(fresh, name)), { ...SOON, interval: 1 }).toBe(true)
    const state = (starting: Server) => async () => (await new Caller(starting.url).get('/readyz', null)).body['status']
    await begun(() => there('pulih.db'))
    await begun(() => there('queue'), true)
    await begun(() => there('queue/PG_VERSION'), true)
    await begun(() => there('queue/postmaster.pid'), true)
    await begun(async (starting) => {
      await starting.ready()
      await expect.poll(state(starting), SOON).toBe('ready')
    })
    await begun((starting) => starting.ready())
  }, 180_000)
})
