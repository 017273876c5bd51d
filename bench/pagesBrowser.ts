import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core'

/** What stands between a page and whoever waits for it. */
export interface Line {
  readonly name: string
  readonly kbps: number
  readonly rttMs: number
  /** How many times slower than this machine. */
  readonly cpu: number
}
export interface View {
  readonly path: string
  /** When it is there for its reader. */
  readonly shown: string
  /** What somebody does on it, whose answer is measured. */
  readonly use: (page: Page) => Promise<void>
}
/** Milliseconds since the navigation began; bytes as they went over the line, headers with them. */
export interface Look {
  readonly fcpMs: number
  readonly lcpMs: number
  /** From the slowest event of the use to the next paint; the browser tells nothing below 16 ms. */
  readonly interactionMs: number
  readonly bytes: Bytes
}
export type Bytes = Readonly<Record<'all' | 'Document' | 'Script' | 'Stylesheet', number>>
const LEAST_EVENT_MS = 16
const SETTLED_MS = 120_000

/** One look with nothing in the cache, over this line. */
export async function look(
  browser: Browser,
  url: string,
  { view, line, state }: { view: View; line: Line; state: BrowserContextOptions['storageState'] },
): Promise<Look> {
  const context = await browser.newContext({
    viewport: { width: 412, height: 823 },
    ...(state !== undefined && { storageState: state }),
  })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(SETTLED_MS)
    const protocol = await context.newCDPSession(page)
    const bytes = await counting(protocol)
    await protocol.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: line.rttMs,
      downloadThroughput: (line.kbps * 1_000) / 8,
      uploadThroughput: (line.kbps * 1_000) / 8,
    })
    await protocol.send('Emulation.setCPUThrottlingRate', { rate: line.cpu })
    await page.addInitScript(WATCH)
    await page.goto(url + view.path, { timeout: SETTLED_MS })
    await page.waitForSelector(view.shown)
    await page.waitForLoadState('networkidle', { timeout: SETTLED_MS })
    const first = bytes()
    const painted = await page.evaluate<{ fcp: number; lcp: number }>(PAINTED)
    await view.use(page)
    const slowest = await page.evaluate<number>(SLOWEST)
    return {
      fcpMs: Math.round(painted.fcp),
      lcpMs: Math.round(painted.lcp),
      interactionMs: Math.max(LEAST_EVENT_MS, Math.round(slowest)),
      bytes: first,
    }
  } finally {
    await context.close()
  }
}

/** The largest paint is told only until somebody touches the page; events are gathered from then on. */
const WATCH = `globalThis.seen = { lcp: 0, events: [] }
new PerformanceObserver((list) => { for (const it of list.getEntries()) seen.lcp = it.startTime })
  .observe({ type: 'largest-contentful-paint', buffered: true })
new PerformanceObserver((list) => { for (const it of list.getEntries()) if (it.interactionId) seen.events.push(it.duration) })
  .observe({ type: 'event', durationThreshold: ${LEAST_EVENT_MS}, buffered: true })`
const PAINTED = `({ lcp: seen.lcp, fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0 })`
/** Entries are told a frame after they were painted. */
const SLOWEST = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(Math.max(0, ...seen.events)), 200)))`

async function counting(protocol: CDPSession): Promise<() => Bytes> {
  const kinds = new Map<string, string>()
  const sums = { all: 0, Document: 0, Script: 0, Stylesheet: 0 }
  await protocol.send('Network.enable')
  protocol.on('Network.responseReceived', ({ requestId, type }) => void kinds.set(requestId, type))
  protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId)
    sums.all += encodedDataLength
    if (kind === 'Document' || kind === 'Script' || kind === 'Stylesheet') sums[kind] += encodedDataLength
  })
  return () => ({ ...sums })
}
