import type { Page } from 'playwright-core'
import { tabTo } from '../console/browser.js'

/** How somebody uses a page. */
export interface Hands {
  type(page: Page, selector: string, text: string): Promise<void>
  /** One answer of several, or a box. */
  choose(page: Page, selector: string): Promise<void>
  press(page: Page, selector: string): Promise<void>
  attach(page: Page, selector: string, file: string): Promise<void>
}

export const pointing: Hands = {
  type: (page, selector, text) => page.fill(selector, text),
  choose: (page, selector) => page.check(selector),
  press: (page, selector) => page.click(selector),
  attach: (page, selector, file) => page.setInputFiles(selector, file),
}

/** No pointer at all: everything is reached and done by keys. */
export const keysOnly: Hands = {
  async type(page, selector, text) {
    await tabTo(page, selector)
    await page.keyboard.type(text)
  },
  async choose(page, selector) {
    const kind = await page.getAttribute(selector, 'type')
    if (kind !== 'radio') {
      await tabTo(page, selector)
      await page.keyboard.press('Space')
      return
    }
    // A group is one stop; arrows go on inside of it.
    await tabTo(page, `[name="${(await page.getAttribute(selector, 'name')) ?? ''}"]`)
    for (let tried = 0; tried < 10 && !(await page.isChecked(selector)); tried += 1)
      await page.keyboard.press(tried === 0 ? 'Space' : 'ArrowDown')
  },
  async press(page, selector) {
    await tabTo(page, selector)
    await page.keyboard.press('Enter')
  },
  async attach(page, selector, file) {
    await tabTo(page, selector)
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Space')
    await (await chooser).setFiles(file)
  },
}
