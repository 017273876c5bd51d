import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApi, Health, startHttp } from '../../src/api/index.js'
import { MONDAY_9, newKey, pluck, rowWith, startHarness, tokenOf, type Harness, FILING } from './harness.js'

let api: Harness
beforeEach(async () => {
  api = await startHarness()
})
afterEach(() => api.close())

/** Another API over the same engine and store, with some parts replaced. */
async function beside(parts: Partial<Harness['deps']>, use: (url: string) => Promise<void>): Promise<void> {
  const http = await startHttp({ app: createApi({ ...api.deps, ...parts }), host: '127.0.0.1', port: 0 })
  try {
    await use(`http://127.0.0.1:${http.port}`)
  } finally {
    await http.stop(1000)
  }
}

describe('probes (R-OPS-1)', () => {
  it('/livez and /readyz answer without a token', async () => {
    expect((await api.get('/livez', null)).body).toEqual({ status: 'alive' })
    expect((await api.get('/readyz', null)).body).toEqual({ status: 'ready', checks: { store: 'up', queue: 'up' } })
  })

  it('a queue that is down or fails to say degrades, and intake goes on', async () => {
    for (const health of [new Health(() => 'down'), new Health(() => Promise.reject(new Error('down')))]) {
      await beside({ health }, async (url) => {
        const response = await fetch(`${url}/readyz`)
        expect(response.status).toBe(200)
        expect(await response.json()).toEqual({ status: 'degraded', checks: { store: 'up', queue: 'down' } })
      })
    }
    expect((await api.file()).status).toBe(202)
  })

  it('a queue that is being opened keeps nobody waiting, and is named', async () => {
    await beside({ health: new Health(() => 'starting') }, async (url) => {
      const response = await fetch(`${url}/readyz`)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({ status: 'degraded', checks: { store: 'up', queue: 'starting' } })
    })
  })

  it('a stop signal makes readiness false at once; the process stays alive', async () => {
    api.health.beginStop()
    const ready = await api.get('/readyz', null)
    expect([ready.status, ready.body.code]).toEqual([503, 'SHUTTING_DOWN'])
    expect(ready.headers.get('connection')).toBe('close')
    expect((await api.get('/livez', null)).status).toBe(200)
  })

  it('a store that takes no write: not ready, 503 with Retry-After, nothing half done, well again afterwards (R-DB-3)', async () => {
    const other = new Database(join(api.dataDir, 'pulih.db'))
    other.exec('BEGIN IMMEDIATE')
    const ready = await api.get('/readyz', null)
    expect([ready.status, ready.body.code, ready.headers.get('retry-after')]).toEqual([503, 'STORE_BUSY', '1'])
    const key = newKey()
    const busy = await api.file({ key })
    expect([busy.status, busy.body.code]).toEqual([503, 'STORE_BUSY'])
    other.exec('ROLLBACK')
    other.close()
    expect(await api.store.countTickets({})).toBe(0)
    expect((await api.get('/readyz', null)).status).toBe(200)
    const again = await api.file({ key })
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, null])
  })

  it('an engine that is stopping refuses commands: 503 SHUTTING_DOWN', async () => {
    await api.engine.stop()
    const { status, body, headers } = await api.file()
    expect([status, body.code, headers.get('connection')]).toEqual([503, 'SHUTTING_DOWN', 'close'])
  })
})

describe('what nobody planned', () => {
  it('is a 500 that tells nothing, and a log line with frames but no message', async () => {
    const broken = { ...api.store, findTicket: undefined } as unknown as Harness['store']
    await beside({ store: broken }, async (url) => {
      const response = await fetch(`${url}/v1/tickets/budi@example.com`, {
        headers: { authorization: `Bearer ${tokenOf('agent')}` },
      })
      const text = await response.text()
      expect(response.status).toBe(500)
      expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL', instance: response.headers.get('x-request-id') })
      expect(text).not.toMatch(/TypeError|findTicket|\.ts|node_modules/)
    })
    const line = api.log.find((it) => it.includes('request failed')) ?? ''
    expect(JSON.parse(line)).toMatchObject({ code: 'INTERNAL', err: { type: 'TypeError' } })
    expect(line).not.toContain('is not a function')
  })
})

