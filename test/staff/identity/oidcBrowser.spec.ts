import { execFileSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApi, startHttp, type HttpServer } from '../../../src/api/index.js'
import { createAccounts } from '../../../src/staff/identity/accounts.js'
import { createOidc } from '../../../src/staff/identity/oidc.js'
import { createConsole } from '../../../src/web/consoleServer/index.js'
import { startHarness, type Harness } from '../../api/harness.js'
import { hasChromium } from '../../support/browser.js'
import { openChromium } from '../../web/portal/browser.js'
import { startIssuer, type Issuer } from './issuer.js'

const BY = { id: 'admin-1', role: 'admin' } as const

/** The issuer is another site than the console: only a browser knows which cookies then go along. */
describe.skipIf(!hasChromium)('sign-in by an issuer in a browser', () => {
  let api: Harness
  let http: HttpServer
  let idp: Issuer
  let browser: Browser
  let page: Page
  let url: string
  const trouble: string[] = []
  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/console.mjs'], { stdio: 'inherit' })
    // The issuer's tokens carry real time.
    api = await startHarness({ at: Math.floor(performance.timeOrigin + performance.now()) })
    const { deps, clock, store } = api
    http = await startHttp({
      app: createApi({ ...deps, console: createConsole({ oidc: true }) }),
      ...{ host: '127.0.0.1', port: 0 },
    })
    url = `http://127.0.0.1:${http.port}`
    idp = await startIssuer(url, 'localhost')
    const { staff, audit } = deps.services
    const parts = {
      ...{ store: store.staff, audit, clock, ids: deps.ids },
      random: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
      offices: () => api.engine.reference.offices(),
    }
    const accounts = createAccounts(parts)
    const oidc = createOidc({ ...parts, config: idp.config, origin: url, sessions: staff.sessions, accounts })
    Object.assign(staff, { oidc })
    const subject = { issuer: idp.config.issuer, subject: 'budi' }
    await accounts.create({ staffNumber: 'O-1', username: 'budi', name: 'Budi Contoh', subject }, BY)
    browser = await openChromium()
    page = await (await browser.newContext({ locale: 'id-ID' })).newPage()
    // Pages of the development provider ask for a font of somebody else's.
    await page.route(/^https:/, (route) => route.abort())
    page.on('pageerror', (it) => trouble.push(it.message))
  })
  afterAll(async () => {
    await browser.close()
    idp.close()
    await http.stop(0)
    await api.close()
  })
  /** Through the issuer's own pages. */
  async function vouchedFor(subject: string): Promise<void> {
    await page.fill('[name=login]', subject)
    await page.fill('[name=password]', 'x')
    await page.click('button[type=submit]')
    await page.click('button[type=submit]')
  }

  it('from the console to the issuer and back: signed in, with what the groups are worth, and nothing of it in an address', async () => {
    idp.groups = ['pulih-agen']
    await page.goto(`${url}/petugas`)
    await page.click('a[href="/v1/session/oidc"]')
    await page.waitForURL(`${idp.config.issuer}/**`)
    await vouchedFor('budi')
    await page.waitForSelector('.top')
    expect(new URL(page.url()).pathname).toBe('/petugas')
    const { cookies } = await page.context().storageState()
    expect(cookies.filter((it) => it.name.startsWith('pulih-staff'))).toMatchObject([
      { name: 'pulih-staff', httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1' },
    ])
    const me = await page.evaluate<{ username: string; session: { via: string }; roles: unknown }>(
      `fetch('/v1/session').then((it) => it.json())`,
    )
    expect(me).toMatchObject({
      ...{ username: 'budi', session: { via: 'oidc' } },
      roles: [{ role: 'agent', officeId: 'pusat' }],
    })
    // Nothing of the way is left in an address.
    expect(await page.evaluate('location.href + document.referrer')).not.toMatch(/code=|state=/)
    expect(trouble).toEqual([])
  })

  it('somebody whom nobody provided for is told so on a page, with the way to a local account', async () => {
    await page.context().clearCookies()
    await page.goto(`${url}/petugas`)
    await page.click('a[href="/v1/session/oidc"]')
    await page.waitForURL(`${idp.config.issuer}/**`)
    await vouchedFor('orang-lain')
    await page.waitForURL(`${url}/**`)
    expect(await page.innerText('body')).toMatch(/Tidak dapat masuk[^]*Kembali ke halaman masuk/)
    await page.click('a[href="/petugas"]')
    await page.waitForSelector('[name=username]')
    expect((await page.context().cookies(url)).filter((it) => it.name === 'pulih-staff')).toEqual([])
  })
})
