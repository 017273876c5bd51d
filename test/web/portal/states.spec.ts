import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../api/harness.js'
import { matched } from '../../staff/deciding/world.js'
import { hasChromium } from '../../support/browser.js'
import { JourneyWorld } from '../journey/world.js'
import { inspect, openChromium, refusals } from './browser.js'

const DAY = 24 * HOUR

describe.skipIf(!hasChromium)('every state of a complaint, and every page that says no, in a browser', () => {
  let browser: Browser
  let world: JourneyWorld
  let page: Page
  const trouble: string[] = []
  let refused: readonly string[] = []
  beforeAll(async () => {
    browser = await openChromium()
    world = await JourneyWorld.open(browser)
    const context = await browser.newContext({ locale: 'id-ID', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce' })
    refused = await refusals(context)
    page = await context.newPage()
    page.on('pageerror', (it) => trouble.push(it.message))
    page.on('console', (it) => {
      if (it.type() === 'error' && !it.text().includes('status of 4')) trouble.push(it.text())
    })
  })
  afterAll(async () => {
    expect(trouble).toEqual([])
    expect(refused).toEqual([])
    await browser.close()
    await world.close()
  })
  const cases = () => world.officers.cases
  const read = () => page.innerText('main')
  async function shows(token: string, name: string, language: '' | '/en' = ''): Promise<string> {
    await page.context().addCookies([{ name: 'pulih-status', value: token, url: world.url }])
    await page.goto(`${world.url}${language}/status/pengaduan`)
    await inspect(page, `30-status-${name}`)
    return read()
  }
  /** Checked, proposed and confirmed: it waits out its hold. */
  async function approved() {
    const filed = await cases().underVerification()
    const { items } = (await cases().api.get(`/v1/tickets/${filed.ticketId}/verification`)).body
    const required = (items as { item: string; required: boolean }[]).filter((it) => it.required)
    await cases().sent(filed.ticketId, 'identity.verify', matched(...required.map((it) => it.item)))
    await cases().sent(filed.ticketId, 'approval.propose')
    await cases().sent(filed.ticketId, 'approval.confirm', {}, 'checker')
    await world.work(filed.ticketId)
    return filed
  }

  it('R05 R48 rejected: the reason, what can be done, and a way to do it for as long as there is one', async () => {
    const { ticketId, token, identity } = await cases().underVerification()
    await cases().sent(ticketId, 'reject', { code: 'BUKAN_PESERTA' })
    expect(await shows(token, 'ditolak')).toMatch(/Ini bukan penolakan[^]*Perbaiki data Anda, lalu buka kembali/)
    // What was entered is kept; only what was wrong is typed again.
    await page.goto(`${world.url}/status/buka-kembali`)
    await inspect(page, '30-buka-kembali')
    await page.fill('#nik', '12')
    await page.click('main form .button.main')
    expect(await read()).toContain('NIK terdiri dari 16 angka')
    await page.fill('#nik', '')
    await page.fill('#name', 'Nama Sesuai KTP')
    await page.fill('#email', 'sesuai.ktp@surat.example.org')
    await page.click('main form .button.main')
    expect(await read()).toMatch(/ke nomor HP baru Anda[^]*s\*\*\*@surat\.example\.org/)
    const { people } = cases().api.deps.services
    expect((await people.identityOf(ticketId))?.identity).toEqual({ ...identity, name: 'Nama Sesuai KTP' })
    // Two boxes for two codes: each has a label and a fault of its own.
    await page.locator('form:has(#code-phone) button').click()
    await page.click('.errors a')
    expect(await page.evaluate('document.activeElement.id')).toBe('code-phone')
    expect(await page.locator('.fault').count()).toBe(1)
    await inspect(page, '30-status-dibuka-kembali')
    const other = await cases().underVerification({ claimRunning: true })
    expect(await shows(other.token, 'klaim', '/en')).toContain('Your running claim is not affected')
    await cases().sent(other.ticketId, 'reject', { code: 'DATA_TIDAK_LENGKAP' })
    expect(await shows(other.token, 'ditolak-lain')).toMatch(/ajukan ulang dalam 30 hari/)
    // Once that time is over nobody is told to do what is refused.
    cases().api.clock.advance(31 * DAY)
    await page.reload()
    const late = await read()
    expect(late).toContain('Datang ke kantor cabang dengan KTP asli')
    expect(late).not.toMatch(/ajukan ulang|buka kembali/i)
    world.nextMonday()
  })

  it('R61 asked for documents, for a correction, to come to a branch: each with what to do', async () => {
    const asked = await cases().underVerification()
    const documents = [
      { kind: 'KTP', reason: 'FOTO_BURAM' },
      { kind: 'SURAT_HRD', reason: 'DIPERLUKAN' },
    ]
    await cases().sent(asked.ticketId, 'documents.request', { documents })
    expect(await shows(asked.token, 'dokumen')).toMatch(
      /Tanpa tanggapan Anda sampai .* WIB, pengaduan ini berakhir[^]*Petugas memerlukan: KTP\. Foto dokumen[^]*Tenggat berhenti/,
    )
    await page.goto(`${world.url}/cabang`)
    expect(await read()).toMatch(/Dokumen yang diminta: KTP[^]*Dokumen yang diminta: Surat keterangan HRD/)
    await inspect(page, '30-cabang-daftar')
    const wrong = await cases().underVerification()
    await cases().sent(wrong.ticketId, 'correction.request', { reason: 'NAMA_BERBEDA' })
    expect(await shows(wrong.token, 'perbaikan')).toContain('Perbaiki data Anda')
    const referred = await cases().underVerification()
    const reason = 'PERUSAHAAN_TIDAK_KOOPERATIF'
    await cases().sent(referred.ticketId, 'branch.refer', { officeId: 'cabang-makassar', reason })
    expect(await shows(referred.token, 'cabang')).toContain('Datang ke Kantor Cabang Makassar')
    expect(await read()).not.toMatch(/[A-Z]{3,}_[A-Z]{3,}/)
  })

  it('R11 held, frozen, replaced, withdrawn: each says what it means', async () => {
    const held = await approved()
    expect(await shows(held.token, 'masa-tunggu')).toMatch(/Masa tunggu sampai Selasa, .* WIB/)
    await page.goto(`${world.url}/status/bukan-saya`)
    await page.click('main form .button.warn')
    expect(await read()).toContain('Dibekukan karena sanggahan')
    expect(await read()).toContain('Petugas memeriksa sanggahan')
    await inspect(page, '30-status-dibekukan')
    const done = await approved()
    const { clock } = cases().api
    clock.advance((await world.holdEnds(done.ticketId)) - clock.now() + MINUTE)
    await world.work(done.ticketId)
    const ended = await shows(done.token, 'selesai')
    expect(ended).toMatch(/masuk dengan email atau nomor HP baru Anda, lalu buat kata sandi baru/)
    expect(ended).not.toContain('Selanjutnya')
    world.nextMonday()
    const gone = await cases().submitted()
    await shows(gone.token, 'diterima')
    await page.goto(`${world.url}/status/tarik`)
    await page.click('main form .button.warn')
    expect(await read()).toContain('Pengaduan ini sudah berakhir')
    await inspect(page, '30-status-ditarik')
    await page.click('form[action$="/status/keluar"] button')
    expect(await read()).toContain('Anda sudah keluar')
    await inspect(page, '31-keluar')
  })

  it('A10 what is refused or not there is a page with a way on; a program gets a problem document', async () => {
    const missing = await page.goto(`${world.url}/pengaduan/tidak-ada`)
    expect([missing?.status(), await page.textContent('h1')]).toEqual([404, 'Halaman tidak ditemukan'])
    expect(await page.locator('main a').count()).toBe(2)
    await inspect(page, '32-tidak-ada')
    await page.goto(`${world.url}/en/nothing-here`)
    expect(await page.textContent('h1')).toBe('Page not found')
    const asked = await fetch(`${world.url}/pengaduan/tidak-ada`)
    expect(asked.headers.get('content-type')).toContain('application/problem+json')

    const { token } = await cases().submitted()
    await shows(token, 'baru')
    await page.goto(`${world.url}/status/tarik`)
    await page.evaluate(`document.querySelector('main form').action = '/status/buka-kembali'`)
    await page.click('main form .button.warn')
    expect(await read()).toContain('Tidak ada yang berubah')
    await inspect(page, '32-belum-dapat')
    await page.goto(`${world.url}/status/tarik`)
    await page.evaluate(`document.querySelector('main form [name=csrf]').value = 'x'`)
    await page.click('main form .button.warn')
    expect(await page.textContent('h1')).toBe('Formulir tidak dapat diterima')
    await inspect(page, '32-bukan-formulir-kami')
    await page.context().clearCookies()
  })

  it('R20 R22 R28 triage, the objection by a typed code, the status by a code: their answers', async () => {
    await page.goto(`${world.url}/gagal-masuk`)
    await page.fill('#message', 'Data tidak sesuai')
    await page.check('#baru_daftar')
    await page.click('main form .button')
    expect(await read()).toMatch(/Coba lagi setelah .* WIB[^]*Selesaikan di kantor cabang/)
    await inspect(page, '33-penyebab')
    await page.click('form[action$="/gagal-masuk/selesai"] button')
    await inspect(page, '33-selesai-sendiri')
    await page.goto(`${world.url}/sanggah`)
    await inspect(page, '34-sanggah')
    await page.fill('#ticketNumber', 'PGD-0000-0000')
    await page.fill('#code', 'XXXXXXXX')
    await page.click('#typed button')
    await page.waitForSelector('#unknown')
    await inspect(page, '34-sanggah-tidak-berlaku')
    await page.goto(`${world.url}/status`)
    await page.fill('#number', await world.officers.numberOf((await cases().submitted()).ticketId))
    await page.check('#channel')
    await page.click('form[action$="/status"] button')
    await page.click('form:has(#code) button')
    expect(await read()).toContain('Masukkan kode 6 angka')
    await inspect(page, '35-kode-status')
  })
})
