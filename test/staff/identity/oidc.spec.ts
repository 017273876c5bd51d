import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccounts } from '../../../src/staff/identity/accounts.js'
import { createOidc, type Oidc } from '../../../src/staff/identity/oidc.js'
import { startHarness, type Harness } from '../../api/harness.js'
import { officer, type Desk } from './desk.js'
import { startIssuer, type Issuer } from './issuer.js'

const ORIGIN = 'http://localhost:3999'
const BY = { id: 'admin-1', role: 'admin' } as const
/** Goes through the provider's pages as a browser does, and gives the way back to us. */
async function signInAt(start: string, subject: string): Promise<string> {
  const jar = new Map<string, string>()
  const go = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const it of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(it) ?? []
      jar.set(name, value)
    }
    return answer
  }
  let url = start
  for (let step = 0; step < 12; step++) {
    const answer = await go(url)
    let next = answer.headers.get('location')
    if (next === null) {
      const page = await answer.text()
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
      const action = /action="([^"]+)"/.exec(page)?.[1]
      if (prompt === undefined || action === undefined)
        throw new Error(`unexpected page ${answer.status}: ${page.slice(0, 300)}`)
      const posted = await go(new URL(action, url).href, { prompt, login: subject, password: 'x' })
      next = posted.headers.get('location')
    }
    url = new URL(next ?? '', url).href
    if (url.startsWith(ORIGIN)) return url
  }
  throw new Error('too many steps')
}

describe('sign-in by an issuer', () => {
  let api: Harness
  let idp: Issuer
  let oidc: Oidc
  let local: Desk
  beforeAll(async () => {
    idp = await startIssuer(ORIGIN)
    // The issuer's tokens carry real time.
    api = await startHarness({ at: Math.floor(performance.timeOrigin + performance.now()) })
    const { staff, audit } = api.deps.services
    const { clock } = api
    const { ids } = api.deps
    const store = api.store.staff
    const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
    const offices = () => api.engine.reference.offices()
    const accounts = createAccounts({ store, audit, clock, ids, random, offices })
    oidc = createOidc({
      config: idp.config,
      origin: ORIGIN,
      store,
      sessions: staff.sessions,
      accounts,
      audit,
      clock,
      random,
    })
    // What main.ts joins from the configuration, with the port that only now is known.
    Object.assign(staff, { oidc })
    local = await officer(api, [['admin', null]])
    for (const [n, subject] of ['budi', 'sari'].entries())
      await staff.accounts.create(
        { staffNumber: `O-${n}`, username: subject, name: subject, subject: { issuer: idp.config.issuer, subject } },
        BY,
      )
  })
  afterAll(async () => {
    await api.close()
    idp.close()
  })

  it('takes somebody whom the issuer vouches for and who has an account, with what the groups are worth', async () => {
    idp.groups = ['pulih-agen', 'lain']
    const { url, secret } = await oidc.begin(false)
    expect(url).toContain('code_challenge_method=S256')
    const back = new URL(await signInAt(url, 'budi'))
    const answer = await api.get(back.pathname + back.search, null, { cookie: `pulih-staff-oidc=${secret}` })
    expect(answer.status, answer.text).toBe(200)
    const cookie = /pulih-staff=([^;]+)/.exec(answer.headers.getSetCookie().join('\n'))?.[0] ?? ''
    const me = await api.get('/v1/session', null, { cookie })
    expect(me.body).toMatchObject({
      username: 'budi',
      roles: [{ role: 'agent', officeId: 'pusat' }],
      session: { via: 'oidc' },
    })
    // The way back is good once.
    expect((await api.get(back.pathname + back.search, null, { cookie: `pulih-staff-oidc=${secret}` })).status).toBe(
      422,
    )
    idp.groups = ['pulih-audit']
    const again = await oidc.begin(true)
    await oidc.finish(again.secret, new URL(await signInAt(again.url, 'budi')).search.slice(1))
    expect((await api.get('/v1/session', null, { cookie })).body.roles).toEqual([{ role: 'auditor', officeId: null }])
    const out = await api.request('POST', '/v1/session/end', { as: null, headers: { cookie, origin: api.url } })
    expect(out.body.issuer).toContain('/session/end')
  })

  it('refuses whom nobody provided for, a return of another browser, another state, and no code', async () => {
    const refused = { code: 'SIGN_IN_REFUSED' }
    const one = await oidc.begin(false)
    await expect(
      oidc.finish(one.secret, new URL(await signInAt(one.url, 'orang-lain')).search.slice(1)),
    ).rejects.toMatchObject(refused)
    const two = await oidc.begin(false)
    const three = await oidc.begin(false)
    const back = new URL(await signInAt(two.url, 'sari')).search.slice(1)
    await expect(oidc.finish(null, back)).rejects.toMatchObject(refused)
    await expect(oidc.finish(three.secret, back)).rejects.toMatchObject(refused)
    await expect(oidc.finish(two.secret, 'error=access_denied')).rejects.toMatchObject(refused)
  })

  it('A41: somebody disabled here does not come in by the issuer', async () => {
    const { accounts } = api.deps.services.staff
    const sari = (await accounts.list()).find((it) => it.staff.username === 'sari')!.staff
    await accounts.disable(sari.id, BY)
    const { url, secret } = await oidc.begin(false)
    const back = new URL(await signInAt(url, 'sari')).search.slice(1)
    await expect(oidc.finish(secret, back)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  })

  it('with the issuer down it says so, and local accounts work on', async () => {
    const { staff, audit } = api.deps.services
    const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
    const parts = {
      origin: ORIGIN,
      store: api.store.staff,
      sessions: staff.sessions,
      accounts: staff.accounts,
      audit,
      clock: api.clock,
      random,
    }
    Object.assign(staff, { oidc: createOidc({ ...parts, config: { ...idp.config, issuer: 'http://127.0.0.1:9' } }) })
    const answer = await api.get('/v1/session/oidc', null)
    expect([answer.status, answer.body.code]).toEqual([503, 'UPSTREAM_UNAVAILABLE'])
    expect((await local.signIn()).status).toBe(200)
  })
})
