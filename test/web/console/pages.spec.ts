import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watermarked } from '../../../src/audit/index.js'
import { hasChromium } from '../../support/browser.js'
import { openChromium } from '../portal/browser.js'
import { picture } from '../portal/world.js'
import { ConsoleWorld, type Officer } from './world.js'

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })
const MAIN = 'dialog button.button:not(.plain):not(.quiet)'
const HOSTILE = '"><img src=x onerror="document.title=1">.jpg'
/** What a policy kept from running would be counted here, and what ran would leave its mark. */
const WATCH = `window.refused = 0; addEventListener('securitypolicyviolation', () => (window.refused += 1))`
const WORDS = ['app/shellWords', 'parts/chart/words', 'words/codes', 'words/common'].concat(
  ['worklist', 'ticket', 'reports', 'notices', 'bulk', 'incidents', 'workflow', 'calendars', 'offices', 'own'].map(
    (it) => `pages/${it}/words`,
  ),
  ['decisionWords', 'documentWords', 'messageWords'].map((it) => `pages/ticket/${it}`),
)

/** Words of the Indonesian catalogues that mean something in Indonesian only. */
async function indonesian(): Promise<ReadonlySet<string>> {
  const told = (it: unknown): readonly string[] =>
    typeof it === 'string' ? [it] : typeof it === 'object' && it !== null ? Object.values(it).flatMap(told) : []
  const words = new Set<string>()
  const both = new Set<string>()
  for (const file of WORDS) {
    const url = new URL(`../../../src/web/console/${file}.ts`, import.meta.url).href
    const module = (await import(/* @vite-ignore */ url)) as Record<string, { id?: unknown; en?: unknown }>
    for (const { id, en } of Object.values(module)) {
      for (const it of told(id)) words.add(it)
      for (const it of told(en)) both.add(it)
    }
  }
  return new Set([...words].filter((it) => !both.has(it)))
}

