import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRequestLimiter } from '../../src/api/limits.js'
import { networkOf, siteOf } from '../../src/networks.js'
import { readLimits } from '../../src/intake/limits.js'
import { filed, filePerson } from '../intake/people.js'
import { startHarness, type Harness } from './harness.js'

describe('R-RL-1 whose requests are counted together', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::198.51.100.7', '64:ff9b:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ])('%s is of %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })

  it('an IPv6 household has one count, whichever of its addresses it uses; its neighbour has another', async () => {
    const limiter = createRequestLimiter(readLimits('filingsPerIpHour=3').limits)
    for (let n = 1; n <= 3; n++) await limiter.take('filing', `2001:db8:1:2::${n}`)
    await expect(limiter.take('filing', '2001:db8:1:2:ffff:ffff:ffff:ffff')).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
    })
    const headers = await limiter.take('filing', '2001:db8:1:3::1')
    expect(headers).toEqual({ 'RateLimit-Policy': '"filing";q=3;w=3600', RateLimit: '"filing";r=2;t=3600' })
  })

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:0DB8:0001::1', '2001:db8:1::/48'],
    ['::ffff:198.51.100.7', null],
    ['198.51.100.7', null],
  ])('%s is of the site %s', (ip, site) => {
    expect(siteOf(ip)).toBe(site)
  })

  it('A20 somebody with a whole /48 goes from network to network, and is counted for all of them; no other site is', async () => {
    const limiter = createRequestLimiter(readLimits('accessPerIpHour=3,networksPerSite=4').limits)
    let taken = 0
    for (let n = 0; n < 40; n++)
      taken += await limiter.take('access', `2001:db8:1:${n.toString(16)}::1`).then(
        () => 1,
        () => 0,
      )
    expect(taken).toBe(12)
    await expect(limiter.take('access', '2001:db8:1:ffff::1')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    const headers = await limiter.take('access', '2001:db8:2:1::1')
    expect(headers['RateLimit']).toBe('"access";r=2;t=3600')
    // One that is refused by its own count costs its site no more.
    const quiet = createRequestLimiter(readLimits('accessPerIpHour=3,networksPerSite=4').limits)
    for (let n = 0; n < 40; n++) await quiet.take('access', '2001:db8:1:1::1').catch(() => null)
    for (const network of [2, 3, 4])
      for (let n = 0; n < 3; n++) await expect(quiet.take('access', `2001:db8:1:${network}::1`)).resolves.toBeDefined()
  })

  it('A20 numbers tried from many places raise one alarm an hour and lock nobody out', async () => {
    const alarms: string[] = []
    const limiter = createRequestLimiter(readLimits('accessPerHour=50').limits, null, (it) => void alarms.push(it))
    for (let n = 1; n <= 50; n++) await limiter.take('access', `198.51.100.${n}`)
    expect(alarms).toEqual([])
    for (let n = 1; n <= 200; n++) await expect(limiter.take('access', `203.0.113.${n}`)).resolves.toBeDefined()
    expect(alarms).toEqual(['access'])
  })

  it("A27 strangers' forged objections from many networks do not keep an owner from objecting", async () => {
    const limiter = createRequestLimiter(readLimits().limits)
    for (let network = 1; network <= 200; network++)
      for (let n = 1; n <= 60; n++) await limiter.take('objections', `198.51.100.${network}`)
    await expect(limiter.take('objections', '203.0.113.9')).resolves.toBeDefined()
  })
})

describe('limited routes', () => {
  let api: Harness
  beforeAll(async () => {
    api = await startHarness({ limits: 'filingsPerIpHour=3,uploadsPerIpHour=2,accessPerHour=4' })
  })
  afterAll(() => api.close())

  it('A40 headers that name another address do not give another count', async () => {
    const { token } = await filed(api)
    const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'cf-connecting-ip']
    const answers = []
    for (const [n, name] of names.entries()) {
      const value = name === 'forwarded' ? `for=203.0.113.${n}` : `203.0.113.${n}`
      answers.push(await filePerson(api, { contacts: { email: `a40-${n}@surat.example.org` } }, { [name]: value }))
    }
    expect(answers.map((it) => it.status)).toEqual([202, 202, 429, 429, 429])
    expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answers[1]?.headers.get('ratelimit')).toMatch(/^"filing";r=0;t=\d+$/)

    const upload = () =>
      fetch(`${api.url}/v1/pengaduan/documents`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new FormData(),
      })
    const uploads = [(await upload()).status, (await upload()).status, (await upload()).status]
    expect(uploads.at(-1)).toBe(429)
    expect(uploads.slice(0, 2)).not.toContain(429)
  })

  it('A20 past what everybody is expected to ask for a warning is logged once, and the next one is answered as ever', async () => {
    const ask = () =>
      api.request('POST', '/v1/pengaduan/access', {
        as: null,
        body: { ticketNumber: 'PGD-0000-0000', channel: 'email' },
      })
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) statuses.push((await ask()).status)
    expect(new Set(statuses)).toEqual(new Set([202]))
    const warned = api.log
      .map((it) => JSON.parse(it) as Record<string, unknown>)
      .filter((it) => it['limit'] === 'access')
    expect(warned.map((it) => it['msg'])).toEqual([expect.stringMatching(/^everybody together asks for more/)])
  })

  it('each says in its description that it answers 429', () => {
    const limited = api.routes.filter((it) => it.limit !== undefined)
    expect(limited.length).toBeGreaterThanOrEqual(6)
    for (const { operationId, problems } of limited)
      expect([operationId, problems]).toEqual([operationId, expect.arrayContaining(['TOO_MANY_REQUESTS'])])
  })
})
