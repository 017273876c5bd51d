import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'

const require = createRequire(import.meta.url)
const AXE = require.resolve('axe-core/axe.min.js')
/** Not in git: for people to look at. */
export const ARTIFACTS = new URL('../../../artifacts/portal/', import.meta.url).pathname
const SIZES = [
  { name: '320', width: 320, height: 720 },
  { name: '768', width: 768, height: 1024 },
  { name: '1440', width: 1440, height: 900 },
] as const

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] })

/** What the policy of the pages refused on any page that is opened from here on (A15, A36); nothing of ours may be among it. */
export async function refusals(context: BrowserContext): Promise<readonly string[]> {
  const seen: string[] = []
  await context.exposeFunction('tellRefusal', (it: string) => void seen.push(it))
  const content = `addEventListener('securitypolicyviolation',
    (it) => tellRefusal(it.violatedDirective + ' ' + it.blockedURI + ' on ' + location.pathname))`
  await context.addInitScript({ content })
  return seen
}

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

/** Pairs of controls of which one lies on the other: nobody can be sure to hit the right one. */
export const overlapping = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const all = [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
      .filter((it) => it.checkVisibility() && !it.closest('.trap') && !it.classList.contains('skip'))
      .map((it) => ({ it, boxes: [...it.getClientRects()] }))
    const found = []
    for (const [at, a] of all.entries())
      for (const b of all.slice(at + 1)) {
        const covers = a.boxes.some((x) => b.boxes.some((y) =>
          Math.min(x.right, y.right) - Math.max(x.left, y.left) > 1 && Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top) > 1))
        if (covers) found.push(a.it.outerHTML.slice(0, 90) + ' / ' + b.it.outerHTML.slice(0, 90))
      }
    return found
  })()`)

const CONTRAST = `axe.run(document, { runOnly: ['color-contrast'], resultTypes: ['violations'] })
  .then(({ violations }) => violations.flatMap((it) => it.nodes.map(({ html }) => html.slice(0, 160))))`

/**
 * Looks at a page as everybody may meet it: in every size, light and dark, by axe, by finger. What holds at both ends of the sizes holds
 * between them; pictures are made in all. Leaves the window as wide as a tablet.
 */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const { name: size, width, height } of SHOOT ? SIZES : SIZES.filter((it) => it.name !== '768')) {
    await page.setViewportSize({ width, height })
    expect(await overflow(page), `${name} at ${size}`).toBeLessThanOrEqual(0)
    expect(await overlapping(page), `${name} at ${size}`).toEqual([])
    for (const colorScheme of SHOOT ? (['dark', 'light'] as const) : []) {
      await page.emulateMedia({ colorScheme })
      await shot(page, `${name}-${size}-${colorScheme}`)
    }
  }
  await page.setViewportSize({ width: 768, height: 1024 })
  expect(await smallTargets(page), name).toEqual([])
  expect(await page.locator('h1').count(), name).toBe(1)
  expect(await seriousFindings(page), name).toEqual([])
  // In the dark only the colours are others.
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await page.evaluate(CONTRAST), `${name} dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}
