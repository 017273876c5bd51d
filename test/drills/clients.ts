import { appendFileSync } from 'node:fs'
import { pause, type Dice } from './random.js'
import { ACTORS, tokenOf, type ActorName } from './server.js'
import type { Acknowledgement } from './tally.js'

/** What the clients know, outside of the server. */
export class Notebook {
  readonly sent = new Set<string>()
  readonly refused = new Set<string>()
  readonly acknowledged: Acknowledgement[] = []
  /** Commands whose connection died, or that met a server about to stop, and were sent again under the same key. */
  readonly retried = new Set<string>()
  /** Answers given from the server's memory of the first. */
  replayed = 0
  /** Answers of 500 and the like that are no plain "not now". */
  readonly faults: string[] = []
  /** Problems of 503, by code. */
  readonly unavailable = new Map<string, number>()
  inFlight = 0
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }
  /** 503 is a promise to be told when to come again: without that, or without a code, it is a fault. */
  turnedAway(code: string, retryAfter: string | null): void {
    this.unavailable.set(code, (this.unavailable.get(code) ?? 0) + 1)
    if (!/^[A-Z_]+$/.test(code)) this.faults.push('a 503 came without a code')
    if (retryAfter === null) this.faults.push(`503 ${code} came without Retry-After`)
  }
  acknowledge(ack: Acknowledgement): void {
    appendFileSync(this.#file, `${JSON.stringify(ack)}\n`)
    this.acknowledged.push(ack)
    if (ack.replayed) this.replayed++
  }
}

export interface Load {
  readonly url: string
  /** Begins the names of these clients; no two loads share one, for keys are made of it. */
  readonly name?: string
  readonly clients: number
  readonly dice: Dice
  readonly notebook: Notebook
}
type Payload = Readonly<Record<string, unknown>>
interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly replayed: boolean
  readonly retryAfter: string | null
}

const REQUEST_LIMIT_MS = 10_000
const AGAIN_AFTER_MS = 50

/** Starts the clients; the answer stops them, and resolves when every command they sent has been answered. */
export function startClients({ url, clients, dice, notebook, name = 'c' }: Load): () => Promise<void> {
  let stopping = false
  const running = Array.from({ length: clients }, async (_, index) => {
    const client = new Client(url, `${name}${index + 1}`, dice.fork(), notebook)
    while (!stopping) await client.walk()
  })
  return async () => {
    stopping = true
    await Promise.all(running)
  }
}

/** An officer decides on tickets that lie there; commands and answers are noted like all others. */
export async function rejectAll({ url, dice, notebook }: Load, tickets: readonly Known[]): Promise<void> {
  const officer = new Client(url, 'officer', dice.fork(), notebook)
  for (const ticket of tickets) await officer.reject(ticket)
}

/** A ticket as its client knows it. */
export interface Known {
  readonly id: string
  version: number
}
/** The walk is over: the server said no to a step for good. */
class Refused extends Error {}

const matched = { verdict: 'matched', checklist: [{ item: 'NIK_COCOK', matched: true }] }
const ktp = { kind: 'KTP', ref: 'dok_contoh1', sha256: 'a'.repeat(64) }

class Client {
  readonly #url: string
  readonly #name: string
  readonly #dice: Dice
  readonly #notebook: Notebook
  #commands = 0

  constructor(url: string, name: string, dice: Dice, notebook: Notebook) {
    this.#url = url
    this.#name = name
    this.#dice = dice
    this.#notebook = notebook
  }

  /** One ticket, from filing as far as its story goes. */
  async walk(): Promise<void> {
    const story = this.#dice.pick([
      [6, () => this.#approve('kantor_cabang')],
      [6, () => this.#approve('layanan_digital')],
      [2, () => this.#forgotten()],
      [2, () => this.#leftWaiting()],
      [2, () => this.#rejectAfterDocuments()],
      [1, () => this.#withdraw()],
    ])
    try {
      await story()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }

  async reject(ticket: Known): Promise<void> {
    await this.#send(ticket, 'agent', 'reject', { code: 'DATA_TIDAK_LENGKAP' })
  }

  /** At a branch the account is changed at once; on the digital route after the hold. */
  async #approve(route: string): Promise<void> {
    const ticket = await this.#file(route)
    await this.#prove(ticket)
    await this.#startVerification(ticket)
    await this.#send(ticket, 'agent', 'identity.verify', matched)
    await this.#send(ticket, 'agent', 'approval.propose')
    await this.#send(ticket, 'checker', 'approval.confirm')
  }
  /** Only one contact proven: reminded twice, then expired. */
  async #forgotten(): Promise<void> {
    const ticket = await this.#file('layanan_digital')
    await this.#send(ticket, 'portal', 'contact.prove', { channel: 'email' })
  }
  /** Nobody looks at it: warned, breached, escalated. */
  async #leftWaiting(): Promise<void> {
    await this.#prove(await this.#file('layanan_digital'))
  }
  async #rejectAfterDocuments(): Promise<void> {
    const ticket = await this.#file('layanan_digital')
    await this.#prove(ticket)
    await this.#startVerification(ticket)
    await this.#send(ticket, 'agent', 'documents.request', { documents: [{ kind: 'KTP', reason: 'TIDAK_TERBACA' }] })
    await this.#send(ticket, 'portal', 'documents.upload', { documents: [ktp] })
    await this.#send(ticket, 'agent', 'verification.start')
    await this.#send(ticket, 'agent', 'reject', { code: 'DATA_TIDAK_LENGKAP' })
  }
  async #withdraw(): Promise<void> {
    const ticket = await this.#file('kantor_cabang')
    await this.#send(ticket, 'portal', 'withdraw', { reason: 'SUDAH_SELESAI' })
  }

