import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** False when the binary is missing: the tests that need it are then skipped, and say so. */
export const hasChromium = ((): boolean => {
  const found = spawnSync('chromium', ['--version'], { stdio: 'ignore' }).status === 0
  if (!found) console.warn('\n*** chromium is not installed: the tests that need it are SKIPPED ***\n')
  return found
})()

type Params = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Params
  readonly result?: Params
  readonly error?: { readonly message: string }
}

/** A real Chromium without a window, spoken to over its debugging pipe (two file descriptors, no port). */
export class Browser {
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #input: Writable
  readonly #waiting = new Map<number, { resolve(it: Params): void; reject(it: Error): void }>()
  readonly #listeners = new Map<string, ((params: Params) => void)[]>()
  #session: string | null = null
  #id = 0

  private constructor(child: ChildProcess, profile: string) {
    this.#child = child
    this.#profile = profile
    this.#input = child.stdio[3] as Writable
    let rest = ''
    ;(child.stdio[4] as Readable).on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\0')
      rest = parts.pop() ?? ''
      for (const part of parts) this.#take(JSON.parse(part) as Message)
    })
  }

  static async open(): Promise<Browser> {
    const profile = await mkdtemp(join(tmpdir(), 'pulih-chromium-'))
    const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run']
    const child = spawn('chromium', [...args, `--user-data-dir=${profile}`, '--remote-debugging-pipe'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    const browser = new Browser(child, profile)
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true })
    browser.#session = String(sessionId)
    return browser
  }

  /** One command of the DevTools protocol, to the page. */
  send(method: string, params: Params = {}): Promise<Params> {
    const id = ++this.#id
    const session = this.#session === null ? {} : { sessionId: this.#session }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#input.write(`${JSON.stringify({ id, method, params, ...session })}\0`)
    })
  }
  on(method: string, listener: (params: Params) => void): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener])
  }
  /** What an expression in the page comes to; promises are awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    if (answer['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(answer['exceptionDetails']))
    return (answer['result'] as Params)['value']
  }
  async close(): Promise<void> {
    const gone = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await gone
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10 })
  }

  #take({ id, method, params = {}, result = {}, error }: Message): void {
    if (id === undefined) for (const listener of this.#listeners.get(method ?? '') ?? []) listener(params)
    else if (error === undefined) this.#waiting.get(id)?.resolve(result)
    else this.#waiting.get(id)?.reject(new Error(error.message))
  }
}