describe('logs (R-LOG-1)', () => {
  const CANARIES = [
    '3174012345678901',
    '12345678901',
    'budi@example.com',
    '081234567890',
    'Budi-Santoso-Canary',
    'pw-canary-0123456789',
  ]

  it('hold none of the secrets fed into every header, path, query and body field, and no token', async () => {
    for (const secret of CANARIES) {
      const headers = Object.fromEntries(
        [
          'x-request-id',
          'idempotency-key',
          'if-match',
          'if-none-match',
          'user-agent',
          'referer',
          'cookie',
          'x-forwarded-for',
          'accept',
          'accept-language',
          'origin',
          'x-anything',
        ].map((name) => [name, secret]),
      )
      const everywhere = Object.fromEntries(
        ['note', 'nik', secret, ...Object.keys(FILING)].map((name) => [name, secret]),
      )
      const bodies = [
        everywhere,
        { type: 'pengaduan', ...FILING, ...everywhere },
        { type: secret },
        [secret],
        { type: 'contact.prove', channel: secret },
      ]
      const id = String((await api.file()).body.ticketId)
      for (const path of [
        '/v1/tickets',
        `/v1/tickets/${id}/events`,
        `/v1/tickets/${secret}/events`,
        `/v1/${secret}`,
        `/v1/dead-letters/${secret}/replay`,
      ]) {
        for (const body of bodies)
          await api.request('POST', `${path}?${secret}=${secret}`, { as: 'supervisor', body, headers })
        await api.request('POST', path, { as: 'supervisor', raw: `{"${secret}`, headers })
      }
      for (const path of [
        `/v1/tickets/${secret}`,
        `/v1/tickets?cursor=${secret}&state=${secret}`,
        `/v1/types/${secret}`,
        `/v1/calendars/${secret}?version=${secret}`,
        `/${secret}`,
      ])
        await api.request('GET', path, { as: 'supervisor', headers })
      await api.request('GET', '/v1/tickets', { as: null, headers: { authorization: `Bearer ${secret}-0123456789` } })
      await api.request('GET', '/v1/tickets', { as: null, headers: { authorization: `Basic ${btoa(secret)}` } })
    }
    const log = api.log.join('')
    expect(api.log.length).toBeGreaterThan(150)
    for (const secret of [...CANARIES, ...CANARIES.map((it) => btoa(it)), tokenOf('supervisor')])
      expect(log).not.toContain(secret)
  })

  it('say who did what to which ticket, by ids and the template of the route', async () => {
    const id = String((await api.file()).body.ticketId)
    const { headers } = await api.get(`/v1/tickets/${id}?x=1`, 'agent')
    // The line is written when the answer is over, which the client may learn first.
    await expect.poll(() => api.log.some((it) => it.includes(headers.get('x-request-id') ?? '-'))).toBe(true)
    const line: unknown = JSON.parse(api.log.find((it) => it.includes(headers.get('x-request-id') ?? '-')) ?? '')
    expect(line).toMatchObject({
      service: 'pulih',
      requestId: headers.get('x-request-id'),
      'http.request.method': 'GET',
      'http.route': '/v1/tickets/:id',
      'http.response.status_code': 200,
      actorId: 'agent-1',
      actorRole: 'agent',
      ticketId: id,
      code: null,
    })
  })
})