describe.skipIf(!hasChromium)('pages of the console, each for its own promise', () => {
  let browser: Browser
  let world: ConsoleWorld
  let agent: Officer
  let first: { readonly ticketId: string; readonly number: string }
  beforeAll(async () => {
    browser = await openChromium()
    world = await ConsoleWorld.open(browser)
    const { ticketId } = await world.complaint()
    first = { ticketId, number: await world.numberOf(ticketId) }
    agent = await world.signIn(await world.desk('agent', 'dewi'))
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })
  const calm = () => expect(world.trouble).toEqual([])
  const goTo = (page: Page, path = '') => page.goto(`${world.url}/petugas${path}`)

  it('the worklist’s filters: chosen by their lists, kept in the address, taken off by one button', async () => {
    const { page } = agent
    const row = page.locator('.work-row', { hasText: first.number })
    await row.waitFor()
    await page.selectOption('[name=tampilan]', 'mine')
    await page.waitForSelector('.empty')
    expect(new URL(page.url()).search).toBe('?tampilan=mine')
    await page.selectOption('[name=tampilan]', 'free')
    await row.waitFor()
    await page.selectOption('[name=rute]', 'kantor_cabang')
    await page.waitForSelector('.empty')
    await page.reload()
    await page.waitForSelector('.empty')
    expect(await page.inputValue('[name=rute]')).toBe('kantor_cabang')
    expect(new URL(page.url()).search).toBe('?tampilan=free&rute=kantor_cabang')
    await page.getByRole('button', { name: 'Hapus saringan' }).click()
    await row.waitFor()
    expect(new URL(page.url()).search).toBe('')
    calm()
  })

  it('a page of a document carries who looks at it and when', async () => {
    const { page, desk } = agent
    // The browser keeps none of it: what it is given is taken on the way.
    const pages = /\/documents\/([^/]+)\/pages\/1$/
    let body: Buffer = Buffer.alloc(0)
    let documentId = ''
    await page.route(pages, async (route) => {
      const response = await route.fetch()
      body = await response.body()
      documentId = pages.exec(route.request().url())?.[1] ?? ''
      await route.fulfill({ response, body })
    })
    await goTo(page, `/tiket/${first.ticketId}`)
    await page.getByRole('button', { name: 'Tampilkan halaman' }).or(page.locator('.sheet img')).first().waitFor()
    if ((await page.locator('.sheet img').count()) === 0)
      await page.getByRole('button', { name: 'Tampilkan halaman' }).click()
    await page.waitForSelector('.sheet img')
    await page.unroute(pages)
    const { services, clock } = world.cases.api.deps
    const plain = await services.documents.page(first.ticketId, documentId, 1)
    const mark = { actorId: desk.staffId, ticketNumber: first.number, at: clock.now() }
    const stamped = async (change: Partial<typeof mark>) =>
      Buffer.from(await watermarked(plain, { ...mark, ...change }))
    expect(body.equals(await stamped({}))).toBe(true)
    expect(body.equals(await stamped({ actorId: 'somebody-else' }))).toBe(false)
    expect(body.equals(await stamped({ at: mark.at + 86_400_000 }))).toBe(false)
    calm()
  })

  it('a risk is told with its reason', async () => {
    const { page } = agent
    const { ticketId } = await world.cases.submitted({}, 'deceased')
    await world.cases.tasks.runDue()
    const { body } = await world.cases.api.get(`/v1/tickets/${ticketId}/risk`)
    const flags = body.flags as readonly { readonly reason: { readonly id: string } }[]
    expect(flags.length).toBeGreaterThan(0)
    await goTo(page, `/tiket/${ticketId}`)
    for (const { reason } of flags) await page.getByRole('listitem').filter({ hasText: reason.id }).first().waitFor()
    calm()
  })

  it('A15 what is no picture is refused in words, a hostile name is nowhere markup, and nothing of it runs', async () => {
    const { page } = agent
    await page.addInitScript(WATCH)
    const { ticketId } = await world.complaint(false)
    await goTo(page, `/tiket/${ticketId}`)
    await page.click('[data-upload]')
    await page.selectOption('[name=kind]', 'KTP')
    const mark = 'document.documentElement.dataset.ran = 1'
    const bad = [
      ['gambar.svg', 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" onload="${mark}"/>`],
      [HOSTILE, 'image/jpeg', `<html><script>${mark}</script></html>`],
    ] as const
    for (const [name, mimeType, content] of bad) {
      await page.setInputFiles('[name=file]', { name, mimeType, buffer: Buffer.from(content) })
      const answer = page.waitForResponse((it) => it.request().method() === 'POST')
      await page.click(MAIN)
      expect([415, 422]).toContain((await answer).status())
      await page.waitForSelector('dialog .problem')
    }
    const buffer = Buffer.from(await (await picture()).arrayBuffer())
    await page.setInputFiles('[name=file]', { name: HOSTILE, mimeType: 'image/jpeg', buffer })
    await page.click(MAIN)
    await soon(() => page.textContent('dialog')).toContain('Dokumen diterima')
    expect(await page.locator('dialog img').count()).toBe(0)
    expect(await page.locator('[onerror], [onload], html[data-ran]').count()).toBe(0)
    expect(await page.evaluate('window.refused')).toBe(0)
    calm()
  })

  it('A34 a step that is not due has no button, and sent by hand it is refused in a sentence', async () => {
    const { page, context } = await world.signIn(
      await world.desk('checker', 'bayu'),
      `/petugas/tiket/${first.ticketId}`,
    )
    await page.waitForSelector('[data-event="verification.start"]')
    expect(await page.locator('[data-event^="approval."]').count()).toBe(0)
    // Another step goes out than the one that was pressed, as from a page that was tampered with.
    await page.route('**/events', async (route) => {
      const body = route.request().postDataJSON() as Record<string, unknown>
      await route.continue({ postData: JSON.stringify({ ...body, type: 'approval.confirm' }) })
    })
    const before = await world.cases.stateOf(first.ticketId)
    await page.click('[data-event="verification.start"]')
    const answer = page.waitForResponse((it) => it.url().endsWith('/events'))
    await page.click(MAIN)
    expect((await answer).status()).toBe(409)
    await page.waitForSelector('.problem')
    expect(await page.textContent('.problem')).toMatch(/[a-z]+ [a-z]+ [a-z]+/)
    expect(await world.cases.stateOf(first.ticketId)).toBe(before)
    await context.close()
    calm()
  })

  it('in English every page is English throughout, and says so to assistive technology', async () => {
    const words = await indonesian()
    expect(words.size).toBeGreaterThan(300)
    const { page, context } = await world.signIn(await world.desk('supervisor', 'sari'), '/petugas/saya')
    await page.waitForSelector('.preferring select')
    await page.selectOption('.preferring select >> nth=0', 'en')
    await soon(() => page.textContent('h1')).toBe('My account')
    const { ticketId } = first
    const paths = ['', '/pemberitahuan', '/laporan', '/periksa-ulang', '/massal', '/gangguan', '/alur', '/kalender']
    for (const path of [...paths, '/kantor', '/saya', `/tiket/${ticketId}`, `/tiket/${ticketId}/alur`]) {
      await goTo(page, path)
      await page.waitForSelector('h1')
      await soon(() => page.locator('.loading').count()).toBe(0)
      expect(await page.getAttribute('html', 'lang')).toBe('en')
      const lines = (await page.innerText('body')).split(/[\n\t]+/).map((it) => it.trim())
      const left = lines.filter((it) => words.has(it))
      expect(left, path).toEqual([])
    }
    await context.close()
    calm()
  })
})
