import { execFileSync } from 'node:child_process'
import express from 'express'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createApi, startHttp, type ApiDeps, type HttpServer } from '../../../src/api/index.js'
import { createConsole } from '../../../src/web/consoleServer/index.js'
import type { StaffRole } from '../../../src/staff/principal.js'
import { DecidingWorld } from '../../staff/deciding/world.js'
import { officer, PASSWORD, type Desk } from '../../staff/identity/desk.js'
import { picture as ktp } from '../portal/world.js'

/** A browser of somebody who is signed in. */
export interface Officer {
  readonly desk: Desk
  readonly context: BrowserContext
  readonly page: Page
}

/** The whole API with the built console in front of it, on a clock that stands on a Monday morning, and people with browsers. */
export class ConsoleWorld {
  /** What browsers complained about. */
  readonly trouble: string[] = []
  private constructor(
    readonly cases: DecidingWorld,
    readonly http: HttpServer,
    readonly url: string,
    readonly browser: Browser,
  ) {}

  /** `pages`: what else stands on the same server; `typeFiles`: ticket types beside the own ones. */
  static async open(
    browser: Browser,
    pages: (deps: ApiDeps) => Partial<ApiDeps> = () => ({}),
    typeFiles?: readonly string[],
  ): Promise<ConsoleWorld> {
    // Made once; nothing is done when the sources are as they were.
    execFileSync(process.execPath, ['scripts/console.mjs'], { stdio: 'inherit' })
    const cases = await DecidingWorld.open(undefined, typeFiles)
    const { deps, clock } = cases.api
    const app = express()
    // The pages go by the service's time, which is the tests'.
    app.use((_req, res, next) => {
      res.setHeader('Date', new Date(clock.now()).toUTCString())
      next()
    })
    app.use(createApi({ ...deps, console: createConsole({ oidc: false }), ...pages(deps) }))
    const http = await startHttp({ app, host: '127.0.0.1', port: 0 })
    return new ConsoleWorld(cases, http, `http://127.0.0.1:${http.port}`, browser)
  }
  async close(): Promise<void> {
    await this.http.stop(0)
    await this.cases.close()
  }

  desk(role: StaffRole, username: string): Promise<Desk> {
    return officer(this.cases.api, [[role, null]], username)
  }
  /** A new browser, not signed in. */
  async visitor(path = '/petugas', { ownTime = false } = {}): Promise<Omit<Officer, 'desk'>> {
    const context = await this.browser.newContext({
      ...{ locale: 'id-ID', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce' },
    })
    const page = await context.newPage()
    if (ownTime) await page.clock.install()
    page.on('pageerror', (it) => this.trouble.push(it.message))
    page.on('console', (it) => {
      // A refusal is an answer, which the page shows; the browser counts every one as an error.
      if (it.type() === 'error' && !it.text().includes('status of 4')) this.trouble.push(it.text())
    })
    await page.goto(this.url + path)
    return { context, page }
  }
  async signIn(desk: Desk, path = '/petugas'): Promise<Officer> {
    const { context, page } = await this.visitor(path)
    await signInWith(page, desk)
    await page.waitForSelector('.top')
    return { desk, context, page }
  }
  /** A complaint that waits for an officer, with a picture of a KTP. */
  async complaint(document = true) {
    const filed = await this.cases.submitted()
    if (document) await this.upload(filed.token)
    return filed
  }
  async upload(token: string): Promise<void> {
    const form = new FormData()
    form.append('kind', 'KTP')
    form.append('file', await ktp(), 'ktp.jpg')
    const answer = await fetch(`${this.cases.api.url}/v1/pengaduan/documents`, {
      ...{ method: 'POST', body: form, headers: { authorization: `Bearer ${token}` } },
    })
    if (!answer.ok) throw new Error(await answer.text())
    await this.cases.tasks.runDue()
  }
  /** The number that the console shows for a case. */
  async numberOf(ticketId: string): Promise<string> {
    return (await this.cases.api.store.findTicket(ticketId))?.ticketNumber ?? ''
  }
}

/** As a person does it: name and password, then the code. */
export async function signInWith(page: Page, desk: Desk): Promise<void> {
  await page.fill('[name=username]', desk.username)
  await page.fill('[name=password]', PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[name=code]')
  await page.fill('[name=code]', desk.code())
  await page.keyboard.press('Enter')
}
