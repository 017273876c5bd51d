import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { overflow, seriousFindings } from '../portal/browser.js'

/** Not in git: for people to look at. `PULIH_PICTURES=1` keeps a picture of every state in every size. */
const ARTIFACTS = new URL('../../../artifacts/console/', import.meta.url).pathname
export const SHOOT = process.env['PULIH_PICTURES'] === '1'
const SIZES = [
  { name: '320', width: 320, height: 720 },
  { name: '768', width: 768, height: 1024 },
  { name: '1440', width: 1440, height: 900 },
] as const

/**
 * Pairs of controls of which one lies on the other: nobody can be sure to hit the right one. What scrolls under the bar of actions is
 * let pass, and so is what is under an open dialog.
 */
const overlapping = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const within = document.querySelector('dialog[open]') ?? document
    const all = [...within.querySelectorAll('a[href],button,input,select,textarea,summary')]
      .filter((it) => it.checkVisibility() && !it.classList.contains('skip') && !it.closest('.sheet'))
      .map((it) => ({ it, box: it.getBoundingClientRect(), bar: it.closest('.decide') }))
      .filter(({ box }) => box.width > 0 && box.height > 0)
    const found = []
    for (const [at, a] of all.entries())
      for (const b of all.slice(at + 1)) {
        if (a.it.contains(b.it) || b.it.contains(a.it) || a.bar !== b.bar) continue
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (wide > 1 && high > 1) found.push(a.it.outerHTML.slice(0, 90) + ' / ' + b.it.outerHTML.slice(0, 90))
      }
    return found
  })()`)

/** Controls that a finger would miss: less than 44 px high; ticks and links inside of sentences are reached by their line. */
const small = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...(document.querySelector('dialog[open]') ?? document).querySelectorAll('button,select,summary,nav a,.work-row a,label.tick')]
    .filter((it) => it.checkVisibility())
    .filter((it) => it.getBoundingClientRect().height < 43.5)
    .map((it) => it.outerHTML.slice(0, 120))`)

/** Looks at a state as everybody may meet it: in every size, light and dark, by axe, by finger. Leaves the window wide. */
export async function inspect(page: Page, name: string): Promise<void> {
  if (SHOOT) await mkdir(ARTIFACTS, { recursive: true })
  // What holds at both ends holds between them; pictures are made in all.
  for (const { name: size, width, height } of SHOOT ? SIZES : SIZES.filter((it) => it.name !== '768')) {
    await page.setViewportSize({ width, height })
    expect(await overflow(page), `${name} at ${size}`).toBeLessThanOrEqual(0)
    expect(await overlapping(page), `${name} at ${size}`).toEqual([])
    for (const colorScheme of SHOOT ? (['dark', 'light'] as const) : []) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${ARTIFACTS}${name}-${size}-${colorScheme}.png`, fullPage: true })
    }
  }
  expect(await small(page), name).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await seriousFindings(page), name).toEqual([])
  // In the dark only the colours are others.
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await page.evaluate(CONTRAST), `${name} dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}
const CONTRAST = `axe.run(document, { runOnly: ['color-contrast'], resultTypes: ['violations'] })
  .then(({ violations }) => violations.flatMap((it) => it.nodes.map(({ html }) => html.slice(0, 160))))`

/** Goes on with the keyboard alone until something that fits has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let pressed = 0; pressed < 150; pressed += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

/**
 * Goes once through a page by Tab alone. Gives what the keyboard does not reach, and where it stands without being seen: no ring around it,
 * or something else on top of it (2.1.1, 2.4.7, 2.4.11).
 */
export async function walkedByTab(page: Page): Promise<readonly string[]> {
  await page.evaluate(`window.stops = new Set(); window.unseen = []`)
  for (let pressed = 0; pressed < 300; pressed += 1) {
    await page.keyboard.press('Tab')
    if (!(await page.evaluate<boolean>(STOPPED))) return page.evaluate<readonly string[]>(MISSED)
  }
  throw new Error('the keyboard does not come around')
}
const STOPPED = `(() => {
  const it = document.activeElement
  const [first] = window.stops
  // Some fields (dates) are several stops in one.
  const again = window.stops.size > 1 && it === first
  if (it === null || it === document.body || again) return false
  if (window.stops.has(it)) return true
  window.stops.add(it)
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it)
  const ring = (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'
  const { left, top, width, height } = it.getBoundingClientRect()
  const line = it.getClientRects()[0] ?? { left, top, width, height }
  // Of what is higher than the window, the middle of what is shown.
  const [from, until] = [Math.max(line.top, 0), Math.min(line.top + line.height, innerHeight)]
  const y = line.height > 200 ? (from + until) / 2 : line.top + Math.min(line.height, 20) / 2
  const on = document.elementFromPoint(line.left + Math.min(line.width, 20) / 2, y)
  const covered = on === null || !(it.contains(on) || on.contains(it))
  if (!ring) window.unseen.push('no ring: ' + it.outerHTML.slice(0, 120))
  if (covered) window.unseen.push('covered: ' + it.outerHTML.slice(0, 120))
  return true
})()`
const MISSED = `(() => {
  const all = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')]
  return [...window.unseen, ...all
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled && it.type !== 'radio' && it.tabIndex >= 0)
    .filter((it) => !window.stops.has(it))
    .map((it) => 'not reached: ' + it.outerHTML.slice(0, 120))]
})()`