describe('reference data', () => {
  it('shows calendars, policies and types, newest or by version; an example calendar says so (D5)', async () => {
    const list = await api.get('/v1/calendars', 'portal')
    expect(pluck(list.body.items, 'id')).toContain('pusat')
    const calendar = await api.get('/v1/calendars/pusat?version=1', 'portal')
    expect(calendar.body).toMatchObject({ zone: 'Asia/Jakarta', example: true })
    expect(calendar.body.notices[0].code).toBe('EXAMPLE_CALENDAR')
    const [spec] = await api.store.calendars().then((all) => all.filter((it) => it.id === 'pusat'))
    await api.store.publishCalendar(
      { ...spec!, version: 2, name: 'Kantor pusat, dikonfirmasi', example: false },
      MONDAY_9,
    )
    expect((await api.get('/v1/calendars/pusat')).body).toMatchObject({ version: 2, example: false, notices: [] })
    expect((await api.get('/v1/calendars/pusat?version=1')).body.version).toBe(1)
    expect((await api.get('/v1/policies')).body.items[0]).toMatchObject({ ticketType: 'pengaduan' })
    const policy = (await api.get('/v1/policies/pengaduan')).body
    expect(policy.routes.layanan_digital.targets.resolution.within).toMatchObject({ unit: 'businessDays', amount: 3 })
    const types = (await api.get('/v1/types')).body.items as { type: string }[]
    expect(types.map((it) => it.type)).toEqual(['akun_ganda', 'pengaduan'])
    const type = (await api.get('/v1/types/pengaduan')).body
    expect(type.filing.schema.additionalProperties).toBe(false)
    expect(rowWith(type.events, 'type', 'approval.confirm')).toMatchObject({
      roles: ['checker', 'supervisor'],
      needsVersion: true,
    })
  })

  it('404 for what is not there, 422 for a version that is no number', async () => {
    for (const path of [
      '/v1/calendars/nope',
      '/v1/calendars/pusat?version=99',
      '/v1/policies/nope',
      '/v1/types/nope',
      '/v1/types/__proto__',
      '/v1/types/constructor',
    ])
      expect((await api.get(path)).body.code).toBe('NOT_FOUND')
    for (const version of ['0', '-1', '1.5', 'x', ''])
      expect((await api.get(`/v1/calendars/pusat?version=${version}`)).body.code).toBe('VALIDATION_FAILED')
  })
})

describe('dead letters (R-Q-5)', () => {
  const letter = {
    id: 'letter-1',
    queue: 'notifications',
    job: { ticketId: 't', seq: 1 },
    reason: 'SINK_REFUSED',
    failedAt: MONDAY_9,
    attempts: 5,
    replayedAt: null,
  }

  it('a supervisor sees them and replays one once', async () => {
    await api.store.addDeadLetter(letter)
    expect((await api.get('/v1/dead-letters', 'supervisor')).body.items).toEqual([
      { ...letter, failedAt: '2026-11-23T02:00:00.000Z' },
    ])
    const first = await api.request('POST', '/v1/dead-letters/letter-1/replay', { as: 'admin' })
    expect(first.body).toEqual({ id: 'letter-1', replayedAt: '2026-11-23T02:00:00.000Z' })
    expect(api.replayed.map((it) => it.id)).toEqual(['letter-1'])
    const second = await api.request('POST', '/v1/dead-letters/letter-1/replay', { as: 'admin' })
    expect([second.status, second.body.code]).toEqual([409, 'CONFLICT'])
    expect(api.replayed).toHaveLength(1)
    expect((await api.request('POST', '/v1/dead-letters/nope/replay', { as: 'admin' })).body.code).toBe('NOT_FOUND')
  })

  it('a replay that fails leaves the letter as it was', async () => {
    await api.store.addDeadLetter(letter)
    await beside({ replayDeadLetter: () => Promise.reject(new Error('queue down')) }, async (url) => {
      const headers = { authorization: `Bearer ${tokenOf('admin')}` }
      expect((await fetch(`${url}/v1/dead-letters/letter-1/replay`, { method: 'POST', headers })).status).toBe(500)
    })
    expect((await api.store.listDeadLetters(1))[0]?.replayedAt).toBeNull()
  })
})

