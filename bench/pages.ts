import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { totpCode } from '../src/staff/identity/index.js'
import { median } from './median.js'
import { look, type Bytes, type Line, type Look, type View } from './pagesBrowser.js'
import type { Target } from './targets.js'

/** The slow end (3G, a cheap telephone), and what three of four people have or better. */
const LINES = {
  slow: { name: '400 kbit/s, 400 ms, CPU ÷ 4', kbps: 400, rttMs: 400, cpu: 4 },
  p75: { name: '9 Mbit/s, 100 ms, CPU ÷ 4', kbps: 9_000, rttMs: 100, cpu: 4 },
} as const satisfies Record<string, Line>

const PORTAL: readonly View[] = [
  {
    path: '/pengaduan',
    shown: 'main h1',
    use: (page) => page.focus('main a.button').then(() => page.keyboard.press('Tab')),
  },
  {
    path: '/pengaduan/akses',
    shown: '[name=aplikasi]',
    use: async (page) => {
      await page.click('label[for=aplikasi-1]')
      await page.click('label[for=kontak]')
    },
  },
  { path: '/tanya-jawab', shown: 'summary', use: (page) => page.click('summary >> nth=0') },
]
const CONSOLE: readonly View[] = [
  {
    path: '/petugas',
    shown: '[name=username]',
    use: (page) => page.locator('[name=username]').pressSequentially('agent'),
  },
]
const SIGNED_IN: readonly View[] = [
  {
    path: '/petugas',
    shown: '.work-row',
    use: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('?')
      await page.waitForSelector('dialog[open]')
    },
  },
]

type Row = Look & { readonly page: string; readonly line: string }
export interface PagesBench {
  readonly rounds: number
  /** A line a page and profile: medians. Bytes in kB (1 000). */
  readonly [row: string]: unknown
  readonly targets: readonly Target[]
}

/** Pages of a real process (`pulih serve`, compiled) in Debian's Chromium, cache empty, over lines that DevTools slow down; a round takes a minute. */
export async function benchPages({ rounds = 5, bin = 'bin/pulih.js' } = {}): Promise<PagesBench> {
  const server = await start(bin)
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    const state = await signedIn(browser, server)
    const rows: Row[] = []
    const measure = async (views: readonly View[], kind: string, storage?: typeof state) => {
      for (const view of views)
        for (const line of Object.values(LINES)) {
          const looks: Look[] = []
          for (let round = 0; round < rounds; round++)
            looks.push(await look(browser, server.url, { view, line, state: storage }))
          rows.push({ page: `${kind}${view.path}`, line: line.name, ...middle(looks) })
        }
    }
    await measure(PORTAL, '')
    await measure(CONSOLE, 'signed out ')
    await measure(SIGNED_IN, 'worklist ', state)
    return { rounds, ...shown(rows), targets: targetsOf(rows) }
  } finally {
    await browser.close()
    await server.stop()
  }
}

const kB = (bytes: number): number => Math.round(bytes / 100) / 10
const middle = (looks: readonly Look[]): Look => {
  const of = (pick: (it: Look) => number) => median(looks.map(pick))
  const bytesOf = (name: keyof Bytes) => of((it) => it.bytes[name])
  return {
    fcpMs: of((it) => it.fcpMs),
    lcpMs: of((it) => it.lcpMs),
    interactionMs: of((it) => it.interactionMs),
    bytes: {
      all: bytesOf('all'),
      Document: bytesOf('Document'),
      Script: bytesOf('Script'),
      Stylesheet: bytesOf('Stylesheet'),
    },
  }
}

const shown = (rows: readonly Row[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    rows.map(({ page, line, fcpMs, lcpMs, interactionMs, bytes }) => [
      `${page} (${line})`,
      { fcpMs, lcpMs, interactionMs, kB: kB(bytes.all) },
    ]),
  )

/** R (docs/portal.md, docs/console.md): the largest of each, whatever page it is of. */
function targetsOf(rows: readonly Row[]): readonly Target[] {
  const most = (of: readonly Row[], pick: (it: Row) => number) => Math.max(...of.map(pick))
  const portal = rows.filter(({ page }) => !page.includes('/petugas'))
  const office = rows.filter(({ page }) => page.includes('/petugas'))
  const at = (of: readonly Row[], { name }: Line) => of.filter(({ line }) => line === name)
  const bytes = (what: string, of: readonly Row[], kind: keyof Bytes, below: number): Target => ({
    ...{ what: `${what}, kB`, below },
    reached: kB(most(of, (it) => it.bytes[kind])),
  })
  const time = (what: string, of: readonly Row[], pick: (it: Row) => number, below: number): Target => ({
    ...{ what: `${what}, ms`, below },
    reached: most(of, pick),
  })
  return [
    bytes('portal, first view', portal, 'all', 75),
    bytes('portal, its page', portal, 'Document', 14),
    bytes('portal, its style', portal, 'Stylesheet', 20),
    bytes('portal, its script', portal, 'Script', 30),
    bytes('console, first load', office, 'all', 250),
    time('portal, first contentful paint, slow', at(portal, LINES.slow), (it) => it.fcpMs, 2_500),
    time('portal, largest contentful paint, slow', at(portal, LINES.slow), (it) => it.lcpMs, 2_500),
    time('portal, largest contentful paint, P75', at(portal, LINES.p75), (it) => it.lcpMs, 1_000),
    time('portal, event to next paint, slow', at(portal, LINES.slow), (it) => it.interactionMs, 200),
    time('console, largest contentful paint, P75', at(office, LINES.p75), (it) => it.lcpMs, 2_500),
    time('console, event to next paint, P75', at(office, LINES.p75), (it) => it.interactionMs, 200),
  ]
}

interface Server {
  readonly url: string
  readonly dataDir: string
  stop(): Promise<void>
}
async function start(bin: string): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-pages-'))
  const child = spawn(process.execPath, [bin, 'serve', '--seed', '--port', '0', '--data', dataDir], {
    env: { ...process.env, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    const exited = child.exitCode === null ? once(child, 'exit') : null
    child.kill('SIGTERM')
    await exited
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  const ready = new Promise<string>((done, failed) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /Pulih is ready at (\S+)/.exec(said)?.[1]
      if (url !== undefined) done(url)
    })
    child.stdout.on('end', () => failed(new Error('pulih serve did not start')))
  })
  try {
    return { url: await ready, dataDir, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What a browser keeps of a demonstration officer who has signed in. */
async function signedIn(browser: Browser, { url, dataDir }: Server) {
  const officers = JSON.parse(readFileSync(join(dataDir, 'dev-staff.json'), 'utf8')) as readonly {
    readonly username: string
    readonly password: string
    readonly totpSecret: string
  }[]
  const agent = officers.find(({ username }) => username === 'agent')
  if (agent === undefined) throw new Error('there is no demonstration officer')
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${url}/petugas`)
  await page.fill('[name=username]', agent.username)
  await page.fill('[name=password]', agent.password)
  await page.keyboard.press('Enter')
  await page.fill('[name=code]', totpCode(agent.totpSecret, Date.now()))
  await page.keyboard.press('Enter')
  await page.waitForSelector('.work-row')
  const state = await context.storageState()
  await context.close()
  return state
}
