import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { pointing, type Hands } from './hands.js'
import type { JourneyWorld } from './world.js'

const NEXT = 'main form .button.main'
const SEND_CODE = 'form:has(#code) .button.main'

interface Options {
  readonly javaScript?: boolean
  readonly hands?: Hands
}

/** Somebody of the directory who lost both contacts, at a browser. */
export class Participant {
  readonly trouble: string[] = []
  ticketId = ''
  number = ''
  private constructor(
    readonly world: JourneyWorld,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly hands: Hands,
    readonly javaScript: boolean,
    readonly who: ReturnType<JourneyWorld['officers']['cases']['somebody']>,
    readonly contacts: { readonly email: string; readonly phone: string },
  ) {}

  static async come(world: JourneyWorld, options: Options = {}): Promise<Participant> {
    const { javaScript = true, hands = pointing } = options
    const { browser, cases } = world.officers
    const context = await browser.newContext({
      ...{ locale: 'id-ID', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce', javaScriptEnabled: javaScript },
    })
    const page = await context.newPage()
    const it = new Participant(world, context, page, hands, javaScript, cases.somebody(), cases.contacts())
    page.on('pageerror', (error) => it.trouble.push(error.message))
    return it
  }

  /** By the triage, which does not help, to the complaint (R29b). */
  async #triaged(): Promise<void> {
    const { page, hands } = this
    await page.goto(`${this.world.url}/gagal-masuk`)
    await hands.choose(page, '[name=symptom][value=OTP_TIDAK_DITERIMA]')
    await hands.choose(page, '#vpn')
    await hands.press(page, NEXT)
    await hands.press(page, 'form[action="/gagal-masuk/ajukan"] button')
  }
  async #began(): Promise<void> {
    const { page, hands } = this
    await page.goto(`${this.world.url}/`)
    await hands.press(page, 'main a.button')
    await this.at('/pengaduan/akses')
    await hands.choose(page, '[name=aplikasi][value=tidak]')
    await hands.choose(page, '[name=kontak][value=tidak-ada]')
    await hands.press(page, NEXT)
  }

  /** From the first page, or from the triage, to the number of the complaint. `ktp`: a file. */
  async file(ktp: string, { triage = false } = {}): Promise<void> {
    const { page, hands, contacts, who } = this
    await (triage ? this.#triaged() : this.#began())
    await this.at('/pengaduan/identitas')
    const { nik, name, birthDate, kpj } = who.identity
    const born = birthDate.split('-').toReversed().join('-')
    for (const [id, text] of Object.entries({ nik, name, birthDate: born, kpj: kpj ?? '' }))
      await hands.type(page, `#${id}`, text)
    await hands.choose(page, '#declaration')
    await hands.press(page, NEXT)
    await this.at('/pengaduan/email')
    await hands.type(page, '#email', contacts.email)
    await hands.press(page, NEXT)
    await this.at('/pengaduan/email/kode')
    await this.typeCode(contacts.email)
    await this.at('/pengaduan/hp')
    await hands.type(page, '#phone', contacts.phone)
    await hands.press(page, NEXT)
    await this.at('/pengaduan/hp/kode')
    await this.typeCode(contacts.phone.replaceAll(' ', '').slice(1))
    await this.at('/pengaduan/dokumen')
    await this.upload('KTP', ktp)
    await page.waitForSelector('.card .tag-done')
    await hands.press(page, 'form:has([name=on]) button')
    await this.at('/pengaduan/periksa')
    await hands.press(page, NEXT)
    await this.at('/pengaduan/terkirim')
    this.number = (await page.innerText('.number')).trim()
    this.ticketId = await this.world.ticketOf(this.number)
    await hands.press(page, 'main a.button.main')
    await this.at('/status/pengaduan')
  }
  async upload(kind: string, file: string): Promise<void> {
    const { page, hands } = this
    const box = `#berkas-${kind.toLowerCase()}`
    await hands.attach(page, box, file)
    await hands.press(page, `form:has(${box}) button`)
  }
  /** Until the status page says it: by itself where JavaScript runs, else when it is loaded again. */
  async reads(text: string | RegExp): Promise<void> {
    const { page, javaScript } = this
    if (javaScript) {
      await page.locator('main', { hasText: text }).waitFor({ timeout: 40_000 })
      return
    }
    const look = async () => {
      await page.reload()
      return page.innerText('main')
    }
    await expect.poll(look, { timeout: 40_000 }).toMatch(text)
  }
  async leave(): Promise<void> {
    await this.context.close()
    expect(this.trouble).toEqual([])
  }

  private async typeCode(to: string): Promise<void> {
    const code = /\b\d{6}\b/.exec(await this.world.mailed(to, 'code.draft'))?.[0] ?? ''
    await this.hands.type(this.page, '#code', code)
    await this.hands.press(this.page, SEND_CODE)
  }
  private at(path: string): Promise<void> {
    return this.page.waitForURL(`${this.world.url}${path}`)
  }
}
