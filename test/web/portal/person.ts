import { vi } from 'vitest'

/** A page as somebody without JavaScript has it before them. */
export interface Seen {
  readonly status: number
  readonly path: string
  readonly html: string
  readonly headers: Headers
}

/** A browser that knows pages, forms and cookies and nothing else. */
export class Person {
  readonly cookies = new Map<string, string>()
  seen: Seen = { status: 0, path: '', html: '', headers: new Headers() }
  constructor(readonly url: string) {}

  async go(path: string): Promise<Seen> {
    return this.#ask(path, { headers: {} })
  }
  /** Fills in the form of the page before them that leads to `action` and sends it. `pick`: which, where there are several. */
  async send(
    action: string,
    values: Readonly<Record<string, string>> = {},
    pick: (form: string) => boolean = () => true,
  ) {
    const body = new URLSearchParams({ ...this.hiddenOf(action, pick), ...values })
    return this.post(action, body)
  }
  async post(action: string, body: URLSearchParams | FormData, headers: Readonly<Record<string, string>> = {}) {
    const own = { origin: this.url, 'sec-fetch-site': 'same-origin', ...headers }
    return this.#ask(action, { method: 'POST', body, headers: own })
  }
  async upload(action: string, kind: string, file: Blob, name: string) {
    const form = this.formOf(action, (it) => it.includes(`value="${kind}"`))
    const data = new FormData()
    data.append('kind', kind)
    data.append('file', file, name)
    return this.post(/action="([^"]+)"/.exec(form)?.[1] ?? '', data)
  }
  formOf(action: string, pick: (form: string) => boolean = () => true): string {
    const forms = [...this.seen.html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([it]) => it)
    const form = forms.find((it) => (/action="([^"?]*)/.exec(it)?.[1] ?? '') === action && pick(it))
    if (form === undefined) throw new Error(`no form to ${action} on ${this.seen.path}:\n${this.text()}`)
    return form
  }
  hiddenOf(action: string, pick?: (form: string) => boolean): Record<string, string> {
    const inputs = [...this.formOf(action, pick).matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([it]) => it)
    const attribute = (input: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
    return Object.fromEntries(inputs.map((it) => [attribute(it, 'name'), attribute(it, 'value')]))
  }
  /** What can be read on the page. */
  text(): string {
    return this.seen.html
      .replaceAll(/<(script|style|title)[\s\S]*?<\/\1>/g, ' ')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
  }
  heading(): string {
    return (/<h1>([\s\S]*?)<\/h1>/.exec(this.seen.html)?.[1] ?? '').trim()
  }

  async #ask(path: string, init: RequestInit): Promise<Seen> {
    let at = path
    let next = init
    for (let hop = 0; hop < 5; hop++) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...(next.headers as object) }
      const answer = await fetch(`${this.url}${at}`, { ...next, headers, redirect: 'manual' })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') this.cookies.delete(name)
        else this.cookies.set(name, value)
      }
      const location = answer.headers.get('location')
      if (answer.status < 300 || answer.status >= 400 || location === null) {
        this.seen = { status: answer.status, path: at, html: await answer.text(), headers: answer.headers }
        return this.seen
      }
      await answer.arrayBuffer()
      at = location
      next = { headers: {} }
    }
    throw new Error(`too many redirects from ${path}`)
  }
}

/** The first text that fits, looked for until it is there: messages leave behind the answer. */
export async function eventually<T>(look: () => Promise<T | null | undefined>): Promise<T> {
  return vi.waitFor(
    async () => {
      const found = await look()
      if (found === null || found === undefined) throw new Error('not there yet')
      return found
    },
    { timeout: 40_000, interval: 50 },
  )
}
