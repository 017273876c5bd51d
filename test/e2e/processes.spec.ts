import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { pause } from '../drills/random.js'
import { ACTORS, pulih, Server, tokenOf } from '../drills/server.js'
import { hasPostgres, startPostgres } from '../support/postgres.js'
import { freePort } from '../support/servers.js'
import { Caller } from './http.js'

const SOON = { timeout: 90_000, interval: 50 }

describe('processes apart', () => {
  it.each(['api', 'work'])(
    '`pulih %s` refuses SQLite and the embedded queue, and says the way out',
    async (command) => {
      const refused = await pulih([command])
      expect(refused).toMatchObject({ code: 1, out: '' })
      expect(refused.err).toContain('DATABASE_URL=postgres://')
      expect(refused.err).toContain('(CONFIGURATION_INVALID)')
    },
  )
})

/** Two of each on one PostgreSQL; tests go on from one another, as a day does. */
describe.skipIf(!hasPostgres)('two APIs and two workers on one PostgreSQL', () => {
  let folder: string
  let database: Awaited<ReturnType<typeof startPostgres>>
  let env: Record<string, string>
  let apis: [Server, Server]
  let workers: [Server, Server]
  let callers: [Caller, Caller]

  const start = async (command: 'api' | 'work') =>
    new Server({ command, dataDir: join(folder, command), port: await freePort(), env })
  const filing = {
    type: 'pengaduan',
    route: 'kantor_cabang',
    officeId: 'cabang-jakarta',
    channel: 'walk_in',
    cause: 'EMAIL_DAN_HP_HILANG',
    participantRef: 'ps_contoh-1',
    declaration: true,
  }
  const fileAt = (server: Server, key: string) =>
    fetch(`${server.url}/v1/tickets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenOf('agent')}`,
        'content-type': 'application/json',
        'idempotency-key': `"${key}"`,
      },
      body: JSON.stringify(filing),
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulih-processes-'))
    database = await startPostgres()
    env = { DATABASE_URL: database.url }
    // All four at once on an empty database: one of them makes the schema, the others wait for it.
    apis = [await start('api'), await start('api')]
    workers = [await start('work'), await start('work')]
    await Promise.all([...apis, ...workers].map((server) => server.ready()))
    callers = [new Caller(apis[0].url), new Caller(apis[1].url)]
  }, 240_000)
  afterAll(async () => {
    await Promise.all([...apis, ...workers].map((server) => server.kill()))
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('a ticket goes through both APIs to contacts updated, and the workers deliver', async () => {
    const [one, two] = callers
    const id = await one.file('kantor_cabang', 'agent')
    expect((await two.send(id, 'portal', 'contact.prove', { channel: 'email' })).status).toBe(200)
    expect((await one.send(id, 'portal', 'contact.prove', { channel: 'phone' })).status).toBe(200)
    await two.send(id, 'supervisor', 'release.override', { reason: 'LUAR_JAM' })
    const matched = { verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] }
    expect((await one.send(id, 'agent', 'verification.start')).status).toBe(200)
    expect((await two.send(id, 'agent', 'identity.verify', matched)).status).toBe(200)
    expect((await one.send(id, 'agent', 'approval.propose')).status).toBe(200)
    expect((await two.send(id, 'checker', 'approval.confirm')).status).toBe(200)
    const state = async () => (await one.get(`/v1/tickets/${id}`)).body['state']
    await expect.poll(state, SOON).toBe('contactUpdated')
    const delivered = async () => {
      const { items } = (await two.get('/mailbox', null)).body as { items: { ticketId: string }[] }
      return items.filter((it) => it.ticketId === id).length
    }
    await expect.poll(delivered, SOON).toBe(3)
  })

  it('one key at both APIs at the same instant files one ticket', async () => {
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([0, 1, 2, 3].map((n) => fileAt(apis[n % 2]!, `same-${round}`)))
      expect(answers.map((it) => it.status)).toEqual([202, 202, 202, 202])
      const ids = (await Promise.all(answers.map((it) => it.json()))) as { ticketId: string }[]
      expect(new Set(ids.map((it) => it.ticketId)).size).toBe(1)
    }
  })

  it('twenty decisions on one version through both APIs: one stands, the others are told so (A25)', async () => {
    const [one] = callers
    const id = await one.file('kantor_cabang', 'agent')
    const { etag } = await one.get(`/v1/tickets/${id}`)
    const send = (n: number) =>
      fetch(`${apis[n % 2]!.url}/v1/tickets/${id}/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokenOf('portal')}`,
          'content-type': 'application/json',
          'idempotency-key': `"${ACTORS.portal.id}-race-${n}"`,
          'if-match': etag!,
        },
        body: JSON.stringify({ type: 'contact.prove', channel: 'email' }),
      }).then((it) => it.status)
    const statuses = await Promise.all(Array.from({ length: 20 }, (_, n) => send(n)))
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 412)])
  })

  it('a calendar published at one API moves the tickets of the other', async () => {
    const [one, two] = callers
    const id = await one.file('layanan_digital')
    const due = async () => {
      const { clocks } = (await two.get(`/v1/tickets/${id}/clocks`)).body as { clocks: { dueAt: { at: string } }[] }
      return clocks[0]!.dueAt.at
    }
    const before = await due()
    const pusat = exampleCalendars.find((it) => it.id === 'pusat')!
    // The coming week is off.
    const days = Array.from({ length: 7 }, (_, n) =>
      new Date(Date.now() + (n + 1) * 86_400_000).toISOString().slice(0, 10),
    )
    const known = new Set(pusat.holidays.map((it) => it.date))
    const off = days
      .filter((date) => !known.has(date))
      .map((date) => ({ date, name: 'Hari uji', kind: 'libur' as const, source: 'uji' }))
    const calendar = { ...pusat, version: 2, holidays: [...pusat.holidays, ...off] }
    expect((await one.post('/v1/calendar-changes', 'supervisor', { calendar })).status).toBe(202)
    await expect.poll(due, SOON).not.toBe(before)
    // It ends once every process has had the time to learn of the version.
    const finished = async () => (await two.get('/v1/calendar-changes/pusat@2', 'supervisor')).body['finishedAt']
    await expect.poll(finished, { timeout: 40_000, interval: 250 }).not.toBeNull()
    const later = await two.file('layanan_digital')
    const { clocks } = (await one.get(`/v1/tickets/${later}/clocks`)).body as { clocks: { calendar: string }[] }
    expect(clocks[0]!.calendar).toBe('pusat@2')
  }, 60_000)

  it('a rolling restart fails no request: keep-alive connections are told to close (R-OPS-2)', async ({ signal }) => {
    const failures: unknown[] = []
    let stopped = false
    let sent = 0
    // As a balancer does it: an API that stops taking is left out, what it has begun is finished.
    const load = async (lane: number) => {
      while (!stopped && !signal.aborted) {
        const at = apis.find((it) => it !== leaving)!
        const { status } = await fileAt(at, `rolling-${lane}-${sent++}`)
        if (status !== 202) failures.push(status)
        // Enough that some are always on their way; more would only keep the new processes from starting.
        await pause(25)
      }
    }
    let leaving: Server | null = null
    const lanes = [0, 1, 2, 3].map((lane) => load(lane).catch((error: unknown) => failures.push(error)))
    try {
      for (const index of [0, 1] as const) {
        const old: Server = apis[index]
        leaving = old
        expect(await old.stop()).toEqual({ code: 0, signal: null })
        const fresh = await start('api')
        await fresh.ready()
        apis[index] = fresh
        leaving = null
        const worker = workers[index]
        expect(await worker.stop()).toEqual({ code: 0, signal: null })
        workers[index] = await start('work')
        await workers[index].ready()
      }
    } finally {
      stopped = true
    }
    await Promise.all(lanes)
    expect(failures).toEqual([])
    expect(sent).toBeGreaterThan(10)
  }, 300_000)

  it('verify finds nothing, beside them', async () => {
    const verified = await pulih(['verify'], env)
    expect(verified.code).toBe(0)
    expect(verified.out).toMatch(/: 0 problems\nnot looked at: the audit chain;.+\n$/)
  })
})
