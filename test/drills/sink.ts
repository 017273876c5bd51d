import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CloudEvent } from '../../src/recovery/events.js'
import type { Arrival } from './tally.js'
import type { Dice } from './random.js'

export interface SinkFaults {
  /** Answers 503 and does nothing. */
  readonly refuses: number
  /** Does it, then drops the connection without an answer. */
  readonly silent: number
}
const NONE: SinkFaults = { refuses: 0, silent: 0 }

type Sent = Omit<Arrival, 'key'> | CloudEvent
/** What other systems are told comes as a CloudEvent, everything else as it stands in the outbox. */
const arrivalOf = (sent: Sent): Omit<Arrival, 'key'> =>
  'specversion' in sent ? { id: sent.id, ticketId: sent.subject, kind: 'event', body: { ...sent } } : sent

/**
 * The world outside: takes messages and port commands over HTTP, in a process that is never killed. It does what comes
 * under a new key and answers what comes again under a known one as it did first, which is what Pulih asks of a receiver.
 */
export class Sink {
  readonly #server: Server
  readonly #dice: Dice
  readonly #arrivals: Arrival[] = []
  #faults: SinkFaults = NONE

  private constructor(dice: Dice) {
    this.#dice = dice
    this.#server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy())
    })
  }
  static async open(dice: Dice): Promise<Sink> {
    const sink = new Sink(dice)
    sink.#server.listen(0, '127.0.0.1')
    await once(sink.#server, 'listening')
    return sink
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }
  /** Everything that was taken, repetitions too, in order of arrival. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals
  }
  misbehave(faults: SinkFaults): void {
    this.#faults = faults
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (this.#dice.chance(this.#faults.refuses)) {
      response.writeHead(503).end()
      return
    }
    const sent = arrivalOf(JSON.parse(Buffer.concat(chunks).toString()) as Sent)
    const key = /^"(.*)"$/.exec(String(request.headers['idempotency-key']))?.[1] ?? ''
    this.#arrivals.push({ key, id: sent.id, ticketId: sent.ticketId, kind: sent.kind, body: sent.body })
    if (this.#dice.chance(this.#faults.silent)) request.socket.destroy()
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }
}