  async #prove(ticket: Known): Promise<void> {
    for (const channel of ['email', 'phone']) await this.#send(ticket, 'portal', 'contact.prove', { channel })
  }
  /** The gate's timer may not have rung yet: a supervisor then opens it. */
  async #startVerification(ticket: Known): Promise<void> {
    try {
      await this.#send(ticket, 'agent', 'verification.start')
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      await this.#send(ticket, 'supervisor', 'release.override', { reason: 'LATIHAN' })
      await this.#send(ticket, 'agent', 'verification.start')
    }
  }

  async #file(route: string): Promise<Known> {
    const filing = {
      type: 'pengaduan',
      route,
      ...(route === 'kantor_cabang' ? { officeId: 'cabang-jakarta' } : {}),
      cause: 'HP_GANTI',
      participantRef: `ref_${this.#name}-contoh`,
      declaration: true,
    }
    const { body } = await this.#command('portal', '/v1/tickets', 'ticket.file', filing, null)
    return { id: String(body['ticketId']), version: Number(body['contentVersion']) }
  }

  async #send(ticket: Known, actor: ActorName, type: string, payload: Payload = {}): Promise<void> {
    const path = `/v1/tickets/${ticket.id}/events`
    const { body } = await this.#command(actor, path, type, { type, ...payload }, ticket.version)
    ticket.version = Number(body['contentVersion'])
  }

  /** One command under one key, sent until it is answered; now and then once more afterwards, as an impatient caller does. */
  async #command(
    actor: ActorName,
    path: string,
    event: string,
    body: Payload,
    version: number | null,
  ): Promise<Answer> {
    await pause(this.#dice.between(2, 25))
    const key = `${this.#name}-${++this.#commands}`
    const commandId = `${ACTORS[actor].id}:${key}`
    const send = () => this.#untilAnswered(actor, path, key, body, version)
    this.#notebook.sent.add(commandId)
    const answer = await send()
    if (answer.status >= 300) {
      this.#notebook.refused.add(commandId)
      throw new Refused()
    }
    this.#note(commandId, event, answer)
    if (this.#dice.chance(0.05)) {
      const again = await send()
      if (again.status < 300) this.#note(commandId, event, again)
      else this.#notebook.faults.push(`a repeated ${event} was answered ${again.status}`)
    }
    return answer
  }

  #note(commandId: string, event: string, { body, replayed }: Answer): void {
    this.#notebook.acknowledge({
      commandId,
      ticketId: String(body['ticketId']),
      event,
      // A filing is the first commit of its ticket; its receipt does not say so.
      revision: event === 'ticket.file' ? 1 : Number(body['revision']),
      contentVersion: Number(body['contentVersion']),
      replayed,
    })
  }

  /** A dead connection says nothing about the command: the same key asks again, as real clients do. */
  async #untilAnswered(
    actor: ActorName,
    path: string,
    key: string,
    body: Payload,
    version: number | null,
  ): Promise<Answer> {
    for (;;) {
      this.#notebook.inFlight++
      try {
        const answer = await this.#post(actor, path, key, body, version)
        if (answer.status < 500) return answer
        if (answer.status === 503) this.#notebook.turnedAway(String(answer.body['code']), answer.retryAfter)
        else this.#notebook.faults.push(`${path.replace(/[0-9a-f-]{36}/, ':id')} answered ${answer.status}`)
      } catch {
        // No answer: it may have been applied or not.
      } finally {
        this.#notebook.inFlight--
      }
      this.#notebook.retried.add(`${ACTORS[actor].id}:${key}`)
      await pause(AGAIN_AFTER_MS)
    }
  }

  async #post(actor: ActorName, path: string, key: string, body: Payload, version: number | null): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenOf(actor)}`,
        'content-type': 'application/json',
        'idempotency-key': `"${key}"`,
        ...(version === null ? {} : { 'if-match': `"v${version}"` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    })
    const answered = (await response.json()) as Answer['body']
    const { status, headers } = response
    const replayed = headers.get('idempotent-replayed') === 'true'
    return { status, body: answered, replayed, retryAfter: headers.get('retry-after') }
  }
}