describe('the local mailbox', () => {
  const deliver = async (body: Readonly<Record<string, unknown>>) => {
    const id = String((await api.file()).body.ticketId)
    const [row] = await api.store.outboxOf(id)
    const key = { ticketId: id, seq: row!.seq }
    await api.store.markDelivered(key, MONDAY_9, { ...key, sink: 'mailbox', body, deliveredAt: MONDAY_9 })
    return id
  }

  it('is a page without scripts, or JSON by Accept; what messages hold is text', async () => {
    const id = await deliver({ template: 'received', audience: '<script>alert(1)</script>' })
    const page = await api.get('/mailbox', null, { accept: 'text/html,*/*;q=0.8' })
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    )
    expect(page.text).toContain('&lt;script&gt;alert(1)')
    expect(page.text).not.toContain('<script')
    expect(page.text).not.toMatch(/(src|href)=/)
    const json = await api.get('/mailbox', null, { accept: 'application/json' })
    expect(json.body.items).toMatchObject([{ ticketId: id, body: { template: 'received' } }])
  })

  it('says so when it is empty', async () => {
    expect((await api.get('/mailbox', null, { accept: 'text/html' })).text).toContain('Belum ada pesan.')
  })

  it.each([
    ['switched off', { mailbox: false, production: false }],
    ['in production, whatever the switch says', { mailbox: true, production: true }],
  ])('does not exist when %s', async (_name, switches) => {
    await beside({ config: { ...api.deps.config, ...switches } }, async (url) => {
      expect((await fetch(`${url}/mailbox`)).status).toBe(404)
    })
  })
})

describe('stopping (R-OPS-2)', () => {
  const head = (length: number) =>
    `POST /v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf('portal')}\r\nIdempotency-Key: "stop-1"\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`

  it('finishes the request in flight, closes its connection, takes no new one', async () => {
    const http = await startHttp({ app: createApi(api.deps), host: '127.0.0.1', port: 0 })
    const body = JSON.stringify({ type: 'pengaduan', ...FILING })
    const socket = connect(http.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(socket, 'connect')
    socket.write(head(body.length) + body.slice(0, 10))
    // The second connection proves that the first one's head has been read by now.
    await fetch(`http://127.0.0.1:${http.port}/livez`)
    const stopped = http.stop(5000)
    const another = async () => {
      const late = connect(http.port, '127.0.0.1')
      await once(late, 'connect').finally(() => late.destroy())
    }
    await vi.waitFor(() => expect(another()).rejects.toThrow(/ECONNREFUSED|ECONNRESET/), { timeout: 45_000 })
    socket.write(body.slice(10))
    await once(socket, 'close')
    await stopped
    const answer = Buffer.concat(chunks).toString()
    expect(answer).toContain('HTTP/1.1 202 Accepted')
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
  })

  it('cuts what does not finish within the grace time', async () => {
    const http = await startHttp({ app: createApi(api.deps), host: '127.0.0.1', port: 0 })
    const socket = connect(http.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`${head(1000)}{`)
    await fetch(`http://127.0.0.1:${http.port}/livez`)
    const closed = once(socket, 'close')
    await http.stop(20)
    await closed
  })

  it('a client that dawdles gets 408 and loses its connection (A18)', async () => {
    const timeouts = { headersMs: 30, requestMs: 60, checkEveryMs: 10 }
    const http = await startHttp({ app: createApi(api.deps), host: '127.0.0.1', port: 0, timeouts })
    for (const sent of ['GET /livez HTTP/1.1\r\nHost: x\r\n', `${head(1000)}{`]) {
      const socket = connect(http.port, '127.0.0.1')
      let text = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      socket.write(sent)
      await once(socket, 'close')
      expect(text).toContain('HTTP/1.1 408 Request Timeout')
      expect(text).toContain('"code":"REQUEST_TIMEOUT"')
    }
    await http.stop(1000)
  })

  it('says in a sentence when the address is taken', async () => {
    await expect(startHttp({ app: createApi(api.deps), host: '127.0.0.1', port: api.port })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: `cannot listen on 127.0.0.1 port ${api.port} (EADDRINUSE).`,
    })
  })
})
