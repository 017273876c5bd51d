import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium } from '../../support/browser.js'
import { openChromium } from '../portal/browser.js'
import { ITEMS, matched } from '../../staff/deciding/world.js'
import { inspect, tabTo, walkedByTab } from './browser.js'
import { ConsoleWorld, type Officer } from './world.js'

/** Of the first state's name, in px as it is seen. */
const NAME_HEIGHT = `document.querySelector('.wf-state text[font-weight="700"]').getBoundingClientRect().height`

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
    const frame = await page.locator('.wf-frame-box').boundingBox()
    const here = await page.locator('.wf-now').boundingBox()
    expect(here!.x >= frame!.x && here!.x + here!.width <= frame!.x + frame!.width).toBe(true)
    expect(
      await page.evaluate(
        `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('.wf-frame-box'))`,
      ),
    ).toBe(true)
    // Names are read as they stand; a chosen state tells its ways, and keys make it larger and smaller.
    expect(await page.evaluate<number>(NAME_HEIGHT)).toBeGreaterThanOrEqual(14)
    await page.selectOption('[name=state]', 'underVerification')
    await page.getByRole('heading', { name: 'Dari “Sedang diverifikasi petugas”' }).waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: 'Minta dokumen → Dokumen diminta' }).count()).toBe(1)
    await page.locator('.wf-line.wf-chosen').first().waitFor({ state: 'attached' })
    await inspect(page, '61-alur-kasus-sorot')
    const widthOf = async () => (await page.locator('.wf-frame-box svg').boundingBox())!.width
    const before = await widthOf()
    await page.locator('h1').click()
    await page.keyboard.press('+')
    await expect.poll(widthOf).toBeCloseTo(before * 1.5, 0)
    await page.keyboard.press('0')
    await page.locator('.wf-state[data-state=onHold]').click()
    await page.getByRole('heading', { name: 'Dari “Disetujui, masa tunggu keamanan”' }).waitFor()
    await page.check('[name=events]')
    await page.locator('.wf-row').first().waitFor()
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

  it('by keyboard only: every page of supervision is gone through, its focus is always seen, and its acts are done', async () => {
    const { page } = sari
    const { ticketId } = await world.cases.underVerification()
    await world.cases.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
    await world.cases.sent(ticketId, 'approval.propose')
    await world.cases.sent(ticketId, 'approval.confirm', {}, 'checker')
    const { officeId, makerId, checkerId } = (await world.cases.api.store.findTicket(ticketId))!
    const drawn = { ticketId, cycle: 1, officeId, makerId: makerId!, checkerId: checkerId! }
    await world.cases.api.store.intake.approvals.addReview({ ...drawn, chosenAt: world.cases.api.clock.now() })

    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const open = async (path: string, ready: string) => {
      await page.goto(`${world.url}/petugas/${path}`)
      await page.locator(ready).first().waitFor()
      await expect.poll(() => page.locator('.loading').count(), { timeout: 60_000 }).toBe(0)
    }
    const walk = async (path: string, ready: string) => {
      await open(path, ready)
      expect(await walkedByTab(page), path).toEqual([])
    }
    await walk('laporan', '.plot')
    await walk('pemberitahuan', '[name=unread]')
    await walk('massal', '[data-dry]')
    await walk('alur', '.wf-state')
    await walk('kalender?tahun=2026', '.months table')
    await walk('kantor', 'tbody tr')
    await walk(`tiket/${ticketId}/alur`, '.wf-now')

    await walk('gangguan', '[name=title]')
    await open('gangguan', '[name=title]')
    await tabTo(page, '[name=title]')
    await press('ArrowDown')
    await tabTo(page, 'form button.button')
    await press('Enter')
    await page.getByText('Belum diumumkan', { exact: true }).waitFor()

    await walk('periksa-ulang', '[data-judge]')
    await open('periksa-ulang', '[data-judge]')
    await tabTo(page, '[data-judge]')
    await press('Enter')
    await page.locator('dialog[open]').waitFor()
    // The way out gives the focus back to where it was.
    await press('Escape')
    expect(await page.evaluate(`document.activeElement.matches('[data-judge]')`)).toBe(true)
    await press('Enter')
    await tabTo(page, '[name=verdict]')
    await press('ArrowDown')
    await tabTo(page, 'dialog [name=reason]')
    await press('ArrowDown')
    await tabTo(page, 'dialog form button')
    await press('Enter')
    await page.getByText('Tidak ada persetujuan yang menunggu diperiksa ulang.').waitFor()
    expect(world.trouble).toEqual([])
  }, 180_000)

  it('by keyboard only: accounts of the staff', async () => {
    const { page, context } = await world.signIn(await world.desk('admin', 'wati'), '/petugas/petugas')
    await page.waitForSelector('tbody tr, [data-username]')
    await page.reload()
    await page.waitForSelector('[data-username]')
    expect(await walkedByTab(page)).toEqual([])
    await tabTo(page, '[data-create]')
    await page.keyboard.press('Enter')
    await page.locator('dialog[open]').waitFor()
    await tabTo(page, '[name=new-name]')
    await page.keyboard.type('Rina Lestari')
    await tabTo(page, '[name=new-username]')
    await page.keyboard.type('rina')
    await tabTo(page, '[name=new-staffNumber]')
    await page.keyboard.type('P-78')
    await page.keyboard.press('Enter')
    await page.locator('dialog .secret').waitFor()
    await tabTo(page, 'dialog button')
    await page.keyboard.press('Enter')
    await page.locator('[data-username=rina]').waitFor()
    await context.close()
    expect(world.trouble).toEqual([])
  }, 120_000)
})
