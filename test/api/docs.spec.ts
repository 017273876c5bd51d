import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApi, startHttp } from '../../src/api/index.js'
import { Browser, hasChromium } from '../support/browser.js'
import { startHarness, tokenOf, type Harness } from './harness.js'

const SOON = { timeout: 45_000, interval: 50 }

describe('the API page', () => {
  let h: Harness
  beforeAll(async () => void (h = await startHarness()))
  afterAll(() => h.close())

  const addresses = (html: string) => [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url]) => url ?? '')

  it('needs nothing but this server, says its policy, and is kept by its content', async () => {
    const page = await fetch(`${h.url}/docs`)
    expect(page.status).toBe(200)
    const html = await page.text()
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style="/)
    expect(addresses(html)).toHaveLength(5)
    for (const path of addresses(html).filter((it) => it !== '/openapi.json')) {
      expect(path).toMatch(/^\/docs\/[a-z0-9-]+\.[0-9a-f]{16}\.(css|js|png)$/)
      const asset = await fetch(h.url + path)
      expect(asset.status).toBe(200)
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff')
      const again = await fetch(h.url + path, { headers: { 'if-none-match': asset.headers.get('etag') ?? '' } })
      expect([again.status, await again.text()]).toEqual([304, ''])
      if (path.endsWith('.css')) {
        const urls = [...(await asset.text()).matchAll(/@import|url\(([^)]{0,20})/g)].map(([, it]) => it)
        expect(urls.length).toBeGreaterThan(0)
        expect(urls.filter((it) => !/^["']?data:/.test(it ?? ''))).toEqual([])
      }
    }
    const policy = page.headers.get('content-security-policy')
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
    expect(policy).not.toMatch(/unsafe|http|\*/)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await fetch(`${h.url}/docs`, { headers: { 'if-none-match': page.headers.get('etag')! } })).status).toBe(304)
  })

  it('leaves the rest of the API its own, stricter policy and gives no other file', async () => {
    expect((await h.get('/openapi.json', null)).headers.get('content-security-policy')).toMatch(
      /^default-src 'none';base/,
    )
    for (const path of ['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui.css', '/DOCS'])
      expect((await h.get(path, null)).body.code).toBe('NOT_FOUND')
    expect((await h.request('POST', '/docs')).headers.get('allow')).toBe('GET, HEAD')
    const head = await fetch(`${h.url}/docs`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(500)
  })

  it('starts with a script that asks no validator and keeps no token; in production nothing can be tried out', async () => {
    const startOf = async (url: string) => {
      const path = addresses(await (await fetch(`${url}/docs`)).text()).find((it) => it.includes('/start.'))
      return (await fetch(url + String(path))).text()
    }
    const script = await startOf(h.url)
    expect(script).not.toMatch(/https?:|\/\//)
    for (const line of ['validatorUrl: null', 'persistAuthorization: false', "supportedSubmitMethods: ['get', 'post']"])
      expect(script).toContain(line)
    const config = { ...h.deps.config, production: true }
    const strict = await startHttp({ app: createApi({ ...h.deps, config }), host: '127.0.0.1', port: 0 })
    try {
      expect(await startOf(`http://127.0.0.1:${strict.port}`)).toContain('supportedSubmitMethods: []')
    } finally {
      await strict.stop(1000)
    }
  })

  it.skipIf(!hasChromium)(
    'in a real browser: shows every route, fetches from here only, breaks no rule of its policy, and tries a request out',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      const browser = await Browser.open()
      onTestFinished(() => browser.close())
      const fetched: string[] = []
      const complaints: string[] = []
      browser.on('Network.requestWillBeSent', ({ request }) => fetched.push((request as { url: string }).url))
      browser.on('Log.entryAdded', ({ entry }) => complaints.push(JSON.stringify(entry)))
      browser.on('Runtime.exceptionThrown', (it) => complaints.push(JSON.stringify(it)))
      for (const domain of ['Network', 'Log', 'Runtime', 'Page']) await browser.send(`${domain}.enable`)
      await browser.send('Page.navigate', { url: `${h.url}/docs` })
      const shown = () => browser.evaluate(`document.querySelectorAll('.opblock').length`)
      await expect.poll(shown, SOON).toBe(h.routes.length)

      expect(await browser.evaluate(`document.body.innerText`)).not.toMatch(/Warning|Error[^s]/)
      await browser.evaluate(`document.querySelector('.btn.authorize').click()`)
      await expect
        .poll(() => browser.evaluate(`document.querySelector('.auth-container input') !== null`), SOON)
        .toBe(true)
      await browser.evaluate(typed('.auth-container input', tokenOf('agent')))
      await browser.evaluate(`document.querySelector('.auth-container .authorize').click()`)
      await browser.evaluate(`document.querySelector('.btn-done').click()`)
      await browser.evaluate(`document.querySelector('[id$="listTickets"] .opblock-summary-control').click()`)
      await expect.poll(() => browser.evaluate(`document.querySelector('.try-out__btn') !== null`), SOON).toBe(true)
      await browser.evaluate(`document.querySelector('.try-out__btn').click()`)
      await expect.poll(() => browser.evaluate(`document.querySelector('.execute') !== null`), SOON).toBe(true)
      await browser.evaluate(`document.querySelector('.execute').click()`)
      const answered = () =>
        browser.evaluate(`document.querySelector('.live-responses-table tbody .response-col_status')?.textContent`)
      await expect.poll(answered, SOON).toMatch(/^200/)
      const kept = await browser.evaluate(`JSON.stringify([localStorage, sessionStorage, document.cookie])`)
      expect(kept).toBe('[{},{},""]')

      expect(complaints).toEqual([])
      expect(fetched.length).toBeGreaterThan(4)
      expect(fetched.filter((url) => !url.startsWith(`${h.url}/`) && !url.startsWith('data:'))).toEqual([])
      // Nothing on the page leads elsewhere either.
      const links = (await browser.evaluate(
        `[...document.querySelectorAll('[href],[src]')].map((it) => it.getAttribute('href') ?? it.getAttribute('src'))`,
      )) as string[]
      expect(links.filter((it) => /^https?:/.test(it) && !it.startsWith(h.url))).toEqual([])
    },
  )
})

/** React listens to the input's own setter, so an assignment alone would not be seen. */
const typed = (selector: string, text: string): string => `{
  const input = document.querySelector(${JSON.stringify(selector)})
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, ${JSON.stringify(text)})
  input.dispatchEvent(new Event('input', { bubbles: true }))
}`
