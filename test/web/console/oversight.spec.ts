import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedSink } from '../../../src/ports/sink.js'
import { createDeliverer } from '../../../src/workers/deliver.js'
import { hasChromium } from '../../support/browser.js'
import { keyOf } from '../../support/world.js'
import { HOUR, newKey } from '../../api/harness.js'
import { openChromium } from '../portal/browser.js'
import { inspect } from './browser.js'
import { ITEMS, matched } from '../../staff/deciding/world.js'
import { ConsoleWorld, type Officer } from './world.js'

const DAY = 24 * HOUR

/** Every timer until then at its own instant, and the notices that come of it. */
async function pass({ cases }: ConsoleWorld, late: string, others: readonly string[], until: number): Promise<void> {
  const { api } = cases
  const { store, engine, clock, services } = api.deps
  const sink = services.notices.sink(embeddedSink)
  const deliverer = createDeliverer({ engine, clock: api.clock, store }, sink, 3)
  for (;;) {
    const [next] = await store.pendingTimers(until, 1, null)
    api.clock.advance((next === undefined ? until : Math.max(clock.now(), next.dueAt)) - clock.now())
    if (next !== undefined) await engine.deliverTimer(keyOf(next))
    for (const row of await store.outboxOf(late)) if (row.deliveredAt === null) await deliverer.deliver(row)
    for (const id of others) await cases.deliver(id)
    if (next === undefined) return
  }
}

async function approve({ cases }: ConsoleWorld): Promise<string> {
  const { ticketId } = await cases.underVerification()
  await cases.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
  await cases.sent(ticketId, 'approval.propose')
  await cases.sent(ticketId, 'approval.confirm', {}, 'checker')
  return ticketId
}

