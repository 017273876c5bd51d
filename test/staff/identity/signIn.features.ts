import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE, startHarness, type Harness } from '../../api/harness.js'
import { account, codeAt, Desk, officer, PASSWORD } from './desk.js'

/** Signing in, on either database. */
export function signInFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`staff sign-in on ${name}`, () => {
    let api: Harness
    beforeAll(async () => {
      const url = await databaseUrl()
      api = await startHarness(url === undefined ? {} : { databaseUrl: url })
    })
    afterAll(() => api.close())

    it('the first time asks for a new password and an authenticator, and shows recovery codes once', async () => {
      const desk = await account(api, [['agent', 'pusat']])
      const first = await desk.password(desk.oneTimePassword)
      expect(first.body.next).toBe('password')
      expect((await desk.get('/v1/session')).status).toBe(401)
      const weak = await desk.post('/v1/session/password', { password: 'password1234' })
      expect([weak.status, weak.body.code]).toEqual([422, 'PASSWORD_REFUSED'])
      const same = await desk.post('/v1/session/password', { password: desk.oneTimePassword })
      expect(same.body.code).toBe('PASSWORD_REFUSED')
      expect((await desk.post('/v1/session/password', { password: PASSWORD })).body.next).toBe('enrol')
      const { secret, otpauth } = (await desk.post('/v1/session/enrolment')).body
      expect(otpauth).toMatch(/^otpauth:\/\/totp\/Pulih.*issuer=Pulih/)
      expect((await desk.post('/v1/session/enrolment/confirmation', { code: '000000' })).body.code).toBe(
        'SIGN_IN_REFUSED',
      )
      desk.secret = secret
      const done = await desk.post('/v1/session/enrolment/confirmation', { code: desk.code() })
      expect(done.body.recoveryCodes).toHaveLength(10)
      const { body } = await desk.get('/v1/session')
      expect(body).toMatchObject({
        username: desk.username,
        roles: [{ role: 'agent', officeId: 'pusat' }],
        offices: ['pusat'],
      })
      // The one-time password is worth nothing any more.
      const again = new Desk(api)
      again.username = desk.username
      expect((await again.password(desk.oneTimePassword)).status).toBe(422)
    })

    it('takes a code once, and a recovery code once', async () => {
      const desk = await officer(api, [['agent', 'pusat']])
      await desk.password()
      const code = desk.code()
      expect((await desk.post('/v1/session/totp', { code })).status).toBe(200)
      await desk.password()
      expect((await desk.post('/v1/session/totp', { code })).body.code).toBe('SIGN_IN_REFUSED')
      const recoveryCode = String(desk.recoveryCodes[0]).toUpperCase()
      expect((await desk.post('/v1/session/totp', { recoveryCode })).body.next).toBe('open')
      await desk.password()
      expect((await desk.post('/v1/session/totp', { recoveryCode })).status).toBe(422)
      // Two at once with one code: one of them.
      const [one, two] = await Promise.all(
        [new Desk(api), new Desk(api)].map(async (it) => {
          it.username = desk.username
          await it.password()
          return it
        }),
      )
      api.clock.advance(30_000)
      const now = codeAt(desk.secret, api.clock.now())
      const answers = await Promise.all([one, two].map((it) => it!.post('/v1/session/totp', { code: now })))
      expect(answers.map((it) => it.status).toSorted()).toEqual([200, 422])
    })

    it('an unknown user name is answered like a wrong password', async () => {
      const desk = await officer(api, [['agent', null]])
      const wrong = await desk.password('not this one at all')
      const unknown = new Desk(api)
      unknown.username = 'nobody-here'
      const answer = await unknown.password()
      const bare = (problem: unknown) => ({ ...(problem as Record<string, unknown>), instance: null })
      expect(bare(answer.body)).toEqual(bare(wrong.body))
      expect(answer.headers.getSetCookie()).toEqual([])
    })

    it('A41: the session has a new secret at each step, and the old one opens nothing', async () => {
      const desk = await officer(api, [['agent', null]])
      await desk.password()
      const before = desk.cookie
      await desk.post('/v1/session/totp', { code: desk.code() })
      const open = desk.cookie
      expect(open).not.toBe(before)
      await desk.post('/v1/session/step-up', { code: desk.code() })
      expect(desk.cookie).not.toBe(open)
      for (const old of [before, open]) {
        const thief = new Desk(api)
        thief.cookie = old
        expect((await thief.get('/v1/session')).status).toBe(401)
      }
      // A cookie that somebody planted beside the own one.
      const two = { cookie: `pulih-staff=${desk.cookie}; pulih-staff=${before}` }
      expect((await api.get('/v1/session', null, two)).status).toBe(401)
      expect((await desk.get('/v1/session')).status).toBe(200)
    })

    it('A41: after signing out, after being disabled, and after a role was revoked, the next request is refused', async () => {
      const desk = await officer(api, [['agent', null]])
      const { accounts } = api.deps.services.staff
      const by = { id: 'admin-1', role: 'admin' } as const
      expect((await desk.get('/v1/tickets')).status).toBe(200)
      await accounts.revoke(desk.staffId, { role: 'agent', officeId: null }, by)
      expect((await desk.get('/v1/tickets')).status).toBe(403)
      await accounts.grant(desk.staffId, { role: 'agent', officeId: null }, by)
      expect((await desk.get('/v1/tickets')).status).toBe(200)
      await accounts.disable(desk.staffId, by)
      expect((await desk.get('/v1/tickets')).status).toBe(401)
      expect((await desk.password()).body.code).toBe('SIGN_IN_REFUSED')
      await accounts.enable(desk.staffId, by)
      expect((await desk.get('/v1/tickets')).status).toBe(401)
      await desk.signIn()
      const held = desk.cookie
      expect((await desk.post('/v1/session/end')).status).toBe(200)
      expect(desk.cookie).toBeNull()
      desk.cookie = held
      expect((await desk.get('/v1/tickets')).status).toBe(401)
    })

    it('A41: a session ends after 15 idle minutes, and after 8 hours at most', async () => {
      const desk = await officer(api, [['agent', null]])
      api.clock.advance(14 * MINUTE)
      expect((await desk.get('/v1/session')).status).toBe(200)
      api.clock.advance(15 * MINUTE + 1)
      expect((await desk.get('/v1/session')).status).toBe(401)
      await desk.signIn()
      const start = api.clock.now()
      while (api.clock.now() < start + 8 * HOUR - 10 * MINUTE) {
        api.clock.advance(10 * MINUTE)
        expect((await desk.get('/v1/session')).status).toBe(200)
      }
      await desk.post('/v1/session/step-up', { code: desk.code() })
      api.clock.advance(10 * MINUTE)
      expect((await desk.get('/v1/session')).status).toBe(401)
    })

    it('A39: what a cookie vouches for is taken from own pages only', async () => {
      const desk = await officer(api, [
        ['supervisor', null],
        ['admin', null],
      ])
      const order = { staffNumber: 'X-1', username: 'penyusup', name: 'X' }
      const evil: Record<string, string>[] = [
        { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
        { origin: 'null', 'sec-fetch-site': 'cross-site' },
        { origin: 'null', 'sec-fetch-site': 'same-origin' },
        { origin: api.url, 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      ]
      for (const headers of evil) {
        const answer = await desk.post('/v1/staff', order, headers)
        expect([answer.status, answer.body.code], JSON.stringify(headers)).toEqual([403, 'CROSS_SITE_REFUSED'])
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
        // Nor does anybody sign somebody else's browser in.
        expect((await new Desk(api).post('/v1/session', { username: 'x', password: 'y' }, headers)).status).toBe(403)
      }
      const silent = await api.request('POST', '/v1/staff', {
        as: null,
        body: order,
        headers: { cookie: `pulih-staff=${desk.cookie}` },
      })
      expect(silent.body.code).toBe('CROSS_SITE_REFUSED')
      const page = await desk.get('/v1/session', { origin: 'https://evil.example' })
      expect(page.headers.get('access-control-allow-origin')).toBeNull()
      expect(page.headers.get('x-frame-options')).toBe('DENY')
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect((await desk.post('/v1/staff', order)).status).toBe(201)
    })

    it('A40: no header but the credential says who somebody is, and a forged address changes no count', async () => {
      const desk = await officer(api, [['admin', null]])
      const forged = { 'x-remote-user': desk.username, 'x-forwarded-user': desk.username, remote_user: desk.username }
      expect((await api.get('/v1/staff', null, forged)).status).toBe(401)
      const thief = new Desk(api)
      thief.username = 'tebakan'
      const answers: number[] = []
      for (let n = 0; n < 8; n++) {
        const headers = {
          'x-forwarded-for': `203.0.113.${n}`,
          forwarded: `for=203.0.113.${n}`,
          'x-real-ip': `203.0.113.${n}`,
        }
        answers.push(
          (await thief.post('/v1/session', { username: 'tebakan', password: `tebakan ${n}` }, headers)).status,
        )
      }
      expect(answers.filter((it) => it === 429).length).toBeGreaterThan(0)
      // A session cookie carries no Domain, so a forged Host plants nothing elsewhere.
      const host = await desk.password()
      expect(host.headers.getSetCookie()[0]).toMatch(/^pulih-staff=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    })

    it('guesses slow down by account and network, and nobody else is locked out by them', async () => {
      const desk = await officer(api, [['agent', null]])
      const { store } = api
      const strangers = api.deps.services.staff.signIn
      const statusOf = (network: string) =>
        strangers.password(desk.username, 'salah sama sekali', network).then(
          () => 'in',
          (error: unknown) => (error as { code?: string }).code,
        )
      for (let n = 0; n < 5; n++) expect(await statusOf('198.51.100.1')).toBe('SIGN_IN_REFUSED')
      expect(await statusOf('198.51.100.1')).toBe('SIGN_IN_REFUSED')
      expect(await statusOf('198.51.100.1')).toBe('TOO_MANY_REQUESTS')
      api.clock.advance(1_000)
      expect(await statusOf('198.51.100.1')).toBe('SIGN_IN_REFUSED')
      api.clock.advance(1_000)
      expect(await statusOf('198.51.100.1')).toBe('TOO_MANY_REQUESTS')
      // Many networks at once: the account is slowed to half a minute, from where its owner signs in not at all.
      const all = await Promise.all(Array.from({ length: 60 }, (_, n) => statusOf(`192.0.2.${n}`)))
      expect(all.filter((it) => it === 'TOO_MANY_REQUESTS').length).toBeGreaterThan(10)
      expect((await desk.password()).status).toBe(200)
      api.clock.advance(31_000)
      await expect(strangers.password(desk.username, PASSWORD, '192.0.2.200')).resolves.toBeDefined()
      expect(await store.staff.countRecoveryCodes(desk.staffId)).toBe(10)
    })

    it('fifty guesses at once are not all looked at', async () => {
      const desk = await officer(api, [['agent', null]])
      const { signIn } = api.deps.services.staff
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, n) => signIn.password(desk.username, `salah ${n} salah`, '198.51.100.77')),
      )
      const codes = outcomes.map((it) => (it.status === 'rejected' ? (it.reason as { code: string }).code : 'in'))
      expect(codes.filter((it) => it === 'SIGN_IN_REFUSED').length).toBeLessThanOrEqual(6)
    })

    it('own sessions are listed and ended, one or all others', async () => {
      const desk = await officer(api, [['agent', null]])
      const phone = new Desk(api)
      Object.assign(phone, { username: desk.username, secret: desk.secret })
      await phone.signIn()
      const sessions = (await desk.get('/v1/session/list')).body.sessions as { id: string; own: boolean }[]
      expect(sessions.filter((it) => !it.own)).toHaveLength(1)
      const { id } = sessions.find((it) => !it.own)!
      expect((await desk.post('/v1/session/list/end', { id })).body.ended).toBe(1)
      expect((await phone.get('/v1/session')).status).toBe(401)
      await phone.signIn()
      expect((await desk.post('/v1/session/list/end', {})).body.ended).toBe(1)
      expect((await desk.get('/v1/session')).status).toBe(200)
      const other = await officer(api, [['agent', null]])
      const theirs = (await other.get('/v1/session')).body.session.id
      expect((await desk.post('/v1/session/list/end', { id: theirs })).status).toBe(404)
    })

    it('fresh proofs all day long slow nobody down', async () => {
      const desk = await officer(api, [['agent', 'pusat']])
      for (let n = 0; n < 8; n++)
        expect((await desk.post('/v1/session/step-up', { code: desk.code() })).status, String(n)).toBe(200)
    })

    it('A41: a new authenticator or new recovery codes take a factor that still counts, not a session alone', async () => {
      const desk = await officer(api, [['agent', 'pusat']])
      const elsewhere = new Desk(api)
      Object.assign(elsewhere, { username: desk.username, secret: desk.secret })
      await elsewhere.signIn()
      for (const [path, body] of [
        ['renewal', { code: '000000' }],
        ['renewal', { recoveryCode: 'aaaaa-bbbbb-ccccc-ddddd' }],
        ['recovery-codes', { code: '000000' }],
      ] as const)
        expect((await desk.post(`/v1/session/${path}`, body)).body.code, path).toBe('SIGN_IN_REFUSED')

      const { recoveryCodes } = (await desk.post('/v1/session/recovery-codes', { code: desk.code() })).body
      expect(recoveryCodes).toHaveLength(10)
      const old = await desk.post('/v1/session/renewal', { recoveryCode: desk.recoveryCodes[3] })
      expect(old.body.code).toBe('SIGN_IN_REFUSED')
      // A lost phone: a recovery code begins it. Until the new one has shown its code, the old one counts.
      const { secret, otpauth, renewal } = (await desk.post('/v1/session/renewal', { recoveryCode: recoveryCodes[0] }))
        .body
      expect(otpauth).toContain(secret)
      expect((await desk.post('/v1/session/step-up', { code: desk.code() })).status).toBe(200)
      const finish = (code: string) => desk.post('/v1/session/renewal/confirmation', { renewal, code })
      expect((await finish(desk.code())).body.code).toBe('SIGN_IN_REFUSED')
      const was = desk.secret
      desk.secret = secret
      const done = await finish(desk.code())
      expect(done.body.recoveryCodes).toHaveLength(10)
      expect((await elsewhere.get('/v1/session')).status).toBe(401)
      expect((await desk.get('/v1/session')).status).toBe(200)
      expect((await desk.post('/v1/session/step-up', { code: codeAt(was, api.clock.now()) })).status).toBe(422)
      expect((await desk.signIn()).body.next).toBe('open')
      // What was begun is somebody's own, and ends after ten minutes.
      const other = await officer(api, [['agent', 'pusat']])
      other.secret = secret
      const theirs = await other.post('/v1/session/renewal/confirmation', { renewal, code: other.code() })
      expect(theirs.body.code).toBe('SIGN_IN_REFUSED')
      api.clock.advance(10 * MINUTE)
      expect((await finish(desk.code())).body.code).toBe('SIGN_IN_REFUSED')
    })

    it('neither password, secret, cookie nor code is in the database or the log', async () => {
      const desk = await officer(api, [['agent', null]])
      const secrets = [PASSWORD, desk.secret, String(desk.cookie), desk.oneTimePassword, ...desk.recoveryCodes]
      const texts: string[] = []
      await api.store.eachText((_table, _column, text) => void texts.push(text))
      const all = [...texts, ...api.log].join('\n')
      for (const secret of secrets) expect(all.includes(secret)).toBe(false)
    })
  })
}
