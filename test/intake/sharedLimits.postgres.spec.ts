import { afterAll, beforeAll, expect, it } from 'vitest'
import pg from 'pg'
import { createRequestLimiter } from '../../src/api/limits.js'
import { readLimits } from '../../src/intake/limits.js'
import { HOUR, startHarness, type Harness } from '../api/harness.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { asFiler, filed, filePerson } from './people.js'

describeOnPostgres('limits of requests that processes share, on PostgreSQL', (server) => {
  let databaseUrl: string
  let api: Harness
  let sql: pg.Client
  beforeAll(async () => {
    databaseUrl = await server().database()
    api = await startHarness({ databaseUrl, limits: 'filingsPerIpHour=6' })
    sql = new pg.Client({ connectionString: databaseUrl })
    await sql.connect()
  })
  afterAll(async () => {
    await sql.end()
    await api.close()
  })
  const process = (limits: string) => {
    const { store, services, clock } = api.deps
    return createRequestLimiter(readLimits(limits).limits, {
      ...{ counters: store.intake.counters, vault: services.vault, clock },
    })
  }
  const isLet = (taking: Promise<unknown>) =>
    taking.then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'TOO_MANY_REQUESTS', extra: { retryAfter: 3_600 } })
        return false
      },
    )

  it('R-RL-1 two processes have one count between them, however many ask at once; an hour later it begins anew', async () => {
    const [one, two] = [process('accessPerIpHour=15'), process('accessPerIpHour=15')]
    const all = Array.from({ length: 20 }, (_, n) => isLet((n % 2 === 0 ? one : two).take('access', '198.51.100.7')))
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(15)
    // Who was refused once is refused from memory; a process that never asked finds it spent too.
    const three = process('accessPerIpHour=15')
    for (const it of [one, two, three]) expect(await isLet(it.take('access', '198.51.100.7'))).toBe(false)
    expect(await isLet(one.take('access', '198.51.100.8'))).toBe(true)
    api.clock.advance(HOUR)
    const headers = await process('accessPerIpHour=15').take('access', '198.51.100.7')
    expect(headers).toEqual({ 'RateLimit-Policy': '"access";q=15;w=3600', RateLimit: '"access";r=14;t=3600' })
  })

  it('A18 uploads are counted for the ticket, too, from however many networks they come', async () => {
    const [one, two] = [process('uploadsPerTicketHour=4'), process('uploadsPerTicketHour=4')]
    const ticket = '0190b7a4-0000-7000-8000-000000000001'
    const all = Array.from({ length: 10 }, (_, n) => isLet((n % 2 === 0 ? one : two).takeFor('uploads', ticket)))
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(4)
    await two.takeFor('uploads', '0190b7a4-0000-7000-8000-000000000002')
    await two.takeFor('codes', ticket)
  })

  it('no address of a network stands in the table, and what is over is removed', async () => {
    const { rows } = await sql.query<{ key: string }>('SELECT key FROM request_counts')
    expect(rows.length).toBeGreaterThan(2)
    for (const { key } of rows) expect(key).toMatch(/^[A-Za-z]+:[A-Za-z0-9_-]{40,}$/)
    const { counters } = api.store.intake
    api.clock.advance(2 * HOUR)
    expect(await counters.removeExpired(api.clock.now())).toBe(rows.length)
    expect(await counters.removeExpired(api.clock.now())).toBe(0)
  })

  it('R-RL-2 while nothing can be counted codes are refused, filing is counted here alone, and the status can be read', async () => {
    const { token } = await filed(api)
    await sql.query('ALTER TABLE request_counts RENAME TO request_counts_gone')
    try {
      const body = { ticketNumber: 'PGD-0000-0000', channel: 'email' }
      const refused: Awaited<ReturnType<typeof filePerson>>[] = [
        await asFiler(api, token, 'POST', '/v1/pengaduan/codes', { channel: 'email' }),
        await asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel: 'email', code: '123456' }),
        await api.request('POST', '/v1/pengaduan/access', { as: null, body }),
      ]
      expect(refused.map((it) => [it.status, String(it.body.code)])).toEqual(
        Array.from({ length: 3 }, () => [503, 'LIMITER_UNAVAILABLE']),
      )
      for (const { text, headers } of refused) {
        expect(text).not.toMatch(/request_counts|relation|SQL/i)
        expect(headers.get('retry-after')).not.toBeNull()
      }
      expect((await asFiler(api, token, 'GET', '/v1/pengaduan')).status).toBe(200)
      const statuses: number[] = []
      for (let n = 0; n < 7; n++) statuses.push((await filePerson(api)).status)
      expect(statuses).toEqual([202, 202, 202, 202, 202, 202, 429])
    } finally {
      await sql.query('ALTER TABLE request_counts_gone RENAME TO request_counts')
    }
    expect((await asFiler(api, token, 'POST', '/v1/pengaduan/codes', { channel: 'email' })).status).not.toBe(503)
  })
})
