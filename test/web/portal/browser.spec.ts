import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium } from '../../support/browser.js'
import { inspect as look, openChromium, refusals, seriousFindings, shot } from './browser.js'
import { picture as ktp, portalWorld, type PortalWorld } from './world.js'

describe.skipIf(!hasChromium)('the portal in a browser', () => {
  let world: PortalWorld
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let refused: readonly string[]
  const trouble: string[] = []
  beforeAll(async () => {
    world = await portalWorld()
    browser = await openChromium()
    context = await browser.newContext({ locale: 'id-ID', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce' })
    refused = await refusals(context)
    page = await context.newPage()
    page.on('console', (it) => {
      if (it.type() === 'error' && !it.text().includes('422')) trouble.push(it.text())
    })
    page.on('pageerror', (it) => trouble.push(it.message))
  })
  afterAll(async () => {
    await browser.close()
    await world.stop()
  })

  const inspect = (name: string) => look(page, name)
  const next = () => page.locator('main form .button.main').last().click()

  it('the whole journey: no serious finding, nothing beyond 320 px, every target for a finger', async () => {
    await page.goto(`${world.url}/`)
    await inspect('01-mulai')
    await page.click('main a.button')
    await next()
    expect(await page.evaluate('document.activeElement.id')).toBe('errors')
    await inspect('02-akses-salah')
    await page.check('#aplikasi-1')
    await page.check('#kontak')
    await next()
    await inspect('03-identitas')
    await page.fill('#nik', '12')
    await next()
    await inspect('04-identitas-salah')
    await page.fill('#nik', '3204 1146 0997 0001')
    await page.fill('#name', "Siti Rahmawati D'Arc")
    await page.fill('#birthDate', '06-09-1997')
    await page.check('#forgotKpj')
    await page.check('#declaration')
    await next()
    await inspect('05-email')
    await page.fill('#email', 'siti.peramban@surat.example.org')
    await next()
    await page.click('summary')
    await inspect('06-kode')
    await page.fill('#code', await world.code('email'))
    await page.locator('form:has(#code) .button').click()
    await page.fill('#phone', '0812 7777 0001')
    await next()
    await page.fill('#code', await world.code('sms'))
    await page.locator('form:has(#code) .button').click()
    await inspect('07-dokumen')
    const file = join(process.env['TMPDIR'] ?? '/tmp', `pulih-ktp-${process.pid}.jpg`)
    await writeFile(file, Buffer.from(await (await ktp()).arrayBuffer()))
    await page.setInputFiles('#berkas-ktp', file)
    await page.locator('form:has(#berkas-ktp) button').click()
    await page.waitForSelector('.tag-done')
    await writeFile(file, 'not a picture')
    await page.setInputFiles('#berkas-slip_gaji', file)
    await page.locator('form:has(#berkas-slip_gaji) button').click()
    await expect
      .poll(() => page.locator('form:has(#berkas-slip_gaji) [role=status]').textContent())
      .toContain('tidak diterima')
    await inspect('08-dokumen-sebagian')
    await next()
    await inspect('09-periksa')
    await next()
    await page.waitForURL('**/pengaduan/terkirim')
    await inspect('10-terkirim')
    // On paper: the number, the dates and what comes next, and nothing to press; also from a dark screen.
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.locator('.number, .dates').filter({ visible: true }).count()).toBe(2)
    expect(await page.locator('button, nav, form, a.button').filter({ visible: true }).count()).toBe(0)
    expect(await seriousFindings(page), 'on paper').toEqual([])
    await shot(page, '10-terkirim-cetak')
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
    await page.click('main a.button.main')
    await expect
      .poll(
        async () => {
          await page.reload()
          return (await page.textContent('.time')) ?? ''
        },
        { timeout: 45_000 },
      )
      .toContain('Dokumen kami terima')
    await inspect('11-status')
    expect(trouble).toEqual([])
  }, 240_000)

  it('every other page', async () => {
    const paths = [
      '/pengaduan/mandiri?kontak=email',
      '/cabang',
      '/privasi',
      '/tanya-jawab',
      '/gagal-masuk',
      '/status/tarik',
      '/status/bukan-saya',
      '/status/kontak',
      '/status/perbaikan',
      '/en/pengaduan',
      '/en/gagal-masuk',
      '/en/tanya-jawab',
    ]
    for (const path of paths) {
      await page.goto(`${world.url}${path}`)
      await inspect(`20${path.replaceAll(/[^a-z-]+/g, '-')}`)
    }
    await page.goto(`${world.url}/status/pengaduan`)
    await page.locator('form[action$="/status/keluar"] button').click()
    await page.goto(`${world.url}/status`)
    await inspect('21-status-masuk')
    expect(trouble).toEqual([])
  }, 240_000)

  it('A15 A36 the policy had nothing to refuse on any of them, and does refuse a script of others', async () => {
    expect(refused).toEqual([])
    await page.goto(`${world.url}/status`)
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))",
    )
    await expect.poll(() => refused).toEqual(['script-src-elem inline on /status'])
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })
})
