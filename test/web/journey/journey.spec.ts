import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sampleJpeg } from '../../../src/cli/sample.js'
import { HOUR, MINUTE } from '../../api/harness.js'
import type { Desk } from '../../staff/identity/desk.js'
import { matched } from '../../staff/deciding/world.js'
import { hasChromium } from '../../support/browser.js'
import { openChromium } from '../portal/browser.js'
import { keysOnly } from './hands.js'
import { Participant } from './participant.js'
import { JourneyWorld } from './world.js'

const SEND = 'dialog button.button:not(.plain):not(.quiet)'
/** What comes about by itself, on a machine that has other things to do. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 40_000 })

describe.skipIf(!hasChromium)('the whole journey in a browser', () => {
  let browser: Browser
  let world: JourneyWorld
  let folder: string
  let maker: Desk
  let checker: Desk
  let supervisor: Desk
  beforeAll(async () => {
    browser = await openChromium()
    world = await JourneyWorld.open(browser)
    folder = await mkdtemp(join(tmpdir(), 'pulih-journey-'))
    maker = await world.officers.desk('agent', 'pengusul')
    checker = await world.officers.desk('checker', 'pemeriksa')
    supervisor = await world.officers.desk('supervisor', 'penyelia')
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => world.nextMonday())
  const stateOf = (id: string) => world.officers.cases.stateOf(id)
  const calm = () => expect(world.officers.trouble).toEqual([])

  /** Drawn by the project, marked SPECIMEN, with what this person's card says. */
  async function card({ who: { identity } }: Participant): Promise<string> {
    const file = join(folder, `${identity.nik}.jpg`)
    const { nik, name, birthDate } = identity
    await writeFile(file, await sampleJpeg({ nik, name, born: birthDate, address: 'JL. CONTOH NO. 1' }))
    return file
  }
  async function decide(page: Page, event: string, fill: () => Promise<unknown> = () => Promise.resolve()) {
    await page.click(`[data-event="${event}"]`)
    await page.waitForSelector('dialog[open] form')
    await fill()
    await page.click(SEND)
    await page.waitForSelector('dialog[open]', { state: 'detached' })
  }
  async function approve(page: Page, event: string, { who }: Participant) {
    await page.waitForSelector(`[data-event="${event}"]:not([disabled])`)
    await decide(page, event, () => page.fill('dialog [name=digits]', who.identity.nik.slice(-4)))
  }
  /** From the worklist to a request for one more document. */
  async function takeAndAsk(page: Page, { number, ticketId }: Participant) {
    await page.waitForSelector('.work-row')
    await page.click('[data-next]')
    await page.waitForSelector('.case .sheet img')
    expect(await page.textContent('h1')).toContain(number)
    await decide(page, 'verification.start')
    await page.waitForSelector('[data-event="documents.request"]:not([disabled])')
    await decide(page, 'documents.request', async () => {
      await page.selectOption('dialog fieldset select >> nth=0', 'SLIP_GAJI')
      await page.selectOption('dialog fieldset select >> nth=1', 'DIPERLUKAN')
    })
    expect(await stateOf(ticketId)).toBe('documentsRequested')
  }
  /** What came in meanwhile is before the officer when the case is opened anew; every required item is ticked by hand. */
  async function verifyAndPropose(page: Page, participant: Participant) {
    await page.reload()
    await page.waitForSelector('[data-event="verification.start"]:not([disabled])')
    await decide(page, 'verification.start')
    await page.waitForSelector('.choices')
    for (const item of await page.locator('.checks li', { hasText: '(wajib)' }).all())
      await item.locator('label.tick').first().click()
    await page.click('#periksa button.button')
    await approve(page, 'approval.propose', participant)
    expect(await stateOf(participant.ticketId)).toBe('approvalProposed')
  }
  async function check(participant: Participant) {
    const { page, context } = await world.officers.signIn(checker)
    await page.waitForSelector('.work-row')
    await page.click('[data-next]')
    await page.waitForSelector('.case .sheet img')
    await approve(page, 'approval.confirm', participant)
    expect(await stateOf(participant.ticketId)).toBe('onHold')
    await context.close()
  }

  it.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])(
    'filed, asked for more, approved twice, held for a day, replaced: %s on the portal',
    async (_, javaScript) => {
      const participant = await Participant.come(world, { javaScript })
      const ktp = await card(participant)
      await participant.file(ktp, { triage: !javaScript })
      await participant.reads('menunggu verifikasi petugas')
      const { ticketId } = participant
      const agent = await world.officers.signIn(maker)
      await takeAndAsk(agent.page, participant)
      // What the triage learned is before the officer; who came without has no such list.
      const learned = await agent.page.locator('[data-learned] li').allTextContents()
      expect(learned).toEqual(javaScript ? [] : ['Kode OTP tidak diterima', 'Memakai VPN'])
      await participant.reads('Petugas memerlukan: Slip gaji')
      await participant.upload('SLIP_GAJI', ktp)
      await soon(() => stateOf(ticketId)).toBe('documentsUploaded')
      await participant.reads('Saat ini tidak ada yang perlu Anda lakukan')
      await verifyAndPropose(agent.page, participant)
      await agent.context.close()
      await check(participant)
      await world.work(ticketId)
      await participant.reads('Pengaduan Anda disetujui')
      const { clock } = world.officers.cases.api
      const ends = await world.holdEnds(ticketId)
      expect(ends).toBeGreaterThanOrEqual(clock.now() + 23 * HOUR)
      // Nothing is replaced before the hold has ended.
      clock.advance(ends - clock.now() - MINUTE)
      await world.work(ticketId)
      expect(await stateOf(ticketId)).toBe('onHold')
      clock.advance(MINUTE)
      await world.work(ticketId)
      expect(await stateOf(ticketId)).toBe('contactUpdated')
      await participant.reads('Kontak akun Anda diperbarui')
      await participant.leave()
      calm()
    },
    180_000,
  )

  it('the portal by keyboard only: filed, asked, uploaded', async () => {
    const participant = await Participant.come(world, { hands: keysOnly })
    const ktp = await card(participant)
    await participant.file(ktp)
    const { ticketId } = participant
    const { cases } = world.officers
    await soon(() => stateOf(ticketId)).toBe('documentsUploaded')
    await cases.sent(ticketId, 'verification.start')
    await cases.sent(ticketId, 'documents.request', { documents: [{ kind: 'SLIP_GAJI', reason: 'DIPERLUKAN' }] })
    await participant.reads('Petugas memerlukan: Slip gaji')
    await participant.upload('SLIP_GAJI', ktp)
    await soon(() => stateOf(ticketId)).toBe('documentsUploaded')
    await participant.reads('Saat ini tidak ada yang perlu Anda lakukan')
    await participant.leave()
  }, 120_000)

  /** On hold, its notices delivered to the old contacts. */
  async function onHold() {
    const { cases } = world.officers
    const filed = await cases.underVerification()
    const { items } = (await cases.api.get(`/v1/tickets/${filed.ticketId}/verification`)).body
    const required = (items as { item: string; required: boolean }[]).filter((it) => it.required)
    await cases.sent(filed.ticketId, 'identity.verify', matched(...required.map((it) => it.item)))
    await cases.sent(filed.ticketId, 'approval.propose')
    await cases.sent(filed.ticketId, 'approval.confirm', {}, 'checker')
    await world.work(filed.ticketId)
    return filed
  }

  it('A27 “bukan saya” by the mailed link freezes, the console shows it, a supervisor upholds it', async () => {
    const { ticketId, token } = await onHold()
    const { link } = await world.linkIn(ticketId, 'hold.started', '/sanggah')
    const { page, context } = await world.officers.visitor(link.slice(world.url.length))
    // Looking does nothing (A28).
    await page.waitForSelector('#link:not([hidden])')
    expect(page.url()).not.toContain('#')
    expect(await stateOf(ticketId)).toBe('onHold')
    await page.click('#link button')
    await page.waitForSelector('#done:not([hidden])')
    expect(await stateOf(ticketId)).toBe('frozen')
    await context.close()

    const own = await world.officers.signIn(supervisor, `/petugas/tiket/${ticketId}`)
    await own.page.waitForSelector('.case')
    expect(await own.page.innerText('.case .tags >> nth=0')).toContain('Dibekukan karena sanggahan')
    expect(await own.page.locator('[data-event="objection.dismiss"]').count()).toBe(1)
    await own.page.click('.hold .button')
    await own.page.selectOption('dialog [name=reason]', 'ARAHAN_PENYELIA')
    await own.page.click(SEND)
    await soon(() => own.page.textContent('.hold')).toContain('Anda memegang kasus ini')
    await decide(own.page, 'objection.uphold', () => own.page.selectOption('dialog [name=reason]', { index: 1 }))
    expect(await stateOf(ticketId)).toBe('underVerification')
    await own.context.close()
    // The hold that was is over for good.
    world.officers.cases.api.clock.advance(25 * HOUR)
    await world.work(ticketId)
    expect(await stateOf(ticketId)).toBe('underVerification')
    expect(JSON.stringify(await world.officers.cases.status(token))).toContain('Sanggahan diterima')
    calm()
  }, 120_000)

  it('A27 without JavaScript: number and typed code of the same mail freeze as well', async () => {
    const { ticketId } = await onHold()
    const { text } = await world.linkIn(ticketId, 'hold.started', '/sanggah')
    const [, number = '', code = ''] = /kode sanggah: (\S+), kode (\S+)\./.exec(text) ?? []
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${world.url}/sanggah`)
    await page.fill('#ticketNumber', number)
    await page.fill('#code', code)
    await page.click('#typed button')
    await page.waitForSelector('#done')
    expect(await stateOf(ticketId), text).toBe('frozen')
    await context.close()
  }, 60_000)
})
