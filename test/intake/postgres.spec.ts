import { afterAll, beforeAll, expect, it } from 'vitest'
import { HOUR, newKey, pluck, rowWith, startHarness, type Harness } from '../api/harness.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { asFiler, filed, filePerson } from './people.js'

describeOnPostgres('filing on PostgreSQL', (server) => {
  let api: Harness
  beforeAll(async () => {
    api = await startHarness({ databaseUrl: await server().database() })
  })
  afterAll(async () => {
    await api.close()
  })

  it('A33 of twenty at once one files; the same again gets its answer; after a day it files anew', async () => {
    const headers = { 'idempotency-key': newKey() }
    const answers = await Promise.all(Array.from({ length: 20 }, () => filePerson(api, {}, headers)))
    const taken = answers.filter((it) => it.status === 202)
    expect(new Set(taken.map((it) => it.text)).size).toBe(1)
    expect(answers.filter((it) => it.status !== 202 && it.body.code !== 'CONFLICT')).toEqual([])
    const again = await filePerson(api, {}, headers)
    expect([again.headers.get('idempotent-replayed'), again.text]).toEqual(['true', taken[0]?.text])
    api.clock.advance(25 * HOUR)
    const later = await filePerson(api, {}, headers)
    expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([202, null])
  })

  it('reads, changes a contact, withdraws; a revoked token is dead', async () => {
    const { token } = await filed(api)
    const address = { channel: 'phone', address: '0857 1111 2222' }
    expect((await asFiler(api, token, 'POST', '/v1/pengaduan/contacts', address)).status).toBe(200)
    const { body } = await asFiler(api, token, 'GET', '/v1/pengaduan')
    expect(rowWith(body.contacts, 'channel', 'phone').address).toBe('+62********222')
    expect((await asFiler(api, token, 'POST', '/v1/pengaduan/withdrawal', {})).body.state).toBe('withdrawn')
    expect((await asFiler(api, token, 'POST', '/v1/pengaduan/token/revocation')).status).toBe(200)
    expect((await asFiler(api, token, 'GET', '/v1/pengaduan')).status).toBe(401)
  })

  it('decides about e-mail domains', async () => {
    const decide = (verdict: string) =>
      api.request('POST', '/v1/email-domains', {
        as: 'supervisor',
        body: { domain: 'mailinator.com', verdict, reason: 'uji coba' },
      })
    const use = async () => (await filePerson(api, { contacts: { email: 'a@sub.mailinator.com' } })).status
    const seen = [await use(), (await decide('allow')).status, await use(), (await decide('block')).status, await use()]
    expect(seen).toEqual([422, 200, 202, 200, 422])
    expect(pluck((await api.get('/v1/email-domains', 'admin')).body.items, 'domain')).toEqual(['mailinator.com'])
  })
})
