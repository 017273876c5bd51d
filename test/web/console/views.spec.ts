import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium } from '../../support/browser.js'
import { openChromium } from '../portal/browser.js'
import { inspect } from './browser.js'
import { ConsoleWorld, type Officer } from './world.js'

describe.skipIf(!hasChromium)('workflow and calendars in a browser', () => {
  let browser: Browser
  let world: ConsoleWorld
  let sari: Officer
  beforeAll(async () => {
    browser = await openChromium()
    world = await ConsoleWorld.open(browser)
    sari = await world.signIn(await world.desk('supervisor', 'sari'), '/petugas/alur')
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  it('shows the statechart of a type in the page’s own colours, the open tickets, and all of it as a table', async () => {
    const { page } = sari
    await page.selectOption('select', 'pengaduan')
    const picture = page.getByRole('region', { name: 'Pengaduan pengaturan ulang kontak' })
    await picture.locator('svg').waitFor()
    expect(await picture.locator('.wf-state').count()).toBe(18)
    const ink = () => page.evaluate(`getComputedStyle(document.querySelector('.wf text')).fill`)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ink()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await ink()).not.toBe(light)
    await page.getByText('Tampilkan juga janji layanan').click()
    await picture.locator('[data-regions="objectionReview"]').waitFor()
    expect(
      await page
        .getByRole('row', { name: /Sedang diverifikasi petugas/ })
        .first()
        .innerText(),
    ).toContain('0')
    await inspect(page, '60-alur')
    expect(world.trouble).toEqual([])
  })

  it('shows one case: its way, where it is, and why what is not possible is not', async () => {
    const { page } = sari
    const { ticketId } = await world.complaint(false)
    await page.goto(`${world.url}/petugas/tiket/${ticketId}/alur`)
    await page.locator('.wf-now').waitFor()
    const row = page.getByRole('row', { name: /^Setujui/ })
    expect(await row.innerText()).toContain('Tidak dikenal pada keadaan ini')
    expect(await page.getByRole('row', { name: /^Tarik pengaduan/ }).innerText()).toContain('Bukan peran Anda')
    await inspect(page, '61-alur-kasus')
    expect(world.trouble).toEqual([])
  })

  it('shows a year of an office by the source of each day, and explains a date', async () => {
    const { page } = sari
    await page.goto(`${world.url}/petugas/kalender?tahun=2026`)
    await page.locator('.months table').first().waitFor()
    expect(await page.locator('.day.closed').count()).toBeGreaterThan(100)
    expect(await page.getByRole('row', { name: /17 Agu/ }).innerText()).toMatch(/SKB|Keppres/i)
    await page.fill('[name=at]', '2026-08-14T20:00')
    await page.fill('[name=days]', '3')
    await page.getByRole('button', { name: 'Hitung' }).click()
    await page.getByText('Senin, 17 Agustus 2026: Hari libur').waitFor()
    await page.getByText('Hari ke-3').waitFor()
    await inspect(page, '62-kalender')
    expect(world.trouble).toEqual([])
  })
})
