import { ACTORS, tokenOf, type ActorName } from '../drills/server.js'

export type Json = Readonly<Record<string, unknown>>
export interface Answer {
  readonly status: number
  readonly etag: string | null
  readonly body: Json
}

/** Shared by all callers: an actor's keys are one space, whichever API he asks. */
let keys = 0

/** A caller that knows nothing of Pulih but its HTTP API. */
export class Caller {
  readonly #url: string
  constructor(url: string) {
    this.#url = url
  }

  async get(path: string, actor: ActorName | null = 'agent', accept = 'application/json'): Promise<Answer> {
    return this.#answer(
      await fetch(this.#url + path, {
        headers: { accept, ...(actor === null ? {} : { authorization: `Bearer ${tokenOf(actor)}` }) },
      }),
    )
  }

  async post(path: string, actor: ActorName, body: Json, etag: string | null = null): Promise<Answer> {
    return this.#answer(
      await fetch(this.#url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokenOf(actor)}`,
          'content-type': 'application/json',
          'idempotency-key': `"${ACTORS[actor].id}-${++keys}"`,
          ...(etag === null ? {} : { 'if-match': etag }),
        },
        body: JSON.stringify(body),
      }),
    )
  }

  /** Files a ticket; its id. */
  async file(route: string, actor: ActorName = 'portal'): Promise<string> {
    const desk = route === 'kantor_cabang' ? { officeId: 'cabang-jakarta', channel: 'walk_in' } : {}
    const filing = { type: 'pengaduan', route, ...desk, cause: 'EMAIL_DAN_HP_HILANG', participantRef: 'ps_contoh-1' }
    const { status, body } = await this.post('/v1/tickets', actor, { ...filing, declaration: true })
    if (status !== 202) throw new Error(`filing was answered ${status}: ${JSON.stringify(body)}`)
    return String(body['ticketId'])
  }

  /** Sends an event, decided on the ticket as it is now. */
  async send(id: string, actor: ActorName, type: string, payload: Json = {}): Promise<Answer> {
    const { etag } = await this.get(`/v1/tickets/${id}`)
    return this.post(`/v1/tickets/${id}/events`, actor, { type, ...payload }, etag)
  }

  async #answer(response: Response): Promise<Answer> {
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') === true
    const body = json ? (JSON.parse(text) as Json) : { text }
    return { status: response.status, etag: response.headers.get('etag'), body }
  }
}
