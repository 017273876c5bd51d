import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'

const require = createRequire(import.meta.url)
const AXE = require.resolve('axe-core/axe.min.js')
/** Not in git: for people to look at. */
export const ARTIFACTS = new URL('../../../artifacts/portal/', import.meta.url).pathname
export const SIZES = [
  { name: '320', width: 320, height: 720 },
  { name: '768', width: 768, height: 1024 },
  { name: '1440', width: 1440, height: 900 },
] as const

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] })

interface Finding {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}
/** What axe finds that keeps people out: rules of WCAG 2.2 A and AA and best practice, serious and critical. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The page's own policy forbids scripts of others; this one is put in from outside of it.
  if (!(await page.evaluate('typeof axe !== "undefined"'))) await page.evaluate(await source())
  const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
    'axe.run(document, { resultTypes: ["violations"] })',
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    )
}
let axe: Promise<string> | null = null
const source = (): Promise<string> => (axe ??= import('node:fs/promises').then(({ readFile }) => readFile(AXE, 'utf8')))

/** How far a page reaches beyond its window, in px. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** Controls that a finger would miss: less than 44 px either way; links inside of sentences excepted (2.5.8). */
export const smallTargets = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('button,input:not([type=hidden]),select,summary,nav a,.help a,.back a')]
    .filter((it) => it.checkVisibility() && !it.closest('.trap'))
    .filter((it) => { const { width, height } = it.getBoundingClientRect(); return width < 43.5 || height < 43.5 })
    .map((it) => it.outerHTML.slice(0, 120))`)

/** `PULIH_PICTURES=1` keeps a picture of every page in every size. */
const SHOOT = process.env['PULIH_PICTURES'] === '1'

/** The page as it is now, where pictures are kept. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!SHOOT) return
  await mkdir(ARTIFACTS, { recursive: true })
  await page.screenshot({ path: `${ARTIFACTS}${name}.png`, fullPage: true })
}

/** One page in every size, light and dark; gives what overflows. */
export async function picture(page: Page, name: string): Promise<readonly string[]> {
  const wide: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const { name: size, width, height } of SIZES) {
      await page.setViewportSize({ width, height })
      if ((await overflow(page)) > 0) wide.push(`${name} at ${size}`)
      await shot(page, `${name}-${size}-${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 768, height: 1024 })
  return wide
}
