import type { DayWorld } from './world.js'

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number
  /** A problem's stable code; null where there is none. */
  readonly code: string | null
  readonly body: Readonly<Record<string, unknown>>
  readonly etag: string | null
  readonly cookie: string | null
}
export interface Sent {
  readonly body?: unknown
  readonly form?: FormData
  readonly headers?: Readonly<Record<string, string>>
}
/** Whoever sends requests: their own network address, and what says who they are. */
export interface Caller {
  send(method: 'GET' | 'POST', path: string, sent?: Sent): Promise<Answer>
}

/** Every request of the day, counted by what became of it. */
export interface Traffic {
  requests: number
  readonly refused: Map<string, number>
}
export const newTraffic = (): Traffic => ({ requests: 0, refused: new Map() })

export const caller = (
  { url }: Pick<DayWorld, 'url'>,
  traffic: Traffic,
  address: string,
  own: () => Readonly<Record<string, string>> = () => ({}),
): Caller => ({
  async send(method, path, { body, form, headers = {} } = {}) {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await fetch(url + path, {
      method,
      headers: { 'x-forwarded-for': address, accept: 'application/json', ...json, ...own(), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(form === undefined ? {} : { body: form }),
    })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') === true
    const parsed = (isJson && text !== '' ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>>
    const code = reply.status < 400 ? null : String(parsed['code'])
    traffic.requests += 1
    if (code !== null) traffic.refused.set(code, (traffic.refused.get(code) ?? 0) + 1)
    const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? null
    return { status: reply.status, code, body: parsed, etag: reply.headers.get('etag'), cookie }
  },
})

/** What the story takes for granted. Throws when the API says otherwise. */
export function expected(answer: Answer, status: number, what: string): Answer {
  if (answer.status === status) return answer
  throw new Error(
    `the day's story breaks at "${what}": ${answer.status} ${answer.code ?? ''} ${JSON.stringify(answer.body).slice(0, 600)}`,
  )
}