describe.skipIf(!hasChromium)('what supervisors see and do, in a browser', () => {
  let browser: Browser
  let world: ConsoleWorld
  let sari: Officer
  const tickets: string[] = []
  const drawn: string[] = []
  beforeAll(async () => {
    browser = await openChromium()
    world = await ConsoleWorld.open(browser, undefined, ['examples/koreksi-data.ts'])
    const began = world.cases.api.clock.now()
    const late = await world.cases.underVerification()
    const returned = await world.cases.underVerification()
    await world.cases.sent(returned.ticketId, 'documents.request', {
      documents: [{ kind: 'KTP', reason: 'FOTO_BURAM' }],
    })
    const done = await approve(world)
    await world.cases.after(3 * HOUR)
    await world.cases.sent(returned.ticketId, 'documents.waive', { reason: 'SALAH_MINTA' })
    await pass(world, late.ticketId, [done], began + 8 * DAY)
    drawn.push(done, await approve(world))
    tickets.push(late.ticketId, (await world.complaint(false)).ticketId)
    sari = await world.signIn(await world.desk('supervisor', 'sari'), '/petugas/laporan')
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
  })
  const calm = () => expect(world.trouble).toEqual([])
  const goTo = (path: string) => sari.page.goto(`${world.url}/petugas/${path}`)
  const settled = () => expect.poll(() => sari.page.locator('.loading').count(), { timeout: 60_000 }).toBe(0)

  it('reports: every chart says what it shows and has its numbers as a table', async () => {
    const { page } = sari
    await page.locator('.plot').first().waitFor()
    await settled()
    const charts = await page.locator('figure.chart').all()
    expect(charts.length).toBeGreaterThanOrEqual(6)
    for (const chart of charts) {
      expect(await chart.locator('figcaption').innerText()).toMatch(/\w+/)
      expect(await chart.locator('table tbody tr').count()).toBeGreaterThan(0)
    }
    const kept = page.getByRole('region', { name: 'Janji layanan ditepati', exact: true }).first()
    expect(await kept.innerText()).toContain('0%')
    expect(await page.getByRole('img', { name: /Dalam 30 hari terakhir masuk 5 kasus/ }).count()).toBe(1)
    await page.getByRole('row', { name: /Eskalasi tahap 1 1/ }).waitFor()
    expect(await page.getByRole('row', { name: /^agent-1 1/ }).count()).toBe(1)
    await page.selectOption('[name=pasangan]', '3')
    await page.getByText('Tidak ada persetujuan pada hari ini.').waitFor()
    await page.selectOption('[name=pasangan]', '0')
    await page.locator('table.heat').waitFor()
    await inspect(page, '70-laporan')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Unduh CSV: Masuk dan selesai' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/^flow-2026-.*\.csv$/)
    calm()
  })

  it('says so where there is nothing to report, and where an answer is refused', async () => {
    const { page } = sari
    await goTo('laporan?kantor=cabang-makassar&hari=7')
    await page.getByText('Tidak ada kasus yang terbuka.').waitFor()
    await settled()
    await inspect(page, '71-laporan-kosong')
    await goTo('laporan?kantor=tidak-ada')
    await page.locator('.problem').first().waitFor()
    expect(await page.locator('.problem').first().innerText()).toContain('NOT_FOUND')
    calm()
  })

  it('notices: what has climbed, and a mark of one’s own for what was read', async () => {
    const { page } = sari
    await goTo('pemberitahuan')
    const rows = page.locator('.notice')
    await rows.first().waitFor()
    const before = await page.locator('.notice.new').count()
    expect(before).toBeGreaterThan(1)
    await inspect(page, '72-pemberitahuan')
    await page
      .getByRole('button', { name: /^Tandai sudah dibaca: / })
      .first()
      .click()
    await expect.poll(() => page.locator('.notice.new').count(), { timeout: 60_000 }).toBe(before - 1)
    await page
      .getByRole('button', { name: /^Tandai semua/ })
      .or(page.getByRole('button', { name: /^Tandai sudah/ }))
      .first()
      .click()
    await page.getByText('Semua sudah dibaca').waitFor()
    await page.getByLabel('Hanya yang belum dibaca').check()
    await page.getByText('Tidak ada pemberitahuan yang belum Anda baca.').waitFor()
    calm()
  })

  it('a broken promise: why, once, from its notice; then on its case and in the report', async () => {
    const { page } = sari
    await goTo('pemberitahuan')
    await page.locator('[data-broken]').first().click()
    await page.locator('dialog[open] form').first().waitFor()
    const open = await page.locator('dialog[open] form').count()
    await page.locator('dialog[open] [data-explain]').first().click()
    await page.getByText('Wajib diisi.').waitFor()
    await inspect(page, '78-alasan')
    await page.locator('dialog[open] select').first().selectOption('KEKURANGAN_PETUGAS')
    await page.locator('dialog[open] [data-explain]').first().click()
    await page.locator('dialog[open]').getByText('Petugas tidak cukup').first().waitFor()
    expect(await page.locator('dialog[open] form').count()).toBe(open - 1)
    expect(await page.locator('dialog[open] .broken').innerText()).toContain('dicatat Petugas Contoh')
    await page.keyboard.press('Escape')
    await goTo(`tiket/${tickets[0]}`)
    await page.locator('#terlampaui').getByText('Petugas tidak cukup').waitFor()
    await goTo('laporan')
    await page.getByRole('row', { name: /^Petugas tidak cukup 1/ }).waitFor()
    calm()
  })

  it('a second look: drawn approvals by name, opened, judged once, and not by who decided', async () => {
    const { page } = sari
    const { store, clock } = world.cases.api
    for (const ticketId of drawn) {
      const { officeId, makerId, checkerId } = (await store.findTicket(ticketId))!
      const of = { ticketId, cycle: 1, officeId, makerId: makerId!, checkerId: checkerId! }
      await store.intake.approvals.addReview({ ...of, chosenAt: clock.now() })
      clock.advance(1)
    }
    // Of one that she confirmed herself: others look at it.
    const own = { ticketId: tickets[0]!, cycle: 1, officeId: 'pusat', makerId: 'agent-1', checkerId: sari.desk.staffId }
    await store.intake.approvals.addReview({ ...own, chosenAt: clock.now() })
    await goTo('periksa-ulang')
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(3)
    expect(await rows.last().innerText()).toMatch(/Petugas Contoh[^]*Anda ikut memutuskan/)
    expect(await rows.last().locator('[data-judge]').count()).toBe(0)
    await inspect(page, '79-periksa-ulang')
    await page.locator('[data-judge]').first().click()
    await page.locator('dialog form button').first().click()
    await page.getByText('Wajib diisi.').first().waitFor()
    await page.selectOption('[name=verdict]', 'doubtful')
    await page.selectOption('dialog [name=reason]', 'BUKTI_KURANG')
    await inspect(page, '79-periksa-ulang-hasil')
    await page.locator('dialog form button').first().click()
    await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(2)
    await page.getByRole('link', { name: await world.numberOf(drawn[1]!) }).click()
    await page.locator('.case').waitFor()
    calm()
  })

  it('bulk: picked in the list, tried, run, one verdict for each', async () => {
    const { page } = sari
    const { bulk } = world.cases.api.deps.services
    const work = () => bulk.run(new AbortController().signal)
    await goTo('')
    for (const id of tickets) await page.getByLabel(`Pilih ${await world.numberOf(id)}`).check()
    await inspect(page, '73-daftar-pilihan')
    await page.locator('[data-bulk]').click()
    await page
      .getByRole('combobox', { name: 'Sumber' })
      .getByText('2 kasus yang Anda pilih')
      .waitFor({ state: 'attached' })
    await page.locator('[data-dry]').click()
    await page.getByText('Wajib diisi.').waitFor()
    await page.selectOption('[name=action]', 'documents.request')
    await page.selectOption('[name=document]', 'KTP')
    await page.selectOption('[name=reason]', 'FOTO_BURAM')
    await inspect(page, '73-massal')
    await page.locator('[data-dry]').click()
    await page.locator('[data-job=running]').waitFor()
    expect(await work()).toBe(2)
    await page.locator('[data-job=done]').waitFor()
    await page.getByRole('cell', { name: 'Dapat dilaksanakan' }).first().waitFor()
    const possible = await page.getByRole('cell', { name: 'Dapat dilaksanakan' }).count()
    expect([await world.cases.stateOf(tickets[0]!), possible]).toEqual(['underVerification', 1])
    await inspect(page, '74-massal-uji')
    await page.locator('[data-run]').click()
    await inspect(page, '75-massal-tanya')
    await page.locator('[data-confirm]').click()
    await page.locator('[data-stop]').waitFor()
    expect(await work()).toBe(1)
    await page.getByText('Selesai: 1 terlaksana, 0 ditolak, 0 dilewati.').waitFor()
    expect(await world.cases.stateOf(tickets[0]!)).toBe('documentsRequested')
    const csv = page.getByRole('link', { name: 'Unduh putusan (CSV)' }).last()
    const [file] = await Promise.all([page.waitForEvent('download'), csv.click()])
    expect(file.suggestedFilename()).toBe('verdicts.csv')
    await inspect(page, '76-massal-selesai')
    calm()
  })

  it('an incident: declared, announced on every page, linked by filter after a trial, cancelled, ended', async () => {
    const { page } = sari
    await page.getByRole('button', { name: 'Mulai tindakan baru' }).click()
    await goTo('gangguan')
    await page.getByText('Tidak ada gangguan yang berjalan.').waitFor()
    await page.selectOption('[name=title]', 'KODE_TERLAMBAT')
    await page.getByRole('button', { name: 'Nyatakan gangguan' }).click()
    await page.getByText('Belum diumumkan', { exact: true }).waitFor()
    expect(await page.locator('.outage').count()).toBe(0)
    await page.getByRole('button', { name: 'Umumkan' }).click()
    await page.locator('[data-sure]').click()
    await page.locator('.outage').waitFor()
    await inspect(page, '77-gangguan')
    await page.getByRole('link', { name: 'Tautkan kasus' }).click()
    await page.getByText(/Saringan ini memuat \d+ kasus/).waitFor()
    expect(await page.locator('.outage').innerText()).toContain('Kode lewat email atau SMS datang terlambat')
    await page.locator('[data-dry]').click()
    await page.locator('[data-stop]').click()
    await page.locator('[data-job=cancelled]').waitFor()
    await goTo('gangguan')
    await page.getByRole('button', { name: 'Akhiri' }).click()
    await page.locator('[data-sure]').click()
    await page.locator('.outage').waitFor({ state: 'detached' })
    await page.getByText('Tidak ada gangguan yang berjalan.').waitFor()
    calm()
  })

  it('a promise of another ticket type is told in that type’s own words, from the notice to the reason', async () => {
    const { api } = world.cases
    const document = { kind: 'KTP', ref: 'dok_contoh-berkas', sha256: 'a'.repeat(64) }
    const body = { type: 'koreksi_data', route: 'layanan_digital', field: 'NAMA', participantRef: 'ps_contoh-1' }
    const headers = { 'idempotency-key': newKey() }
    const filed = await api.request('POST', '/v1/tickets', { body: { ...body, documents: [document] }, headers })
    expect(filed.status, filed.text).toBe(202)
    const ticketId = String(filed.body.ticketId)
    await pass(world, ticketId, [], api.clock.now() + 8 * DAY)
    const { page, context } = await world.signIn(sari.desk, '/petugas/pemberitahuan')
    const row = page.locator('.notice', { hasText: await world.numberOf(ticketId) })
    await row.first().waitFor()
    await expect.poll(() => row.first().innerText(), { timeout: 60_000 }).toContain('Keputusan koreksi')
    await row.locator('[data-broken]').first().click()
    await expect
      .poll(() => page.locator('dialog .broken h3').innerText(), { timeout: 60_000 })
      .toBe('Keputusan koreksi')
    await page.goto(`${world.url}/petugas/tiket/${ticketId}`)
    await page.locator('#terlampaui').getByText('Keputusan koreksi').waitFor()
    // It has no identity to verify.
    expect(await page.locator('#periksa').count()).toBe(0)
    const none = await api.get(`/v1/tickets/${ticketId}/verification`)
    expect([none.status, none.body.code]).toEqual([404, 'NOT_FOUND'])
    await page.goto(`${world.url}/petugas/laporan`)
    // Sums are over all types: a code that two of them use is told with the words of both.
    await page
      .getByRole('row', { name: /^Keputusan akun ganda \/ Keputusan koreksi/ })
      .first()
      .waitFor()
    await context.close()
    calm()
  }, 120_000)
})
