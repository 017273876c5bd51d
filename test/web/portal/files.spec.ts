import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium } from '../../support/browser.js'
import { openChromium } from './browser.js'
import type { Person } from './person.js'
import { portalWorld, type PortalWorld } from './world.js'

const LONGEST_SIDE = 2_000

/** As large as a telephone makes them: nothing in it repeats. Its left half is transparent. */
async function photo(): Promise<Buffer> {
  const [width, height] = [2_600, 1_300]
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const
  const right = await sharp({ create: { width: width / 2, height, channels: 3, background: '#888', noise } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite([{ input: right, left: width / 2, top: 0 }])
    .png({ compressionLevel: 1 })
    .toBuffer()
}

describe.skipIf(!hasChromium)('files, links and the way back in a browser', () => {
  let world: PortalWorld
  let browser: Browser
  let folder: string
  let person: Person
  let context: BrowserContext
  let page: Page
  beforeAll(async () => {
    world = await portalWorld()
    browser = await openChromium()
    folder = await mkdtemp(join(tmpdir(), 'pulih-files-'))
    await writeFile(join(folder, 'ktp.png'), await photo())
  })
  afterAll(async () => {
    await browser.close()
    await world.stop()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    person = world.person()
    await world.writeUp(person)
    context = await browser.newContext({ locale: 'id-ID' })
    await context.addCookies([...person.cookies].map(([name, value]) => ({ name, value, url: world.url })))
    page = await context.newPage()
    await page.goto(`${world.url}/pengaduan/dokumen`)
    return () => context.close()
  })
  const KTP = 'form:has(#berkas-ktp)'

  it('a photo is made smaller before it is sent: 2000 px, white where it was transparent', async () => {
    // What leaves the page is looked at before it does.
    let sent = Buffer.alloc(0)
    await page.exposeFunction('keep', (url: string) => void (sent = Buffer.from(url.split(',')[1] ?? '', 'base64')))
    await page.evaluate(`(() => {
      const { send } = XMLHttpRequest.prototype
      XMLHttpRequest.prototype.send = function (body) {
        const reader = new FileReader()
        reader.onload = () => keep(reader.result).then(() => send.call(this, body))
        reader.readAsDataURL(body.get('file'))
      }
    })()`)
    await page.setInputFiles('#berkas-ktp', join(folder, 'ktp.png'))
    await page.click(`${KTP} button`)
    await page.waitForSelector('.tag-done')
    const { info, data } = await sharp(sent).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([LONGEST_SIDE, LONGEST_SIDE / 2])
    expect([...data.subarray(0, 3)].every((it) => it > 240)).toBe(true)
    expect(sent.length * 2).toBeLessThan((await stat(join(folder, 'ktp.png'))).size)
    expect(await page.locator('.card', { hasText: 'ktp.jpg' }).count()).toBe(1)
  })

  it('a connection that breaks loses nothing: it is said at the file, and the next try sends it', async () => {
    await page.setInputFiles('#berkas-ktp', join(folder, 'ktp.png'))
    await context.setOffline(true)
    await page.click(`${KTP} button`)
    await page.getByText('Sambungan terputus. Coba lagi').waitFor()
    expect(await page.textContent(`${KTP} button`)).toBe('Coba lagi')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Coba lagi')
    await context.setOffline(false)
    await page.click(`${KTP} button`)
    await page.waitForSelector('.card .tag-done')
    // The browser is closed and opened again: all that was typed is there.
    await page.close()
    page = await context.newPage()
    await page.goto(`${world.url}/pengaduan`)
    await page.click('.inset a.button')
    expect(new URL(page.url()).pathname).toBe('/pengaduan/periksa')
    expect(await page.innerText('main')).toMatch(/3204 1146 0997 0001[^]*KTP/)
  })

  it('a file that was chosen goes along with whoever goes on, one that is refused keeps them there', async () => {
    await writeFile(join(folder, 'slip.jpg'), 'not a picture')
    await page.setInputFiles('#berkas-ktp', join(folder, 'ktp.png'))
    await page.setInputFiles('#berkas-slip_gaji', join(folder, 'slip.jpg'))
    await page.click('form:has([name=on]) button')
    await page.getByText('Jenis berkas tidak diterima').waitFor()
    expect(await page.textContent(`${KTP} [role=status]`)).toBe('Tersimpan')
    expect(new URL(page.url()).pathname).toBe('/pengaduan/dokumen')
    // What was refused once holds nobody up.
    await page.click('form:has([name=on]) button')
    await page.waitForURL('**/pengaduan/periksa')
    expect(await page.locator('.rows', { hasText: 'Dokumen' }).last().innerText()).toMatch(/KTP/)
  })

  it('a file for answers that are no longer there leads to the page that says so', async () => {
    await page.setInputFiles('#berkas-ktp', join(folder, 'ktp.png'))
    await context.clearCookies()
    await page.click(`${KTP} button`)
    await page.getByText('Isian Anda sudah tidak ada lagi').waitFor()
    expect(new URL(page.url()).pathname).toBe('/pengaduan')
  })

  it('A21 a mailed link leaves no token in the address or the history, whatever is open in this browser', async () => {
    const other = world.person()
    await world.writeUp(other)
    await other.send('/pengaduan/periksa')
    await context.addCookies([...other.cookies].map(([name, value]) => ({ name, value, url: world.url })))
    const token = 'x'.repeat(43)
    await page.goto(`${world.url}/status#${token}`)
    await page.getByText('Tautan ini tidak berlaku lagi').waitFor()
    expect(await page.getByText('Satu pengaduan sedang terbuka').count()).toBe(1)
    await page.goto(`${world.url}/status/pengaduan#${token}`)
    await page.locator('.number').waitFor()
    await page.goBack()
    expect(page.url()).not.toContain(token)
    await page.goForward()
    expect(page.url()).toBe(`${world.url}/status/pengaduan`)
  })

  it('back to a page that was answered in place is that page, not a question of the browser', async () => {
    await page.goto(`${world.url}/pengaduan/identitas`)
    await page.fill('#nik', '123')
    await page.click('main form .button.main')
    await page.locator('#errors').waitFor()
    await page.goto(`${world.url}/pengaduan/periksa`)
    await page.goBack()
    expect(page.url()).toBe(`${world.url}/pengaduan/identitas`)
    expect(await page.locator('#nik').inputValue()).toMatch(/3204/)
  })

  it('A22 what was sent in is shown from the other host, which no cookie goes to and none comes from', async () => {
    await page.setInputFiles('#berkas-ktp', join(folder, 'ktp.png'))
    await page.click('form:has([name=on]) button')
    await page.waitForURL('**/pengaduan/periksa')
    await page.click('main form .button.main')
    await page.waitForURL('**/pengaduan/terkirim')
    const pictured = page.waitForResponse((it) => it.url().includes('/berkas/'))
    await page.goto(`${world.url}/status/pengaduan`)
    const drawn = page.locator('.thumbs img')
    await drawn.first().scrollIntoViewIfNeeded({ timeout: 60_000 })
    const answer = await pictured
    expect([new URL(answer.url()).hostname, answer.status()]).toEqual(['localhost', 200])
    expect((await answer.request().allHeaders())['cookie']).toBeUndefined()
    expect((await answer.allHeaders())['set-cookie']).toBeUndefined()
    await expect
      .poll(() => drawn.first().evaluate((it) => (it as { naturalWidth?: number }).naturalWidth))
      .toBeGreaterThan(0)
  })
})
