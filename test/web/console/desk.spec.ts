import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium } from '../../support/browser.js'
import { MINUTE } from '../../api/harness.js'
import { codeAt, PASSWORD } from '../../staff/identity/desk.js'
import { openChromium } from '../portal/browser.js'
import { picture } from '../portal/world.js'
import { inspect, SHOOT } from './browser.js'
import { ConsoleWorld, type Officer } from './world.js'

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })
const MAIN = 'dialog button.button:not(.plain):not(.quiet)'

describe.skipIf(!hasChromium)('administration and supervision in a browser', () => {
  let browser: Browser
  let world: ConsoleWorld
  let admin: Officer
  let supervisor: Officer
  beforeAll(async () => {
    browser = await openChromium()
    world = await ConsoleWorld.open(browser)
    admin = await world.signIn(await world.desk('admin', 'wati'), '/petugas/petugas')
    supervisor = await world.signIn(await world.desk('supervisor', 'sari'))
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })
  const calm = () => expect(world.trouble).toEqual([])
  const openCase = async (page: Page, ticketId: string) => {
    await page.goto(`${world.url}/petugas/tiket/${ticketId}`)
    await page.waitForSelector('.case')
  }

  it('an officer is made, granted a role, signs in and works; disabling ends it at once', async () => {
    const { page } = admin
    await page.click('[data-create]')
    await page.click(MAIN)
    await page.waitForSelector('dialog .fault')
    await inspect(page, '70-petugas-baru')
    await page.fill('[name=new-name]', 'Rina Lestari')
    await page.fill('[name=new-username]', 'rina')
    await page.fill('[name=new-staffNumber]', 'P-77')
    await page.click(MAIN)
    const word = (await page.textContent('dialog .secret')) ?? ''
    expect(word.length).toBeGreaterThan(10)
    if (SHOOT) await inspect(page, '71-sekali-pakai')
    await page.click(MAIN)
    expect(await page.content()).not.toContain(word)
    const row = page.locator('[data-username=rina]')
    expect(await row.textContent()).toContain('Belum ada peran')
    await row.locator('[data-manage]').click()
    await page.selectOption('[name=role]', 'agent')
    await soon(() => page.locator('[name=grantOffice] option').count()).toBeGreaterThan(1)
    await page.selectOption('[name=grantOffice]', 'pusat')
    await page.click('[data-grant]')
    await soon(() => page.textContent('dialog ul.plain')).toContain('Petugas · Unit')
    await inspect(page, '72-kelola')
    await page.keyboard.press('Escape')

    const theirs = await world.visitor()
    await theirs.page.fill('[name=username]', 'rina')
    await theirs.page.fill('[name=password]', word)
    await theirs.page.keyboard.press('Enter')
    await theirs.page.fill('[name=new-password]', PASSWORD)
    await theirs.page.fill('[name=repeat]', PASSWORD)
    await theirs.page.keyboard.press('Enter')
    const secret = ((await theirs.page.textContent('.secret')) ?? '').replaceAll(' ', '')
    await theirs.page.fill('[name=code]', codeAt(secret, world.cases.api.clock.now()))
    await theirs.page.keyboard.press('Enter')
    await theirs.page.check('label.tick input')
    await theirs.page.click('button.button:not(.quiet)')
    await soon(() => theirs.page.textContent('h1')).toBe('Daftar kerja')

    // What takes somebody’s work away asks for a fresh code when the last one is old.
    world.cases.api.clock.advance(11 * MINUTE)
    await row.locator('[data-manage]').click()
    await page.click('[data-verb=disable]')
    await page.click('[data-sure]')
    await page.fill('dialog [name=code]', admin.desk.code())
    await page.keyboard.press('Enter')
    await soon(() => row.textContent()).toContain('Nonaktif sejak')
    await page.keyboard.press('Escape')
    await inspect(page, '73-petugas')
    await theirs.page.click('[data-next]')
    await theirs.page.waitForSelector('[name=password]')
    await theirs.context.close()
    calm()
  }, 180_000)

  it('a service key is shown once and revoked; own account, offices and audit read well', async () => {
    const { page } = admin
    await page.goto(`${world.url}/petugas/kunci`)
    await page.waitForSelector('.empty')
    await page.click('[data-create]')
    await page.fill('[name=key-name]', 'Pusat Layanan 175')
    await page.check('[name=scope-pengaduan]')
    await inspect(page, '74-kunci-baru')
    await page.click(MAIN)
    const key = (await page.textContent('dialog .secret')) ?? ''
    expect(key).toMatch(/^pulih_/)
    await page.click(MAIN)
    await page.reload()
    await page.waitForSelector('tbody tr')
    expect(await page.content()).not.toContain(key)
    await page.click('tbody button')
    await page.click(MAIN)
    await soon(() => page.textContent('tbody tr')).toContain('Dicabut')
    await inspect(page, '75-kunci')
    await page.goto(`${world.url}/petugas/audit`)
    await page.waitForSelector('tbody tr')
    await page.fill('[name=tindakan]', 'staff.create')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('tbody tr').allTextContents()).toSatisfy(
      (rows: readonly string[]) => rows.length > 0 && rows.every((it) => it.includes('staff.create')),
    )
    await inspect(page, '76-audit')
    await page.selectOption('[name=tampilan]', 'alerts')
    await page.waitForSelector('.empty')
    await page.selectOption('[name=tampilan]', 'checkpoints')
    await page.waitForSelector('section.card')
    if (SHOOT) await inspect(page, '77-titik-periksa')
    await page.goto(`${world.url}/petugas/kantor`)
    await page.waitForSelector('tbody tr')
    expect(await page.locator('tbody button').count()).toBe(0)
    await inspect(page, '78-kantor')
    await page.goto(`${world.url}/petugas/saya`)
    await page.click('summary')
    await page.fill('[name=own-current]', 'bukan kata sandinya')
    await page.fill('[name=own-password]', 'gajah menari di atap 9')
    await page.fill('[name=own-repeat]', 'gajah menari di atap 9')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('.fault').allTextContents()).toEqual(['Bukan kata sandi Anda sekarang.'])
    await inspect(page, '79-akun-saya')
    await page.fill('[name=own-current]', PASSWORD)
    await page.fill('[name=own-password]', 'gajah menari di atap 9')
    await page.fill('[name=own-repeat]', 'gajah menari di atap 9')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('form .inset').count()).toBe(1)

    // A new authenticator by oneself: what still counts, then the new one's first code, then the codes once.
    await page.click('[data-renew=authenticator]')
    await page.fill('[name=renew-code]', '000000')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('dialog .fault').count()).toBe(1)
    await inspect(page, '79-ganti-autentikator')
    await page.fill('[name=renew-code]', admin.desk.code())
    await page.keyboard.press('Enter')
    const secret = ((await page.textContent('dialog .secret')) ?? '').replaceAll(' ', '')
    if (SHOOT) await inspect(page, '79-kunci-baru')
    admin.desk.secret = secret
    await page.fill('[name=renew-code]', admin.desk.code())
    await page.keyboard.press('Enter')
    await soon(() => page.locator('dialog .codes li').count()).toBe(10)
    await page.keyboard.press('Escape')
    await inspect(page, '79-kode-baru')
    await page.check('[name=saved]')
    await page.click('dialog button.button:not(.quiet)')
    await page.click('[data-renew=codes]')
    await page.fill('[name=renew-code]', admin.desk.code())
    await page.keyboard.press('Enter')
    await soon(() => page.locator('dialog .codes li').count()).toBe(10)
    await page.check('[name=saved]')
    await page.click('dialog button.button:not(.quiet)')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
    await page.waitForSelector('[data-codes-left="10"]')
    // Few are left: it is said wherever one works, with the way to new ones.
    const { store, clock } = world.cases.api
    await store.staff.replaceRecoveryCodes(admin.desk.staffId, ['one', 'two'], clock.now())
    await page.goto(`${world.url}/petugas/kantor`)
    await page.waitForSelector('.few')
    expect(await page.textContent('.few')).toContain('Kode pemulihan Anda tinggal 2.')
    await inspect(page, '79-sedikit-kode')
    await page.click('.few a')
    await page.waitForSelector('[data-codes-left="2"] .warn')
    expect(await page.locator('.few').count()).toBe(0)
    calm()
  }, 120_000)

  it('a supervisor gives a case to somebody by name, and merges a second one of the same person', async () => {
    const { page } = supervisor
    const agent = await world.desk('agent', 'budi')
    const first = await world.complaint(false)
    const again = { identity: first.identity, contacts: first.contacts }
    const second = await world.cases.submitted(again)
    await page.goto(`${world.url}/petugas`)
    const row = page.locator('.work-row', { hasText: await world.numberOf(first.ticketId) })
    await row.locator('[data-give]').click()
    await page.waitForSelector('[name=staffId]')
    await page.selectOption('[name=staffId]', agent.staffId)
    await page.selectOption('dialog [name=reason]', 'BEBAN_KERJA')
    if (SHOOT) await inspect(page, '80-tugaskan')
    await page.click(MAIN)
    await page.waitForSelector('dialog[open]', { state: 'detached' })
    const { assignments } = world.cases.api.store.work
    expect((await assignments.findAssignment(first.ticketId))?.agentId).toBe(agent.staffId)
    await openCase(page, first.ticketId)
    await soon(() => page.textContent('.hold')).toContain('Petugas Contoh memegang kasus ini')
    await page.click(`a[href$="/gabung"]`)
    await page.waitForSelector('[data-merge]')
    await inspect(page, '81-berdampingan')
    await page.click('[data-merge]')
    if (SHOOT) await inspect(page, '82-gabungkan')
    await page.click(MAIN)
    await soon(() => world.cases.stateOf(second.ticketId)).toBe('merged')
    await page.waitForSelector('.case')
    calm()
  }, 120_000)

  it('a document is uploaded at the desk, or refused with its own reason; a message is sent again', async () => {
    const { ticketId } = await world.complaint(false)
    const clerk = await world.signIn(await world.desk('agent', 'loket'), `/petugas/tiket/${ticketId}`)
    const { page } = clerk
    await page.click('[data-upload]')
    await page.selectOption('[name=kind]', 'KTP')
    await page.setInputFiles('[name=file]', {
      name: 'catatan.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('halo'),
    })
    await page.click(MAIN)
    await page.waitForSelector('dialog .problem')
    await inspect(page, '83-unggah-ditolak')
    const buffer = Buffer.from(await (await picture()).arrayBuffer())
    await page.setInputFiles('[name=file]', { name: 'ktp.jpg', mimeType: 'image/jpeg', buffer })
    await page.click(MAIN)
    await soon(() => page.textContent('dialog')).toContain('Dokumen diterima')
    await page.keyboard.press('Escape')
    await soon(() => page.locator('#dokumen select').count()).toBe(1)
    await page.click('[data-resend]')
    await soon(() => page.textContent('[role=status].unseen')).toContain('dikirim ulang')
    await clerk.context.close()
    calm()
  }, 120_000)

  it('an approval restates old and new contact, both masked; a supervisor judges the objection to it', async () => {
    const { ticketId, participant, identity, contacts } = await world.complaint(false)
    const { cases } = world
    await cases.sent(ticketId, 'verification.start')
    const items = ['KTP_COCOK', 'NAMA_COCOK', 'NIK_COCOK', 'TANGGAL_LAHIR_COCOK', 'KPJ_COCOK']
    const checklist = items.map((item) => ({ item, matched: true }))
    await cases.sent(ticketId, 'identity.verify', { verdict: 'matched', checklist })
    await cases.sent(ticketId, 'approval.propose')
    const checker = await world.signIn(await world.desk('checker', 'cek'), `/petugas/tiket/${ticketId}`)
    await checker.page.click('[data-event="approval.confirm"]')
    await checker.page.waitForSelector('[name=digits]')
    const restated = (await checker.page.textContent('dialog table')) ?? ''
    const old = await cases.api.deps.services.accounts.contactsOf(participant.id)
    expect(restated.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(3)
    for (const secret of [contacts.email, old?.email, old?.phone, identity.nik].filter((it) => it != null))
      expect(restated).not.toContain(secret)
    await inspect(checker.page, '84-lama-baru')
    await checker.page.fill('[name=digits]', identity.nik.slice(-4))
    await checker.page.keyboard.press('Enter')
    await soon(() => cases.stateOf(ticketId)).toBe('onHold')
    await checker.context.close()
    expect((await cases.api.send(ticketId, 'objection.raise', { as: 'portal' })).status).toBe(200)

    const { page } = supervisor
    await openCase(page, ticketId)
    await page.waitForSelector('[data-objection]')
    await inspect(page, '85-sanggahan')
    await page.click('[data-event="objection.uphold"]')
    await page.selectOption('dialog [name=reason]', { index: 1 })
    if (SHOOT) await inspect(page, '86-kabulkan')
    await page.click(MAIN)
    await page.waitForSelector('[data-done]')
    expect(await cases.stateOf(ticketId)).not.toBe('frozen')
    calm()
  }, 180_000)
})
